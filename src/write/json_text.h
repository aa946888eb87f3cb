/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef WRITE_JSON_TEXT_H
#define WRITE_JSON_TEXT_H

#include "record/buffer.h"

/**
 * Writes JSON (RFC 8259). Braces and brackets are written by the caller.
 */

/**
 * Appends a string, or `null` when the text is unset. Control bytes, DEL and the C1 controls are
 * escaped, so that the result is safe on a terminal. Each byte that is not UTF-8 becomes U+FFFD,
 * because JSON cannot contain it.
 */
void json_text(struct buffer *out, struct ds_text text);

/** Appends a file name in a form that can be read back: a byte that is not UTF-8 is written as
 * \udc80 to \udcff, as Python's "surrogateescape" does. */
void json_path(struct buffer *out, struct ds_text path);

/** Adds a key and its colon, after a comma unless the object has just begun. The key is a constant
 * without characters to escape. This and what calls it is always inlined, so that the compiler
 * knows the size of the key: an audit to NDJSON takes 4 % fewer instructions. */
static inline __attribute__((always_inline)) void json_key(struct buffer *out, const char *key)
{
	size_t size = strlen(key);
	char *room = buffer_room(out, size + 4);

	if (!room)
		return;
	if (out->size && room[-1] != '{')
		*room++ = ',';
	*room++ = '"';
	memcpy(room, key, size);
	room += size;
	*room++ = '"';
	*room++ = ':';
	out->size = (size_t)(room - out->data);
}

/** These add a member: a text, a string that may be NULL, or a number. */
static inline __attribute__((always_inline)) void json_member(struct buffer *out, const char *key,
	struct ds_text value)
{
	json_key(out, key);
	json_text(out, value);
}

static inline __attribute__((always_inline)) void json_string(struct buffer *out, const char *key,
	const char *value)
{
	json_member(out, key, (struct ds_text){value, value ? strlen(value) : 0});
}

static inline __attribute__((always_inline)) void json_number(struct buffer *out, const char *key,
	uint64_t number)
{
	json_key(out, key);
	buffer_unsigned(out, number);
}

/** Adds the members of a position: "file", "line", "column" and "offset". */
void json_place(struct buffer *out, const struct ds_place *place);

/** Appends a number that counts from 1, such as a line or a column, or `null` for 0, which means
 * unknown. */
void json_ordinal(struct buffer *out, uint64_t number);

#endif
