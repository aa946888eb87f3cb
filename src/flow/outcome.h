/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_OUTCOME_H
#define FLOW_OUTCOME_H

#include "input/input.h" /* struct input_facts */

#include <stdbool.h>

/**
 * Decides how an input has ended. No other code decides that.
 */

/** How an input is treated, which depends on its first bytes, its name, and whether the user named
 * it. */
enum outcome_treatment {
	/** The input is a dump, so all errors in it are reported. */
	TREAT_AS_DUMP = 0,
	/** The input is a dump if it contains a domain. Errors are not reported until a domain was
	 * found. */
	TREAT_AS_DOUBTFUL,
	/** The input is foreign and is not read. */
	TREAT_AS_FOREIGN,
	/** The user named an input that is known not to be a dump. It is not read and has no
	 * domain. */
	TREAT_AS_OTHER,
};

/** Decides how an input is treated. `is_met` is set if the input was found in a directory or
 * archive, so the user may not have meant it. */
enum outcome_treatment outcome_treatment(const struct input_facts *facts, const char *name,
	bool is_met);

/** Returns whether an input that should be a dump begins like something else, and is therefore
 * damaged whatever it contains. If so, fills the error except for its position. */
bool outcome_mistaken(const struct input_facts *facts, const char *name, bool is_met,
	struct ds_error *error);

/**
 * Returns whether an input without any frame or error is damaged, because its name, or the fact
 * that it was named, promises a dump. If so, fills the error except for its position. `is_blank` is
 * set if the input contained only blanks, or was empty (`size` is 0).
 */
bool outcome_missing(const struct input_facts *facts, const char *name, bool is_met, bool is_blank,
	uint64_t size, struct ds_error *error);

/** The counts of an input so far. */
struct outcome_tally {
	uint64_t domains, disks, rejected, unselected;
	/** The number of errors that did not reject a domain. */
	uint64_t errors;
	/** The number of domains that were rejected because the input ends inside them. */
	uint64_t truncated;
};

/** Sets the outcome and the counts of a result. `is_foreign` is set if the input was found in a
 * directory or archive and is not a dump, so that it was not read. */
void outcome_decide(struct ds_input_result *result, const struct outcome_tally *tally,
	bool is_foreign);

/** Corrects the result of an archive: the outcome is "read" if its members contain domains, and
 * "damaged" if it was not read to its end. */
void outcome_of_archive(struct ds_input_result *result, uint64_t domains_of_members, bool is_cut);

/** Adds a result to the counts of the run. */
void outcome_count(const struct ds_input_result *result, struct ds_counts *counts);

#endif
