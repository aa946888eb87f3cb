/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_TABLE_H
#define DIFF_TABLE_H

#include "diff/store.h"

#include <stdbool.h>

/**
 * A hash table of items that its users store, identified by numbers from 1.
 *
 * It is far larger than any cache, and to wait for memory is most of what it costs. So a bucket is
 * a cache line, and holds so much of each hash that who looks for one item hardly looks at another
 * one (of a million, in one search of fifty), and that a bucket is parted without a look at what is
 * in it. It grows by one bucket at a time (Litwin's linear hashing): a table that doubles holds its
 * old and its new half as large again for a moment, and that moment would decide what an audit
 * takes.
 */

#define BUCKET_ITEMS 10
/** So many are in a bucket, on average: some 10 bytes an item, with the buckets for what others did
 * not hold. */
#define BUCKET_FILL 7
/** Bits of the number of one of those; what is left of a word counts items. */
#define BUCKET_MORE_BITS 28

struct bucket {
	uint32_t items[BUCKET_ITEMS];
	/** Number and 1 of the bucket for what did not fit, or 0 if there is none. */
	uint32_t more : BUCKET_MORE_BITS;
	/** Items in use. */
	uint32_t count : 32 - BUCKET_MORE_BITS;
	/** 16 bits of their hashes. */
	uint16_t kept[BUCKET_ITEMS];
};

struct table {
	/** Those that hashes lead to, and those for what did not fit into them. */
	struct store buckets, more;
	/** Number and 1 of one of `more` that is not in use, which leads to the next one; 0: all
	 * are in use. */
	uint32_t spare;
	/** The least power of two that is not below the number of buckets, less one. */
	uint32_t mask;
	uint32_t count;
};

/** What the table asks of its items' keeper. */
struct table_items {
	/** The hash of an item. It is asked for while the table is small; beyond 2^26 buckets,
	 * too. */
	uint64_t (*hash)(const void *keeper, uint32_t item);
	/** Whether an item is that of a text. */
	bool (*is)(const void *keeper, uint32_t item, struct ds_text text);
};

void table_init(struct table *table);
void table_fini(struct table *table);

/** Bytes that it takes. */
size_t table_size(const struct table *table);

/** The item of a text, by its hash, or 0 if there is none. */
uint32_t table_find(const struct table *table, const struct table_items *items, const void *keeper,
	struct ds_text text, uint64_t hash);

/** Adds an item. Returns false when out of memory. */
bool table_add(struct table *table, const struct table_items *items, const void *keeper,
	uint32_t item, uint64_t hash);

/** An item that may be the one of a hash, as far as the table alone can tell, or 0 if
 * there is none. */
uint32_t table_guess(const struct table *table, uint64_t hash);

#endif
