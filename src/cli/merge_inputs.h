/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_MERGE_INPUTS_H
#define CLI_MERGE_INPUTS_H

#include "cli/merge_parts.h"

/**
 * The inputs of a run, each of them once, of what its parts say: the proof that the parts have read
 * every byte of each input once, and as one run would have read it (struct ds_segment).
 */
struct merge_inputs {
	/** In the order of a run without parts. `host` is what all parts of the input say, or ""
	 * when they disagree; `segment` is NULL. */
	struct ds_input_result *all;
	size_t count;
};

/** Fills `inputs`, and reports whatever is not proved, with what to do about it. STATUS_FINE, or
 * another status after a message. */
enum exit_status merge_inputs_join(struct merge_inputs *inputs, const struct merge_parts *parts);

void merge_inputs_free(struct merge_inputs *inputs);

#endif
