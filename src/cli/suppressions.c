/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/suppressions.h"

#include "record/array.h"
#include "record/value_set.h"

#include <stdlib.h>
#include <string.h>

/** The selectors by which a suppression is found, the most selective first. */
static const enum suppression_selector order[] = {SELECT_FINGERPRINT, SELECT_UUID, SELECT_DOMAIN,
	SELECT_SOURCE, SELECT_HOST};

#define ORDER_COUNT (sizeof order / sizeof *order)

/** There are few sizes, because a lookup is made for each of them at each position of a value. */
static const size_t fragment_sizes[SUPPRESSIONS_SIZES] = {8, 4, 2, 1};

bool suppressions_add(struct suppressions *list, const struct suppression *suppression)
{
	struct suppression *items =
		array_room(list->items, list->count, &list->capacity, sizeof *items);

	if (!items)
		return false;
	list->items = items;
	list->items[list->count++] = *suppression;
	return true;
}

static struct ds_text rule_id(const struct ds_rule *rule)
{
	return (struct ds_text){rule->id, strlen(rule->id)};
}

/** A pointer to the number of the first suppression of a chain. */
typedef size_t *chain_start;

/** Adds a suppression with a value, or with a pattern that has a prefix. Returns NULL if it has
 * neither, or when there is no memory; then `*is_fine` is cleared. */
static chain_start add_by_beginning(struct suppressions *list, const struct suppression *item,
	bool *is_fine)
{
	for (size_t i = 0; i < ORDER_COUNT; i++) {
		enum suppression_selector selector = order[i];
		const char *value = item->selectors[selector];
		size_t size = value ? strcspn(value, "*") : 0;
		bool is_exact = value && !value[size];
		chain_start start;

		if (!size)
			continue;
		if (!is_exact && size > SUPPRESSIONS_PREFIX_MAX)
			size = SUPPRESSIONS_PREFIX_MAX;
		if (!is_exact)
			list->has_size[selector][size] = true;
		start = value_set_add(is_exact ? &list->exact[selector] : &list->prefixes[selector],
			(struct ds_text){value, size});
		*is_fine = start != NULL;
		return start;
	}
	return NULL;
}

/** Returns the index of the largest fragment size that fits between two "*" of the pattern, or
 * SUPPRESSIONS_SIZES if the pattern has no other bytes. */
static size_t fragment_size_index(const char *pattern)
{
	size_t longest = 0, index = 0;

	while (*pattern) {
		size_t size = strcspn(pattern, "*");

		longest = size > longest ? size : longest;
		pattern += size + (pattern[size] == '*');
	}
	while (index < SUPPRESSIONS_SIZES && fragment_sizes[index] > longest)
		index++;
	return index;
}

/** Chains of at least this length count as equally long; most are far shorter. */
#define CHAIN_COUNT_MAX 16

static size_t chain_length(const struct suppressions *list, const size_t *first)
{
	size_t length = 0;

	for (size_t number = first ? *first : 0; number && length < CHAIN_COUNT_MAX;
		number = list->items[number - 1].next)
		length++;
	return length;
}

/** Returns the fragment of the pattern that the fewest suppressions have so far. A fragment that
 * many patterns have in common, such as the name of a network, is therefore only used for one of
 * them. */
static struct ds_text rarest_fragment(const struct suppressions *list,
	const struct value_set *fragments, const char *pattern, size_t size)
{
	struct ds_text rarest = {pattern, 0};
	size_t least = SIZE_MAX;

	for (const char *at = pattern; *at && least; at++) {
		struct ds_text fragment = {at, size};
		size_t length;

		if (strcspn(at, "*") < size)
			continue;
		length = chain_length(list, value_set_find(fragments, fragment));
		if (length < least) {
			rarest = fragment;
			least = length;
		}
	}
	return rarest;
}

/** Adds a suppression with a pattern that begins with "*", as add_by_beginning() does. */
static chain_start add_by_fragment(struct suppressions *list, const struct suppression *item,
	bool *is_fine)
{
	for (size_t i = 0; i < ORDER_COUNT; i++) {
		const char *pattern = item->selectors[order[i]];
		size_t index = pattern ? fragment_size_index(pattern) : SUPPRESSIONS_SIZES;
		struct value_set **fragments;
		chain_start start;

		if (index == SUPPRESSIONS_SIZES)
			continue;
		fragments = &list->fragments[order[i]][index];
		start = value_set_add(fragments,
			rarest_fragment(list, *fragments, pattern, fragment_sizes[index]));
		*is_fine = start != NULL;
		return start;
	}
	return NULL;
}

/** Returns the chain that a suppression belongs to, or NULL when there is no memory. */
static chain_start chain_of(struct suppressions *list, const struct suppression *item)
{
	bool is_fine = true;
	chain_start start = add_by_beginning(list, item, &is_fine);

	if (!start && is_fine)
		start = add_by_fragment(list, item, &is_fine);
	if (start || !is_fine)
		return start;
	return item->rule ? value_set_add(&list->rules, rule_id(item->rule)) : &list->others;
}

bool suppressions_index(struct suppressions *list)
{
	/* The loop begins with the last one, so that chains are in the order of the file. */
	for (size_t number = list->count; number; number--) {
		struct suppression *item = &list->items[number - 1];
		chain_start first = chain_of(list, item);

		if (!first)
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

/** Tries the suppressions of a value if the set contains it. */
static bool try_value(struct suppressions *list, const struct value_set *set, struct ds_text value,
	const struct ds_finding *finding)
{
	const size_t *first = value_set_find(set, value);

	return first && try_chain(list, *first, finding);
}

/** Tries the suppressions whose pattern has a fragment that occurs in the value. */
static bool try_fragments(struct suppressions *list, enum suppression_selector selector,
	struct ds_text value, const struct ds_finding *finding)
{
	bool is_hidden = false;

	for (size_t i = 0; i < SUPPRESSIONS_SIZES; i++) {
		const struct value_set *fragments = list->fragments[selector][i];

		for (size_t at = 0; fragments && at + fragment_sizes[i] <= value.size; at++)
			is_hidden |= try_value(list, fragments,
				(struct ds_text){value.data + at, fragment_sizes[i]}, finding);
	}
	return is_hidden;
}

bool suppressions_hide(struct suppressions *list, const struct ds_finding *finding)
{
	bool is_hidden = try_chain(list, list->others, finding);

	is_hidden |= try_value(list, list->rules, rule_id(finding->rule), finding);
	for (size_t i = 0; list->count && i < ORDER_COUNT; i++) {
		enum suppression_selector selector = order[i];
		struct ds_text value = suppression_value(finding, selector);

		if (!value.size)
			continue;
		is_hidden |= try_value(list, list->exact[selector], value, finding);
		for (size_t size = 1; list->prefixes[selector] && size <= value.size &&
			size <= SUPPRESSIONS_PREFIX_MAX;
			size++)
			if (list->has_size[selector][size])
				is_hidden |= try_value(list, list->prefixes[selector],
					(struct ds_text){value.data, size}, finding);
		is_hidden |= try_fragments(list, selector, value, finding);
	}
	return is_hidden;
}

void suppressions_fini(struct suppressions *list)
{
	for (size_t i = 0; i < SELECTORS; i++) {
		value_set_free(list->exact[i]);
		value_set_free(list->prefixes[i]);
		for (size_t k = 0; k < SUPPRESSIONS_SIZES; k++)
			value_set_free(list->fragments[i][k]);
	}
	value_set_free(list->rules);
	for (size_t i = 0; i < list->count; i++)
		suppression_fini(&list->items[i]);
	free(list->items);
	memset(list, 0, sizeof *list);
}
