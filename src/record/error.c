/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/error.h"

#include "record/secret.h"
#include "record/text.h"

#include <stdio.h>
#include <string.h>

/** Copies a string, truncated to what fits. A damaged input can cause a million errors, for which
 * snprintf() is too slow. */
static void copy_string(char *to, size_t size, const char *from)
{
	size_t length = strnlen(from, size - 1);

	memcpy(to, from, length);
	to[length] = 0;
}

/** Sets the text, with secrets masked: a value of the input that it contains may be one. */
static void set_text(struct ds_error *error, const char *text)
{
	struct ds_text shown = {text, strlen(text)};
	struct buffer masked;

	buffer_init(&masked);
	if (!secret_is_in(shown)) {
		copy_string(error->text, sizeof error->text, text);
	} else {
		secret_mask(&masked, shown);
		buffer_byte(&masked, '\0');
		copy_string(error->text, sizeof error->text, masked.failed ? "" : masked.data);
	}
	buffer_fini(&masked);
}

void error_set_safe(struct ds_error *error, const char *id, struct ds_place place, const char *text)
{
	memset(error, 0, sizeof *error);
	copy_string(error->id, sizeof error->id, id);
	error->place = place;
	copy_string(error->text, sizeof error->text, text);
}

void error_set(struct ds_error *error, const char *id, struct ds_place place, const char *text)
{
	error_set_safe(error, id, place, "");
	set_text(error, text);
}

/** Writes a number in decimal. Returns its end. */
static char *put_number(char *to, uint64_t number)
{
	char digits[20];
	size_t at = sizeof digits;

	do
		digits[--at] = (char)('0' + number % 10);
	while (number /= 10);
	memcpy(to, digits + at, sizeof digits - at);
	return to + sizeof digits - at;
}

void error_at(struct ds_error *error, const struct ds_place *cause)
{
	static const char line[] = " (line ", column[] = ", column ";
	char text[sizeof line + sizeof column + 2 * 20 + sizeof ")"];
	char *end = text + sizeof line - 1;
	size_t used;

	if (cause->line == error->place.line && cause->column == error->place.column)
		return;
	memcpy(text, line, sizeof line - 1);
	end = put_number(end, cause->line);
	memcpy(end, column, sizeof column - 1);
	end = put_number(end + sizeof column - 1, cause->column);
	memcpy(end, ")", sizeof ")");
	used = strlen(error->text);
	error->reason_size = used;
	copy_string(error->text + used, sizeof error->text - used, text);
}

void error_domain(struct ds_error *error, struct ds_text name)
{
	size_t used = 0;

	for (size_t at = 0; name.data && at < name.size;) {
		size_t size = text_character(name, at);

		/* The longest character that is masked has three bytes, which need four characters
		 * each, and there must be room for the NUL byte. */
		if (used + 13 > sizeof error->domain)
			break;
		if (!size || text_is_unsafe(name, at)) {
			for (size_t end = at + (size ? size : 1); at < end; at++)
				used += (size_t)snprintf(error->domain + used,
					sizeof error->domain - used, "\\x%02x",
					(unsigned char)name.data[at]);
		} else {
			memcpy(error->domain + used, name.data + at, size);
			used += size;
			at += size;
		}
	}
	error->domain[used] = 0;
}
