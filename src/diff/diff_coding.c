/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/diff_coding.h"

bool diff_uuid_encode(struct ds_text uuid, unsigned char bytes[UUID_BYTES])
{
	bool is_uuid = text_parse_uuid(uuid, bytes);

	if (!is_uuid)
		memset(bytes, 0, UUID_BYTES);
	return is_uuid;
}
