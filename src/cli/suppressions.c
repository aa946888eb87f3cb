/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/suppressions.h"

#include <stdlib.h>
#include <string.h>

#include "record/buffer.h"

#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(bucket) ((bucket)->first = 0)
#include <uthash.h>

struct suppression_bucket {
	/** Number of the first suppression with this value. */
	size_t first;
	UT_hash_handle hh;
	/** A selector and its value. */
	size_t size;
	char key[];
};

/** The selectors that a suppression is found by, the most selective first. */
static const enum selector order[] = {SELECT_FINGERPRINT, SELECT_UUID, SELECT_DOMAIN, SELECT_SOURCE, SELECT_HOST};

#define ORDER_COUNT (sizeof order / sizeof *order)

bool suppressions_add(struct suppressions *list, const struct suppression *suppression)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity * 2 + 16;
		struct suppression *items = realloc(list->items, capacity * sizeof *items);

		if (!items)
			return false;
		list->items = items;
		list->capacity = capacity;
	}
	list->items[list->count++] = *suppression;
	return true;
}

/** Finds the bucket of a value, or makes one when `is_new` is given. NULL: there is none, or no memory. */
static struct suppression_bucket *bucket_of(struct suppressions *list, enum selector selector, struct ds_text value, bool is_new)
{
	struct suppression_bucket *bucket = NULL;
	size_t size = value.size + 1;
	struct buffer key;

	buffer_init(&key);
	buffer_byte(&key, (char)('a' + (int)selector));
	buffer_add(&key, value.data ? value.data : "", value.size);
	if (!key.failed)
		HASH_FIND(hh, list->buckets, key.data, size, bucket);
	if (!bucket && is_new && !key.failed) {
		bucket = calloc(1, sizeof *bucket + size);
		if (bucket) {
			bucket->size = size;
			/* Cleared when there is no memory. */
			bucket->first = 1;
			memcpy(bucket->key, key.data, size);
			HASH_ADD_KEYPTR(hh, list->buckets, bucket->key, bucket->size, bucket);
		}
		if (bucket && !bucket->first) {
			free(bucket);
			bucket = NULL;
		} else if (bucket) {
			bucket->first = 0;
		}
	}
	buffer_fini(&key);
	return bucket;
}

bool suppressions_index(struct suppressions *list)
{
	/* From the last one on, so that chains are in the order of the file. */
	for (size_t number = list->count; number; number--) {
		struct suppression *item = &list->items[number - 1];
		size_t *first = &list->others;

		for (size_t i = 0; i < ORDER_COUNT; i++) {
			const char *value = item->selectors[order[i]];
			struct suppression_bucket *bucket;

			if (!value || !*value || strchr(value, '*'))
				continue;
			bucket = bucket_of(list, order[i], (struct ds_text){value, strlen(value)}, true);
			if (!bucket)
				return false;
			first = &bucket->first;
			break;
		}
		item->next = *first;
		*first = number;
	}
	return true;
}

/** Tries a chain of suppressions. */
static bool try_chain(struct suppressions *list, size_t number, const struct ds_finding *finding)
{
	bool is_hidden = false;

	for (; number; number = list->items[number - 1].next) {
		struct suppression *item = &list->items[number - 1];

		if (!suppression_matches(item, finding))
			continue;
		item->used++;
		is_hidden |= !item->is_expired;
	}
	return is_hidden;
}

bool suppressions_hide(struct suppressions *list, const struct ds_finding *finding)
{
	bool is_hidden = try_chain(list, list->others, finding);

	for (size_t i = 0; list->buckets && i < ORDER_COUNT; i++) {
		struct ds_text value = suppression_value(finding, order[i]);
		const struct suppression_bucket *bucket = value.size ? bucket_of(list, order[i], value, false) : NULL;

		if (bucket)
			is_hidden |= try_chain(list, bucket->first, finding);
	}
	return is_hidden;
}

void suppressions_fini(struct suppressions *list)
{
	struct suppression_bucket *bucket = list->buckets, *next;

	/* This frees the table alone; its items stay in their list. */
	HASH_CLEAR(hh, list->buckets);
	for (; bucket; bucket = next) {
		next = bucket->hh.next;
		free(bucket);
	}
	for (size_t i = 0; i < list->count; i++)
		suppression_fini(&list->items[i]);
	free(list->items);
	memset(list, 0, sizeof *list);
}
