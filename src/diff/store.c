/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/store.h"

#include "record/array.h"

#include <stdlib.h>
#include <string.h>

#define UNIT 4
#define TEXT_CHUNK (STORE_CHUNK * 2)

static char *add_chunk(char ***chunks, size_t *count, size_t *capacity, size_t size)
{
	char **grown = array_room(*chunks, *count, capacity, sizeof *grown);

	if (!grown)
		return NULL;
	*chunks = grown;
	(*chunks)[*count] = malloc(size);
	return (*chunks)[*count] ? (*chunks)[(*count)++] : NULL;
}

static void free_chunks(char **chunks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(chunks[i]);
	free(chunks);
}

void store_init(struct store *store, size_t item_size)
{
	*store = (struct store){.item_size = item_size};
	while (item_size << (store->chunk_bits + 1) <= STORE_CHUNK)
		store->chunk_bits++;
	store->chunk_mask = (uint32_t)(((size_t)1 << store->chunk_bits) - 1);
}

void store_fini(struct store *store)
{
	free_chunks(store->chunks, store->chunk_count);
	store_init(store, store->item_size);
}

void *store_add(struct store *store)
{
	if (store->count == UINT32_MAX)
		return NULL;
	if (store->count == (uint64_t)store->chunk_count << store->chunk_bits &&
		!add_chunk(&store->chunks, &store->chunk_count, &store->chunk_capacity,
			store->item_size << store->chunk_bits))
		return NULL;
	return store_at(store, store->count++);
}

void texts_init(struct texts *texts)
{
	*texts = (struct texts){.used = TEXT_CHUNK};
}

void texts_fini(struct texts *texts)
{
	free_chunks(texts->chunks, texts->chunk_count);
	texts_init(texts);
}

/** Each text is preceded by its size: one byte if it is below 255, and otherwise the byte 255 and
 * four more bytes. */
uint32_t texts_add(struct texts *texts, struct ds_text text)
{
	uint32_t size = (uint32_t)text.size;
	size_t head = text.size < 255 ? 1 : 5;
	size_t whole = (head + text.size + UNIT - 1) / UNIT * UNIT;
	char *room;
	uint64_t where;

	if (text.size > UINT32_MAX / 2)
		return TEXT_NONE;
	/* A text that is longer than a chunk gets a chunk of its own size. */
	if (texts->used + whole > TEXT_CHUNK) {
		size_t room_size = whole > TEXT_CHUNK ? whole : TEXT_CHUNK;

		if (!add_chunk(&texts->chunks, &texts->chunk_count, &texts->chunk_capacity,
			    room_size))
			return TEXT_NONE;
		texts->used = 0;
		texts->size += room_size;
	}
	where = ((uint64_t)(texts->chunk_count - 1) * TEXT_CHUNK + texts->used) / UNIT;
	if (where >= TEXT_NONE)
		return TEXT_NONE;
	room = texts->chunks[texts->chunk_count - 1] + texts->used;
	room[0] = (char)(size < 255 ? size : 255);
	if (head == 5)
		memcpy(room + 1, &size, sizeof size);
	if (size)
		memcpy(room + head, text.data, size);
	texts->used += whole;
	return (uint32_t)where;
}

struct ds_text texts_at(const struct texts *texts, uint32_t where)
{
	uint64_t at = (uint64_t)where * UNIT;
	const char *text = texts->chunks[at / TEXT_CHUNK] + at % TEXT_CHUNK;
	uint32_t size = (unsigned char)text[0];

	if (size < 255)
		return (struct ds_text){text + 1, size};
	memcpy(&size, text + 1, sizeof size);
	return (struct ds_text){text + 5, size};
}
