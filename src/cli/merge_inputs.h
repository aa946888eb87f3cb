/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_MERGE_INPUTS_H
#define CLI_MERGE_INPUTS_H

#include "cli/merge_parts.h"

/**
 * The inputs of a run, each of them once, as reported by its parts. Proves that the parts have read
 * every byte of each input once, in the same way as a single run (struct ds_segment).
 */
struct merge_inputs {
	/** In the order of a run without parts. `host` is the host in all parts of the input, or ""
	 * when they differ; `segment` is NULL. */
	struct ds_input_result *all;
	size_t count;
};

/** Fills `inputs`, and reports everything that is not proved, with what to do about it. Returns
 * STATUS_FINE, or another status after a message. */
enum exit_status merge_inputs_join(struct merge_inputs *inputs, const struct merge_parts *parts);

void merge_inputs_free(struct merge_inputs *inputs);

#endif
