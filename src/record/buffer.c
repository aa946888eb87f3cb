/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/buffer.h"

#include <stdlib.h>

void buffer_init(struct buffer *buffer)
{
	memset(buffer, 0, sizeof *buffer);
}

char *buffer_grow(struct buffer *buffer, size_t more)
{
	size_t capacity = buffer->capacity ? buffer->capacity : 256;
	char *data;

	if (buffer->failed)
		return NULL;
	if (more > SIZE_MAX / 4 || buffer->size > SIZE_MAX / 4) {
		buffer->failed = true;
		return NULL;
	}
	while (capacity < buffer->size + more)
		capacity += capacity / 2;
	if (capacity != buffer->capacity) {
		data = realloc(buffer->data, capacity);
		if (!data) {
			buffer->failed = true;
			return NULL;
		}
		buffer->data = data;
		buffer->capacity = capacity;
	}
	return buffer->data + buffer->size;
}

void buffer_unsigned(struct buffer *buffer, uint64_t value)
{
	char digits[20], *room;
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	room = buffer_room(buffer, sizeof digits - at);
	if (!room)
		return;
	memcpy(room, digits + at, sizeof digits - at);
	buffer->size += sizeof digits - at;
}

void buffer_signed(struct buffer *buffer, int64_t value)
{
	if (value < 0) {
		buffer_byte(buffer, '-');
		buffer_unsigned(buffer, -(uint64_t)value);
	} else {
		buffer_unsigned(buffer, (uint64_t)value);
	}
}

void buffer_clear(struct buffer *buffer, size_t keep)
{
	buffer->size = 0;
	buffer->failed = false;
	if (buffer->capacity > keep) {
		free(buffer->data);
		buffer_init(buffer);
	}
}

void buffer_fini(struct buffer *buffer)
{
	free(buffer->data);
	buffer_init(buffer);
}
