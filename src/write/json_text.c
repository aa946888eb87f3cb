/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/json_text.h"

#include "record/scan.h"
#include "record/text.h"

static void add_code(struct buffer *out, unsigned code)
{
	buffer_literal(out, "\\u");
	for (int shift = 12; shift >= 0; shift -= 4)
		buffer_byte(out, "0123456789ABCDEF"[code >> shift & 15]);
}

static void add_ascii(struct buffer *out, unsigned char byte)
{
	static const char letters[128] = {
		['"'] = '"',
		['\\'] = '\\',
		['\b'] = 'b',
		['\f'] = 'f',
		['\n'] = 'n',
		['\r'] = 'r',
		['\t'] = 't',
	};

	if (letters[byte]) {
		buffer_byte(out, '\\');
		buffer_byte(out, letters[byte]);
	} else {
		add_code(out, byte);
	}
}

/** Appends the character that begins at a byte which is not plain. Returns its size. */
static size_t add_special(struct buffer *out, struct ds_text text, size_t at)
{
	unsigned char byte = (unsigned char)text.data[at];
	size_t size;

	if (byte < 0x80) {
		add_ascii(out, byte);
		return 1;
	}
	size = text_character(text, at);
	if (!size)
		buffer_literal(out, "\xef\xbf\xbd");
	else if (text_is_unsafe(text, at))
		add_code(out, text_code_point(text.data + at, size));
	else
		buffer_add(out, text.data + at, size);
	return size ? size : 1;
}

/** Appends a text that needs no escapes. */
static void add_shown(struct buffer *out, struct ds_text text)
{
	char *room = buffer_room(out, text.size + 2);

	if (!room)
		return;
	*room++ = '"';
	if (text.size)
		buffer_copy_bytes(room, text.data, text.size);
	room[text.size] = '"';
	out->size += text.size + 2;
}

void json_text(struct buffer *out, struct ds_text text)
{
	size_t at = 0;

	if (!text.data) {
		buffer_literal(out, "null");
		return;
	}
	if (scan_has_none((const unsigned char *)text.data, text.size, scan_json)) {
		add_shown(out, text);
		return;
	}
	buffer_byte(out, '"');
	while (at < text.size) {
		size_t from = at;

		at = scan_find((const unsigned char *)text.data, at, text.size, scan_json);
		buffer_add(out, text.data + from, at - from);
		if (at < text.size)
			at += add_special(out, text, at);
	}
	buffer_byte(out, '"');
}

void json_path(struct buffer *out, struct ds_text path)
{
	buffer_byte(out, '"');
	for (size_t at = 0; at < path.size;) {
		unsigned char byte = (unsigned char)path.data[at];
		size_t size = text_character(path, at);

		if (!size)
			add_code(out, 0xdc00u | byte);
		else if (byte == '"' || byte == '\\' || byte < 0x20)
			add_ascii(out, byte);
		else if (text_is_unsafe(path, at))
			add_code(out, text_code_point(path.data + at, size));
		else
			buffer_add(out, path.data + at, size);
		at += size ? size : 1;
	}
	buffer_byte(out, '"');
}

void json_ordinal(struct buffer *out, uint64_t number)
{
	if (number)
		buffer_unsigned(out, number);
	else
		buffer_literal(out, "null");
}

void json_place(struct buffer *out, const struct ds_place *place)
{
	json_string(out, "file", place->name);
	json_key(out, "line");
	json_ordinal(out, place->line);
	json_key(out, "column");
	json_ordinal(out, place->column);
	json_number(out, "offset", place->offset);
}
