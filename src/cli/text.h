/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * Text that is fit to be shown, from bytes of strangers too. Nothing here keeps state.
 */

/** Writes bytes with all that mask_text() masks as \xHH. */
void text_print_masked(FILE *out, const char *data, size_t size);

/** Whether colours are wanted on what a descriptor leads to: a terminal, and neither NO_COLOR nor
 * TERM is against it. */
bool text_may_be_coloured(int descriptor);

/** Writes plain ASCII text in lines of at most 80 columns, all but the first behind `indent`
 * blanks, and a line feed. `column` is where the first line begins. A line feed in the text ends a
 * line; a word too long for a line stays whole. */
void text_print_filled(FILE *out, const char *text, size_t indent, size_t column);

/** What follows a noun after this count: "" or "s". */
const char *text_plural(uint64_t count);

#endif
