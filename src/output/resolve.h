/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef OUTPUT_RESOLVE_H
#define OUTPUT_RESOLVE_H

#include <stddef.h>

/** The maximum number of links that are followed from one name, as in the kernel. */
#define RESOLVE_LINKS_MAX 40

/** Returns the size of the directory part of a path, including its last slash, or 0 if it has
 * none. */
size_t resolve_directory_size(const char *path);

/** Returns where the symbolic link at `path` points, following one link, for the caller to free.
 * Returns NULL with `errno` if it is not a link or there is no memory. */
char *resolve_one_link(const char *path);

/**
 * Follows the symbolic links at the end of `name`. Returns the path of the file to be written,
 * which need not exist, for the caller to free. Returns NULL with `errno` when there is no memory
 * or there are too many links.
 * `*descriptor` is set when the path names a descriptor of this process: /dev/stdout, /dev/stderr,
 * /dev/fd/N and their other names. Otherwise it is -1. A descriptor must be written directly:
 * opening its path fails for a socket, and would replace a regular file that others may be writing
 * through the descriptor.
 */
char *resolve_links(const char *name, int *descriptor);

#endif
