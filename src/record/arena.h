/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_ARENA_H
#define RECORD_ARENA_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * Memory that is given back all at once: what the records of one batch live in.
 *
 * An arena belongs to one batch and is handed over with it, never shared.
 */

struct arena_chunk;
struct arena_owned;

struct arena {
	struct arena_chunk *chunks;
	/** Chunks of the ordinary size, kept for what comes next: the next batch needs as many as
	 * the last. */
	struct arena_chunk *spare;
	size_t spare_count;
	/** Memory that arena_own() was given. */
	struct arena_owned *owned;
	/** Bytes of the chunks that are in use, and of memory that arena_own() was given. */
	size_t used;
	/** Free room of the newest chunk. */
	char *at;
	char *end;
	/** Sticky: an allocation failed since the last arena_clear(). */
	bool failed;
};

void arena_init(struct arena *arena);

/** Returns `size` bytes, aligned for any type and not cleared; NULL when there is no memory. */
void *arena_alloc(struct arena *arena, size_t size);

/** Copies `count` items of `size` bytes; NULL for none of them, or when there is no memory. */
void *arena_copy(struct arena *arena, const void *items, size_t count, size_t size);

/** Copies text. A NULL text stays NULL, an empty one empty. When there is no memory: NULL, and
 * `failed` is set. */
struct ds_text arena_text(struct arena *arena, const char *data, size_t size);

/** Takes over `size` bytes that malloc() has returned and frees them with the rest. Returns them;
 * NULL when there is no memory, and then the caller keeps them. */
void *arena_own(struct arena *arena, void *memory, size_t size);

/** Takes all of it back, and keeps up to 1 MiB for what comes next. */
void arena_clear(struct arena *arena);

/** Bytes that it has allocated, those kept for what comes next among them. */
size_t arena_memory(const struct arena *arena);

void arena_fini(struct arena *arena);

#endif
