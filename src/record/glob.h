/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_GLOB_H
#define RECORD_GLOB_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * Whether a pattern matches the whole of a text. As in the shell, `*` matches any number of
 * characters, `?` one, `[a-z]` one of a set and `[!a-z]` one outside of it; a backslash takes the
 * meaning from what follows. A `*` matches `/` and a leading dot too, because what is matched are
 * names and paths, not the files of a directory. Small and capital letters differ. A character is
 * one of UTF-8, or a byte where the text is not UTF-8. A text that is NULL is matched as an empty
 * one.
 */
bool glob_match(const char *pattern, struct ds_text text);

#endif
