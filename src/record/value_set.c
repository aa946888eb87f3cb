/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/value_set.h"

#include "record/siphash.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The texts come from untrusted input, so the hash has a secret key. */
#define HASH_FUNCTION(data, size, value) \
	((value) = (unsigned)siphash_13(hash_key, (const char *)(data), (size)))
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(item) ((item)->is_lost = true)
#include <uthash.h>

struct item {
	size_t number;
	/** There was no memory for the entry of this item in the table. */
	bool is_lost;
	UT_hash_handle hh;
	char value[];
};

struct value_set {
	struct siphash_key key;
	struct item *items;
};

static struct item *find(const struct value_set *set, struct ds_text value)
{
	const struct siphash_key hash_key = set->key;
	struct item *item;

	HASH_FIND(hh, set->items, value.data, value.size, item);
	return item;
}

static struct item *add(struct value_set *set, struct ds_text value)
{
	const struct siphash_key hash_key = set->key;
	struct item *item = calloc(1, sizeof *item + value.size);

	if (!item)
		return NULL;
	if (value.size)
		memcpy(item->value, value.data, value.size);
	HASH_ADD_KEYPTR(hh, set->items, item->value, value.size, item);
	if (!item->is_lost)
		return item;
	free(item);
	return NULL;
}

size_t *value_set_find(const struct value_set *set, struct ds_text value)
{
	struct item *item = set ? find(set, value) : NULL;

	return item ? &item->number : NULL;
}

size_t *value_set_add(struct value_set **set, struct ds_text value)
{
	struct item *item;

	if (!*set) {
		*set = calloc(1, sizeof **set);
		if (!*set)
			return NULL;
		(*set)->key = siphash_random_key(*set);
	}
	item = find(*set, value);
	if (!item)
		item = add(*set, value);
	return item ? &item->number : NULL;
}

void value_set_free(struct value_set *set)
{
	struct item *item, *next;

	if (!set)
		return;
	item = set->items;
	/* This only frees the table; the items are still in their list. */
	HASH_CLEAR(hh, set->items);
	for (; item; item = next) {
		next = item->hh.next;
		free(item);
	}
	free(set);
}
