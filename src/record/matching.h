/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_MATCHING_H
#define RECORD_MATCHING_H

#include "record/compare.h"

#include <stdbool.h>

/**
 * Finds out which devices of two records are the same device.
 */

/** The pairs of devices of one kind that match. */
struct matching {
	enum devices kind;
	/** For each device of the other record, the number of its partner in the first record, or
	 * SIZE_MAX if it has no partner yet. */
	size_t *partners;
	/** For each device of the first record. A lost disk is not matched, and another lost
	 * device only when no other one is left. */
	bool *is_matched, *is_lost;
	/** For each device of the other record: whether its partner has the same members. */
	bool *is_equal;
	/** Returns whether the losses explain all differences between two devices, which are given
	 * by their numbers. Set by the caller, like `context`. */
	bool (*is_explained)(void *context, enum devices kind, size_t one, size_t other);
	void *context;
};

/** Matches the devices of one kind; the caller has set the last two members. The arrays are in the
 * arena. Returns false when out of memory. */
bool matching_make(struct matching *matching, const struct compare_subject *subject,
	enum devices kind, struct arena *arena);

#endif
