/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_MERGE_PARTS_H
#define CLI_MERGE_PARTS_H

#include "cli/status.h"
#include "part/container.h"
#include "part/facts.h"

/**
 * The part files that `domstream merge` was given: what their facts and inputs say, and whether
 * they are of one run. What an audit has seen is read from the files again, in their order.
 */

struct merge_part {
	/** Of the part file; borrowed. */
	const char *name;
	struct part_facts facts;
	struct part_input *inputs;
	size_t input_count, input_capacity;
	/** The sections that all of this points into. */
	char **sections;
	size_t section_count, section_capacity;
};

struct merge_parts {
	/** By their number. */
	struct merge_part *all;
	size_t count;
	/** Parts of the run that are not here. */
	uint64_t missing;
};

/** Reads the files, in any order. STATUS_FINE, or another status after a message. */
enum exit_status merge_parts_load(struct merge_parts *parts, const char *const *names,
	size_t name_count);

/** Are they parts of one run, each of them once? `may_miss`: only warns about those that are
 * missing. Returns as merge_parts_load(). */
enum exit_status merge_parts_check(struct merge_parts *parts, bool may_miss);

void merge_parts_free(struct merge_parts *parts);

#endif
