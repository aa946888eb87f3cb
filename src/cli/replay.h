/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include "cli/merge_inputs.h"

/**
 * Reports the events of the parts of an audit as ds_run() would have in a single run: domains and
 * their findings, errors and the ends of inputs in the order of the inputs, and then the findings
 * about several domains. Hosts are named anew, because no part knows all inputs; lines and offsets
 * of an input that was divided count from its beginning.
 */
struct replay {
	const struct merge_parts *parts;
	const struct merge_inputs *inputs;
	/** The sums of all parts, except for hosts and findings; the worst of their statuses; and
	 * the worst status that --accept never covers. */
	struct ds_counts counts;
	enum exit_status status, never_accepted;
};

/** Replaces ds_run(): it calls the same callbacks and returns the same results. Of the options, it
 * only uses the callbacks and those for hosts and the audit. */
enum ds_status replay_run(const struct replay *replay, const struct ds_run_options *options,
	struct ds_counts *counts, struct ds_error *error);

#endif
