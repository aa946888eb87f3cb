/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_DIFF_CODING_H
#define DIFF_DIFF_CODING_H

#include "record/coding.h"

/** Reads a number that encode_number() has written, and moves after it. The bytes were written by
 * the same process, so they are read without checks. */
static inline uint64_t diff_number_decode(const unsigned char **at)
{
	uint64_t number = 0;
	unsigned shift = 0;

	for (; **at > 127; shift += 7)
		number |= (uint64_t)(*(*at)++ & 127) << shift;
	return number | (uint64_t) * (*at)++ << shift;
}

#endif
