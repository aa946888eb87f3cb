/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>

/** Finds the word that a user may have meant. A cleared struct is ready for suggest_add(). */
struct suggestion {
	/** The most similar word so far, borrowed from the caller; NULL if none is similar
	 * enough. */
	const char *word;
	size_t size;
	/** The number of letters that differ. */
	unsigned distance;
};

/** Compares what was typed with the `size` bytes at `word`, in any case. A word is suggested when
 * at most one letter in three differs, or when one of the two contains the other one and no word is
 * nearer. Words of more than 31 bytes are not suggested. */
void suggest_add(struct suggestion *suggestion, const char *typed, const char *word, size_t size);

#endif
