/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_HOST_NAME_H
#define FLOW_HOST_NAME_H

#include "domstream/domstream.h"
#include "record/buffer.h"

#include <stdbool.h>

/**
 * Derives the name of a host from the path of a dump. These functions only look at the text of a
 * path; they open nothing.
 */

/** Where an input is. */
struct host_path {
	/** Absolute, without ".", ".." and repeated slashes. The members of an archive are below
	 * it, as if it were a directory that is named like the archive without its suffixes. */
	struct buffer text;
};

/** A host as derived from a path. The texts point into the path, or are static. */
struct host_name {
	/** What distinguishes this host from another one with the same name: a leading part of the
	 * path. */
	struct ds_text path;
	/** The name proper. "localhost" for the root directory. */
	struct ds_text name;
	/** The name alone says little ("xen", "qemu"), so the name of the directory above belongs
	 * to it. */
	bool is_vague;
};

/** Sets the path of a file, or of a member of an archive (`member` not NULL). "-", standard input,
 * becomes "stdin". `cwd` is the absolute directory that relative paths start from. On lack of
 * memory `path->text.failed` is set. */
void host_path_set(struct host_path *path, const char *cwd, const char *file, const char *member);

/** The host that a file is the dump of: its name without suffixes and date. A file whose name says
 * nothing ("dump.xml", "2026-11-29.xml", "config.sxp") is that of its directory. */
struct host_name host_name_of_file(const struct host_path *path);

/** The host that the directory of a file belongs to: the name of the directory, but of what is in
 * /etc/libvirt, /etc/xen, /var/lib/xend and the like the directory that these are in; dates and
 * UUIDs are skipped. */
struct host_name host_name_of_directory(const struct host_path *path);

/** The host of a directory itself. */
struct host_name host_name_of_path(struct ds_text path);

/**
 * The component of the path that the first component with a "*" in the pattern matches. The pattern
 * is a sequence of components that is looked for from the path's end; "*" matches any bytes except
 * "/". Returns false when it does not match.
 */
bool host_name_from(const struct host_path *path, const char *pattern, struct ds_text *name);

/** The host that the directory above a path would be; empty for the root directory. */
struct ds_text host_parent_name(struct ds_text path);

#endif
