/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_SUPPRESSIONS_H
#define CLI_SUPPRESSIONS_H

#include <stdbool.h>

#include "cli/suppression.h"

/**
 * All suppressions of a run. One that names a fingerprint, UUID, domain, source or host is found by
 * that value, or by what comes before its first "*", so that a finding is compared only with those
 * that may match it. Others, such as those whose pattern begins with "*", are found by their rule.
 */

/** Longer beginnings of patterns are cut. */
#define PREFIX_MAX 255

struct suppression_bucket;

struct suppressions {
	struct suppression *items;
	size_t count, capacity;
	/** Tables of exact values and of beginnings of patterns, one for each selector; and the
	 * sizes of these beginnings. */
	struct suppression_bucket *exact[SELECTORS], *prefixes[SELECTORS];
	bool has_size[SELECTORS][PREFIX_MAX + 1];
	/** The other ones by their rules, and those for any rule. */
	struct suppression_bucket *rules;
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
