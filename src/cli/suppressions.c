/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/suppressions.h"

#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(bucket) ((bucket)->first = 0)
#include <uthash.h>

struct suppression_bucket {
	/** Number of the first suppression with this value. */
	size_t first;
	UT_hash_handle hh;
	size_t size;
	char value[];
};

/** The selectors that a suppression is found by, the most selective first. */
static const enum selector order[] = {SELECT_FINGERPRINT, SELECT_UUID, SELECT_DOMAIN, SELECT_SOURCE,
	SELECT_HOST};

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

static struct suppression_bucket *find_bucket(const struct suppressions *list,
	enum selector selector, struct ds_text value)
{
	struct suppression_bucket *bucket = NULL;

	HASH_FIND(hh, list->buckets[selector], value.data, value.size, bucket);
	return bucket;
}

/** Adds a bucket for a value that has none. Returns NULL when there is no memory. */
static struct suppression_bucket *add_bucket(struct suppressions *list, enum selector selector,
	struct ds_text value)
{
	struct suppression_bucket *bucket = calloc(1, sizeof *bucket + value.size);

	if (!bucket)
		return NULL;
	bucket->size = value.size;
	memcpy(bucket->value, value.data, value.size);
	/* HASH_ADD_KEYPTR() clears it when there is no memory. */
	bucket->first = 1;
	HASH_ADD_KEYPTR(hh, list->buckets[selector], bucket->value, bucket->size, bucket);
	if (!bucket->first) {
		free(bucket);
		return NULL;
	}
	bucket->first = 0;
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
			struct ds_text text;

			if (!value || !*value || strchr(value, '*'))
				continue;
			text = (struct ds_text){value, strlen(value)};
			bucket = find_bucket(list, order[i], text);
			if (!bucket)
				bucket = add_bucket(list, order[i], text);
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

	for (size_t i = 0; i < ORDER_COUNT; i++) {
		struct ds_text value = suppression_value(finding, order[i]);
		const struct suppression_bucket *bucket =
			value.size ? find_bucket(list, order[i], value) : NULL;

		if (bucket)
			is_hidden |= try_chain(list, bucket->first, finding);
	}
	return is_hidden;
}

void suppressions_fini(struct suppressions *list)
{
	for (size_t i = 0; i < SELECTORS; i++) {
		struct suppression_bucket *bucket = list->buckets[i], *next;

		/* This frees the table alone; its items stay in their list. */
		HASH_CLEAR(hh, list->buckets[i]);
		for (; bucket; bucket = next) {
			next = bucket->hh.next;
			free(bucket);
		}
	}
	for (size_t i = 0; i < list->count; i++)
		suppression_fini(&list->items[i]);
	free(list->items);
	memset(list, 0, sizeof *list);
}
