/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_STORE_H
#define DIFF_STORE_H

#include "domstream/domstream.h"

/**
 * Arrays and texts that grow without being moved, so that growing needs no second copy of them.
 */

#define STORE_CHUNK ((size_t)1 << 20)

/** Items of one size, identified by their numbers from 0. */
struct store {
	size_t item_size;
	/** A chunk has two to the power of this number of items, so that a lookup needs no
	 * division. */
	unsigned chunk_bits;
	uint32_t chunk_mask;
	char **chunks;
	size_t chunk_count, chunk_capacity;
	uint32_t count;
};

void store_init(struct store *store, size_t item_size);
void store_fini(struct store *store);

/** Returns room for one more item, which is not cleared, or NULL when there is no memory or there
 * are 2^32 - 1 items. */
void *store_add(struct store *store);

static inline void *store_at(const struct store *store, uint32_t number)
{
	return store->chunks[number >> store->chunk_bits] +
		(number & store->chunk_mask) * store->item_size;
}

/** Texts, identified by their positions in units of 4 bytes. */
struct texts {
	char **chunks;
	size_t chunk_count, chunk_capacity;
	/** The number of bytes in use in the last chunk. */
	size_t used;
	size_t size;
};

#define TEXT_NONE UINT32_MAX

void texts_init(struct texts *texts);
void texts_fini(struct texts *texts);

/** Stores a copy. Returns TEXT_NONE when there is no memory, or there are 16 GiB. */
uint32_t texts_add(struct texts *texts, struct ds_text text);
struct ds_text texts_at(const struct texts *texts, uint32_t where);

#endif
