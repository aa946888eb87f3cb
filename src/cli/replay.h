/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include "cli/merge_inputs.h"

/**
 * Reports what the parts of an audit have seen as ds_run() would have in one run: domains and their
 * findings, errors and the ends of inputs in the order of the inputs, then the findings about
 * several domains. Hosts are named anew, since no part knows all inputs; lines and offsets of an
 * input that was cut count from its beginning.
 */
struct replay {
	const struct merge_parts *parts;
	const struct merge_inputs *inputs;
	/** Those of all parts, but for hosts and findings; the worst of their statuses; and the
	 * worst that no --accept covers. */
	struct ds_counts counts;
	enum exit_status status, never_accepted;
};

/** Has the signature, the callbacks and the results of ds_run(). Of the options those about hosts,
 * the audit and the callbacks count. */
enum ds_status replay_run(const struct replay *replay, const struct ds_run_options *options,
	struct ds_counts *counts, struct ds_error *error);

#endif
