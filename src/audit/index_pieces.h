/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef AUDIT_INDEX_PIECES_H
#define AUDIT_INDEX_PIECES_H

#include "audit/index.h"

/**
 * A chunk begins with a list of where in each of its pages the first domain begins, plus one; 0: none does. Places are told in
 * units of two bytes over all chunks. A piece never lies in two chunks: what is left of a chunk begins with END.
 *
 * A domain whose disks fill more than a page is said again, in full, after each page.
 */

#define UNIT 2
#define HEADER_SIZE (INDEX_PAGES * sizeof(uint16_t))

/** First bytes of pieces. Those of disks are below HEAD. */
enum {
	LONG_SOURCE = 32,
	HEAD = 128,
	/** Everything is said: the origin, the whole place and the whole name. */
	IS_FULL = 1,
	/** The domain goes on. */
	IS_AGAIN = 2,
	HAS_UUID = 4,
	LONG_NAME = 8,
	/** The column is that of the domain before. */
	SAME_COLUMN = 16,
	END = 255,
};

/** More than any piece takes. */
#define PIECE_MAX (INDEX_TEXT_MAX + 96)
/** Where in the piece of a disk its link stands, and what follows: in that of a first one the source. */
#define LINK_AT 1
#define BEHIND_LINK 5
#define CONTENT_SIZE 3
/** As much of a name is taken from the one before. */
#define PREFIX_MAX 255
/** How much that is, and how much follows, in one byte; RESTS: a byte and a number behind it say it. */
#define PREFIXES 8
#define RESTS 31
/** Target and format in one byte; TARGETS: two numbers behind it say it. */
#define TARGETS 63
#define FORMATS 4

static inline char *chunk_at(const struct index *index, uint32_t chunk)
{
	return store_at(&index->chunks, chunk);
}

static inline unsigned char *piece_at(const struct index *index, uint32_t where)
{
	uint64_t at = (uint64_t)where * UNIT;

	return (unsigned char *)chunk_at(index, (uint32_t)(at / STORE_CHUNK)) + at % STORE_CHUNK;
}

static inline uint32_t place_of(uint32_t chunk, size_t at)
{
	return (uint32_t)(((uint64_t)chunk * STORE_CHUNK + at) / UNIT);
}

static inline uint32_t get_u32(const unsigned char *from)
{
	uint32_t number;

	memcpy(&number, from, sizeof number);
	return number;
}

static inline void set_u32(unsigned char *to, uint32_t number)
{
	memcpy(to, &number, sizeof number);
}

static inline uint16_t get_first(const char *chunk, size_t page)
{
	uint16_t first;

	memcpy(&first, chunk + page * sizeof first, sizeof first);
	return first;
}

/** The text that is packed at a place, which goes on behind it. */
struct ds_text index_text(const struct index *index, const unsigned char **at, int is_long);
/** The same of target and format. */
void index_kind(const unsigned char **at, struct index_disk *disk);

#endif
