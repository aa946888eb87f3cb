/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * Text that can be shown safely, even if its bytes come from untrusted input.
 */

/** Writes bytes, with everything that mask_text() masks as \xHH. */
void text_print_masked(FILE *out, const char *data, size_t size);

/** Returns whether colours may be used on a descriptor: it is a terminal, and neither NO_COLOR nor
 * TERM forbids them. */
bool text_may_be_coloured(int descriptor);

/** Writes plain ASCII text in lines of at most 80 columns, all except the first indented by
 * `indent` blanks, and a line feed. `column` is the beginning of the first line. A line feed in the
 * text ends a line; a word that is too long for a line is not broken. */
void text_print_filled(FILE *out, const char *text, size_t indent, size_t column);

/** Returns the ending of a noun after this count: "" or "s". */
const char *text_plural(uint64_t count);

#endif
