/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/markup.h"

#include "record/mask.h"
#include "record/text.h"

/** U+FDD0 to U+FDEF, and the last two of each plane. */
static int is_noncharacter(const unsigned char *at, size_t size)
{
	if (size == 3 && at[0] == 0xef && at[1] == 0xb7)
		return at[2] >= 0x90 && at[2] <= 0xaf;
	return size >= 3 && at[size - 1] >= 0xbe && at[size - 2] == 0xbf &&
	       (size == 3 ? at[0] == 0xef : (at[1] & 0x0f) == 0x0f);
}

/** Turns the direction of what follows: a name could look like another one. U+200E, U+200F, U+202A to U+202E, U+2066 to
 * U+2069. */
static int is_direction(const unsigned char *at, size_t size)
{
	if (size != 3 || at[0] != 0xe2)
		return 0;
	return at[1] == 0x80 ? at[2] == 0x8e || at[2] == 0x8f || (at[2] >= 0xaa && at[2] <= 0xae)
			     : at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9;
}

static void add_ascii(struct buffer *out, char byte)
{
	switch (byte) {
	case '&':
		buffer_literal(out, "&amp;");
		break;
	case '<':
		buffer_literal(out, "&lt;");
		break;
	case '>':
		buffer_literal(out, "&gt;");
		break;
	case '"':
		buffer_literal(out, "&#34;");
		break;
	case '\'':
		buffer_literal(out, "&#39;");
		break;
	default:
		buffer_byte(out, byte);
	}
}

/** Returns how many bytes it has added. */
static size_t add_character(struct buffer *out, struct ds_text text, size_t at)
{
	size_t size = text_character(text, at);

	if (!size) {
		buffer_literal(out, "\xef\xbf\xbd");
		return 1;
	}
	if (text_is_control(text, at) || is_direction((const unsigned char *)text.data + at, size)) {
		for (size_t i = 0; i < size; i++)
			mask_byte(out, (unsigned char)text.data[at + i]);
	} else if (size == 1) {
		add_ascii(out, text.data[at]);
	} else if (is_noncharacter((const unsigned char *)text.data + at, size)) {
		buffer_literal(out, "\xef\xbf\xbd");
	} else {
		buffer_add(out, text.data + at, size);
	}
	return size;
}

void markup_text(struct buffer *out, struct ds_text text)
{
	for (size_t at = 0; at < text.size;)
		at += add_character(out, text, at);
}

void markup_lines(struct buffer *out, const char *string)
{
	struct ds_text rest = {string, strlen(string)};

	while (rest.data) {
		struct ds_text line = text_split(rest, '\n', &rest);

		markup_text(out, line);
		if (rest.data)
			buffer_byte(out, '\n');
	}
}

void markup_place(struct buffer *out, const struct ds_place *place)
{
	if (strcmp(place->name, "-") == 0)
		buffer_literal(out, "&lt;stdin&gt;");
	else
		markup_text(out, (struct ds_text){place->name, strlen(place->name)});
	if (place->line) {
		buffer_byte(out, ':');
		buffer_unsigned(out, place->line);
		buffer_byte(out, ':');
		buffer_unsigned(out, place->column);
	} else if (place->offset) {
		buffer_literal(out, " (at byte ");
		buffer_unsigned(out, place->offset);
		buffer_byte(out, ')');
	}
}
