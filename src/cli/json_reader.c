/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/json_reader.h"

#include "record/text.h"

#include <string.h>

void json_reader_init(struct json_reader *reader, char *text, size_t size)
{
	*reader = (struct json_reader){.at = text, .end = text + size};
}

static bool fail(struct json_reader *reader, const char *error)
{
	if (!reader->error)
		reader->error = error;
	return false;
}

/** Returns the next byte that is not blank, or '\0' at the end and after an error. */
static char peek(struct json_reader *reader)
{
	while (!reader->error && reader->at < reader->end && strchr(" \t\r\n", *reader->at) &&
		*reader->at)
		reader->at++;
	return reader->error || reader->at == reader->end ? '\0' : *reader->at;
}

static bool skip_byte(struct json_reader *reader, char byte)
{
	if (peek(reader) != byte)
		return false;
	reader->at++;
	return true;
}

static bool pass_word(struct json_reader *reader, const char *word)
{
	size_t size = strlen(word);

	peek(reader);
	if (reader->error || (size_t)(reader->end - reader->at) < size ||
		memcmp(reader->at, word, size) != 0)
		return false;
	reader->at += size;
	return true;
}

/* ---- structure ---- */

bool json_reader_open(struct json_reader *reader, char bracket)
{
	reader->is_first = true;
	return skip_byte(reader, bracket) ||
		fail(reader, bracket == '{' ? "expected an object" : "expected an array");
}

/** Continues with the next element, unless the closing bracket follows. */
static bool next(struct json_reader *reader, char bracket)
{
	bool is_first = reader->is_first;

	reader->is_first = false;
	if (skip_byte(reader, bracket))
		return false;
	if (!is_first && !skip_byte(reader, ','))
		return fail(reader, "expected a comma or a closing bracket");
	return !reader->error;
}

bool json_reader_item(struct json_reader *reader)
{
	return next(reader, ']');
}

bool json_reader_key(struct json_reader *reader, char **key)
{
	if (!next(reader, '}') || !json_reader_string(reader, key))
		return false;
	if (!*key || !skip_byte(reader, ':'))
		return fail(reader, "expected a key");
	return true;
}

/* ---- values ---- */

static bool read_code(struct json_reader *reader, unsigned *code)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	*code = 0;
	if (reader->end - reader->at < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		const char *digit = *reader->at ? strchr(digits, *reader->at++) : NULL;
		unsigned value;

		if (!digit)
			return false;
		value = (unsigned)(digit - digits);
		*code = *code << 4 | (value < 16 ? value : value - 6);
	}
	return *code != 0;
}

static bool read_escape(struct json_reader *reader, char **to)
{
	static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	char letter = *reader->at++;
	const char *found = letter ? strchr(letters, letter) : NULL;
	unsigned code;

	if (found) {
		*(*to)++ = bytes[found - letters];
		return true;
	}
	if (letter != 'u' || !read_code(reader, &code))
		return fail(reader, "invalid escape in a string");
	/* A lone surrogate is a byte that is not UTF-8. */
	if (code >= 0xdc80 && code <= 0xdcff)
		*(*to)++ = (char)(code - 0xdc00);
	else
		*to = text_put_code_point(*to, code);
	return true;
}

bool json_reader_string(struct json_reader *reader, char **string)
{
	char *to;

	*string = NULL;
	if (pass_word(reader, "null"))
		return true;
	if (!skip_byte(reader, '"'))
		return fail(reader, "expected a string");
	*string = to = reader->at;
	while (reader->at < reader->end && *reader->at != '"') {
		char byte = *reader->at++;

		if ((unsigned char)byte < 0x20)
			return fail(reader, "control character in a string");
		if (byte != '\\')
			*to++ = byte;
		else if (!read_escape(reader, &to))
			return false;
	}
	if (reader->at == reader->end)
		return fail(reader, "unclosed string");
	reader->at++;
	*to = '\0';
	return true;
}

bool json_reader_number(struct json_reader *reader, uint64_t *number)
{
	char first = peek(reader);

	*number = 0;
	if (first < '0' || first > '9')
		return fail(reader, "expected a number");
	for (; *reader->at >= '0' && *reader->at <= '9'; reader->at++) {
		uint64_t digit = (uint64_t)(*reader->at - '0');

		if (*number > (UINT64_MAX - digit) / 10)
			return fail(reader, "number is too large");
		*number = *number * 10 + digit;
	}
	return true;
}

bool json_reader_bool(struct json_reader *reader, bool *value)
{
	*value = pass_word(reader, "true");
	return *value || pass_word(reader, "false") || fail(reader, "expected true or false");
}

bool json_reader_skip(struct json_reader *reader)
{
	size_t depth = 0;

	do {
		char byte = peek(reader);
		char *string;
		uint64_t number;
		bool value;

		if (depth == 0 && byte && strchr("}],:", byte))
			return fail(reader, "expected a value");
		if (byte == '{' || byte == '[')
			depth++;
		else if (byte == '}' || byte == ']')
			depth -= depth > 0;
		if (byte && strchr("{}[],:", byte))
			reader->at++;
		else if (byte == '"' || byte == 'n')
			json_reader_string(reader, &string);
		else if (byte == 't' || byte == 'f')
			json_reader_bool(reader, &value);
		else
			json_reader_number(reader, &number);
	} while (!reader->error && depth > 0);
	reader->is_first = false;
	return !reader->error;
}

bool json_reader_is_at_end(struct json_reader *reader)
{
	peek(reader);
	return !reader->error && reader->at == reader->end;
}
