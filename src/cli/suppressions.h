/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_SUPPRESSIONS_H
#define CLI_SUPPRESSIONS_H

#include <stdbool.h>

#include "cli/suppression.h"

/**
 * All suppressions of a run. One that names a fingerprint, UUID, domain, source or host without a
 * "*" is found by that, so that a finding is compared only with those that may match it.
 */

struct suppression_bucket;

struct suppressions {
	struct suppression *items;
	size_t count, capacity;
	/** A table for each selector of the suppressions with an exact value; the others are
	 * chained from `others`. Numbers count from 1. */
	struct suppression_bucket *buckets[SELECTORS];
	size_t others;
};

/** Adds one; what it points to belongs to the list from now on. Returns false when there is no
 * memory. */
bool suppressions_add(struct suppressions *list, const struct suppression *suppression);

/** Sorts all of them in; nothing is added afterwards. Returns false when there is no memory. */
bool suppressions_index(struct suppressions *list);

/** Whether a finding is hidden. Counts the use of every suppression that matches, of expired ones
 * too. */
bool suppressions_hide(struct suppressions *list, const struct ds_finding *finding);

void suppressions_fini(struct suppressions *list);

#endif
