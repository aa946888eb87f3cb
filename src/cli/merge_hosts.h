/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_MERGE_HOSTS_H
#define CLI_MERGE_HOSTS_H

#include "cli/merge_inputs.h"
#include "cli/options.h"

/** A part does not know which names of hosts the parts before it have used. Have all parts called
 * the hosts as one run would have, as far as their outputs depend on it? `options` are those of the
 * parts. STATUS_FINE, or another status after a message. */
enum exit_status merge_hosts_check(const struct options *options, const struct merge_parts *parts,
	const struct merge_inputs *inputs);

#endif
