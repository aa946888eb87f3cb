/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/intern.h"

#include "record/text.h"

#include <string.h>

void intern_init(struct intern *intern, struct texts *texts, struct sip_key key)
{
	memset(intern, 0, sizeof *intern);
	intern->texts = texts;
	intern->key = key;
	store_init(&intern->words, sizeof(uint32_t));
	table_init(&intern->table);
}

void intern_fini(struct intern *intern)
{
	store_fini(&intern->words);
	table_fini(&intern->table);
}

struct ds_text intern_text(const struct intern *intern, uint32_t number)
{
	return texts_at(intern->texts, *(const uint32_t *)store_at(&intern->words, number));
}

/* The table identifies words by their numbers plus one. */

static uint64_t hash_of(const void *keeper, uint32_t item)
{
	const struct intern *intern = keeper;
	struct ds_text text = intern_text(intern, item - 1);

	return sip_short(intern->key, text.data, text.size);
}

static bool is_word(const void *keeper, uint32_t item, struct ds_text text)
{
	return text_same_bytes(intern_text(keeper, item - 1), text);
}

static const struct table_items items = {hash_of, is_word};

uint32_t intern_find(const struct intern *intern, struct ds_text text)
{
	uint64_t hash = sip_short(intern->key, text.data, text.size);
	uint32_t item = table_find(&intern->table, &items, intern, text, hash);

	return item ? item - 1 : INTERN_NONE;
}

uint32_t intern_add(struct intern *intern, struct ds_text text)
{
	uint64_t hash = sip_short(intern->key, text.data, text.size);
	uint32_t item = table_find(&intern->table, &items, intern, text, hash);
	uint32_t where, *word;

	if (item)
		return item - 1;
	where = texts_add(intern->texts, text);
	word = where == TEXT_NONE ? NULL : store_add(&intern->words);
	if (!word)
		return INTERN_NONE;
	*word = where;
	return table_add(&intern->table, &items, intern, intern->words.count, hash)
		? intern->words.count - 1
		: INTERN_NONE;
}
