/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_LOSS_SUMMARY_H
#define CLI_LOSS_SUMMARY_H

#include "domstream/domstream.h"

/**
 * Counts losses by reason and path, in bounded memory: a hostile input can make up any number of
 * paths.
 */

/** Kinds that are counted apart; what comes later is counted together. */
#define LOSS_KINDS_MAX 64

struct loss_kind;

/** All zero in the beginning. */
struct loss_summary {
	struct loss_kind *kinds;
	unsigned kind_count;
	uint64_t others;
};

void loss_summary_add(struct loss_summary *summary, const struct ds_loss *loss);

/** Says the most frequent kinds on standard error, in the order of their reasons. */
void loss_summary_say(struct loss_summary *summary);

void loss_summary_fini(struct loss_summary *summary);

#endif
