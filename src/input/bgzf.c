/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/bgzf.h"

/* A subfield: its two letters, its length, its bytes. */
#define SUBFIELD_HEADER_SIZE 4

static size_t get16(const unsigned char *bytes)
{
	return bytes[0] | (size_t)bytes[1] << 8;
}

size_t bgzf_length(const unsigned char *extra, size_t size)
{
	while (size >= SUBFIELD_HEADER_SIZE) {
		size_t length = get16(extra + 2);

		if (length > size - SUBFIELD_HEADER_SIZE)
			return 0;
		extra += SUBFIELD_HEADER_SIZE;
		size -= SUBFIELD_HEADER_SIZE;
		if (extra[-4] == 'B' && extra[-3] == 'C' && length == 2)
			return get16(extra) + 1;
		extra += length;
		size -= length;
	}
	return 0;
}
