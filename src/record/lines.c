/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/lines.h"

/** Sixteen bytes at a time is what compilers turn into vector code for this loop; sums of at most 255 fit a byte. */
static uint64_t count(const char *data, size_t size)
{
	uint64_t lines = 0;

	while (size) {
		size_t piece = size < 255 * 16 ? size : 255 * 16;
		uint8_t sums[16] = {0};
		size_t i = 0;

		for (; i + 16 <= piece; i += 16)
			for (size_t k = 0; k < 16; k++)
				sums[k] = (uint8_t)(sums[k] + (data[i + k] == '\n'));
		for (; i < piece; i++)
			lines += data[i] == '\n';
		for (size_t k = 0; k < 16; k++)
			lines += sums[k];
		data += piece;
		size -= piece;
	}
	return lines;
}

uint64_t lines_count(const char *data, size_t size, size_t *last)
{
	size_t at = size;

	while (at && data[at - 1] != '\n')
		at--;
	*last = at;
	return at ? count(data, at) : 0;
}
