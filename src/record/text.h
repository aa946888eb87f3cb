/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_TEXT_H
#define RECORD_TEXT_H

#include "domstream/domstream.h"

#include <stdbool.h>
#include <string.h>

/**
 * Small functions for byte strings, none of which depends on the locale.
 */

/** A text from a string constant. */
#define TEXT(literal) ((struct ds_text){literal, sizeof literal - 1})

/** A text from a string; NULL is a text that is not set. */
static inline struct ds_text text_of_string(const char *string)
{
	return (struct ds_text){string, string ? strlen(string) : 0};
}

#if defined(__GNUC__)
#define TEXT_INLINE static inline __attribute__((always_inline))
#else
#define TEXT_INLINE static inline
#endif

/** Returns whether the text equals a string. It is always inlined, so that the compiler knows the
 * size of a constant. */
TEXT_INLINE bool text_is(struct ds_text text, const char *string)
{
	size_t size = strlen(string);

	return text.data && text.size == size && memcmp(text.data, string, size) == 0;
}

/** Returns whether the text is one of several words, a list that ends with NULL. */
static inline bool text_is_one_of(struct ds_text text, const char *const *words)
{
	const char first = text.size ? *text.data : '\0';

	/* Most words differ in their first byte. */
	while (*words && (**words != first || !text_is(text, *words)))
		words++;
	return *words != NULL;
}

/** Returns whether both texts have the same bytes; an unset text only equals another unset one. */
static inline bool text_same(struct ds_text a, struct ds_text b)
{
	if (!a.data || !b.data)
		return !a.data && !b.data;
	return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

/** Returns whether both texts have the same bytes; an unset text equals an empty one. */
static inline bool text_same_bytes(struct ds_text a, struct ds_text b)
{
	return a.size == b.size && (!a.size || memcmp(a.data, b.data, a.size) == 0);
}

/** Compares two texts byte by byte; a text comes before every longer text that begins with it.
 * Returns a value below, above or equal to 0. */
static inline int text_compare(struct ds_text a, struct ds_text b)
{
	size_t size = a.size < b.size ? a.size : b.size;
	int order = size ? memcmp(a.data, b.data, size) : 0;

	return order ? order : (a.size > b.size) - (a.size < b.size);
}

/** Returns whether the text begins with a string. */
TEXT_INLINE bool text_starts(struct ds_text text, const char *string)
{
	size_t size = strlen(string);

	return text.data && text.size >= size && memcmp(text.data, string, size) == 0;
}

/** Returns whether the text is set and not empty. */
static inline bool text_given(struct ds_text text)
{
	return text.data && text.size;
}

static inline bool text_has(struct ds_text text, char byte)
{
	return text.data && memchr(text.data, byte, text.size) != NULL;
}

/** Returns whether a string is anywhere in the text. */
static inline bool text_has_word(struct ds_text text, const char *word)
{
	size_t size = strlen(word);

	for (size_t at = 0; at + size <= text.size; at++)
		if (memcmp(text.data + at, word, size) == 0)
			return true;
	return false;
}

/** Returns the beginning of a text: at most `most` bytes, which do not end inside a character. */
struct ds_text text_beginning(struct ds_text text, size_t most);

/** Returns the rest after the first `size` bytes. */
static inline struct ds_text text_from(struct ds_text text, size_t size)
{
	return (struct ds_text){text.data + size, text.size - size};
}

static inline bool byte_is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static inline bool byte_is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/** Returns the value of a hexadecimal digit, or -1 for other bytes. */
int byte_hex(char byte);

/** Returns the text without blanks at both ends. */
struct ds_text text_trim(struct ds_text text);

/** Returns everything before the first `byte`, or the whole text; `*rest` gets the text after the
 * byte, or NULL. */
struct ds_text text_split(struct ds_text text, char byte, struct ds_text *rest);

/** Returns whether a text matches a pattern, in which "*" matches any number of bytes and any other
 * byte itself, so that a path may contain "?" and "[", which glob_match() interprets. */
bool text_matches(struct ds_text pattern, struct ds_text text);

/** Parses decimal digits; leading zeros are allowed. Returns false for anything else, and for
 * numbers above 2^64 - 1. */
bool text_unsigned(struct ds_text text, uint64_t *value);
/** Parses decimal digits with an optional sign. */
bool text_signed(struct ds_text text, int64_t *value);
/** Parses digits in base 16 after "0x", and in base 10 otherwise. */
bool text_number(struct ds_text text, uint64_t *value);

/** Returns the size of the UTF-8 character at `at`, which is inside the text, or 0 for an invalid
 * character (RFC 3629: over-long forms, surrogates and code points beyond U+10FFFF are invalid). */
size_t text_character(struct ds_text text, size_t at);

/** Returns the code point of a valid UTF-8 character of `size` bytes. */
unsigned text_code_point(const char *at, size_t size);
/** Writes a code point of up to U+10FFFF in UTF-8, one to four bytes. Returns the end. A surrogate
 * is written like any other code point. */
char *text_put_code_point(char *to, unsigned code);

/** Returns the entity that XML defines for a byte, as "&lt;" for '<', or "". */
const char *text_entity(char byte);

/** Returns whether the character at `at` is a control character: C0, DEL or C1. */
bool text_is_control(struct ds_text text, size_t at);

/** Returns whether the character at `at` must not be shown unescaped: a control character; a
 * character that changes the text direction, so that a name could look like another one (U+061C,
 * U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069); or an end of a line (U+2028, U+2029). */
bool text_is_unsafe(struct ds_text text, size_t at);

#define UUID_TEXT_SIZE 36

/** Writes 32 hexadecimal digits, with or without hyphens, in the usual form of 8-4-4-4-12
 * lower-case digits (RFC 9562). Returns false for an invalid UUID. libuuid's own parser refuses the
 * form without hyphens, which dumps contain. */
bool text_uuid(struct ds_text text, char uuid[UUID_TEXT_SIZE]);

#define UUID_BYTES 16

/** Parses a UUID in the usual form. Returns false for any other text; then `bytes` is undefined. */
bool text_parse_uuid(struct ds_text text, unsigned char bytes[UUID_BYTES]);

/** Writes the usual form of a UUID, without a NUL byte. */
void text_format_uuid(const unsigned char bytes[UUID_BYTES], char uuid[UUID_TEXT_SIZE]);

/** Returns whether the text is a UUID in the usual form. */
bool text_is_uuid(struct ds_text text);

#endif
