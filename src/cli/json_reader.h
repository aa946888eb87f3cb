/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_JSON_READER_H
#define CLI_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Reads JSON (RFC 8259) as the program writes it: from one buffer, which it changes, without a tree
 * and without recursion. Numbers are whole and not negative. A string that holds NUL is an error.
 * Bytes that are not UTF-8 are written as \udc80 to \udcff and become bytes again.
 *
 * The first error is kept; from then on every function fails. Typical use:
 *
 *     json_reader_open(reader, '{');
 *     while (json_reader_key(reader, &key))
 *             if (strcmp(key, "size") == 0) json_reader_number(reader, &size);
 *             else json_reader_skip(reader);
 */
struct json_reader {
	char *at, *end;
	/** NULL: no error. */
	const char *error;
	/** The next element of the open object or array is its first. */
	bool is_first;
};

/** `text` must end in a NUL byte at `text[size]`, which ends numbers. */
void json_reader_init(struct json_reader *reader, char *text, size_t size);

/** Opens an object or an array, by its bracket. */
bool json_reader_open(struct json_reader *reader, char bracket);

/** Goes on to the next key of an object. Returns false at its end, which is passed, or after an
 * error. */
bool json_reader_key(struct json_reader *reader, char **key);

/** Goes on to the next element of an array. Returns false at its end, which is passed, or after an
 * error. */
bool json_reader_item(struct json_reader *reader);

/** Values. `null` sets `*string` to NULL. The string lives as long as the buffer. */
bool json_reader_string(struct json_reader *reader, char **string);
bool json_reader_number(struct json_reader *reader, uint64_t *number);
bool json_reader_bool(struct json_reader *reader, bool *value);

/** Passes over a value of any kind. */
bool json_reader_skip(struct json_reader *reader);

/** Whether nothing but blanks follows. */
bool json_reader_is_at_end(struct json_reader *reader);

#endif
