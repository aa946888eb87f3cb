/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/intern.h"

#include "record/text.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN 256

/** A slot contains the hash, so that the texts of other slots are rarely read. */
struct intern_slot {
	/** The number of a text plus 1; 0: the slot is free. */
	uint32_t item;
	uint32_t hash;
};

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
	free(intern->slots);
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
static struct intern_slot *slot_of(const struct intern *intern, struct ds_text text, uint32_t hash)
{
	const uint32_t mask = intern->slot_count - 1;

	for (uint32_t at = hash & mask;; at = (at + 1) & mask) {
		struct intern_slot *slot = &intern->slots[at];

		if (!slot->item ||
			(slot->hash == hash &&
				text_same_bytes(intern_text(intern, slot->item - 1), text)))
			return slot;
	}
}

/** Doubles the table when half of it is full. Returns false when there is no memory. */
static bool make_room(struct intern *intern)
{
	uint32_t count = intern->slot_count ? 2 * intern->slot_count : SLOTS_MIN;
	struct intern_slot *slots;

	if (intern->words.count < intern->slot_count / 2)
		return true;
	slots = count ? calloc(count, sizeof *slots) : NULL;
	if (!slots)
		return false;
	for (uint32_t i = 0; i < intern->slot_count; i++) {
		uint32_t at = intern->slots[i].hash & (count - 1);

		if (!intern->slots[i].item)
			continue;
		while (slots[at].item)
			at = (at + 1) & (count - 1);
		slots[at] = intern->slots[i];
	}
	free(intern->slots);
	intern->slots = slots;
	intern->slot_count = count;
	return true;
}

uint32_t intern_find(const struct intern *intern, struct ds_text text)
{
	/* The number of a free slot, 0, becomes INTERN_NONE. */
	return intern->slot_count ? slot_of(intern, text, hash_of(intern, text))->item - 1
				  : INTERN_NONE;
}

uint32_t intern_add(struct intern *intern, struct ds_text text)
{
	uint32_t hash = hash_of(intern, text), where, *word;
	struct intern_slot *slot;

	if (!make_room(intern))
		return INTERN_NONE;
	slot = slot_of(intern, text, hash);
	if (slot->item)
		return slot->item - 1;
	where = texts_add(intern->texts, text);
	word = where == TEXT_NONE ? NULL : store_add(&intern->words);
	if (!word)
		return INTERN_NONE;
	*word = where;
	*slot = (struct intern_slot){intern->words.count, hash};
	return intern->words.count - 1;
}
