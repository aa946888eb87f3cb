/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/sized.h"

#include <string.h>

/** No struct of this library will ever be larger, so a larger size was never set by it. */
#define SIZE_LIMIT ((size_t)64 << 10)

void sized_init(void *made, size_t size, const void *defaults, size_t full)
{
	if (!made || size < sizeof size)
		return;
	memset(made, 0, size);
	memcpy(made, defaults, size < full ? size : full);
	memcpy(made, &size, sizeof size);
}

bool sized_is_set(const void *given)
{
	size_t size;

	memcpy(&size, given, sizeof size);
	return size > sizeof size && size <= SIZE_LIMIT;
}

bool sized_copy(void *ours, size_t full, const void *given)
{
	const unsigned char *bytes = given;
	size_t size;

	if (!given || !sized_is_set(given))
		return false;
	memcpy(&size, given, sizeof size);
	for (size_t i = full; i < size; i++)
		if (bytes[i])
			return false;
	memcpy((unsigned char *)ours + sizeof size, bytes + sizeof size,
		(size < full ? size : full) - sizeof size);
	return true;
}

void ds_domain_init(struct ds_domain *domain, size_t size)
{
	const struct ds_domain defaults = {.place = {.name = "-"}, .host = "", .id = -1};

	sized_init(domain, size, &defaults, sizeof defaults);
}

const struct ds_domain *sized_domain(const struct ds_domain *given, struct ds_domain *copy)
{
	if (given && given->size == sizeof *given)
		return given;
	ds_domain_init(copy, sizeof *copy);
	return sized_copy(copy, sizeof *copy, given) ? copy : NULL;
}
