/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_MASK_H
#define RECORD_MASK_H

#include "record/buffer.h"
#include "record/scan.h"

/** Appends a byte as \xHH. */
void mask_byte(struct buffer *out, unsigned char byte);

/** What mask_text() does, character by character. */
size_t mask_characters(struct buffer *out, struct ds_text text);

/** Appends a value in a form that is safe on a terminal: control characters (including C1),
 * characters that change the text direction or end a line (text_is_unsafe()), and bytes that are
 * not UTF-8 are written as \xHH. Returns the number of characters that were appended. */
static inline size_t mask_text(struct buffer *out, struct ds_text text)
{
	/* Most texts contain only characters that need no masking. */
	if (!scan_has_none((const unsigned char *)text.data, text.size, scan_json))
		return mask_characters(out, text);
	buffer_add(out, text.data, text.size);
	return text.size;
}

/** Appends a value as JSON contains it: each byte that is not UTF-8 is U+FFFD. */
void mask_utf8(struct buffer *out, struct ds_text text);

/** Appends "NAME:LINE:COLUMN: ", as compilers print it. Standard input is <stdin>, and an unknown
 * line is left out. */
void mask_place(struct buffer *out, const struct ds_place *place);

#endif
