/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/table.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(struct bucket) == STORE_LINE, "a bucket is a cache line");

/** Of the hash 16 bits are kept, from this one on: large tables ask for those. Small ones need those below, and are small. */
#define KEPT_FROM 10
#define KEPT_BITS 16

void table_init(struct table *table)
{
	*table = (struct table){.count = 0};
	store_init(&table->buckets, sizeof(struct bucket));
	store_init(&table->more, sizeof(struct bucket));
}

void table_fini(struct table *table)
{
	store_fini(&table->buckets);
	store_fini(&table->more);
	table_init(table);
}

size_t table_size(const struct table *table)
{
	return ((size_t)table->buckets.count + table->more.count) * sizeof(struct bucket);
}

/* ---- buckets -------------------------------------------------------------------------------------------- */

static uint16_t kept_of(uint64_t hash)
{
	return (uint16_t)(hash >> KEPT_FROM);
}

/** The highest bit of a new bucket's number, which is not 0, is what parts it from the one that it halves. */
static unsigned parting_bit(uint32_t number)
{
#if defined(__GNUC__)
	return 31u - (unsigned)__builtin_clz(number);
#else
	unsigned bit = 0;

	while (number >> bit > 1)
		bit++;
	return bit;
#endif
}

/** The least power of two that is not below the number of buckets, less one. */
static uint32_t mask_of(uint32_t buckets)
{
	return buckets > 1 ? UINT32_MAX >> (31 - parting_bit(buckets - 1)) : 0;
}

/** Where a hash leads, in a table that has buckets. Those beyond the last one are not halved off yet from those below. */
static struct bucket *bucket_of(const struct table *table, uint64_t hash)
{
	uint32_t mask = mask_of(table->buckets.count);
	uint32_t number = (uint32_t)hash & mask;

	return store_at(&table->buckets, number < table->buckets.count ? number : number & mask >> 1);
}

/** The bucket for what did not fit into this one; NULL: there is none. */
static struct bucket *more_of(const struct table *table, const struct bucket *bucket)
{
	return bucket->more ? store_at(&table->more, bucket->more - 1) : NULL;
}

/** An empty one of those. NULL when there is no memory. */
static struct bucket *add_more(struct table *table, struct bucket *bucket)
{
	struct bucket *more;
	uint32_t number = table->spare;

	if (number) {
		more = store_at(&table->more, number - 1);
		table->spare = more->more;
	} else {
		more = store_add(&table->more);
		number = table->more.count;
	}
	if (!more)
		return NULL;
	memset(more, 0, sizeof *more);
	bucket->more = number;
	return more;
}

/** A place among the items of a bucket and of those for what did not fit. */
struct cursor {
	struct bucket *bucket;
	unsigned at;
};

/** Puts an item there, and goes on. Returns 0 when there is no memory. */
static int put(struct table *table, struct cursor *to, uint32_t item, uint16_t kept)
{
	if (to->at == BUCKET_ITEMS) {
		struct bucket *more = more_of(table, to->bucket);

		to->bucket = more ? more : add_more(table, to->bucket);
		to->at = 0;
	}
	if (!to->bucket)
		return 0;
	to->bucket->items[to->at] = item;
	to->bucket->kept[to->at++] = kept;
	return 1;
}

/** Nothing stands there nor behind it. */
static void cut(struct table *table, struct cursor from)
{
	struct bucket *bucket = from.bucket, *more;

	memset(&bucket->items[from.at], 0, (BUCKET_ITEMS - from.at) * sizeof *bucket->items);
	while (bucket->more) {
		uint32_t number = bucket->more;

		more = more_of(table, bucket);
		bucket->more = more->more;
		more->more = table->spare;
		table->spare = number;
	}
}

/* ---- growth --------------------------------------------------------------------------------------------- */

/** Whether the hash of an item has a bit. */
static int has_bit(const struct table_items *items, const void *keeper, uint32_t item, uint16_t kept, unsigned bit)
{
	if (bit >= KEPT_FROM && bit < KEPT_FROM + KEPT_BITS)
		return kept >> (bit - KEPT_FROM) & 1;
	return (int)(items->hash(keeper, item) >> bit & 1);
}

/** Adds a bucket, and moves what is its own into it from the one that it halves. Returns 0 when there is no memory. */
static int grow(struct table *table, const struct table_items *items, const void *keeper)
{
	uint32_t number = table->buckets.count;
	struct cursor moved = {store_add(&table->buckets), 0}, stays;
	unsigned bit;

	if (!moved.bucket)
		return 0;
	memset(moved.bucket, 0, sizeof *moved.bucket);
	if (!number)
		return 1;
	bit = parting_bit(number);
	stays = (struct cursor){store_at(&table->buckets, number - ((uint32_t)1 << bit)), 0};
	for (struct bucket *from = stays.bucket; from; from = more_of(table, from)) {
		for (unsigned i = 0; i < BUCKET_ITEMS && from->items[i]; i++) {
			int moves = has_bit(items, keeper, from->items[i], from->kept[i], bit);

			if (!put(table, moves ? &moved : &stays, from->items[i], from->kept[i]))
				return 0;
		}
	}
	cut(table, stays);
	/* The one that is halved next time. */
	number++;
	__builtin_prefetch(store_at(&table->buckets, number - ((uint32_t)1 << parting_bit(number))));
	return 1;
}

/* ---- items ---------------------------------------------------------------------------------------------- */

uint32_t table_find(const struct table *table, const struct table_items *items, const void *keeper, struct ds_text text, uint64_t hash)
{
	uint16_t kept = kept_of(hash);

	if (!table->count)
		return 0;
	for (const struct bucket *bucket = bucket_of(table, hash); bucket; bucket = more_of(table, bucket))
		for (unsigned i = 0; i < BUCKET_ITEMS && bucket->items[i]; i++)
			if (bucket->kept[i] == kept && items->is(keeper, bucket->items[i], text))
				return bucket->items[i];
	return 0;
}

int table_add(struct table *table, const struct table_items *items, const void *keeper, uint32_t item, uint64_t hash)
{
	struct cursor end;
	struct bucket *more;

	if (table->count >= (uint64_t)table->buckets.count * BUCKET_FILL && !grow(table, items, keeper))
		return 0;
	end = (struct cursor){bucket_of(table, hash), 0};
	while ((more = more_of(table, end.bucket)))
		end.bucket = more;
	while (end.at < BUCKET_ITEMS && end.bucket->items[end.at])
		end.at++;
	table->count++;
	return put(table, &end, item, kept_of(hash));
}

void table_expect(const struct table *table, uint64_t hash)
{
	if (table->count)
		__builtin_prefetch(bucket_of(table, hash));
}

uint32_t table_guess(const struct table *table, uint64_t hash)
{
	const struct bucket *bucket = table->count ? bucket_of(table, hash) : NULL;
	uint16_t kept = kept_of(hash);

	for (unsigned i = 0; bucket && i < BUCKET_ITEMS && bucket->items[i]; i++)
		if (bucket->kept[i] == kept)
			return bucket->items[i];
	return 0;
}
