/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/reserve.h"

#include <stddef.h>
#include <stdlib.h>

/** This is less than what allocators return to the system at once, and much more than libarchive
 * needs apart from buffers, for which it reports a lack of memory. */
#define RESERVE_SIZE ((size_t)96 << 10)

bool reserve_is_available(void)
{
	/* Without volatile, the compiler may remove both calls. */
	void *volatile reserve = malloc(RESERVE_SIZE);

	free(reserve);
	return reserve != NULL;
}
