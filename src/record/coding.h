/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_CODING_H
#define RECORD_CODING_H

#include "record/buffer.h"

#include <stdbool.h>

/**
 * Numbers and texts in a byte format that does not depend on the machine. A number has seven bits
 * in each byte, the least significant ones first; all bytes except the last have their high bit
 * set. A text is its size plus 1, or 0 for NULL, followed by its bytes. A string is a text that
 * ends with a NUL byte, so that it can be used without a copy.
 */

/** The size of the largest number. */
#define CODING_NUMBER_MAX 10

/** Writes a number, for which there must be room. Returns the position after it. */
static inline char *coding_put(char *to, uint64_t number)
{
	for (; number > 127; number >>= 7)
		*to++ = (char)(number | 128);
	*to++ = (char)number;
	return to;
}

static inline void encode_number(struct buffer *out, uint64_t number)
{
	char *room = buffer_room(out, CODING_NUMBER_MAX);

	if (room)
		out->size = (size_t)(coding_put(room, number) - out->data);
}

static inline void encode_bytes(struct buffer *out, const void *bytes, size_t size)
{
	buffer_add(out, bytes, size);
}

static inline void encode_text(struct buffer *out, struct ds_text text)
{
	encode_number(out, text.data ? text.size + 1 : 0);
	encode_bytes(out, text.data, text.size);
}

/** `string` may be NULL. */
static inline void encode_string(struct buffer *out, const char *string)
{
	encode_text(out, (struct ds_text){string, string ? strlen(string) + 1 : 0});
}

/** Bytes to be decoded. They may be malformed; nothing after their end is ever read. After the
 * first error `has_failed` stays set, and all values are 0 or NULL. */
struct decoding {
	const char *at, *end;
	bool has_failed;
};

static inline struct decoding decoding_of(struct ds_text bytes)
{
	return (struct decoding){bytes.data, bytes.data ? bytes.data + bytes.size : NULL, false};
}

/** Returns whether the bytes were valid and all of them were decoded. */
static inline bool decoding_is_done(const struct decoding *decoding)
{
	return !decoding->has_failed && decoding->at == decoding->end;
}

static inline uint64_t decode_number(struct decoding *decoding)
{
	uint64_t number = 0;

	for (unsigned shift = 0; decoding->at < decoding->end && !decoding->has_failed;
		shift += 7) {
		uint64_t bits = (unsigned char)*decoding->at & 127;

		if (shift > 63 || bits << shift >> shift != bits)
			break;
		number |= bits << shift;
		if (!((unsigned char)*decoding->at++ & 128))
			return number;
	}
	decoding->has_failed = true;
	return 0;
}

/** Decodes a number that must not be above `most`. */
static inline uint64_t decode_number_to(struct decoding *decoding, uint64_t most)
{
	uint64_t number = decode_number(decoding);

	if (number <= most)
		return number;
	decoding->has_failed = true;
	return 0;
}

/** Returns a pointer into the bytes, or NULL when there are too few of them. */
static inline const char *decode_bytes(struct decoding *decoding, size_t size)
{
	const char *bytes = decoding->at;

	if (decoding->has_failed || (size_t)(decoding->end - decoding->at) < size) {
		decoding->has_failed = true;
		return NULL;
	}
	decoding->at += size;
	return bytes;
}

/** The text points into the bytes. */
static inline struct ds_text decode_text(struct decoding *decoding)
{
	uint64_t size = decode_number(decoding);
	struct ds_text text = {NULL, 0};

	if (!size || decoding->has_failed)
		return text;
	if (size - 1 > (size_t)(decoding->end - decoding->at)) {
		decoding->has_failed = true;
		return text;
	}
	text.size = (size_t)size - 1;
	text.data = decode_bytes(decoding, text.size);
	return text;
}

/** Returns a pointer into the bytes, or NULL where NULL was encoded and after an error. */
static inline const char *decode_string(struct decoding *decoding)
{
	struct ds_text text = decode_text(decoding);

	if (text.data &&
		(!text.size || memchr(text.data, '\0', text.size) != text.data + text.size - 1)) {
		decoding->has_failed = true;
		return NULL;
	}
	return text.data;
}

/** Decodes a string that must not be NULL. Returns "" after an error. */
static inline const char *decode_required_string(struct decoding *decoding)
{
	const char *string = decode_string(decoding);

	if (string)
		return string;
	decoding->has_failed = true;
	return "";
}

#endif
