/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/members.h"

#include "record/text.h"

#include <stdlib.h>

/*
 * DA207: one UUID, and domains that differ. Nearly all domains have one of their own, so they are not sorted: each sets a bit, by
 * a hash with a key, and only those whose bit was set before, some of them by chance, are looked at.
 */

#define BITS_A_DOMAIN 8

/** A domain whose UUID may have come before. */
struct suspect {
	/** With what its UUID begins, to sort by. */
	uint32_t begin;
	uint32_t where;
};

struct suspects {
	struct suspect *items;
	size_t count;
	/** What was come by, and what was come by again. */
	unsigned char *once, *again;
	uint64_t bits;
};

static uint64_t bit_of(const struct suspects *suspects, const struct index *index, const struct index_domain *domain)
{
	return sip_hash(index->key, (const char *)domain->uuid, sizeof domain->uuid) % suspects->bits;
}

static int has_bit(const unsigned char *set, uint64_t bit)
{
	return set[bit / 8] >> bit % 8 & 1;
}

static void set_bit(unsigned char *set, uint64_t bit)
{
	set[bit / 8] |= (unsigned char)(1 << bit % 8);
}

static int has_uuid(const struct index_domain *domain)
{
	static const unsigned char none[PACK_UUID_SIZE];

	return memcmp(domain->uuid, none, sizeof none) != 0;
}

/** The next domain that has a UUID. */
static int next_domain(struct index_walk *walk)
{
	enum index_piece piece = INDEX_END;

	do {
		piece = index_walk_next(walk);
	} while (piece == INDEX_DISK || (piece == INDEX_DOMAIN && !has_uuid(&walk->domain)));
	return piece == INDEX_DOMAIN;
}

static void mark(struct suspects *suspects, struct index_walk *walk, const struct index *index)
{
	index_walk_begin(walk, index);
	while (next_domain(walk)) {
		uint64_t bit = bit_of(suspects, index, &walk->domain);

		if (has_bit(suspects->once, bit))
			set_bit(suspects->again, bit);
		set_bit(suspects->once, bit);
	}
}

/** Counts those that are marked, and with `items` lists them. */
static void collect(struct suspects *suspects, struct index_walk *walk, const struct index *index)
{
	suspects->count = 0;
	index_walk_begin(walk, index);
	while (next_domain(walk)) {
		const unsigned char *uuid = walk->domain.uuid;
		uint32_t begin = (uint32_t)uuid[0] << 24 | (uint32_t)uuid[1] << 16 | (uint32_t)uuid[2] << 8 | uuid[3];

		if (!has_bit(suspects->again, bit_of(suspects, index, &walk->domain)))
			continue;
		if (suspects->items)
			suspects->items[suspects->count] = (struct suspect){begin, walk->where};
		suspects->count++;
	}
}

static int compare_suspects(const void *left, const void *right)
{
	const struct suspect *a = left, *b = right;

	return (a->begin > b->begin) - (a->begin < b->begin);
}

static int compare_members(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = memcmp(a->domain.uuid, b->domain.uuid, sizeof a->domain.uuid);

	if (!order && a->host != b->host)
		order = text_compare(member_host(a), member_host(b));
	if (!order)
		order = text_compare(a->domain.name, b->domain.name);
	if (!order)
		order = text_compare(member_file(a), member_file(b));
	return order ? order : (a->offset > b->offset) - (a->offset < b->offset);
}

/** End of the domains that are of one UUID and host with the first one. */
static size_t same_end(const struct member_list *list, size_t from)
{
	const struct member *first = &list->items[from];
	size_t end = from + 1;

	while (end < list->count && list->items[end].host == first->host && members_by_domain(&list->items[end], first) == 0)
		end++;
	return end;
}

/** Domains whose UUIDs begin alike. */
static void judge_alike(struct finish *finish, const struct suspect *suspects, size_t count)
{
	const struct member_list *list = &finish->members;
	size_t end;

	members_clear(&finish->members);
	for (size_t i = 0; i < count; i++) {
		index_walk_to(&finish->walk, &finish->estate->index, suspects[i].where);
		if (!member_from_walk(finish, &finish->members, 0))
			return;
	}
	qsort(list->items, count, sizeof *list->items, compare_members);
	for (size_t from = 0; from < count && finish->status == DS_OK; from = end) {
		int differs = 0;

		end = same_end(list, from);
		for (size_t i = from + 1; i < end; i++)
			differs |= list->items[i].domain.content != list->items[from].domain.content;
		if (differs)
			give_members(finish, RULE_207, (struct ds_text){NULL, 0}, &list->items[from], end - from);
	}
}

static void judge(struct finish *finish, struct suspects *suspects)
{
	size_t end;

	if (suspects->count > 1)
		qsort(suspects->items, suspects->count, sizeof *suspects->items, compare_suspects);
	for (size_t from = 0; from < suspects->count && finish->status == DS_OK; from = end) {
		for (end = from + 1; end < suspects->count && compare_suspects(&suspects->items[from], &suspects->items[end]) == 0;)
			end++;
		if (end - from > 1)
			judge_alike(finish, &suspects->items[from], end - from);
	}
}

void judge_uuids(struct finish *finish)
{
	const struct index *index = &finish->estate->index;
	struct suspects suspects = {.bits = (uint64_t)index->domain_count * BITS_A_DOMAIN + 1};

	suspects.once = calloc(suspects.bits / 8 + 1, 2);
	if (suspects.once) {
		suspects.again = suspects.once + suspects.bits / 8 + 1;
		mark(&suspects, &finish->walk, index);
		collect(&suspects, &finish->walk, index);
		suspects.items = malloc((suspects.count + 1) * sizeof *suspects.items);
		if (suspects.items)
			collect(&suspects, &finish->walk, index);
	}
	if (suspects.items)
		judge(finish, &suspects);
	else
		finish->status = DS_NO_MEMORY;
	free(suspects.once);
	free(suspects.items);
}
