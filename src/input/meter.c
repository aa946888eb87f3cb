/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/meter.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

void input_meter_init(struct input_meter *meter, input_pull *pull, void *context, bool wants_crc32)
{
	memset(meter, 0, sizeof(*meter));
	meter->pull = pull;
	meter->context = context;
	meter->wants_crc32 = wants_crc32;
}

enum ds_status input_meter_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error)
{
	struct input_meter *meter = context;
	enum ds_status status;

	/* The length argument of crc32() is an unsigned int. */
	if (capacity > UINT_MAX)
		capacity = UINT_MAX;
	status = meter->pull(meter->context, data, capacity, size, error);
	if (status != DS_OK)
		return status;
	meter->is_ended = *size == 0;
	meter->bytes_read += *size;
	if (meter->wants_crc32 && *size > 0)
		meter->crc32 =
			(uint32_t)crc32(meter->crc32, (const unsigned char *)data, (uInt)*size);
	return DS_OK;
}
