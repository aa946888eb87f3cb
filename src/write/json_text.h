/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef WRITE_JSON_TEXT_H
#define WRITE_JSON_TEXT_H

#include "record/buffer.h"

/**
 * Values of JSON (RFC 8259). Objects of flat values need no more than these and a few literals.
 */

/**
 * A string; `null` when the text is unset. Control bytes are escaped, DEL and the C1 controls
 * too, so that it is safe on a terminal. Each byte that is not UTF-8 becomes U+FFFD: JSON cannot
 * hold it.
 */
void json_text(struct buffer *out, struct ds_text text);

/** Adds a file name so that it can be read back: a byte that is not UTF-8 is written as
 * \udc80 to \udcff, as Python's "surrogateescape" does. */
void json_path(struct buffer *out, struct ds_text path);

/** A number that counts from 1, a line or a column; `null` for 0, which says that it is not
 * known. */
void json_ordinal(struct buffer *out, uint64_t number);

#endif
