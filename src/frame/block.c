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
	static const char one[][FRAME_HOLE_TEXT_SIZE] = {"1 NUL byte",
		"1 NUL or invalid character"};

	/* A million domains may have one NUL byte each, for which snprintf() is too slow. */
	if (count == 1)
		memcpy(text, one[frame->is_transcoded], sizeof *one);
	else
		snprintf(text, FRAME_HOLE_TEXT_SIZE, "%" PRIu64 " %s", count,
			frame->is_transcoded ? "NUL or invalid characters" : "NUL bytes");
}

void block_init(struct block *block)
{
	memset(block, 0, sizeof *block);
	arena_init(&block->arena);
}

/** Moves the bytes to the beginning of the memory. */
static void move_to_front(struct block *block)
{
	if (block->data == block->memory)
		return;
	memmove(block->memory, block->data, block->size);
	block->capacity += (size_t)(block->data - block->memory);
	block->data = block->memory;
}

bool block_reserve(struct block *block, size_t more)
{
	size_t capacity;
	char *data;

	if (more > SIZE_MAX / 4 - block->size)
		return false;
	if (block->capacity - block->size >= more)
		return true;
	move_to_front(block);
	if (block->capacity - block->size >= more)
		return true;
	capacity = block->capacity ? block->capacity : (size_t)4096;
	while (capacity < block->size + more)
		capacity += capacity / 2;
	data = realloc(block->data, capacity);
	if (!data)
		return false;
	block->data = block->memory = data;
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
	return (size_t)(block->data - block->memory) + block->capacity +
		block->frame_capacity * sizeof *block->frames + arena_memory(&block->arena);
}

void block_clear(struct block *block, size_t keep)
{
	block->size = 0;
	block->seen = 0;
	block->frame_count = 0;
	move_to_front(block);
	arena_clear(&block->arena);
	if (block->capacity > keep) {
		free(block->memory);
		block->data = block->memory = NULL;
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
	free(block->memory);
	free(block->frames);
	arena_fini(&block->arena);
	memset(block, 0, sizeof *block);
}
