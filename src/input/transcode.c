/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/transcode.h"

#include "input/error.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#define STORED_SIZE ((size_t)16 << 10)
/* Bytes of the longest character in UTF-8. */
#define CHARACTER_SIZE 4

struct transcode {
	input_pull *pull;
	void *context;
	iconv_t converter;
	const char *encoding;
	/** Offset of stored[begin]. */
	uint64_t offset;
	/** Not yet converted: stored[begin … end). */
	size_t begin;
	size_t end;
	/** What is left of the stored is less than a character. */
	bool is_partial;
	/** Converted, but not yet delivered because the caller had no room: held[held_begin …
	 * held_end). */
	size_t held_begin;
	size_t held_end;
	char held[CHARACTER_SIZE];
	/** DS_OK until something went wrong; reported when all bytes before it were delivered. */
	enum ds_status status;
	struct ds_error error;
	char stored[STORED_SIZE];
};

static void fail(struct transcode *transcode, const char *text)
{
	transcode->status = DS_DAMAGED;
	input_error_set(&transcode->error, "DA903", "", transcode->offset, "%s %s", text,
		transcode->encoding);
}

/** Takes more stored behind those that are left. Returns false at the end and on failure. */
static bool refill(struct transcode *transcode)
{
	size_t left = transcode->end - transcode->begin;
	size_t size = 0;

	memmove(transcode->stored, transcode->stored + transcode->begin, left);
	transcode->begin = 0;
	transcode->end = left;
	transcode->is_partial = false;
	transcode->status = transcode->pull(transcode->context, transcode->stored + left,
		STORED_SIZE - left, &size, &transcode->error);
	if (transcode->status != DS_OK)
		return false;
	transcode->end += size;
	if (size == 0 && left > 0)
		fail(transcode, "the input ends in the middle of a character of");
	return size > 0;
}

/** Bytes of the units that an encoding consists of. */
static size_t unit_size(const char *encoding)
{
	if (strncmp(encoding, "UTF-32", 6) == 0)
		return 4;
	return strncmp(encoding, "UTF-16", 6) == 0 ? 2 : 1;
}

/** Skips bytes that are no valid character. */
static void skip_invalid(struct transcode *transcode)
{
	size_t left = transcode->end - transcode->begin;
	size_t unit = unit_size(transcode->encoding);
	size_t skipped = unit < left ? unit : left;

	transcode->begin += skipped;
	transcode->offset += skipped;
	/* An encoding that has a state begins anew. */
	iconv(transcode->converter, NULL, NULL, NULL, NULL);
}

/** Converts what there is, as far as it fits; returns the number of bytes. An invalid character
 * becomes a NUL byte, which no dump may contain: the domain around it is rejected, and only that
 * one. */
static size_t convert(struct transcode *transcode, char *data, size_t capacity)
{
	char *in = transcode->stored + transcode->begin;
	size_t in_left = transcode->end - transcode->begin;
	char *out = data;
	size_t out_left = capacity;
	size_t result = iconv(transcode->converter, &in, &in_left, &out, &out_left);
	int reason = result == (size_t)-1 ? errno : 0;
	size_t used = (size_t)(in - transcode->stored) - transcode->begin;

	transcode->begin += used;
	transcode->offset += used;
	if (reason == EINVAL) {
		transcode->is_partial = true;
	} else if (reason == EILSEQ && out_left > 0) {
		skip_invalid(transcode);
		*out = 0;
		out_left--;
	} else if (reason != 0 && reason != E2BIG && reason != EILSEQ) {
		fail(transcode, "cannot convert from");
	}
	return capacity - out_left;
}

static size_t deliver_held(struct transcode *transcode, char *data, size_t capacity)
{
	size_t size = transcode->held_end - transcode->held_begin;

	if (size > capacity)
		size = capacity;
	memcpy(data, transcode->held + transcode->held_begin, size);
	transcode->held_begin += size;
	return size;
}

enum ds_status transcode_new(struct transcode **out, input_pull *pull, void *context,
	const char *encoding, uint64_t offset, struct ds_error *error)
{
	struct transcode *transcode = calloc(1, sizeof(*transcode));

	if (transcode == NULL)
		return DS_NO_MEMORY;
	transcode->pull = pull;
	transcode->context = context;
	transcode->offset = offset;
	transcode->encoding = encoding;
	transcode->converter = iconv_open("UTF-8", encoding);
	if (transcode->converter == (iconv_t)-1) {
		int reason = errno;

		free(transcode);
		if (reason == ENOMEM)
			return DS_NO_MEMORY;
		input_error_set(error, "DA908", "", 0,
			"cannot convert from %s: this system's iconv does not know it; convert the "
			"file to UTF-8 "
			"elsewhere",
			encoding);
		return DS_DAMAGED;
	}
	*out = transcode;
	return DS_OK;
}

enum ds_status transcode_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error)
{
	struct transcode *transcode = context;
	size_t produced = deliver_held(transcode, data, capacity);

	while (produced == 0 && transcode->status == DS_OK) {
		if ((transcode->begin == transcode->end || transcode->is_partial) &&
			!refill(transcode))
			break;
		if (capacity < CHARACTER_SIZE) {
			transcode->held_begin = 0;
			transcode->held_end = convert(transcode, transcode->held, CHARACTER_SIZE);
			produced = deliver_held(transcode, data, capacity);
		} else {
			produced = convert(transcode, data, capacity);
		}
	}
	if (produced == 0 && transcode->status != DS_OK) {
		*error = transcode->error;
		return transcode->status;
	}
	*size = produced;
	return DS_OK;
}

void transcode_free(struct transcode *transcode)
{
	if (transcode == NULL)
		return;
	iconv_close(transcode->converter);
	free(transcode);
}
