/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_ARRAY_H
#define RECORD_ARRAY_H

#include <stddef.h>

/**
 * Arrays that grow, in memory of malloc(). Their owner keeps the items, their count and the
 * capacity, and calls free().
 */

/** Enlarges an array whose items have `size` bytes. Otherwise like array_room(). */
void *array_grow(void *items, size_t *capacity, size_t size);

/**
 * Makes room for one more item behind the `count` items of an array. Returns the array, which has
 * moved if it was full; NULL when there is no memory: then the array is unchanged, and still the
 * caller's.
 */
static inline void *array_room(void *items, size_t count, size_t *capacity, size_t size)
{
	return count < *capacity ? items : array_grow(items, capacity, size);
}

#endif
