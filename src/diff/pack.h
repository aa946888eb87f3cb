/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_PACK_H
#define DIFF_PACK_H

#include "record/text.h"

/**
 * How what is kept of a dump is packed: numbers seven bits a byte, UUIDs in 16 bytes. Who packs
 * sees to the room.
 */

/** Bytes of the largest number. */
#define PACK_NUMBER_MAX 10
#define PACK_UUID_SIZE UUID_PACKED_SIZE

/** Returns where the next byte goes. */
static inline char *pack_number(char *to, uint64_t number)
{
	for (; number > 127; number >>= 7)
		*to++ = (char)(number | 128);
	*to++ = (char)number;
	return to;
}

static inline uint64_t unpack_number(const unsigned char **at)
{
	uint64_t number = 0;
	unsigned shift = 0;

	for (; **at > 127; shift += 7)
		number |= (uint64_t)(*(*at)++ & 127) << shift;
	return number | (uint64_t) * (*at)++ << shift;
}

/** Returns 0, and writes zeros, when it is no UUID in its usual form. */
int pack_uuid(struct ds_text uuid, unsigned char packed[PACK_UUID_SIZE]);
void unpack_uuid(const unsigned char packed[PACK_UUID_SIZE], char uuid[UUID_SIZE]);

#endif
