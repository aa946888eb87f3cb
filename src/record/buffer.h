/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_BUFFER_H
#define RECORD_BUFFER_H

#include "domstream/domstream.h"
#include "record/cold.h"

#include <stdbool.h>
#include <string.h>

/**
 * A growing array of bytes. After an allocation has failed, nothing is appended any more and
 * `failed` stays set, so that a writer only has to check it at its end.
 */
struct buffer {
	char *data;
	size_t size;
	size_t capacity;
	bool failed;
};

void buffer_init(struct buffer *buffer);

/** Makes room for `more` bytes after `size` and returns a pointer to it, or NULL when there is no
 * memory. */
COLD char *buffer_grow(struct buffer *buffer, size_t more);

/** Like buffer_grow(), but without a function call when there is room. */
static inline char *buffer_room(struct buffer *buffer, size_t more)
{
	if (buffer->capacity - buffer->size >= more && !buffer->failed)
		return buffer->data + buffer->size;
	return buffer_grow(buffer, more);
}

/** Copies like memcpy(), but without a function call for up to 32 bytes, which is the size of most
 * values: two copies that overlap. */
static inline void buffer_copy_bytes(char *to, const char *from, size_t size)
{
	struct ends {
		char begin[16], end[16];
	} ends;

	if (size > 32) {
		memcpy(to, from, size);
	} else if (size >= 16) {
		memcpy(ends.begin, from, 16);
		memcpy(ends.end, from + size - 16, 16);
		memcpy(to, ends.begin, 16);
		memcpy(to + size - 16, ends.end, 16);
	} else if (size >= 8) {
		memcpy(ends.begin, from, 8);
		memcpy(ends.end, from + size - 8, 8);
		memcpy(to, ends.begin, 8);
		memcpy(to + size - 8, ends.end, 8);
	} else if (size >= 4) {
		memcpy(ends.begin, from, 4);
		memcpy(ends.end, from + size - 4, 4);
		memcpy(to, ends.begin, 4);
		memcpy(to + size - 4, ends.end, 4);
	} else {
		for (size_t i = 0; i < size; i++)
			to[i] = from[i];
	}
}

static inline void buffer_add(struct buffer *buffer, const char *data, size_t size)
{
	char *room;

	/* An empty buffer has no memory to which zero bytes could be copied. */
	if (!data || !size)
		return;
	room = buffer_room(buffer, size);
	if (!room)
		return;
	buffer_copy_bytes(room, data, size);
	buffer->size += size;
}

static inline void buffer_byte(struct buffer *buffer, char byte)
{
	char *room = buffer_room(buffer, 1);

	if (!room)
		return;
	*room = byte;
	buffer->size++;
}

/** Appends bytes of a size that is known at compile time. */
#if defined(__GNUC__)
__attribute__((always_inline))
#endif
static inline void
buffer_constant(struct buffer *buffer, const char *data, size_t size)
{
	char *room = buffer_room(buffer, size);

	if (!room)
		return;
	memcpy(room, data, size);
	buffer->size += size;
}

/** Appends a string constant. */
#define buffer_literal(buffer, literal) buffer_constant(buffer, "" literal, sizeof literal - 1)

/** Appends a string. If it is a constant, the compiler knows its size. */
static inline void buffer_string(struct buffer *buffer, const char *string)
{
	buffer_add(buffer, string, strlen(string));
}

/** Appends a number in decimal. */
void buffer_unsigned(struct buffer *buffer, uint64_t value);
void buffer_signed(struct buffer *buffer, int64_t value);

/** Removes the bytes, but keeps the memory unless it has grown beyond `keep` bytes. */
void buffer_clear(struct buffer *buffer, size_t keep);

void buffer_fini(struct buffer *buffer);

#endif
