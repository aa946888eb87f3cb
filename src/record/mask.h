/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_MASK_H
#define RECORD_MASK_H

#include "record/buffer.h"

/** Adds a byte as \xHH. */
void mask_byte(struct buffer *out, unsigned char byte);

/** Adds a value that can do no harm on a terminal: control characters, C1 ones too, those that turn
 * the direction of writing or end a line (text_is_unsafe()), and bytes that are not UTF-8 as \xHH.
 * Returns how many characters it has there. */
size_t mask_text(struct buffer *out, struct ds_text text);

/** "NAME:LINE:COLUMN: ", as compilers print it; standard input is <stdin>, and a line that is not
 * known is left out. */
void mask_place(struct buffer *out, const struct ds_place *place);

#endif
