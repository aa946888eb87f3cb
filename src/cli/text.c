/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/text.h"

#include "record/text.h" /* text_character() */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void text_print_masked(FILE *out, const char *data, size_t size)
{
	struct ds_text text = {data, size};
	size_t at = 0;

	while (at < size) {
		size_t from = at, length;

		while (at < size && (length = text_character(text, at)) > 0 &&
			!text_is_unsafe(text, at))
			at += length;
		fwrite(data + from, 1, at - from, out);
		if (at == size)
			return;
		length = text_character(text, at);
		for (size_t end = at + (length ? length : 1); at < end; at++)
			fprintf(out, "\\x%02x", (unsigned char)data[at]);
	}
}

bool text_may_be_coloured(int descriptor)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	return isatty(descriptor) && !(no_colour && *no_colour) && terminal &&
		strcmp(terminal, "dumb") != 0;
}

void text_print_filled(FILE *out, const char *text, size_t indent, size_t column)
{
	bool begins = true;

	while (*text) {
		size_t length = strcspn(text, " \n");
		/* There is no blank at the end of a line that is broken. */
		bool breaks = !begins && column + 1 + length > 80;

		if (breaks) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!begins) {
			putc(' ', out);
			column++;
		}
		fwrite(text, 1, length, out);
		column += length;
		text += length;
		begins = *text == '\n';
		if (begins) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		}
		text += *text != 0;
	}
	putc('\n', out);
}

const char *text_plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}
