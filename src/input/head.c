/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/head.h"

#include <string.h>

void input_head_init(struct input_head *head, input_pull *pull, void *context)
{
	/* The struct is not cleared as a whole, because `bytes` is large and each member of an
	 * archive has a head. */
	head->pull = pull;
	head->context = context;
	head->begin = 0;
	head->end = 0;
	head->status = DS_OK;
}

bool input_head_fill(struct input_head *head, size_t limit)
{
	size_t room = limit - head->end;
	size_t size = 0;

	if (head->end >= limit || head->status != DS_OK)
		return false;
	head->status = head->pull(head->context, (char *)head->bytes + head->end, room, &size,
		&head->error);
	if (head->status != DS_OK)
		return false;
	head->end += size;
	return size > 0;
}

enum ds_status input_head_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error)
{
	struct input_head *head = context;
	size_t held = head->end - head->begin;

	if (held > 0) {
		*size = held < capacity ? held : capacity;
		memcpy(data, head->bytes + head->begin, *size);
		head->begin += *size;
		return DS_OK;
	}
	if (head->status != DS_OK) {
		*error = head->error;
		return head->status;
	}
	return head->pull(head->context, data, capacity, size, error);
}
