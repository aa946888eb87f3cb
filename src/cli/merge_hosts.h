/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_MERGE_HOSTS_H
#define CLI_MERGE_HOSTS_H

#include "cli/merge_inputs.h"
#include "cli/options.h"

/** A part does not know which host names the parts before it have used. Checks whether all parts
 * have named the hosts as a single run would have, as far as their outputs depend on it. `options`
 * are those of the parts. Returns STATUS_FINE, or another status after a message. */
enum exit_status merge_hosts_check(const struct options *options, const struct merge_parts *parts,
	const struct merge_inputs *inputs);

#endif
