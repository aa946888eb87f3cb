/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/text_table.h"

#include "record/text.h"

#include <stdlib.h>

void text_table_init(struct text_table *texts, struct siphash_key key)
{
	memset(texts, 0, sizeof *texts);
	texts->key = key;
}

void text_table_fini(struct text_table *texts)
{
	free(texts->entries);
	slots_fini(&texts->slots);
	free(texts->bytes);
	memset(texts, 0, sizeof *texts);
}

uint64_t text_table_hash(struct siphash_key key, struct ds_text text)
{
	return siphash_13(key, text.data, text.size);
}

/* ---- room ---- */

uint64_t text_table_keep(struct text_table *texts, struct ds_text text)
{
	uint64_t at = texts->byte_count;

	if (text.size > texts->byte_capacity - at) {
		uint64_t capacity = texts->byte_capacity / 2 * 3 + text.size + 4096;
		char *bytes = capacity <= SIZE_MAX ? realloc(texts->bytes, (size_t)capacity) : NULL;

		if (!bytes)
			return UINT64_MAX;
		texts->bytes = bytes;
		texts->byte_capacity = capacity;
	}
	if (text.size)
		memcpy(texts->bytes + at, text.data, text.size);
	texts->byte_count += text.size;
	return at;
}

/** Looks up a text. Returns its slot, or the free one in which it has to be inserted. */
static struct slot *slot_of(const struct text_table *texts, enum text_kind kind,
	struct ds_text text, uint32_t hash)
{
	struct slot *slot = slots_first(&texts->slots, hash);

	while (slot->number &&
		!(slot->hash == hash && texts->entries[slot->number].kind == kind &&
			text_same_bytes(text_table_get(texts, slot->number), text)))
		slot = slots_next(&texts->slots, slot);
	return slot;
}

/** Makes room for one more entry. Entry 0 is not used, because the number 0 means that there is no
 * text. */
static bool grow_entries(struct text_table *texts)
{
	uint32_t capacity = texts->capacity / 2 * 3 + 256;
	struct text_entry *entries;

	if (texts->count + 1 < texts->capacity)
		return true;
	entries = capacity > texts->capacity ? realloc(texts->entries, capacity * sizeof *entries)
					     : NULL;
	if (!entries)
		return false;
	memset(entries, 0, sizeof *entries);
	texts->entries = entries;
	texts->capacity = capacity;
	return true;
}

/* ---- texts ---- */

uint32_t text_table_add(struct text_table *texts, enum text_kind kind, struct ds_text text,
	uint64_t hash)
{
	struct text_entry entry = {.size = (uint32_t)text.size, .kind = (uint8_t)kind};
	struct slot *slot;

	if (text.size > UINT32_MAX || !grow_entries(texts) ||
		!slots_make_room(&texts->slots, texts->count))
		return 0;
	slot = slot_of(texts, kind, text, (uint32_t)hash);
	if (slot->number)
		return slot->number;
	entry.at = text_table_keep(texts, text);
	if (entry.at == UINT64_MAX)
		return 0;
	texts->entries[++texts->count] = entry;
	*slot = (struct slot){texts->count, (uint32_t)hash};
	return texts->count;
}

uint32_t text_table_find(const struct text_table *texts, enum text_kind kind, struct ds_text text)
{
	return texts->slots.count
		? slot_of(texts, kind, text, (uint32_t)text_table_hash(texts->key, text))->number
		: 0;
}
