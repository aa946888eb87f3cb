/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_SUPPRESSIONS_H
#define CLI_SUPPRESSIONS_H

#include "cli/suppression.h"

#include <stdbool.h>

/**
 * All suppressions of a run. A suppression with a fingerprint, UUID, domain, source or host is
 * found by that value; by the text before its first "*"; or, if its pattern begins with "*", by a
 * fragment of the pattern that may be anywhere in the value. All others are found by their rule. A
 * finding is therefore only compared with suppressions that may match it.
 */

/** Longer prefixes of patterns are truncated. */
#define SUPPRESSIONS_PREFIX_MAX 255
/** Fragments of patterns have 8, 4, 2 or 1 bytes. */
#define SUPPRESSIONS_SIZES 4

struct suppressions {
	struct suppression *items;
	size_t count, capacity;
	/** The exact values and the prefixes of patterns for each selector, each with the number of
	 * its first suppression, from 1; and the sizes of these prefixes. */
	struct value_set *exact[SELECTORS], *prefixes[SELECTORS];
	bool has_size[SELECTORS][SUPPRESSIONS_PREFIX_MAX + 1];
	/** The fragments of patterns by their size. */
	struct value_set *fragments[SELECTORS][SUPPRESSIONS_SIZES];
	/** The other suppressions by their rules, and the first of those for any rule. */
	struct value_set *rules;
	size_t others;
};

/** Adds a suppression, whose memory belongs to the list from now on. Returns false when out of
 * memory. */
bool suppressions_add(struct suppressions *list, const struct suppression *suppression);

/** Makes all suppressions searchable. None may be added afterwards. Returns false when out of
 * memory. */
bool suppressions_index(struct suppressions *list);

/** Returns whether a finding is hidden. Counts the use of every suppression that matches, including
 * expired ones. */
bool suppressions_hide(struct suppressions *list, const struct ds_finding *finding);

void suppressions_fini(struct suppressions *list);

#endif
