/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef OUTPUT_NAMES_H
#define OUTPUT_NAMES_H

#include "domstream/domstream.h"
#include "record/value_set.h"

/**
 * Creates file names from arbitrary domain names, which are safe in any directory and unique. UTF-8
 * characters stay as they are. The following are written as `%` and two upper-case hexadecimal
 * digits:
 * - `/`;
 * - `%` itself, so that two names never become equal;
 * - characters that are unsafe on a terminal (text_is_unsafe());
 * - bytes that are not UTF-8;
 * - `.` or `-` at the beginning, where they hide a file or look like an option;
 * - dots and blanks at the end, which Windows drops.
 *
 * An empty name becomes "unnamed". If the result is longer than NAME_MAX_SIZE bytes, it is
 * truncated after a character and ends with `~` and 16 digits of a hash of the whole name
 * (SipHash-2-4, key 0). A repeated name gets `~2`, `~3` and so on; the case of ASCII letters is
 * ignored.
 */

#define NAME_MAX_SIZE 200
/** The size of the longest file name: with `~` and a number, a suffix, and a NUL byte. */
#define NAME_FILE_SIZE 256

/** The changes that a name needed; they can be combined. */
enum name_change {
	NAME_ENCODED = 1,
	NAME_CUT = 2,
	NAME_REPEATED = 4,
};

/** Writes the safe form of a name, at most NAME_MAX_SIZE bytes and a NUL byte. Returns the
 * changes. */
unsigned name_make_safe(struct ds_text name, char out[NAME_FILE_SIZE]);

/**
 * Creates a unique name for a file: the safe form, made unique, and `suffix`, which has at most 8
 * bytes. The result only depends on the names before, which are in `names` in lower case, each with
 * the next number to try when it is repeated. Returns DS_OK with `out` and `changes` set, or
 * DS_NO_MEMORY.
 */
enum ds_status names_reserve(struct value_set **names, struct ds_text name, const char *suffix,
	char out[NAME_FILE_SIZE], unsigned *changes);

#endif
