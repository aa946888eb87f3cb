/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_METER_H
#define INPUT_METER_H

#include "input/source.h"

/**
 * A layer that counts the bytes that pass through it, and computes their CRC-32 on request.
 */
struct input_meter {
	input_pull *pull;
	/** Borrowed. */
	void *context;
	bool wants_crc32;
	/** The layer below has ended, so `bytes_read` and `crc32` cover all of its bytes. */
	bool is_ended;
	uint64_t bytes_read;
	uint32_t crc32;
};

void input_meter_init(struct input_meter *meter, input_pull *pull, void *context, bool wants_crc32);

/** An `input_pull`; `context` is the meter. Returns the status of the layer below. */
enum ds_status input_meter_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error);

#endif
