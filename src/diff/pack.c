/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/pack.h"

bool pack_uuid(struct ds_text uuid, unsigned char packed[PACK_UUID_SIZE])
{
	bool is_uuid = text_pack_uuid(uuid, packed);

	if (!is_uuid)
		memset(packed, 0, PACK_UUID_SIZE);
	return is_uuid;
}
