/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/intern.h"

#include "record/text.h"

#include <string.h>

struct word {
	/** In the texts. */
	uint32_t where;
	/** Number plus one of the next one of the chain. */
	uint32_t next;
};

void intern_init(struct intern *intern, struct texts *texts, struct sip_key key)
{
	memset(intern, 0, sizeof *intern);
	intern->texts = texts;
	intern->key = key;
	store_init(&intern->words, sizeof(struct word));
	table_init(&intern->table);
}

void intern_fini(struct intern *intern)
{
	store_fini(&intern->words);
	table_fini(&intern->table);
}

static struct word *word_at(const struct intern *intern, uint32_t item)
{
	return store_at(&intern->words, item - 1);
}

struct ds_text intern_text(const struct intern *intern, uint32_t number)
{
	return texts_at(intern->texts, word_at(intern, number + 1)->where);
}

static int has_bit(const void *keeper, uint32_t item, unsigned bit)
{
	const struct intern *intern = keeper;
	struct ds_text text = intern_text(intern, item - 1);

	return (int)(sip_short(intern->key, text.data, text.size) >> bit & 1);
}

static uint32_t next_of(const void *keeper, uint32_t item)
{
	return word_at(keeper, item)->next;
}

static void set_next(void *keeper, uint32_t item, uint32_t next)
{
	word_at(keeper, item)->next = next;
}

static int is_word(const struct intern *intern, uint32_t number, struct ds_text text)
{
	return text_same_bytes(intern_text(intern, number), text);
}

static uint32_t add(struct intern *intern, struct ds_text text)
{
	static const struct table_items items = {has_bit, next_of, set_next};
	uint64_t hash = sip_short(intern->key, text.data, text.size);
	uint32_t *head, number;
	struct word *word;

	if (intern->table.heads.count <= intern->words.count && !table_grow(&intern->table, &items, intern))
		return INTERN_NONE;
	head = table_head(&intern->table, hash);
	for (number = *head; number; number = next_of(intern, number))
		if (is_word(intern, number - 1, text))
			return number - 1;
	number = texts_add(intern->texts, text);
	word = number == TEXT_NONE ? NULL : store_add(&intern->words);
	if (!word)
		return INTERN_NONE;
	*word = (struct word){number, *head};
	*head = intern->words.count;
	return intern->words.count - 1;
}

uint32_t intern_add(struct intern *intern, struct ds_text text)
{
	size_t end = text.size ? (unsigned char)text.data[text.size - 1] + text.size : 0;
	uint32_t *recent = &intern->recent[end % (sizeof intern->recent / sizeof *intern->recent)];
	uint32_t number = *recent;

	if (number < intern->words.count && is_word(intern, number, text))
		return number;
	number = add(intern, text);
	if (number != INTERN_NONE)
		*recent = number;
	return number;
}
