/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_BASE64_H
#define RECORD_BASE64_H

#include "record/buffer.h"

#include <stdbool.h>

/** Base64 as in RFC 4648, section 4. */

/** Appends the encoded bytes of the text on one line. */
void base64_encode(struct ds_text text, struct buffer *out);

/** Decodes into `out`, which must have room for three quarters of the text's size. Blanks are
 * skipped. Returns false when the text is malformed. */
bool base64_decode(struct ds_text text, char *out, size_t *size);

#endif
