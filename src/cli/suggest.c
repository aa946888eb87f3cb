/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/suggest.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define WORD_MAX 31
/** A word with fewer letters is in too many others. */
#define CONTAINED_MIN 3

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/** Converts ASCII letters only, so that the locale has no influence. */
static char lower(char letter)
{
	return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

/** Returns the edit distance of two words: the number of letters to insert, remove or replace. Two
 * swapped letters count once; case is ignored. */
static unsigned distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
	/* rows[i % 3][j] is the distance of the first i letters of `a` from the first j of `b`. */
	unsigned rows[3][WORD_MAX + 1];

	for (size_t i = 0; i <= a_size; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3],
			 *second = rows[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_size; j++) {
			if (i == 0) {
				row[j] = (unsigned)j;
				continue;
			}
			row[j] = least(least(row[j - 1], above[j]) + 1,
				above[j - 1] + (lower(a[i - 1]) != lower(b[j - 1])));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], second[j - 2] + 1);
		}
	}
	return rows[a_size % 3][b_size];
}

/** Returns whether the longer of two words contains the other one, ignoring case. */
static bool is_contained(const char *a, size_t a_size, const char *b, size_t b_size)
{
	if (a_size < b_size)
		return is_contained(b, b_size, a, a_size);
	for (size_t i = 0; b_size >= CONTAINED_MIN && i + b_size <= a_size; i++)
		if (strncasecmp(a + i, b, b_size) == 0)
			return true;
	return false;
}

void suggest_add(struct suggestion *suggestion, const char *typed, const char *word, size_t size)
{
	size_t typed_size = strlen(typed);
	unsigned differing, most = (unsigned)(typed_size + 1) / 3;

	if (typed_size > WORD_MAX || size > WORD_MAX)
		return;
	differing = distance(typed, typed_size, word, size);
	/* A word that contains the other one is only suggested if no spelling is similar. */
	if (differing > most && is_contained(typed, typed_size, word, size))
		differing = ++most;
	if (differing > most || (suggestion->word && differing >= suggestion->distance))
		return;
	*suggestion = (struct suggestion){word, size, differing};
}
