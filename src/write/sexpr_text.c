/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/scan.h"
#include "write/writer_private.h"

/*
 * Writes text in SEXPR. A value is written without quotes if xend itself would do so: only
 * letters, digits and . - _ : / ~. All other values are enclosed in ', with \\ \' \n \r \t, and
 * with other control bytes as three octal digits: every release of xend reads these correctly,
 * while it misreads the \xhh that it writes. Bytes from 0x80 on are written unchanged. No part of
 * a value can become structure, and a line feed in a value never begins a line with `(domain`.
 */

static void add_escaped(struct buffer *out, unsigned char byte)
{
	buffer_byte(out, '\\');
	switch (byte) {
	case '\n':
		buffer_byte(out, 'n');
		break;
	case '\r':
		buffer_byte(out, 'r');
		break;
	case '\t':
		buffer_byte(out, 't');
		break;
	case '\\':
	case '\'':
		buffer_byte(out, (char)byte);
		break;
	default:
		buffer_byte(out, (char)('0' + (byte >> 6)));
		buffer_byte(out, (char)('0' + (byte >> 3 & 7)));
		buffer_byte(out, (char)('0' + (byte & 7)));
	}
}

static void add_quoted(struct buffer *out, struct ds_text value)
{
	size_t from = 0;

	buffer_byte(out, '\'');
	for (size_t at = 0; at < value.size; at++) {
		unsigned char byte = (unsigned char)value.data[at];

		if (byte >= 0x20 && byte != '\'' && byte != '\\' && byte != 0x7f)
			continue;
		buffer_add(out, value.data + from, at - from);
		add_escaped(out, byte);
		from = at + 1;
	}
	buffer_add(out, value.data + from, value.size - from);
	buffer_byte(out, '\'');
}

void sexpr_value(struct buffer *out, struct ds_text value)
{
	if (scan_is_bare((const unsigned char *)value.data, value.size))
		buffer_add(out, value.data, value.size);
	else
		add_quoted(out, value);
}

void sexpr_open(struct writing *writing, struct ds_text begin)
{
	buffer_add(writing->out, begin.data, begin.size);
}

void sexpr_close(struct writing *writing)
{
	buffer_byte(writing->out, ')');
}

void sexpr_text(struct writing *writing, struct ds_text begin, struct ds_text value)
{
	if (!value.data)
		return;
	buffer_add(writing->out, begin.data, begin.size);
	sexpr_value(writing->out, value);
	buffer_byte(writing->out, ')');
}

void sexpr_set_text(struct writing *writing, struct ds_text begin, struct ds_text value)
{
	if (text_given(value) && !words_is_unset(value))
		sexpr_text(writing, begin, value);
}

bool sexpr_can_express_backend(struct ds_text backend)
{
	uint64_t number;

	return words_is_usual_backend(backend) ||
		(!text_unsigned(backend, &number) && !words_is_unset(backend));
}

void sexpr_write_backend(struct writing *writing, struct ds_text backend)
{
	if (sexpr_can_express_backend(backend) && !words_is_usual_backend(backend))
		sexpr_text(writing, TEXT(" (backend "), backend);
}

void sexpr_number(struct writing *writing, struct ds_text begin, int64_t value)
{
	buffer_add(writing->out, begin.data, begin.size);
	buffer_signed(writing->out, value);
	buffer_byte(writing->out, ')');
}
