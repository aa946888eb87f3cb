/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/pack.h"

int pack_uuid(struct ds_text uuid, unsigned char packed[PACK_UUID_SIZE])
{
	/* One more than the value; upper-case digits are not of the usual form. */
	static const unsigned char digits[256] = {
		['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
		['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
	};
	static const unsigned char places[PACK_UUID_SIZE] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
	const unsigned char *data = (const unsigned char *)uuid.data;
	int is_uuid = uuid.size == UUID_SIZE && data[8] == '-' && data[13] == '-' && data[18] == '-' && data[23] == '-';
	unsigned wrong = 0;

	for (size_t i = 0; i < PACK_UUID_SIZE && is_uuid; i++) {
		unsigned high = digits[data[places[i]]] - 1u, low = digits[data[places[i] + 1]] - 1u;

		/* All bits are set of what was no digit. */
		wrong |= high | low;
		packed[i] = (unsigned char)(high << 4 | low);
	}
	is_uuid &= wrong < 16;
	if (!is_uuid)
		memset(packed, 0, PACK_UUID_SIZE);
	return is_uuid;
}

void unpack_uuid(const unsigned char packed[PACK_UUID_SIZE], char uuid[UUID_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < PACK_UUID_SIZE; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*uuid++ = '-';
		*uuid++ = digits[packed[i] >> 4];
		*uuid++ = digits[packed[i] & 15];
	}
}
