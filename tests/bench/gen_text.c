/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct text *text, size_t size)
{
	if (size <= text->capacity - text->size)
		return;
	text->capacity = 2 * (text->capacity + size);
	text->data = realloc(text->data, text->capacity);
	if (!text->data) {
		fputs("gen: no memory\n", stderr);
		exit(1);
	}
}

void text_add(struct text *text, const char *data, size_t size)
{
	reserve(text, size);
	if (size)
		memcpy(text->data + text->size, data, size);
	text->size += size;
}

void text_put(struct text *text, const char *string)
{
	text_add(text, string, strlen(string));
}

void text_put_byte(struct text *text, char byte)
{
	text_add(text, &byte, 1);
}

void text_put_number(struct text *text, uint64_t number)
{
	char digits[20];
	size_t start = sizeof(digits);

	do
		digits[--start] = (char)('0' + number % 10);
	while (number /= 10);
	text_add(text, digits + start, sizeof(digits) - start);
}

void text_put_blanks(struct text *text, size_t count)
{
	reserve(text, count);
	if (count)
		memset(text->data + text->size, ' ', count);
	text->size += count;
}
