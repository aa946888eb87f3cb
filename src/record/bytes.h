/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_BYTES_H
#define RECORD_BYTES_H

#include <stddef.h>
#include <stdint.h>

/** Words of eight bytes in little-endian order, whatever the order of the machine. */

/** Compilers turn this into one load on a little-endian machine. */
static inline uint64_t bytes_word(const unsigned char *bytes)
{
	return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 |
		(uint64_t)bytes[3] << 24 | (uint64_t)bytes[4] << 32 | (uint64_t)bytes[5] << 40 |
		(uint64_t)bytes[6] << 48 | (uint64_t)bytes[7] << 56;
}

static inline uint64_t bytes_half_word(const unsigned char *bytes)
{
	return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 |
		(uint64_t)bytes[3] << 24;
}

/** Writes a word in big-endian order. Compilers turn this into one store. */
static inline void bytes_write_backwards(char *to, uint64_t word)
{
	to[0] = (char)(word >> 56);
	to[1] = (char)(word >> 48);
	to[2] = (char)(word >> 40);
	to[3] = (char)(word >> 32);
	to[4] = (char)(word >> 24);
	to[5] = (char)(word >> 16);
	to[6] = (char)(word >> 8);
	to[7] = (char)word;
}

/** Reads fewer than eight bytes; the others are zeros. */
static inline uint64_t bytes_last_word(const unsigned char *bytes, size_t size)
{
	if (size >= 4)
		return bytes_half_word(bytes) |
			bytes_half_word(bytes + size - 4) << (size * 8 - 32);
	return size ? (uint64_t)bytes[0] | (uint64_t)bytes[size / 2] << (size / 2 * 8) |
			(uint64_t)bytes[size - 1] << (size * 8 - 8)
		    : 0;
}

#endif
