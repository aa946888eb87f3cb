/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/bgzf.h"

#include <string.h>

/* A member consists of its header up to the length of the extra field, the extra field, the code,
 * checksum and length. */
#define HEADER_SIZE 12
#define TRAILER_SIZE 8
#define FLAGS_AT 3
#define HAS_EXTRA 4
#define EXTRA_LENGTH_AT 10
/* A subfield consists of its two letters, its length and its bytes. */
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

static const unsigned char begin[] = {0x1f, 0x8b, 8};

size_t bgzf_member(const unsigned char *bytes, size_t size, size_t *given)
{
	size_t extra, length;

	if (size < HEADER_SIZE || memcmp(bytes, begin, sizeof(begin)) != 0 ||
		(bytes[FLAGS_AT] & HAS_EXTRA) == 0)
		return 0;
	extra = get16(bytes + EXTRA_LENGTH_AT);
	if (extra > size - HEADER_SIZE)
		return 0;
	length =
		bgzf_length(bytes + HEADER_SIZE, extra < BGZF_EXTRA_SIZE ? extra : BGZF_EXTRA_SIZE);
	if (length > size || length < HEADER_SIZE + extra + TRAILER_SIZE)
		return 0;
	*given = get16(bytes + length - 4) | get16(bytes + length - 2) << 16;
	return length;
}

bool bgzf_is_header(const unsigned char *bytes, size_t size)
{
	size_t extra;

	if (size < HEADER_SIZE || memcmp(bytes, begin, sizeof(begin)) != 0 ||
		(bytes[FLAGS_AT] & HAS_EXTRA) == 0)
		return false;
	extra = get16(bytes + EXTRA_LENGTH_AT);
	return extra <= BGZF_EXTRA_SIZE && extra <= size - HEADER_SIZE &&
		bgzf_length(bytes + HEADER_SIZE, extra) != 0;
}

size_t bgzf_find(const unsigned char *bytes, size_t size)
{
	for (size_t at = 0; at < size; at++) {
		const unsigned char *found = memchr(bytes + at, begin[0], size - at);

		if (found == NULL)
			return size;
		at = (size_t)(found - bytes);
		if (bgzf_is_header(found, size - at))
			return at;
	}
	return size;
}
