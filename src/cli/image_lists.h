/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_IMAGE_LISTS_H
#define CLI_IMAGE_LISTS_H

#include "cli/status.h"
#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * The lists of images of --images: files, and directories with a file for each host.
 */

struct image_lists {
	/** The `image_lists` of struct ds_audit_options. */
	struct ds_image_list *items;
	/** The memory that the items point to, and whether a domain of their host was read. */
	struct image_list_file {
		char *name, *host, *text;
		bool is_read;
	} * files;
	size_t count, capacity;
	/** A list of the last host. */
	size_t last;
	/** At least one of the lists belongs to a single host. */
	bool has_hosts;
};

/** Adds the file or the files of the directory in "[HOST=]FILE" or "[HOST=]DIR". A file in a
 * directory belongs to the host after which it is named, without the ending .txt, .list or .lst. A
 * relative name starts from the directory `base`, or from the working directory if `base` is NULL.
 * Returns STATUS_FINE, or another status after a message. */
enum exit_status image_lists_add(struct image_lists *lists, const char *base, const char *argument);

/** Returns the path of the file in an argument of --images: its name, or a path that is written to
 * `path`, which has room for PATH_MAX bytes. */
const char *image_lists_path(const char *base, const char *argument, char *path);

/** Records that a domain of a host was read. */
void image_lists_note_host(struct image_lists *lists, const char *host);

/** Warns about lists of hosts from which no domain was read. */
void image_lists_warn(const struct image_lists *lists);

void image_lists_fini(struct image_lists *lists);

#endif
