/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/mask.h"

#include "record/text.h"

void mask_byte(struct buffer *out, unsigned char byte)
{
	buffer_literal(out, "\\x");
	buffer_byte(out, "0123456789abcdef"[byte >> 4]);
	buffer_byte(out, "0123456789abcdef"[byte & 15]);
}

size_t mask_characters(struct buffer *out, struct ds_text text)
{
	size_t width = 0, at = 0;

	while (at < text.size) {
		size_t end = scan_find((const unsigned char *)text.data, at, text.size, scan_json);
		size_t size;
		bool is_masked;

		buffer_add(out, text.data + at, end - at);
		width += end - at;
		at = end;
		if (at == text.size)
			break;
		size = text_character(text, at);
		is_masked = !size || text_is_unsafe(text, at);
		size = size ? size : 1;
		if (!is_masked)
			buffer_add(out, text.data + at, size);
		for (size_t i = 0; is_masked && i < size; i++)
			mask_byte(out, (unsigned char)text.data[at + i]);
		width += is_masked ? 4 * size : 1;
		at += size;
	}
	return width;
}

void mask_utf8(struct buffer *out, struct ds_text text)
{
	for (size_t at = 0; at < text.size;) {
		size_t size = (unsigned char)text.data[at] < 0x80 ? 1 : text_character(text, at);

		if (size)
			buffer_add(out, text.data + at, size);
		else
			buffer_literal(out, "\xef\xbf\xbd");
		at += size ? size : 1;
	}
}

void mask_place(struct buffer *out, const struct ds_place *place)
{
	const char *name = strcmp(place->name, "-") == 0 ? "<stdin>" : place->name;

	mask_text(out, (struct ds_text){name, strlen(name)});
	if (place->line) {
		buffer_byte(out, ':');
		buffer_unsigned(out, place->line);
		buffer_byte(out, ':');
		buffer_unsigned(out, place->column);
	}
	buffer_literal(out, ": ");
}
