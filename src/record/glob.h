/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_GLOB_H
#define RECORD_GLOB_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * Returns whether a pattern matches the whole text. As in the shell, `*` matches any number of
 * characters, `?` one, `[a-z]` one of a set and `[!a-z]` one outside of it; a backslash makes the
 * next character literal. A `*` also matches `/` and a leading dot, because the texts are names and
 * paths, and not the files of a directory. Case matters. A character is one of UTF-8, or a byte
 * where the text is not UTF-8. A NULL text is matched like an empty one.
 */
bool glob_match(const char *pattern, struct ds_text text);

#endif
