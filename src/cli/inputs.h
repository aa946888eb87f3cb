/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * Warns about each argument in which there is no domain, and counts the outcomes in words.
 */
struct inputs {
	/** A copy of the argument that the last result came from; NULL: none yet. */
	char *argument;
	/** Over all results of this argument. */
	uint64_t domains;
	bool is_damaged;
	/** What the input of that name is instead; NULL: not recognized. */
	const char *recognized, *advice;
	/** Arguments without a domain so far. */
	uint64_t without_domain;
};

/** Takes the next result. DS_OK or DS_NO_MEMORY. */
enum ds_status inputs_add(struct inputs *inputs, const struct ds_input_result *result);

/** All results were taken: judges the last argument and frees what is held. */
void inputs_finish(struct inputs *inputs);

/** Prints "30 inputs: 28 read, 1 damaged, 1 without a domain" as a note. */
void inputs_print_outcomes(const struct ds_counts *counts);

#endif
