/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/array.h"

#include <stdint.h>
#include <stdlib.h>

void *array_grow(void *items, size_t *capacity, size_t size)
{
	/* The capacity grows by half, so at most a third of a long array is unused. */
	size_t larger = *capacity + *capacity / 2 + 8;

	if (*capacity > SIZE_MAX / 2 || larger > SIZE_MAX / 2 / size)
		return NULL;
	items = realloc(items, larger * size);
	if (items)
		*capacity = larger;
	return items;
}
