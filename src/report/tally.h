/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "record/arena.h"

#include <stdbool.h>

/**
 * Counts the kinds of domains and disks of an estate, in a fixed amount of memory.
 */

/** The number of names that are counted separately; further names are counted together. */
#define TALLY_WORDS 32
#define TALLY_WORD_SIZE 40

struct tally_words {
	struct tally_word {
		/** Longer names are truncated. */
		char name[TALLY_WORD_SIZE];
		size_t size;
		uint64_t count;
	} words[TALLY_WORDS];
	size_t word_count;
	/** The number of unset values, and of values without a row. */
	uint64_t unset_count, others;
};

struct tally {
	uint64_t domains, hvm, xml;
	uint64_t disks, devices[DS_DEVICE_LUN + 1], sources[DS_SOURCE_OTHER + 1];
	struct tally_words drivers, formats;
};

/** Counts a domain, for a tally that began with zeros. The arena is cleared. Returns false when
 * out of memory. */
bool tally_add(struct tally *tally, struct arena *arena, const struct ds_domain *domain);

/** Sorts the words by their number; equal ones stay in order. Nothing may be added afterwards. */
void tally_sort(struct tally *tally);

#endif
