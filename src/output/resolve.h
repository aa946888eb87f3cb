/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef OUTPUT_RESOLVE_H
#define OUTPUT_RESOLVE_H

#include <stddef.h>

/** Links that are followed from one name, as the kernel does. */
#define RESOLVE_LINKS_MAX 40

/** Bytes of the directory part of a path, its last slash included; 0: it has none. */
size_t resolve_directory_size(const char *path);

/** Returns where the symbolic link at `path` leads, one step, for the caller to free. NULL with
 * `errno`: it is no link, or there is no memory. */
char *resolve_one_link(const char *path);

/**
 * Follows the symbolic links at the end of `name`. Returns the path of what is to be written, for
 * the caller to free; it need not exist. NULL with `errno`: no memory, or too many links.
 *
 * `*descriptor` is set when the path names a descriptor of this process: /dev/stdout, /dev/stderr,
 * /dev/fd/N and their other names. Otherwise it is set to -1. A descriptor must be written through
 * itself: opening its path again fails for a socket, and would replace a regular file under whoever
 * else writes to the descriptor.
 */
char *resolve_links(const char *name, int *descriptor);

#endif
