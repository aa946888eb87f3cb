/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_HEAD_H
#define INPUT_HEAD_H

#include "input/source.h"

/** Enough for everything that is looked for. */
#define INPUT_HEAD_SIZE 4096

/**
 * A layer that lets the first few bytes of the layer below be looked at before they are read. All
 * later bytes pass by without being copied. A failure below is kept and comes behind the bytes that
 * came before it.
 */
struct input_head {
	input_pull *pull;
	/** Borrowed. */
	void *context;
	/** Looked at and not yet read: bytes[begin … end). */
	unsigned char bytes[INPUT_HEAD_SIZE];
	size_t begin;
	size_t end;
	/** What looking ahead came upon; DS_OK: nothing. */
	enum ds_status status;
	/** Filled when `status` is not DS_OK. */
	struct ds_error error;
};

void input_head_init(struct input_head *head, input_pull *pull, void *context);

/** Looks at some more bytes, up to `limit` of them in all, which is at most INPUT_HEAD_SIZE. False:
 * there are no more, or there are that many, or the layer below failed. */
bool input_head_fill(struct input_head *head, size_t limit);

/** An `input_pull`; `context` is the head. Returns what the layer below returns. */
enum ds_status input_head_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error);

#endif
