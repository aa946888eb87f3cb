/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef WRITE_TSV_TEXT_H
#define WRITE_TSV_TEXT_H

#include "record/buffer.h"

/** Adds a value to a line of tab-separated values: tabs, line feeds, carriage returns and
 * backslashes are written as \t, \n, \r and \\. */
void tsv_text(struct buffer *out, struct ds_text text);

#endif
