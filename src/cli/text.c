/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char replacement[3] = {(char)0xef, (char)0xbf, (char)0xbd};

/** Bytes that a sequence with this first byte has; 0: none begins so. */
static size_t sequence_size(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	if (first >= 0xf0 && first <= 0xf4)
		return 4;
	return 0;
}

/** Returns the bytes of the character at `data`, or 0 when it is not UTF-8. `size` is at least 1. */
static size_t character_size(const char *data, size_t size)
{
	const unsigned char *bytes = (const unsigned char *)data;
	size_t length = sequence_size(bytes[0]);
	size_t i;

	if (length > size)
		return 0;
	for (i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	}
	/* Over-long forms, surrogates, and what is beyond U+10FFFF. */
	if ((bytes[0] == 0xe0 && bytes[1] < 0xa0) || (bytes[0] == 0xed && bytes[1] > 0x9f) ||
	    (bytes[0] == 0xf0 && bytes[1] < 0x90) || (bytes[0] == 0xf4 && bytes[1] > 0x8f))
		return 0;
	return length;
}

static int is_control(const char *data)
{
	unsigned char first = (unsigned char)data[0];

	return first < 0x20 || first == 0x7f || (first == 0xc2 && (unsigned char)data[1] < 0xa0);
}

void text_print_masked(FILE *out, const char *data, size_t size)
{
	size_t i, length;

	for (; size > 0; data += length, size -= length) {
		length = character_size(data, size);
		if (length > 0 && !is_control(data)) {
			fwrite(data, 1, length, out);
			continue;
		}
		if (length == 0)
			length = 1;
		for (i = 0; i < length; i++)
			fprintf(out, "\\x%02X", (unsigned char)data[i]);
	}
}

char *text_to_utf8(const char *data, size_t size, size_t *new_size)
{
	size_t used = 0;
	size_t length;
	char *copy;

	if (size > (SIZE_MAX - 1) / sizeof replacement)
		return NULL;
	copy = malloc(size * sizeof replacement + 1);
	if (!copy)
		return NULL;
	for (; size > 0; data += length, size -= length) {
		length = character_size(data, size);
		if (length > 0) {
			memcpy(copy + used, data, length);
			used += length;
		} else {
			memcpy(copy + used, replacement, sizeof replacement);
			used += sizeof replacement;
			length = 1;
		}
	}
	*new_size = used;
	return copy;
}

const char *text_plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}
