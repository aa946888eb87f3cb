/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_WALK_H
#define INPUT_WALK_H

#include "domstream/domstream.h"

/**
 * The regular files below a directory, depth first, with the entries of each directory in the order
 * of their bytes. Symbolic links, pipes, sockets and devices are skipped. For each directory
 * between the first one and the current file, at most 2 MiB of its entries' names are kept in
 * memory: a larger directory is read several times, each time from the last name on. No descriptor
 * is kept open.
 */
struct input_walk;

/** Returns NULL when there is no memory. */
struct input_walk *input_walk_new(void);

/**
 * Begins with a directory, which may be a link to one; the previous walk must have ended. Returns
 * DS_OK, DS_DAMAGED with a DA908 when it cannot be read, or DS_NO_MEMORY.
 */
enum ds_status input_walk_begin(struct input_walk *walk, const char *name, struct ds_error *error);

/**
 * Fetches the path of the next file, which is valid until the next call. Returns DS_OK, with
 * `*name` NULL at the end; DS_DAMAGED with a DA908 for a directory that cannot be read, after which
 * the next call continues; or DS_NO_MEMORY. `error->place.name` is valid until the next call.
 */
enum ds_status input_walk_next(struct input_walk *walk, const char **name, struct ds_error *error);

void input_walk_free(struct input_walk *walk);

#endif
