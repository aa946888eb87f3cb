/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/value_set.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(item) ((item)->is_lost = true)
#include <uthash.h>

/** One text; the first one also represents the set. */
struct value_set {
	size_t number;
	/** There was no memory for its entry in the table. */
	bool is_lost;
	UT_hash_handle hh;
	size_t size;
	char value[];
};

size_t *value_set_find(const struct value_set *set, struct ds_text value)
{
	struct value_set *item = NULL;

	HASH_FIND(hh, set, value.data, value.size, item);
	return item ? &item->number : NULL;
}

size_t *value_set_add(struct value_set **set, struct ds_text value)
{
	size_t *number = value_set_find(*set, value);
	struct value_set *item;

	if (number)
		return number;
	item = calloc(1, sizeof *item + value.size);
	if (!item)
		return NULL;
	item->size = value.size;
	if (value.size)
		memcpy(item->value, value.data, value.size);
	HASH_ADD_KEYPTR(hh, *set, item->value, item->size, item);
	if (!item->is_lost)
		return &item->number;
	free(item);
	return NULL;
}

void value_set_free(struct value_set *set)
{
	struct value_set *item = set, *next;

	/* This only frees the table; the items are still in their list. */
	HASH_CLEAR(hh, set);
	for (; item; item = next) {
		next = item->hh.next;
		free(item);
	}
}
