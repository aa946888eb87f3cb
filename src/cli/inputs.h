/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * Warns about each argument without a domain, and prints how many inputs had each outcome.
 */
struct inputs {
	/** A copy of the argument that the last result belongs to; NULL if there was none yet. */
	char *argument;
	/** The sum of all results of this argument. */
	uint64_t domains;
	bool is_damaged;
	/** What the input with that name is instead; NULL if it was not recognized. */
	const char *recognized, *advice;
	/** The number of arguments without a domain so far. */
	uint64_t without_domain;
};

/** Adds the next result. Returns DS_OK or DS_NO_MEMORY. */
enum ds_status inputs_add(struct inputs *inputs, const struct ds_input_result *result);

/** Must be called after all results: handles the last argument and frees the memory. */
void inputs_finish(struct inputs *inputs);

/** Prints "30 inputs: 28 read, 1 damaged, 1 without a domain" as a note. */
void inputs_print_outcomes(const struct ds_counts *counts);

#endif
