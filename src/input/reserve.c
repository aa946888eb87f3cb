/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/reserve.h"

#include <stddef.h>
#include <stdlib.h>

/** Less than what allocators return to the system at once, and much more than libarchive needs
 * besides buffers, whose absence it reports. */
#define RESERVE_SIZE ((size_t)96 << 10)

bool reserve_is_available(void)
{
	/* Otherwise the compiler may leave out both calls. */
	void *volatile reserve = malloc(RESERVE_SIZE);

	free(reserve);
	return reserve != NULL;
}
