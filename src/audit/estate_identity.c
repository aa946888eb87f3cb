/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/members.h"

#include "record/text.h"

#include <stdlib.h>

/*
 * DA207: one UUID, and domains that differ. Nearly all domains have one of their own, so they are not sorted: each sets a bit, by
 * a hash with a key, and only those whose bit was set before, some of them by chance, are listed. Of these only such are looked
 * at whose UUID begins and hashes as that of another.
 */

#define BITS_A_DOMAIN 8

/** By a key, so that nobody can choose UUIDs that hash alike; who could would only make this slower. */
static uint32_t hash_of(const struct index *index, const unsigned char *uuid)
{
	uint64_t halves[2];

	memcpy(halves, uuid, sizeof halves);
	halves[0] = (halves[0] ^ index->key.high) * UINT64_C(0x9e3779b97f4a7c15);
	halves[1] = (halves[1] ^ halves[0] >> 32 ^ index->key.low) * UINT64_C(0xc2b2ae3d27d4eb4f);
	return (uint32_t)((halves[0] ^ halves[1]) >> 32);
}

static uint64_t bit_of(const struct suspects *suspects, uint32_t hash)
{
	return hash * suspects->bits >> 32;
}

static int has_bit(const unsigned char *set, uint64_t bit)
{
	return set[bit / 8] >> bit % 8 & 1;
}

static void set_bit(unsigned char *set, uint64_t bit)
{
	set[bit / 8] |= (unsigned char)(1 << bit % 8);
}

int suspects_begin(struct suspects *suspects, const struct index *index)
{
	*suspects = (struct suspects){.bits = (uint64_t)index->domain_count * BITS_A_DOMAIN + 8};
	suspects->once = calloc(suspects->bits / 8 + 1, 2);
	suspects->again = suspects->once ? suspects->once + suspects->bits / 8 + 1 : NULL;
	return suspects->once != NULL;
}

void suspects_see(struct suspects *suspects, const struct index *index, const unsigned char *uuid)
{
	uint64_t bit;

	if (!uuid)
		return;
	bit = bit_of(suspects, hash_of(index, uuid));
	if (has_bit(suspects->once, bit))
		set_bit(suspects->again, bit);
	set_bit(suspects->once, bit);
}

void suspects_fini(struct suspects *suspects)
{
	free(suspects->once);
	free(suspects->items);
}

static uint32_t begin_of(const unsigned char *uuid)
{
	return (uint32_t)uuid[0] << 24 | (uint32_t)uuid[1] << 16 | (uint32_t)uuid[2] << 8 | uuid[3];
}

static int add_suspect(struct suspects *suspects, const unsigned char *uuid, uint32_t where)
{
	if (suspects->count == suspects->capacity) {
		size_t capacity = suspects->capacity ? suspects->capacity / 2 * 3 : 64;
		struct suspect *items = realloc(suspects->items, capacity * sizeof *items);

		if (!items)
			return 0;
		suspects->items = items;
		suspects->capacity = capacity;
	}
	suspects->items[suspects->count++] = (struct suspect){begin_of(uuid), where};
	return 1;
}

/** Lists those that are marked. Returns 0 when there is no memory. */
static int collect(struct suspects *suspects, struct index_walk *walk, const struct index *index)
{
	enum index_piece piece;

	index_walk_begin(walk, index);
	while ((piece = index_walk_next(walk)) != INDEX_END) {
		if (piece != INDEX_DOMAIN || !walk->uuid || !has_bit(suspects->again, bit_of(suspects, hash_of(index, walk->uuid))))
			continue;
		if (!add_suspect(suspects, walk->uuid, walk->where))
			return 0;
	}
	return 1;
}

static int compare_suspects(const void *left, const void *right)
{
	const struct suspect *a = left, *b = right;

	return (a->order > b->order) - (a->order < b->order);
}

static void sort(struct suspect *items, size_t count)
{
	if (count > 1)
		qsort(items, count, sizeof *items, compare_suspects);
}

/** End of those that are sorted as one. */
static size_t alike_end(const struct suspect *items, size_t count, size_t from)
{
	size_t end = from + 1;

	while (end < count && items[end].order == items[from].order)
		end++;
	return end;
}

/** Drops those whose UUIDs only begin alike. Returns how many are left. */
static size_t sift(const struct index *index, struct suspect *items, size_t count)
{
	size_t kept = 0, end;

	for (size_t i = 0; i < count; i++)
		items[i].order = hash_of(index, index_uuid(index, items[i].where));
	sort(items, count);
	for (size_t from = 0; from < count; from = end) {
		end = alike_end(items, count, from);
		for (size_t i = from; end - from > 1 && i < end; i++)
			items[kept++] = items[i];
	}
	return kept;
}

static int compare_members(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = memcmp(a->uuid, b->uuid, sizeof a->uuid);

	if (!order && a->host != b->host)
		order = text_compare(member_host(a), member_host(b));
	if (!order)
		order = text_compare(a->name, b->name);
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

/** Domains whose UUIDs may be one. */
static void judge_alike(struct finish *finish, const struct suspect *suspects, size_t count)
{
	const struct member_list *list = &finish->members;
	size_t end;

	members_clear(&finish->members);
	if (!members_reserve(finish, &finish->members, count))
		return;
	for (size_t i = 0; i < count; i++)
		if (!members_get(finish, &finish->members, suspects[i].where, 0))
			return;
	qsort(list->items, count, sizeof *list->items, compare_members);
	for (size_t from = 0; from < count && finish->status == DS_OK; from = end) {
		int differs = 0;

		end = same_end(list, from);
		for (size_t i = from + 1; i < end; i++)
			differs |= list->items[i].content != list->items[from].content;
		if (differs)
			give_members(finish, RULE_207, (struct ds_text){NULL, 0}, &list->items[from], end - from);
	}
}

void judge_uuids(struct finish *finish)
{
	struct suspects *suspects = &finish->suspects;
	size_t end;

	if (!collect(suspects, &finish->walk, &finish->estate->index)) {
		finish->status = DS_NO_MEMORY;
		return;
	}
	sort(suspects->items, suspects->count);
	for (size_t from = 0; from < suspects->count && finish->status == DS_OK; from = end) {
		size_t count;

		end = alike_end(suspects->items, suspects->count, from);
		count = end - from > 1 ? sift(&finish->estate->index, &suspects->items[from], end - from) : 0;
		if (count)
			judge_alike(finish, &suspects->items[from], count);
	}
}
