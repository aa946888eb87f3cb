/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>

/** Which of several words somebody may have meant. A cleared one is ready for suggest_add(). */
struct suggestion {
	/** The nearest word so far, borrowed from the caller; NULL: none is near enough. */
	const char *word;
	size_t size;
	/** How many letters differ. */
	unsigned distance;
};

/** Compares what was typed with the `size` bytes at `word`, in any case. A word is suggested when
 * at most one letter in three differs, or when one of the two contains the other one and no word is
 * nearer. Words of more than 31 bytes are not suggested. */
void suggest_add(struct suggestion *suggestion, const char *typed, const char *word, size_t size);

#endif
