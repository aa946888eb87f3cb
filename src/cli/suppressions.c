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

static struct suppression_bucket *find_bucket(struct suppression_bucket *table,
	struct ds_text value)
{
	struct suppression_bucket *bucket = NULL;

	HASH_FIND(hh, table, value.data, value.size, bucket);
	return bucket;
}

/** Returns the bucket of a value, a new one if it has none. NULL: there is no memory. */
static struct suppression_bucket *get_bucket(struct suppression_bucket **table,
	struct ds_text value)
{
	struct suppression_bucket *bucket = find_bucket(*table, value);

	if (bucket)
		return bucket;
	bucket = calloc(1, sizeof *bucket + value.size);
	if (!bucket)
		return NULL;
	bucket->size = value.size;
	memcpy(bucket->value, value.data, value.size);
	/* HASH_ADD_KEYPTR() clears it when there is no memory. */
	bucket->first = 1;
	HASH_ADD_KEYPTR(hh, *table, bucket->value, bucket->size, bucket);
	if (!bucket->first) {
		free(bucket);
		return NULL;
	}
	bucket->first = 0;
	return bucket;
}

static struct ds_text rule_id(const struct ds_rule *rule)
{
	return (struct ds_text){rule->id, strlen(rule->id)};
}

/** Returns the bucket that a suppression belongs to. NULL: it belongs to the others, or there is no
 * memory, in which case `*is_fine` is cleared. */
static struct suppression_bucket *bucket_of(struct suppressions *list,
	const struct suppression *item, bool *is_fine)
{
	struct suppression_bucket *bucket = NULL;

	for (size_t i = 0; i < ORDER_COUNT; i++) {
		const char *value = item->selectors[order[i]];
		size_t size = value ? strcspn(value, "*") : 0;
		bool is_exact = value && !value[size];

		if (!size)
			continue;
		if (!is_exact && size > PREFIX_MAX)
			size = PREFIX_MAX;
		if (!is_exact)
			list->has_size[order[i]][size] = true;
		bucket = get_bucket(is_exact ? &list->exact[order[i]] : &list->prefixes[order[i]],
			(struct ds_text){value, size});
		*is_fine = bucket != NULL;
		return bucket;
	}
	if (item->rule) {
		bucket = get_bucket(&list->rules, rule_id(item->rule));
		*is_fine = bucket != NULL;
	}
	return bucket;
}

bool suppressions_index(struct suppressions *list)
{
	bool is_fine = true;

	/* From the last one on, so that chains are in the order of the file. */
	for (size_t number = list->count; number; number--) {
		struct suppression *item = &list->items[number - 1];
		struct suppression_bucket *bucket = bucket_of(list, item, &is_fine);
		size_t *first = bucket ? &bucket->first : &list->others;

		if (!is_fine)
			return false;
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

/** Tries the suppressions of a bucket, which may be NULL. */
static bool try_bucket(struct suppressions *list, const struct suppression_bucket *bucket,
	const struct ds_finding *finding)
{
	return bucket && try_chain(list, bucket->first, finding);
}

bool suppressions_hide(struct suppressions *list, const struct ds_finding *finding)
{
	bool is_hidden = try_chain(list, list->others, finding);

	is_hidden |= try_bucket(list, find_bucket(list->rules, rule_id(finding->rule)), finding);
	for (size_t i = 0; i < ORDER_COUNT; i++) {
		enum selector selector = order[i];
		struct ds_text value = suppression_value(finding, selector);

		if (value.size && list->exact[selector])
			is_hidden |= try_bucket(list, find_bucket(list->exact[selector], value),
				finding);
		for (size_t size = 1;
			list->prefixes[selector] && size <= value.size && size <= PREFIX_MAX;
			size++) {
			struct ds_text prefix = {value.data, size};

			if (list->has_size[selector][size])
				is_hidden |= try_bucket(list,
					find_bucket(list->prefixes[selector], prefix), finding);
		}
	}
	return is_hidden;
}

static void free_table(struct suppression_bucket *table)
{
	struct suppression_bucket *bucket = table, *next;

	/* This frees the table alone; its items stay in their list. */
	HASH_CLEAR(hh, table);
	for (; bucket; bucket = next) {
		next = bucket->hh.next;
		free(bucket);
	}
}

void suppressions_fini(struct suppressions *list)
{
	for (size_t i = 0; i < SELECTORS; i++) {
		free_table(list->exact[i]);
		free_table(list->prefixes[i]);
	}
	free_table(list->rules);
	for (size_t i = 0; i < list->count; i++)
		suppression_fini(&list->items[i]);
	free(list->items);
	memset(list, 0, sizeof *list);
}
