/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "record/arena.h"

/**
 * What an estate is made of, counted as domains go by, in bounded memory.
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
	/** Where nothing was said, and what had no place. */
	uint64_t unsaid, others;
};

/** An image, and how many domains have it. The same path of two hosts is two images, unless it is
 * of shared storage. */
struct tally_image {
	/** Empty: any. */
	char *host;
	/** In canonical form, a password masked. */
	char *source;
	size_t size;
	/** Domains, at least; those with a disk that may be written to, at least. */
	uint64_t domains, writers;
	/** Number of the last domain that was counted, and that may write. */
	uint64_t last, last_writer;
	/** The name of the file where it was first seen. */
	char *place;
	uint64_t order;
};

/** Images that are counted at one time; longer paths than the second number are not. */
#define TALLY_IMAGES 16384
#define TALLY_SOURCE_MAX 4096

struct tally {
	/** What is one host; NULL: each argument. */
	const struct ds_audit_options *audit;
	/** Of one domain. */
	struct arena arena;
	uint64_t domains, hvm, xml;
	uint64_t disks, devices[DS_DEVICE_LUN + 1], sources[DS_SOURCE_OTHER + 1];
	struct tally_words drivers, formats;
	/** A tree of tsearch() over `images`. */
	void *tree;
	struct tally_image **images;
	size_t image_count;
	uint64_t image_order;
	/** How many too few the images' counts may be. 0: they are exact. */
	uint64_t lost;
};

/** Returns 0 when there is no memory. `audit` is borrowed. */
int tally_init(struct tally *tally, const struct ds_audit_options *audit);

/** Returns 0 when there is no memory. */
int tally_add(struct tally *tally, const struct ds_domain *domain);

/** Sorts images and words: the most first, equal ones in the order in which they came. Nothing can
 * be added any more. */
void tally_sort(struct tally *tally);

void tally_fini(struct tally *tally);

#endif
