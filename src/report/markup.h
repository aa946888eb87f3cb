/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_MARKUP_H
#define REPORT_MARKUP_H

#include "record/buffer.h"

/**
 * Appends untrusted text to XML 1.0 or HTML, between tags or in quoted attributes. The result
 * contains no tags, references or ends of comments. For people, control characters and characters
 * that change the text direction, so that a name could look like another one (text_is_unsafe()),
 * are written as \xHH; each byte that is not UTF-8, and each Unicode noncharacter, becomes U+FFFD.
 */
void markup_text(struct buffer *out, struct ds_text text);

/** Appends a text to XML for programs, which get all characters that XML can represent: tabs, line
 * ends and the characters that are masked above are written as references. */
void markup_data(struct buffer *out, struct ds_text text);

/** Appends a text of the catalogue, whose line feeds are kept. */
void markup_lines(struct buffer *out, const char *string);

/** Appends "nightly.xml:14:5", or "backup.tar.gz (at byte 70000)" for a position without a line. */
void markup_place(struct buffer *out, const struct ds_place *place);

#endif
