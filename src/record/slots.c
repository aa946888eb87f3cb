/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/slots.h"

#include <stdlib.h>

#define SLOTS_MIN 256

bool slots_grow(struct slots *slots)
{
	struct slots larger = {NULL, slots->count ? 2 * slots->count : SLOTS_MIN};

	larger.items = larger.count ? calloc(larger.count, sizeof *larger.items) : NULL;
	if (!larger.items)
		return false;
	for (uint32_t i = 0; i < slots->count; i++) {
		struct slot *to = slots_first(&larger, slots->items[i].hash);

		if (!slots->items[i].number)
			continue;
		while (to->number)
			to = slots_next(&larger, to);
		*to = slots->items[i];
	}
	free(slots->items);
	*slots = larger;
	return true;
}

void slots_fini(struct slots *slots)
{
	free(slots->items);
}
