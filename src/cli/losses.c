/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/losses.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"

void losses_init(struct losses *losses, struct target *target)
{
	losses->target = target;
	losses->used = 0;
}

enum ds_status losses_finish(struct losses *losses)
{
	size_t used = losses->used;

	losses->used = 0;
	return used > 0 ? target_write(losses->target, losses->buffer, used) : DS_OK;
}

static enum ds_status append(struct losses *losses, const char *data, size_t size)
{
	if (size > LOSSES_BUFFER_SIZE - losses->used && losses_finish(losses) != DS_OK)
		return DS_SYSTEM;
	if (size > LOSSES_BUFFER_SIZE)
		return target_write(losses->target, data, size);
	memcpy(losses->buffer + losses->used, data, size);
	losses->used += size;
	return DS_OK;
}

/** The functions below return NULL when there is no memory; json_object_set_new() then returns -1. */
static json_t *new_text(const char *data, size_t size)
{
	json_t *json;
	size_t new_size;
	char *copy;

	if (!data)
		return json_null();
	copy = text_to_utf8(data, size, &new_size);
	if (!copy)
		return NULL;
	json = json_stringn_nocheck(copy, new_size);
	free(copy);
	return json;
}

static json_t *new_string(const char *string)
{
	return new_text(string, string ? strlen(string) : 0);
}

static json_t *new_number(uint64_t number)
{
	return json_integer(number < INT64_MAX ? (json_int_t)number : INT64_MAX);
}

/** Lines and columns count from 1, so 0 means that they are not known. */
static json_t *new_ordinal(uint64_t number)
{
	return number > 0 ? new_number(number) : json_null();
}

static json_t *new_object(const struct ds_loss *loss)
{
	const struct ds_text *name = &loss->domain->name;
	const struct ds_text *uuid = &loss->domain->uuid;
	struct ds_place place = ds_domain_place(loss->domain, loss->at);
	json_t *json = json_object();
	int failed = 0;

	if (!json)
		return NULL;
	failed |= json_object_set_new(json, "reason", new_string(loss->reason));
	failed |= json_object_set_new(json, "domain", new_text(name->data, name->size));
	failed |= json_object_set_new(json, "uuid", new_text(uuid->data, uuid->size));
	failed |= json_object_set_new(json, "path", new_text(loss->path.data, loss->path.size));
	failed |= json_object_set_new(json, "value", new_text(loss->value.data, loss->value.size));
	failed |= json_object_set_new(json, "file", new_string(place.name));
	failed |= json_object_set_new(json, "line", new_ordinal(place.line));
	failed |= json_object_set_new(json, "column", new_ordinal(place.column));
	failed |= json_object_set_new(json, "offset", new_number(place.offset));
	if (!failed)
		return json;
	json_decref(json);
	return NULL;
}

enum ds_status losses_add(struct losses *losses, const struct ds_loss *loss)
{
	json_t *json = new_object(loss);
	char *line = json ? json_dumps(json, JSON_COMPACT) : NULL;
	enum ds_status status;

	json_decref(json);
	if (!line)
		return DS_NO_MEMORY;
	status = append(losses, line, strlen(line));
	free(line);
	return status == DS_OK ? append(losses, "\n", 1) : status;
}
