/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_WALK_H
#define INPUT_WALK_H

#include "domstream/domstream.h"

/**
 * The regular files below a directory, depth first, the entries of each directory in the order of
 * their bytes. Symbolic links, pipes, sockets and devices are skipped. Held are names of the
 * directories between the first one and the current file, 2 MiB of them for each: a larger
 * directory is read several times, from the last name on. No descriptor is kept open.
 */
struct input_walk;

/** NULL when there is no memory. */
struct input_walk *input_walk_new(void);

/**
 * Begins with a directory, itself perhaps a link to one; the walk before has ended. DS_OK;
 * DS_DAMAGED with a DA908 when it cannot be read; DS_NO_MEMORY.
 */
enum ds_status input_walk_begin(struct input_walk *walk, const char *name, struct ds_error *error);

/**
 * Next file; valid until the next call. DS_OK with `*name` NULL at the end. DS_DAMAGED with a DA908
 * for a directory that cannot be read: the next call goes on behind it. `error->place.name` is
 * valid until the next call. DS_NO_MEMORY.
 */
enum ds_status input_walk_next(struct input_walk *walk, const char **name, struct ds_error *error);

void input_walk_free(struct input_walk *walk);

#endif
