/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_DIFF_CODING_H
#define DIFF_DIFF_CODING_H

#include "record/coding.h"
#include "record/text.h"

#include <stdbool.h>

/**
 * How the comparison encodes its data: numbers as in record/coding.h, and UUIDs in 16 bytes. The
 * bytes were written by the same process, so they are read without checks.
 */

/** Reads a number that encode_number() has written, and moves after it. */
static inline uint64_t diff_number_decode(const unsigned char **at)
{
	uint64_t number = 0;
	unsigned shift = 0;

	for (; **at > 127; shift += 7)
		number |= (uint64_t)(*(*at)++ & 127) << shift;
	return number | (uint64_t) * (*at)++ << shift;
}

/** Returns false, and writes zeros, when the text is not a UUID in its usual form. */
bool diff_uuid_encode(struct ds_text uuid, unsigned char bytes[UUID_BYTES]);

#endif
