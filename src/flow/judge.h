/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_JUDGE_H
#define FLOW_JUDGE_H

#include "flow/batch.h"

/**
 * Domains with very many disks may have several findings for each of them, which take much more
 * memory than the domain itself. They are not collected: such a domain is judged when its turn to
 * be emitted has come, and its findings are passed on a few at a time.
 */

/** Is the domain judged when it is emitted? */
bool judge_is_late(const struct ds_run_options *options, const struct ds_domain *domain);

/** Judges the domain of an item, gives its findings to the sink, and fills the item's part of the
 * estate. `*count` grows by the findings. Returns what the sink returned, or DS_NO_MEMORY. */
enum ds_status judge_late(const struct ds_run_options *options, struct batch *batch,
	struct item *item, uint64_t *count);

#endif
