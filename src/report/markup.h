/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_MARKUP_H
#define REPORT_MARKUP_H

#include "record/buffer.h"

/**
 * Foreign text in XML 1.0 and HTML, between tags and in quoted attributes alike. There are no tags,
 * references and ends of comments in what is added. What a person is to read: control characters
 * and those that turn the direction of writing, so that a name could look like another one
 * (text_is_unsafe()), are written as \xHH; each byte that is not UTF-8, and the characters that
 * Unicode will never give a meaning, become U+FFFD.
 */
void markup_text(struct buffer *out, struct ds_text text);

/** Adds a text to XML that a program reads: it gets all characters that XML can hold, but for
 * tabs and ends of lines, and those that are masked above as references. */
void markup_data(struct buffer *out, struct ds_text text);

/** Adds a text of the catalogue, whose line feeds stay. */
void markup_lines(struct buffer *out, const char *string);

/** "nightly.xml:14:5"; "backup.tar.gz (at byte 70000)" for what is in no line. */
void markup_place(struct buffer *out, const struct ds_place *place);

#endif
