/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_MERGE_PARTS_H
#define CLI_MERGE_PARTS_H

#include "cli/status.h"
#include "part/facts.h"

/**
 * The part files that `domstream merge` was given: their facts and inputs, and whether they belong
 * to one run. The events of an audit are read from the files later, in order.
 */

struct merge_part {
	/** The name of the part file; borrowed. */
	const char *name;
	struct part_facts facts;
	struct part_input *inputs;
	size_t input_count, input_capacity;
	/** The sections that the other members point into. */
	char **sections;
	size_t section_count, section_capacity;
};

struct merge_parts {
	/** Sorted by their number. */
	struct merge_part *all;
	size_t count;
	/** The number of missing parts. */
	uint64_t missing;
};

/** Reads the files, in any order. Returns STATUS_FINE, or another status after a message. */
enum exit_status merge_parts_load(struct merge_parts *parts, const char *const *names,
	size_t name_count);

/** Checks that the parts belong to one run and that there are no duplicates. If `may_miss` is set,
 * only warns about missing parts. Returns the same statuses as merge_parts_load(). */
enum exit_status merge_parts_check(struct merge_parts *parts, bool may_miss);

void merge_parts_free(struct merge_parts *parts);

#endif
