/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "record/arena.h"

#include <stdbool.h>

/**
 * What an estate is made of, counted as domains go by, in a fixed amount of memory.
 */

/** Names that are counted by themselves; those that come when all places are taken are counted
 * together. */
#define TALLY_WORDS 32
#define TALLY_WORD_SIZE 40

struct tally_words {
	struct tally_word {
		/** Longer names are cut. */
		char name[TALLY_WORD_SIZE];
		size_t size;
		uint64_t count;
	} words[TALLY_WORDS];
	size_t word_count;
	/** Values that were unset, and those that have no row. */
	uint64_t unsaid, others;
};

struct tally {
	uint64_t domains, hvm, xml;
	uint64_t disks, devices[DS_DEVICE_LUN + 1], sources[DS_SOURCE_OTHER + 1];
	struct tally_words drivers, formats;
};

/** Counts a domain, for a tally that began with zeros. The arena is cleared. Returns false when
 * out of memory. */
bool tally_add(struct tally *tally, struct arena *arena, const struct ds_domain *domain);

/** Sorts words: the most first, equal ones in the order in which they came. Nothing can be added
 * any more. */
void tally_sort(struct tally *tally);

#endif
