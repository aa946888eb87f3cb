/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/markup.h"

#include "record/mask.h"
#include "record/text.h"

/** Returns whether this is U+FDD0 to U+FDEF, or one of the last two characters of a plane. */
static bool is_noncharacter(const unsigned char *at, size_t size)
{
	if (size == 3 && at[0] == 0xef && at[1] == 0xb7)
		return at[2] >= 0x90 && at[2] <= 0xaf;
	return size >= 3 && at[size - 1] >= 0xbe && at[size - 2] == 0xbf &&
		(size == 3 ? at[0] == 0xef : (at[1] & 0x0f) == 0x0f);
}

static void add_ascii(struct buffer *out, char byte)
{
	const char *entity = byte == '"' ? "&#34;" : byte == '\'' ? "&#39;" : text_entity(byte);

	if (*entity)
		buffer_string(out, entity);
	else
		buffer_byte(out, byte);
}

/** Appends a character that must not be shown unescaped. In XML, all such characters except C0
 * controls can be written by their numbers. */
static void add_unsafe(struct buffer *out, struct ds_text character, bool is_xml)
{
	unsigned code = text_code_point(character.data, character.size);

	if (is_xml && code > 0x1f) {
		buffer_literal(out, "&#");
		buffer_unsigned(out, code);
		buffer_byte(out, ';');
		return;
	}
	for (size_t i = 0; i < character.size; i++)
		mask_byte(out, (unsigned char)character.data[i]);
}

/** Appends one character. Returns its size. */
static size_t add_character(struct buffer *out, struct ds_text text, size_t at, bool is_xml)
{
	size_t size = text_character(text, at);

	if (!size) {
		buffer_literal(out, "\xef\xbf\xbd");
		return 1;
	}
	if (text_is_unsafe(text, at))
		add_unsafe(out, (struct ds_text){text.data + at, size}, is_xml);
	else if (size == 1)
		add_ascii(out, text.data[at]);
	else if (is_noncharacter((const unsigned char *)text.data + at, size))
		buffer_literal(out, "\xef\xbf\xbd");
	else
		buffer_add(out, text.data + at, size);
	return size;
}

void markup_text(struct buffer *out, struct ds_text text)
{
	for (size_t at = 0; at < text.size;)
		at += add_character(out, text, at, false);
}

void markup_data(struct buffer *out, struct ds_text text)
{
	for (size_t at = 0; at < text.size;)
		at += add_character(out, text, at, true);
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
