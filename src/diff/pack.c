/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/pack.h"

int pack_uuid(struct ds_text uuid, unsigned char packed[PACK_UUID_SIZE])
{
	int is_uuid = text_pack_uuid(uuid, packed);

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
