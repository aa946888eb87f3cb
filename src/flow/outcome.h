/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_OUTCOME_H
#define FLOW_OUTCOME_H

#include "input/input.h" /* struct input_facts */

#include <stdbool.h>

/**
 * How an input ended. Nothing else decides that.
 */

/** How an input is treated, by how it begins, its name, and whether the user named it. */
enum treatment {
	/** As a dump: whatever is wrong in it is reported. */
	TREAT_AS_DUMP = 0,
	/** As a dump if it holds a domain. Until one is seen, what is wrong in it is not
	 * reported. */
	TREAT_AS_DOUBTFUL,
	/** It is foreign and is not read. */
	TREAT_AS_FOREIGN,
	/** The user named something that is known to be no dump. It is not read and has no
	 * domain. */
	TREAT_AS_OTHER,
};

/** `is_met`: the input was found in a directory or archive, so the user may not mean it. */
enum treatment outcome_treatment(const struct input_facts *facts, const char *name, bool is_met);

/** Whether an input that should be a dump begins like something else, and so is damaged whatever it
 * holds. Then fills the error but for its place and returns true. */
bool outcome_mistaken(const struct input_facts *facts, const char *name, bool is_met,
	struct ds_error *error);

/**
 * Why an input without any frame or error is damaged: its name, or that it was named, promises a
 * dump. Fills the error but for its place and returns true, or returns false. `is_blank`: there
 * were only blanks in it, or nothing (`size` 0).
 */
bool outcome_missing(const struct input_facts *facts, const char *name, bool is_met, bool is_blank,
	uint64_t size, struct ds_error *error);

/** What was delivered of an input so far. */
struct outcome_tally {
	uint64_t domains, disks, rejected, unselected;
	/** Errors that rejected nothing. */
	uint64_t errors;
	/** Domains that were rejected because the input ends inside them. */
	uint64_t truncated;
};

/** Sets the outcome and the counts of a result. `is_foreign`: it was found in a directory or
 * archive and is no dump, so that it was not read. */
void outcome_decide(struct ds_input_result *result, const struct outcome_tally *tally,
	bool is_foreign);

/** Corrects the decided result of an archive: it is read when its members have domains, and damaged
 * when it was not read to its end. */
void outcome_of_archive(struct ds_input_result *result, uint64_t domains_of_members, bool is_cut);

/** Adds a decided result to the counts of the run. */
void outcome_count(const struct ds_input_result *result, struct ds_counts *counts);

#endif
