/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_OPTION_VALUES_H
#define CLI_OPTION_VALUES_H

#include "cli/options.h"

#include <stddef.h>
#include <stdint.h>

/**
 * Parses the values of options. Each function stores the value and returns 0; or it prints a
 * message that names the option, options->current, and its valid values, and returns -1.
 */

/** Refuses `value` with "invalid value 'VALUE' for '--OPTION': expected ...". */
int value_refuse(const struct options *options, const char *value, const char *expected, ...)
	__attribute__((format(printf, 3, 4)));

/** Refuses the value of an option that was already given `most` times. */
int value_refuse_repeated(const struct options *options, size_t most);

/** Refuses a value that should have been one of the words in the option's value name, which are
 * separated by bars or commas, and suggests the most similar one. */
int value_refuse_word(const struct options *options, const char *value);

/** Parses decimal digits. Returns the text after them, or NULL if the text begins with no digit
 * or the number needs more than 64 bits. */
const char *value_digits(const char *value, uint64_t *number);

/** Parses a number from `least` to `most`. */
int value_number(const struct options *options, const char *value, uint64_t least, uint64_t most,
	uint64_t *number);

/** Stores a name, which must not be empty. */
int value_name(const struct options *options, const char *value, const char **name);

/** Parses and stores the value of an option, which is NULL if it has none. */
int value_store(struct options *options, const struct option_store *store, const char *value);

#endif
