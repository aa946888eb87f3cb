/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_OUTCOME_H
#define FLOW_OUTCOME_H

#include "domstream/domstream.h"

/**
 * How an input ended. Nothing else decides that.
 */

/** What was delivered of an input so far. */
struct outcome_tally {
	uint64_t domains, disks, rejected, unselected;
	/** Errors that rejected nothing. */
	uint64_t errors;
	/** Domains that were rejected because the input ends inside them. */
	uint64_t truncated;
};

/** Sets the outcome and the counts of a result. `is_foreign`: it was found in a directory or archive and is no dump, so
 * that it was not read. */
void outcome_decide(struct ds_input_result *result, const struct outcome_tally *tally, int is_foreign);

/** Corrects the decided result of an archive: it is read when its members have domains, and damaged when it was not read
 * to its end. */
void outcome_of_archive(struct ds_input_result *result, uint64_t domains_of_members, int is_cut);

/** Adds a decided result to the counts of the run. */
void outcome_count(const struct ds_input_result *result, struct ds_counts *counts);

#endif
