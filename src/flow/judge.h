/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_JUDGE_H
#define FLOW_JUDGE_H

#include "flow/batch.h"

/**
 * A domain with very many disks may have several findings for each of them, which need much more
 * memory than the domain itself. They are not collected: the rules are run on such a domain when it
 * is emitted, and the findings are passed on a few at a time.
 */

/** Returns whether the rules are run on the domain only when it is emitted. */
bool judge_is_late(const struct ds_run_options *options, const struct ds_domain *domain);

/** Runs the rules on the domain of an item, passes its findings to the sink, and fills the item's
 * share of the estate. Adds the number of findings to `*count`. Returns the sink's status, or
 * DS_NO_MEMORY. */
enum ds_status judge_late(const struct ds_run_options *options, struct batch *batch,
	struct batch_item *item, uint64_t *count);

#endif
