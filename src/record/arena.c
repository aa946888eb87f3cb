/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/arena.h"

#include "record/cold.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)64 << 10)
#define SPARE_MAX 16

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	alignas(max_align_t) char data[];
};

/** Memory of the arena that is outside of its chunks. */
struct arena_owned {
	struct arena_owned *next;
	void *memory;
};

void arena_init(struct arena *arena)
{
	memset(arena, 0, sizeof *arena);
}

static struct arena_chunk *chunk_add(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk = size == CHUNK_SIZE ? arena->spare : NULL;

	if (chunk) {
		arena->spare = chunk->next;
		arena->spare_count--;
	} else if (size > SIZE_MAX - sizeof *chunk || !(chunk = malloc(sizeof *chunk + size))) {
		arena->failed = true;
		return NULL;
	}
	chunk->size = size;
	arena->used += size;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	return chunk;
}

/** An allocation of more than a quarter of a chunk gets a chunk of its own, placed after the one in
 * use, so that little memory is wasted. */
static void *alloc_large(struct arena *arena, size_t size)
{
	struct arena_chunk *newest = arena->chunks;
	struct arena_chunk *chunk = chunk_add(arena, size);

	if (!chunk)
		return NULL;
	if (newest) {
		arena->chunks = newest;
		chunk->next = newest->next;
		newest->next = chunk;
	}
	return chunk->data;
}

COLD static void *alloc_slow(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk;

	if (size > CHUNK_SIZE / 4)
		return alloc_large(arena, size);
	chunk = chunk_add(arena, CHUNK_SIZE);
	if (!chunk)
		return NULL;
	arena->at = chunk->data + size;
	arena->end = chunk->data + CHUNK_SIZE;
	return chunk->data;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	void *at = arena->at;

	if (size > SIZE_MAX - align) {
		arena->failed = true;
		return NULL;
	}
	size = (size + align - 1) / align * align;
	if ((size_t)(arena->end - arena->at) < size)
		return alloc_slow(arena, size);
	arena->at += size;
	return at;
}

void *arena_copy(struct arena *arena, const void *items, size_t count, size_t size)
{
	void *copy;

	if (!count)
		return NULL;
	if (count > SIZE_MAX / size) {
		arena->failed = true;
		return NULL;
	}
	copy = arena_alloc(arena, count * size);
	if (copy)
		memcpy(copy, items, count * size);
	return copy;
}

/** Allocates without calling arena_alloc(), because records contain many short texts. */
struct ds_text arena_text(struct arena *arena, const char *data, size_t size)
{
	struct ds_text text = {NULL, 0};
	char *copy = arena->at;

	if (!data)
		return text;
	if ((size_t)(arena->end - arena->at) > size)
		arena->at += size;
	else if (!(copy = alloc_slow(arena, size + 1)))
		return text;
	/* The next allocation must be aligned; arena_alloc() allocates from `at`. */
	arena->at += -(uintptr_t)arena->at % alignof(max_align_t);
	if (arena->at > arena->end)
		arena->at = arena->end;
	memcpy(copy, data, size);
	text.data = copy;
	text.size = size;
	return text;
}

void *arena_own(struct arena *arena, void *memory, size_t size)
{
	struct arena_owned *owned = arena_alloc(arena, sizeof *owned);

	if (!owned)
		return NULL;
	owned->memory = memory;
	owned->next = arena->owned;
	arena->owned = owned;
	arena->used += size;
	return memory;
}

/** The list itself is stored in the chunks. */
static void free_owned(const struct arena *arena)
{
	for (struct arena_owned *owned = arena->owned; owned; owned = owned->next)
		free(owned->memory);
}

static void free_chunks(struct arena_chunk *chunk)
{
	while (chunk) {
		struct arena_chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
}

void arena_clear(struct arena *arena)
{
	struct arena_chunk *spare = arena->spare;
	struct arena_chunk *chunk;
	size_t count = arena->spare_count;

	free_owned(arena);
	while ((chunk = arena->chunks)) {
		arena->chunks = chunk->next;
		if (chunk->size == CHUNK_SIZE && count < SPARE_MAX) {
			chunk->next = spare;
			spare = chunk;
			count++;
		} else {
			free(chunk);
		}
	}
	arena_init(arena);
	arena->spare = spare;
	arena->spare_count = count;
}

size_t arena_memory(const struct arena *arena)
{
	return arena->used + arena->spare_count * CHUNK_SIZE;
}

void arena_fini(struct arena *arena)
{
	free_owned(arena);
	free_chunks(arena->chunks);
	free_chunks(arena->spare);
	arena_init(arena);
}
