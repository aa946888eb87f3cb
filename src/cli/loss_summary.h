/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_LOSS_SUMMARY_H
#define CLI_LOSS_SUMMARY_H

#include "domstream/domstream.h"

/**
 * Counts losses by reason and path in bounded memory, because a hostile input can contain any
 * number of paths.
 */

/** The number of kinds that are counted separately; later kinds are counted together. */
#define LOSS_SUMMARY_KINDS_MAX 64
/** The size of the hash table. */
#define LOSS_SUMMARY_SLOTS (LOSS_SUMMARY_KINDS_MAX * 2)

struct loss_kind;

/** All members are zero at the beginning. */
struct loss_summary {
	struct loss_kind *kinds[LOSS_SUMMARY_SLOTS];
	unsigned kind_count;
	uint64_t others;
};

void loss_summary_add(struct loss_summary *summary, const struct ds_loss *loss);

/** Prints the most frequent kinds on standard error: first those that may change the guest, and
 * each group in the order of the reasons. */
void loss_summary_print(struct loss_summary *summary);

void loss_summary_fini(struct loss_summary *summary);

#endif
