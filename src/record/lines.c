/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/lines.h"

#include "record/scan.h"

/** Returns the position after the last line feed, or 0 when there are no line feeds. A dump can be
 * one line of many megabytes. */
static size_t last_line(const unsigned char *data, size_t size)
{
#ifdef __SSE2__
	const __m128i feed = _mm_set1_epi8('\n');

	for (; size >= 64; size -= 64) {
		const __m128i *blocks = (const __m128i *)(const void *)(data + size - 64);
		__m128i one = _mm_or_si128(_mm_cmpeq_epi8(_mm_loadu_si128(blocks), feed),
			_mm_cmpeq_epi8(_mm_loadu_si128(blocks + 1), feed));
		__m128i other = _mm_or_si128(_mm_cmpeq_epi8(_mm_loadu_si128(blocks + 2), feed),
			_mm_cmpeq_epi8(_mm_loadu_si128(blocks + 3), feed));

		if (_mm_movemask_epi8(_mm_or_si128(one, other)))
			break;
	}
	for (; size >= 16; size -= 16) {
		const __m128i block =
			_mm_loadu_si128((const __m128i *)(const void *)(data + size - 16));
		int found = _mm_movemask_epi8(_mm_cmpeq_epi8(block, feed));

		if (found)
			return size - 16 + 32 - (size_t)__builtin_clz((unsigned)found);
	}
#endif
	while (size && data[size - 1] != '\n')
		size--;
	return size;
}

uint64_t lines_count(const char *data, size_t size, size_t *last)
{
	size_t at = last_line((const unsigned char *)data, size);

	*last = at;
	return at ? scan_lines((const unsigned char *)data, at) : 0;
}
