/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_HEAD_H
#define INPUT_HEAD_H

#include "input/source.h"

/** This is enough for every test of the first bytes. */
#define INPUT_HEAD_SIZE 4096

/**
 * A layer that allows the first few bytes of the layer below to be inspected before they are read.
 * All later bytes are passed through without being copied. A failure below is kept and reported
 * after the bytes before it.
 */
struct input_head {
	input_pull *pull;
	/** Borrowed. */
	void *context;
	/** The bytes that were inspected but not read yet are bytes[begin … end). */
	unsigned char bytes[INPUT_HEAD_SIZE];
	size_t begin;
	size_t end;
	/** The failure of the layer below while its bytes were inspected, or DS_OK. */
	enum ds_status status;
	/** Filled when `status` is not DS_OK. */
	struct ds_error error;
};

void input_head_init(struct input_head *head, input_pull *pull, void *context);

/** Fetches more bytes for inspection, up to `limit` of them in all, which is at most
 * INPUT_HEAD_SIZE. Returns false when there are no more, when there are that many, or when the
 * layer below failed. */
bool input_head_fill(struct input_head *head, size_t limit);

/** An `input_pull`; `context` is the head. Returns the status of the layer below. */
enum ds_status input_head_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error);

#endif
