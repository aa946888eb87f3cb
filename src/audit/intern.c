/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/intern.h"

#include <stdlib.h>
#include <string.h>

void intern_init(struct intern *intern, struct texts *texts, struct sip_key key)
{
	memset(intern, 0, sizeof *intern);
	intern->texts = texts;
	intern->key = key;
	store_init(&intern->places, sizeof(uint32_t));
}

void intern_fini(struct intern *intern)
{
	store_fini(&intern->places);
	free(intern->slots);
	intern->slots = NULL;
	intern->slot_count = 0;
}

struct ds_text intern_text(const struct intern *intern, uint32_t number)
{
	return texts_at(intern->texts, *(uint32_t *)store_at(&intern->places, number));
}

/** The slot of a text, or the free one where it belongs. */
static uint32_t *slot_of(const struct intern *intern, struct ds_text text)
{
	size_t at = (size_t)sip_hash(intern->key, text.data, text.size) & (intern->slot_count - 1);

	for (; intern->slots[at]; at = (at + 1) & (intern->slot_count - 1)) {
		struct ds_text other = intern_text(intern, intern->slots[at] - 1);

		if (other.size == text.size && (!text.size || memcmp(other.data, text.data, text.size) == 0))
			break;
	}
	return &intern->slots[at];
}

/** Three quarters are in use at most. */
static int grow(struct intern *intern)
{
	struct intern larger = *intern;

	if (intern->places.count < intern->slot_count / 4 * 3)
		return 1;
	larger.slot_count = intern->slot_count ? intern->slot_count * 2 : 64;
	larger.slots = calloc(larger.slot_count, sizeof *larger.slots);
	if (!larger.slots)
		return 0;
	for (uint32_t i = 0; i < intern->places.count; i++)
		*slot_of(&larger, intern_text(intern, i)) = i + 1;
	free(intern->slots);
	intern->slots = larger.slots;
	intern->slot_count = larger.slot_count;
	return 1;
}

uint32_t intern_find(const struct intern *intern, struct ds_text text)
{
	return intern->slot_count ? *slot_of(intern, text) - 1 : INTERN_NONE;
}

uint32_t intern_add(struct intern *intern, struct ds_text text)
{
	uint32_t *slot, *place, where;

	if (!grow(intern))
		return INTERN_NONE;
	slot = slot_of(intern, text);
	if (*slot)
		return *slot - 1;
	where = texts_add(intern->texts, text);
	place = where == TEXT_NONE ? NULL : store_add(&intern->places);
	if (!place)
		return INTERN_NONE;
	*place = where;
	*slot = intern->places.count;
	return intern->places.count - 1;
}

size_t intern_size(const struct intern *intern)
{
	return store_size(&intern->places) + intern->slot_count * sizeof *intern->slots;
}
