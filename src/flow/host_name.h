/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_HOST_NAME_H
#define FLOW_HOST_NAME_H

#include "domstream/domstream.h"
#include "record/buffer.h"

#include <stdbool.h>

/**
 * Derives the name of a host from the path of a dump. These functions only look at the text of the
 * path and never open a file.
 */

/** The path of an input. */
struct host_path {
	/** An absolute path without ".", ".." and repeated slashes. The path of an archive's member
	 * is that of a file in a directory with the name of the archive without its suffixes. */
	struct buffer text;
};

/** A host as derived from a path. The texts point into the path, or are static. */
struct host_name {
	/** A leading part of the path, which distinguishes this host from another one with the same
	 * name. */
	struct ds_text path;
	/** The name itself; "localhost" for the root directory. */
	struct ds_text name;
	/** The name is too general ("xen", "qemu"), so the name of the directory above is added to
	 * it. */
	bool is_vague;
};

/** Sets the path of a file, or of a member of an archive if `member` is not NULL. "-", standard
 * input, becomes "stdin". `cwd` is the absolute directory from which relative paths start. Sets
 * `path->text.failed` when there is no memory. */
void host_path_set(struct host_path *path, const char *cwd, const char *file, const char *member);

/** Returns the host whose dump a file is: its name without suffixes and date. A file with a generic
 * name ("dump.xml", "2026-11-29.xml", "config.sxp") belongs to the host of its directory. */
struct host_name host_name_of_file(const struct host_path *path);

/** Returns the host that the directory of a file belongs to: the name of the directory. For
 * directories such as /etc/libvirt, /etc/xen and /var/lib/xend, it is the directory that contains
 * these; dates and UUIDs are skipped. */
struct host_name host_name_of_directory(const struct host_path *path);

/** Returns the host that a directory itself belongs to. */
struct host_name host_name_of_path(struct ds_text path);

/**
 * Returns the component of the path that the first component with a "*" in the pattern matches. The
 * pattern is a sequence of components that is searched for from the end of the path; "*" matches
 * any bytes except "/". Returns false when the pattern does not match.
 */
bool host_name_from(const struct host_path *path, const char *pattern, struct ds_text *name);

/** Returns the host that the directory above a path would have; empty for the root directory. */
struct ds_text host_parent_name(struct ds_text path);

#endif
