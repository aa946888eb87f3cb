/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/table.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(struct bucket) == STORE_LINE, "a bucket is a cache line");

/** Of the hash 16 bits are kept, from this one on: large tables ask for those. Small ones need
 * those below, and are small. */
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

/** Buckets for what did not fit, at most. */
#define MORE_MAX (((uint32_t)1 << BUCKET_MORE_BITS) - 1)
#define COUNT_MASK (UINT32_MAX >> BUCKET_MORE_BITS)

/* ---- buckets ---- */

static uint16_t kept_of(uint64_t hash)
{
	return (uint16_t)(hash >> KEPT_FROM);
}

/** The highest bit of a new bucket's number, which is not 0, is what parts it from the one that it
 * halves. */
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

/** Where a hash leads, in a table that has buckets. Those beyond the last one are not halved off
 * yet from those below. */
static struct bucket *bucket_of(const struct table *table, uint64_t hash)
{
	uint32_t number = (uint32_t)hash & table->mask;

	return store_at(&table->buckets,
		number < table->buckets.count ? number : number & table->mask >> 1);
}

/** The bucket for what did not fit into this one, or NULL if there is none. */
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
		more = table->more.count < MORE_MAX ? store_add(&table->more) : NULL;
		number = table->more.count;
	}
	if (!more)
		return NULL;
	memset(more, 0, sizeof *more);
	bucket->more = number & MORE_MAX;
	return more;
}

/** A place among the items of a bucket and of those for what did not fit. */
struct cursor {
	struct bucket *bucket;
	unsigned at;
};

/** Puts an item there, and goes on. Returns false when out of memory. */
static bool put(struct table *table, struct cursor *to, uint32_t item, uint16_t kept)
{
	if (to->at == BUCKET_ITEMS) {
		struct bucket *more = more_of(table, to->bucket);

		to->bucket = more ? more : add_more(table, to->bucket);
		to->at = 0;
	}
	if (!to->bucket)
		return false;
	to->bucket->items[to->at] = item;
	to->bucket->kept[to->at++] = kept;
	to->bucket->count = to->at & COUNT_MASK;
	return true;
}

/** Removes the item at a position and all behind it. */
static void cut(struct table *table, struct cursor from)
{
	struct bucket *bucket = from.bucket, *more;

	bucket->count = from.at & COUNT_MASK;
	while (bucket->more) {
		uint32_t number = bucket->more;

		more = more_of(table, bucket);
		bucket->more = more->more;
		more->more = table->spare & MORE_MAX;
		table->spare = number;
	}
}

/* ---- growth ---- */

/** Whether the hash of an item has a bit. */
static bool has_bit(const struct table_items *items, const void *keeper, uint32_t item,
	uint16_t kept, unsigned bit)
{
	if (bit >= KEPT_FROM && bit < KEPT_FROM + KEPT_BITS)
		return kept >> (bit - KEPT_FROM) & 1;
	return (int)(items->hash(keeper, item) >> bit & 1);
}

/** Adds a bucket, and moves what is its own into it from the one that it halves. Returns false when
 * out of memory. */
static bool grow(struct table *table, const struct table_items *items, const void *keeper)
{
	uint32_t number = table->buckets.count;
	/* What stays, and what moves: as good as drawn by lot, so nothing is decided but where
	 * to. */
	struct cursor to[2] = {{NULL, 0}, {store_add(&table->buckets), 0}};
	struct bucket *from;
	unsigned bit;

	if (!to[1].bucket)
		return false;
	memset(to[1].bucket, 0, sizeof *to[1].bucket);
	if (!number)
		return true;
	bit = parting_bit(number);
	table->mask = UINT32_MAX >> (31 - bit);
	to[0].bucket = from = store_at(&table->buckets, number - ((uint32_t)1 << bit));
	do {
		unsigned count = from->count;

		for (unsigned i = 0; i < count; i++)
			if (!put(table,
				    &to[has_bit(items, keeper, from->items[i], from->kept[i], bit)],
				    from->items[i], from->kept[i]))
				return false;
		from = more_of(table, from);
	} while (from);
	cut(table, to[0]);
	return 1;
}

/* ---- items ---- */

/** Whether a hash may be that of an item: mostly it is of none, and that is seen of all of them at
 * once. */
static bool may_hold(const struct bucket *bucket, uint16_t kept)
{
	const uint64_t ones = UINT64_C(0x0001000100010001);
	uint64_t words[3], found = 0;

	memcpy(&words[0], &bucket->kept[0], 8);
	memcpy(&words[1], &bucket->kept[4], 8);
	memcpy(&words[2], &bucket->kept[BUCKET_ITEMS - 4], 8);
	/* The first of the four in a word that is 0 borrows from its own highest bit. */
	for (unsigned i = 0; i < 3; i++) {
		uint64_t differs = words[i] ^ ones * kept;

		found |= (differs - ones) & ~differs;
	}
	return (found & ones << 15) != 0;
}

uint32_t table_find(const struct table *table, const struct table_items *items, const void *keeper,
	struct ds_text text, uint64_t hash)
{
	uint16_t kept = kept_of(hash);

	if (!table->count)
		return 0;
	for (const struct bucket *bucket = bucket_of(table, hash); bucket;
		bucket = more_of(table, bucket))
		if (may_hold(bucket, kept))
			for (unsigned i = 0; i < bucket->count; i++)
				if (bucket->kept[i] == kept &&
					items->is(keeper, bucket->items[i], text))
					return bucket->items[i];
	return 0;
}

bool table_add(struct table *table, const struct table_items *items, const void *keeper,
	uint32_t item, uint64_t hash)
{
	struct cursor end;
	struct bucket *more;

	if (table->count >= (uint64_t)table->buckets.count * BUCKET_FILL &&
		!grow(table, items, keeper))
		return false;
	end.bucket = bucket_of(table, hash);
	while ((more = more_of(table, end.bucket)))
		end.bucket = more;
	end.at = end.bucket->count;
	table->count++;
	return put(table, &end, item, kept_of(hash));
}

uint32_t table_guess(const struct table *table, uint64_t hash)
{
	const struct bucket *bucket = table->count ? bucket_of(table, hash) : NULL;
	uint16_t kept = kept_of(hash);

	if (!bucket || !may_hold(bucket, kept))
		return 0;
	for (unsigned i = 0; i < bucket->count; i++)
		if (bucket->kept[i] == kept)
			return bucket->items[i];
	return 0;
}
