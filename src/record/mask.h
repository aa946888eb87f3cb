/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_MASK_H
#define RECORD_MASK_H

#include "record/buffer.h"

/** Appends a byte as \xHH. */
void mask_byte(struct buffer *out, unsigned char byte);

/** Appends a value in a form that is safe on a terminal: control characters (including C1),
 * characters that change the text direction or end a line (text_is_unsafe()), and bytes that are
 * not UTF-8 are written as \xHH. Returns the number of characters that were appended. */
size_t mask_text(struct buffer *out, struct ds_text text);

/** Appends "NAME:LINE:COLUMN: ", as compilers print it. Standard input is <stdin>, and an unknown
 * line is left out. */
void mask_place(struct buffer *out, const struct ds_place *place);

#endif
