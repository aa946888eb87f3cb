/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

/*
 * Text in SEXPR. A value is bare when xend itself would write it bare: letters, digits and . - _ : / ~ alone. All others
 * stand between ' and ', with \\ \' \n \r \t, and other control bytes as three octal digits: every xend
 * reads those right, while it misreads the \xhh that it writes. Bytes from 0x80 on stand as they are.
 * Nothing of a value can be taken for structure, and a line feed never begins a line with `(domain`.
 */

static const unsigned char is_bare[256] = {
	['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1,
	['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1,
	['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1, ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1,
	['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1,
	['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1, ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1,
	['Y'] = 1, ['Z'] = 1, ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1,
	['8'] = 1, ['9'] = 1, ['.'] = 1, ['-'] = 1, ['_'] = 1, [':'] = 1, ['/'] = 1, ['~'] = 1,
};

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
	size_t at = 0;

	while (at < value.size && is_bare[(unsigned char)value.data[at]])
		at++;
	if (value.size && at == value.size)
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

void sexpr_number(struct writing *writing, struct ds_text begin, int64_t value)
{
	buffer_add(writing->out, begin.data, begin.size);
	buffer_signed(writing->out, value);
	buffer_byte(writing->out, ')');
}
