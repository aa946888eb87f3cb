/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_JSON_READER_H
#define CLI_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Reads JSON (RFC 8259) as the program writes it: from one buffer, which it changes, without a tree
 * and without recursion. Numbers are integers and not negative. A string that contains NUL is an
 * error. \udc80 to \udcff represent bytes that are not UTF-8, and are turned back into these.
 *
 * The first error is kept; after it, every function fails. Typical use:
 *
 *     json_reader_open(reader, '{');
 *     while (json_reader_key(reader, &key))
 *             if (strcmp(key, "size") == 0) json_reader_number(reader, &size);
 *             else json_reader_skip(reader);
 */
struct json_reader {
	char *at, *end;
	/** NULL if there was no error. */
	const char *error;
	/** The next element of the open object or array is its first one. */
	bool is_first;
};

/** `text` must be terminated by a NUL byte at `text[size]`, which ends numbers. */
void json_reader_init(struct json_reader *reader, char *text, size_t size);

/** Opens an object or an array, depending on the bracket. */
bool json_reader_open(struct json_reader *reader, char bracket);

/** Continues with the next key of an object. Returns false at its end, which is skipped, or after
 * an error. */
bool json_reader_key(struct json_reader *reader, char **key);

/** Continues with the next element of an array. Returns false at its end, which is skipped, or
 * after an error. */
bool json_reader_item(struct json_reader *reader);

/** Read values. `null` sets `*string` to NULL. The string is valid as long as the buffer. */
bool json_reader_string(struct json_reader *reader, char **string);
bool json_reader_number(struct json_reader *reader, uint64_t *number);
bool json_reader_bool(struct json_reader *reader, bool *value);

/** Skips a value of any kind. */
bool json_reader_skip(struct json_reader *reader);

/** Returns whether only blanks follow. */
bool json_reader_is_at_end(struct json_reader *reader);

#endif
