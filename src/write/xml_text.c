/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/mask.h"
#include "record/scan.h"
#include "write/writer_private.h"

#include <stdio.h>

/*
 * Writes text in XML. Whatever a value contains, it stays a value:
 *   & < > ' "     as entities
 *   TAB LF CR     as character references where a reader would change them: in attributes, and CR
 *                 in text
 *   other bytes   that XML cannot contain (control bytes, invalid UTF-8, U+FFFE, U+FFFF) as the
 *                 four characters \xhh, which is a loss. Different values stay different, which
 *                 they would not with a replacement character.
 */

enum { PLAIN = 0, ENTITY, BLANK, CONTROL, HIGH };

static const unsigned char classes[256] = {
	[0] = CONTROL,
	[1] = CONTROL,
	[2] = CONTROL,
	[3] = CONTROL,
	[4] = CONTROL,
	[5] = CONTROL,
	[6] = CONTROL,
	[7] = CONTROL,
	[8] = CONTROL,
	['\t'] = BLANK,
	['\n'] = BLANK,
	[11] = CONTROL,
	[12] = CONTROL,
	['\r'] = BLANK,
	[14] = CONTROL,
	[15] = CONTROL,
	[16] = CONTROL,
	[17] = CONTROL,
	[18] = CONTROL,
	[19] = CONTROL,
	[20] = CONTROL,
	[21] = CONTROL,
	[22] = CONTROL,
	[23] = CONTROL,
	[24] = CONTROL,
	[25] = CONTROL,
	[26] = CONTROL,
	[27] = CONTROL,
	[28] = CONTROL,
	[29] = CONTROL,
	[30] = CONTROL,
	[31] = CONTROL,
	['&'] = ENTITY,
	['<'] = ENTITY,
	['>'] = ENTITY,
	['\''] = ENTITY,
	['"'] = ENTITY,
};

static inline unsigned class_of(unsigned char byte)
{
	return byte >= 0x80 ? HIGH : classes[byte];
}

/** Returns the length of the UTF-8 sequence at `at` if it is a character that XML 1.0 allows, or
 * 0. */
static size_t sequence(struct ds_text text, size_t at)
{
	size_t length = text_character(text, at);

	/* U+FFFE and U+FFFF are not characters of XML. */
	if (length == 3 && memcmp(text.data + at, "\xef\xbf", 2) == 0 &&
		(unsigned char)text.data[at + 2] >= 0xbe)
		return 0;
	return length;
}

static void add_blank(struct buffer *out, char byte, bool is_attribute)
{
	if (byte == '\r')
		buffer_literal(out, "&#13;");
	else if (is_attribute)
		buffer_string(out, byte == '\t' ? "&#9;" : "&#10;");
	else
		buffer_byte(out, byte);
}

/** Adds a value. Returns true when some of it had to be masked. */
static bool add_text(struct buffer *out, struct ds_text text, bool is_attribute)
{
	const unsigned char *data = (const unsigned char *)text.data;
	size_t at = 0, from = 0;
	bool is_masked = false;

	if (scan_has_none(data, text.size, scan_markup)) {
		buffer_add(out, text.data, text.size);
		return false;
	}
	for (;;) {
		size_t length;

		at = scan_find(data, at, text.size, scan_markup);
		length = at < text.size && class_of(data[at]) == HIGH ? sequence(text, at) : 0;
		if (length) {
			at += length;
			continue;
		}
		buffer_add(out, text.data + from, at - from);
		if (at == text.size)
			return is_masked;
		if (class_of(data[at]) == ENTITY) {
			buffer_string(out, text_entity(text.data[at]));
		} else if (class_of(data[at]) == BLANK) {
			add_blank(out, text.data[at], is_attribute);
		} else {
			mask_byte(out, data[at]);
			is_masked = true;
		}
		from = ++at;
	}
}

/** Adds losses for a value that was just written: bytes that XML cannot contain, or a value that
 * libvirt does not allow. */
static void lose_value(struct writing *writing, bool is_masked, enum schema schema,
	struct ds_text value, const char *path, size_t at)
{
	if (is_masked)
		lose(writing, LOSS_MASKED, path, value, at);
	if (!schema_allows(schema, value))
		lose(writing, LOSS_SCHEMA, path, value, at);
}

static inline char *put(char *to, const char *data, size_t size)
{
	buffer_copy_bytes(to, data, size);
	return to + size;
}

/** Appends a value between two texts if it needs no escapes, with one check of the room for all
 * three. Returns false, and appends nothing, if it needs some. */
SCAN_INLINE bool add_plain(struct buffer *out, struct ds_text begin, char between,
	struct ds_text value, struct ds_text end)
{
	char *to;

	if (!scan_has_none((const unsigned char *)value.data, value.size, scan_markup))
		return false;
	to = buffer_room(out, begin.size + value.size + end.size + 1);
	if (!to)
		return true;
	to = put(to, begin.data, begin.size);
	if (between)
		*to++ = between;
	to = put(to, value.data, value.size);
	to = put(to, end.data, end.size);
	out->size = (size_t)(to - out->data);
	return true;
}

void xml_attribute(struct writing *writing, struct ds_text begin, struct ds_text value,
	enum schema schema, const char *path, size_t at)
{
	struct buffer *out = writing->out;
	bool is_masked = false;

	if (!value.data)
		return;
	if (!add_plain(out, begin, 0, value, TEXT("'"))) {
		buffer_add(out, begin.data, begin.size);
		is_masked = add_text(out, value, true);
		buffer_byte(out, '\'');
	}
	lose_value(writing, is_masked, schema, value, path, at);
}

void xml_limit(struct writing *writing, uint64_t value, uint64_t max, const char *path, size_t at)
{
	char text[24];
	int length;

	if (value <= max)
		return;
	length = snprintf(text, sizeof text, "%llu", (unsigned long long)value);
	lose(writing, LOSS_SCHEMA, path, arena_text(writing->losses->arena, text, (size_t)length),
		at);
}

void xml_number(struct writing *writing, struct ds_text begin, int64_t value)
{
	buffer_add(writing->out, begin.data, begin.size);
	buffer_signed(writing->out, value);
	buffer_byte(writing->out, '\'');
}

void xml_element(struct writing *writing, struct ds_text begin, struct ds_text end,
	struct ds_text value, enum schema schema, const char *path, size_t at)
{
	struct buffer *out = writing->out;
	bool is_masked = false;

	if (!value.size) {
		buffer_add(out, begin.data, begin.size);
		buffer_literal(out, "/>\n");
		return;
	}
	if (!add_plain(out, begin, '>', value, end)) {
		buffer_add(out, begin.data, begin.size);
		buffer_byte(out, '>');
		is_masked = add_text(out, value, false);
		buffer_add(out, end.data, end.size);
	}
	lose_value(writing, is_masked, schema, value, path, at);
}

bool record_xml_text(struct buffer *out, struct ds_text value)
{
	return add_text(out, value, false);
}
