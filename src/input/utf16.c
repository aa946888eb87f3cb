/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/utf16.h"

#include "input/error.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#define UNITS_SIZE ((size_t)16 << 10)
/* Bytes of the longest character in UTF-8. */
#define CHARACTER_SIZE 4

struct utf16 {
	input_pull *pull;
	void *context;
	iconv_t converter;
	/** Offset of units[begin]. */
	uint64_t offset;
	/** Not yet converted: units[begin … end). */
	size_t begin;
	size_t end;
	/** What is left of the units is less than a character. */
	bool is_partial;
	/** Converted, for want of room with the caller not yet delivered: held[held_begin … held_end). */
	size_t held_begin;
	size_t held_end;
	char held[CHARACTER_SIZE];
	/** DS_OK until something went wrong; reported when all bytes before it were delivered. */
	enum ds_status status;
	struct ds_error error;
	char units[UNITS_SIZE];
};

static void fail(struct utf16 *utf16, const char *text)
{
	utf16->status = DS_DAMAGED;
	input_error_set(&utf16->error, "DA903", "", utf16->offset, "%s", text);
}

/** Takes more units behind those that are left. Returns false at the end and on failure. */
static bool refill(struct utf16 *utf16)
{
	size_t left = utf16->end - utf16->begin;
	size_t size = 0;

	memmove(utf16->units, utf16->units + utf16->begin, left);
	utf16->begin = 0;
	utf16->end = left;
	utf16->is_partial = false;
	utf16->status = utf16->pull(utf16->context, utf16->units + left, UNITS_SIZE - left, &size, &utf16->error);
	if (utf16->status != DS_OK)
		return false;
	utf16->end += size;
	if (size == 0 && left > 0)
		fail(utf16, "the UTF-16 text ends in the middle of a character");
	return size > 0;
}

/** Converts what there is, as far as it fits; returns the number of bytes. */
static size_t convert(struct utf16 *utf16, char *data, size_t capacity)
{
	char *in = utf16->units + utf16->begin;
	size_t in_left = utf16->end - utf16->begin;
	char *out = data;
	size_t out_left = capacity;
	size_t result = iconv(utf16->converter, &in, &in_left, &out, &out_left);
	int reason = result == (size_t)-1 ? errno : 0;
	size_t used = (size_t)(in - utf16->units) - utf16->begin;

	utf16->begin += used;
	utf16->offset += used;
	if (reason == EINVAL)
		utf16->is_partial = true;
	else if (reason != 0 && reason != E2BIG)
		fail(utf16, "this is not a character of UTF-16");
	return capacity - out_left;
}

static size_t deliver_held(struct utf16 *utf16, char *data, size_t capacity)
{
	size_t size = utf16->held_end - utf16->held_begin;

	if (size > capacity)
		size = capacity;
	memcpy(data, utf16->held + utf16->held_begin, size);
	utf16->held_begin += size;
	return size;
}

enum ds_status utf16_new(struct utf16 **out, input_pull *pull, void *context, bool is_big_endian, uint64_t offset,
			 struct ds_error *error)
{
	struct utf16 *utf16 = calloc(1, sizeof(*utf16));

	if (utf16 == NULL)
		return DS_NO_MEMORY;
	utf16->pull = pull;
	utf16->context = context;
	utf16->offset = offset;
	utf16->converter = iconv_open("UTF-8", is_big_endian ? "UTF-16BE" : "UTF-16LE");
	if (utf16->converter == (iconv_t)-1) {
		int reason = errno;

		free(utf16);
		if (reason == ENOMEM)
			return DS_NO_MEMORY;
		input_error_set_system(error, "", 0, "cannot convert from UTF-16", reason);
		return DS_DAMAGED;
	}
	*out = utf16;
	return DS_OK;
}

enum ds_status utf16_read(void *context, char *data, size_t capacity, size_t *size, struct ds_error *error)
{
	struct utf16 *utf16 = context;
	size_t produced = deliver_held(utf16, data, capacity);

	while (produced == 0 && utf16->status == DS_OK) {
		if ((utf16->begin == utf16->end || utf16->is_partial) && !refill(utf16))
			break;
		if (capacity < CHARACTER_SIZE) {
			utf16->held_begin = 0;
			utf16->held_end = convert(utf16, utf16->held, CHARACTER_SIZE);
			produced = deliver_held(utf16, data, capacity);
		} else {
			produced = convert(utf16, data, capacity);
		}
	}
	if (produced == 0 && utf16->status != DS_OK) {
		*error = utf16->error;
		return utf16->status;
	}
	*size = produced;
	return DS_OK;
}

void utf16_free(struct utf16 *utf16)
{
	if (utf16 == NULL)
		return;
	iconv_close(utf16->converter);
	free(utf16);
}
