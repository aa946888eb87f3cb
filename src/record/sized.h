/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_SIZED_H
#define RECORD_SIZED_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * Structs that begin with their size, so that members can be added to them: the program may have
 * been compiled with the header of another release, and its struct may be smaller or larger than
 * ours.
 */

/** Fills `size` bytes at `made`, the program's struct, from `defaults`, our struct of `full` bytes.
 * Members that we do not know become 0. Does nothing if the struct is too small for its size
 * member. */
void sized_init(void *made, size_t size, const void *defaults, size_t full);

/** Returns whether the size of a program's struct was set. */
bool sized_is_set(const void *given);

/** Copies the program's struct over ours of `full` bytes, which has its defaults and keeps its own
 * size. Returns false when `given` is NULL, when its size is not set or absurd, or when a member
 * that we do not know is not 0. */
bool sized_copy(void *ours, size_t full, const void *given);

/** Returns the record itself if it has all our members, or else `copy`, filled from it. Returns
 * NULL if its size is not set, if an enum in it has a value that we do not know, or if an array is
 * missing. */
const struct ds_domain *sized_domain(const struct ds_domain *given, struct ds_domain *copy);

#endif
