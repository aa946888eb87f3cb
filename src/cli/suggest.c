/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/suggest.h"

#include <string.h>

#define WORD_MAX 31

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/** The edit distance of two words: letters to insert, remove or replace; two swapped ones count
 * once. */
static unsigned distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
	/* rows[i % 3][j]: of the first i letters of `a` to the first j of `b`. */
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
				above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], second[j - 2] + 1);
		}
	}
	return rows[a_size % 3][b_size];
}

void suggest_add(struct suggestion *suggestion, const char *typed, const char *word, size_t size)
{
	size_t typed_size = strlen(typed);
	unsigned differing;

	if (typed_size > WORD_MAX || size > WORD_MAX)
		return;
	differing = distance(typed, typed_size, word, size);
	if (differing > (typed_size + 1) / 3 ||
		(suggestion->word && differing >= suggestion->distance))
		return;
	*suggestion = (struct suggestion){word, size, differing};
}
