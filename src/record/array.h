/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_ARRAY_H
#define RECORD_ARRAY_H

#include "record/cold.h"

#include <stddef.h>

/**
 * Growing arrays, allocated with malloc(). The owner has the items, their count and the capacity,
 * and calls free().
 */

/** Enlarges an array whose items have `size` bytes. The result is as for array_room(). */
COLD void *array_grow(void *items, size_t *capacity, size_t size);

/**
 * Makes room for one more item after the `count` items of an array. Returns the array, which has
 * moved if it was full, or NULL when there is no memory; the array is then unchanged, and the
 * caller still owns it.
 */
static inline void *array_room(void *items, size_t count, size_t *capacity, size_t size)
{
	return count < *capacity ? items : array_grow(items, capacity, size);
}

#endif
