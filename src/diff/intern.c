/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/intern.h"

#include "record/text.h"

#include <string.h>

void intern_init(struct intern *intern, struct texts *texts, struct siphash_key key)
{
	memset(intern, 0, sizeof *intern);
	intern->texts = texts;
	intern->key = key;
	store_init(&intern->words, sizeof(uint32_t));
}

void intern_fini(struct intern *intern)
{
	store_fini(&intern->words);
	slots_fini(&intern->slots);
}

struct ds_text intern_text(const struct intern *intern, uint32_t number)
{
	return texts_at(intern->texts, *(const uint32_t *)store_at(&intern->words, number));
}

static uint32_t hash_of(const struct intern *intern, struct ds_text text)
{
	return (uint32_t)siphash_13(intern->key, text.data, text.size);
}

/** Returns the slot of a text, or the free slot in which it must be inserted. */
static struct slot *slot_of(const struct intern *intern, struct ds_text text, uint32_t hash)
{
	struct slot *slot = slots_first(&intern->slots, hash);

	while (slot->number &&
		!(slot->hash == hash &&
			text_same_bytes(intern_text(intern, slot->number - 1), text)))
		slot = slots_next(&intern->slots, slot);
	return slot;
}

uint32_t intern_find(const struct intern *intern, struct ds_text text)
{
	/* The number of a free slot, 0, becomes INTERN_NONE. */
	return intern->slots.count ? slot_of(intern, text, hash_of(intern, text))->number - 1
				   : INTERN_NONE;
}

uint32_t intern_add(struct intern *intern, struct ds_text text)
{
	uint32_t hash = hash_of(intern, text), where, *word;
	struct slot *slot;

	if (!slots_make_room(&intern->slots, intern->words.count))
		return INTERN_NONE;
	slot = slot_of(intern, text, hash);
	if (slot->number)
		return slot->number - 1;
	where = texts_add(intern->texts, text);
	word = where == TEXT_NONE ? NULL : store_add(&intern->words);
	if (!word)
		return INTERN_NONE;
	*word = where;
	*slot = (struct slot){intern->words.count, hash};
	return intern->words.count - 1;
}
