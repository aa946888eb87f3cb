/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef OUTPUT_NAMES_H
#define OUTPUT_NAMES_H

#include "domstream/domstream.h"

/**
 * File names made from domain names, which may be anything: safe in any directory, and
 * none twice.
 *
 * What stays as it is: characters of UTF-8. As `%` and two hexadecimal digits in upper case become:
 * `/`, `%` itself, so that two names never become one; what has power over a terminal
 * (text_is_unsafe()); bytes that are not UTF-8; `.` or `-` at the beginning, where they hide a file
 * or look like an option; dots and blanks at the end, which Windows drops. An empty name becomes
 * "unnamed". What is longer than NAME_MAX_SIZE bytes then is cut, behind a character, and ends in
 * `~` and 16 digits of a hash of the whole name (SipHash-2-4, key 0). A name that was taken before,
 * capital letters of ASCII being the same as small ones, gets `~2`, `~3` and so on.
 */

#define NAME_MAX_SIZE 200
/** Bytes of the longest file name: with `~` and a number, a suffix, and a NUL. */
#define NAME_FILE_SIZE 256

/** What of a name had to be changed; or-ed. */
enum name_change {
	NAME_ENCODED = 1,
	NAME_CUT = 2,
	NAME_REPEATED = 4,
};

/** Writes the safe form of a name, at most NAME_MAX_SIZE bytes and a NUL. Returns changes,
 * or-ed. */
unsigned name_make_safe(struct ds_text name, char out[NAME_FILE_SIZE]);

/** The names that are taken. Memory grows with their number. */
struct names;

/** Returns NULL when there is no memory. */
struct names *names_new(void);

/**
 * Takes a name of its own for a file: the safe form, made unique, and `suffix`, of at most 8 bytes.
 * Which one it gets depends on the names before alone. Returns DS_OK with `out` and `changes`
 * written, or DS_NO_MEMORY.
 */
enum ds_status names_take(struct names *names, struct ds_text name, const char *suffix,
	char out[NAME_FILE_SIZE], unsigned *changes);

void names_free(struct names *names);

#endif
