/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_ARENA_H
#define RECORD_ARENA_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * Memory that is freed all at once. It contains the records of one batch. An arena belongs to one
 * batch and is handed over with it, never shared.
 */

struct arena_chunk;
struct arena_owned;

struct arena {
	struct arena_chunk *chunks;
	/** Chunks of the ordinary size that are kept for reuse, since the next batch needs as many
	 * as the last one. */
	struct arena_chunk *spare;
	size_t spare_count;
	/** The memory that was passed to arena_own(). */
	struct arena_owned *owned;
	/** The number of bytes in chunks that are in use, and in memory that was passed to
	 * arena_own(). */
	size_t used;
	/** The free space of the newest chunk. */
	char *at;
	char *end;
	/** An allocation has failed since the last arena_clear(). */
	bool failed;
};

void arena_init(struct arena *arena);

/** Returns `size` bytes, which are aligned for any type and not cleared, or NULL when there is no
 * memory. */
void *arena_alloc(struct arena *arena, size_t size);

/** Copies `count` items of `size` bytes. Returns NULL when `count` is 0 or there is no memory. */
void *arena_copy(struct arena *arena, const void *items, size_t count, size_t size);

/** Copies text. A NULL text stays NULL, and an empty one stays empty. When there is no memory,
 * returns NULL and sets `failed`. */
struct ds_text arena_text(struct arena *arena, const char *data, size_t size);

/** Takes ownership of `size` bytes that malloc() returned, and frees them together with the arena's
 * memory. Returns them, or NULL when there is no memory; then the caller keeps them. */
void *arena_own(struct arena *arena, void *memory, size_t size);

/** Frees everything, but keeps up to 1 MiB for reuse. */
void arena_clear(struct arena *arena);

/** Returns the number of bytes that the arena has allocated, including those kept for reuse. */
size_t arena_memory(const struct arena *arena);

void arena_fini(struct arena *arena);

#endif
