/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/block.h"

#include "record/array.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** A longer list of frames is freed when the block is cleared. */
#define FRAMES_KEEP ((size_t)1024)

void frame_hole_text(const struct frame *frame, uint64_t count, char *text)
{
	snprintf(text, FRAME_HOLE_TEXT_SIZE, "%" PRIu64 " %s%s", count,
		frame->is_transcoded ? "NUL or invalid character" : "NUL byte",
		count == 1 ? "" : "s");
}

void block_init(struct block *block)
{
	memset(block, 0, sizeof *block);
	arena_init(&block->arena);
}

bool block_reserve(struct block *block, size_t more)
{
	size_t capacity = block->capacity ? block->capacity : (size_t)4096;
	char *data;

	if (more > SIZE_MAX / 4 - block->size)
		return false;
	if (block->capacity - block->size >= more)
		return true;
	while (capacity < block->size + more)
		capacity += capacity / 2;
	data = realloc(block->data, capacity);
	if (!data)
		return false;
	block->data = data;
	block->capacity = capacity;
	return true;
}

struct frame *block_frame(struct block *block)
{
	struct frame *frames = array_room(block->frames, block->frame_count, &block->frame_capacity,
		sizeof *frames);

	if (!frames)
		return NULL;
	block->frames = frames;
	return memset(&block->frames[block->frame_count++], 0, sizeof *block->frames);
}

size_t block_memory(const struct block *block)
{
	return block->capacity + block->frame_capacity * sizeof *block->frames +
		arena_memory(&block->arena);
}

void block_clear(struct block *block, size_t keep)
{
	block->size = 0;
	block->seen = 0;
	block->frame_count = 0;
	arena_clear(&block->arena);
	if (block->capacity > keep) {
		free(block->data);
		block->data = NULL;
		block->capacity = 0;
	}
	if (block->frame_capacity > FRAMES_KEEP) {
		free(block->frames);
		block->frames = NULL;
		block->frame_capacity = 0;
	}
}

void block_fini(struct block *block)
{
	free(block->data);
	free(block->frames);
	arena_fini(&block->arena);
	memset(block, 0, sizeof *block);
}
