/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/losses.h"

#include "record/text.h"
#include "write/json_text.h"

void losses_init(struct losses *losses, struct target *target)
{
	losses->target = target;
	buffer_init(&losses->lines);
}

void losses_fini(struct losses *losses)
{
	buffer_fini(&losses->lines);
}

enum ds_status losses_finish(struct losses *losses)
{
	enum ds_status status =
		target_write(losses->target, losses->lines.data, losses->lines.size);

	buffer_clear(&losses->lines, LOSSES_BUFFER_SIZE);
	return status;
}

static struct ds_place place_of(struct losses *losses, const struct ds_loss *loss)
{
	if (loss->number == 0 || losses->places.domain != loss->domain)
		losses->places = place_finder_of(loss->domain);
	return place_find(&losses->places, loss->at);
}

/** Writes a string of any size without a copy of all of it: the value may be as large as its
 * domain. */
static enum ds_status add_value(struct losses *losses, struct ds_text value)
{
	struct buffer *out = &losses->lines;
	enum ds_status status;

	json_key(out, "value");
	if (value.size <= LOSSES_BUFFER_SIZE) {
		json_text(out, value);
		return DS_OK;
	}
	buffer_byte(out, '"');
	status = losses_finish(losses);
	while (status == DS_OK && value.size) {
		struct ds_text slice = text_beginning(value, LOSSES_BUFFER_SIZE);

		json_text(out, slice);
		if (out->failed)
			return DS_NO_MEMORY;
		status = target_write(losses->target, out->data + 1, out->size - 2);
		buffer_clear(out, LOSSES_BUFFER_SIZE);
		value = text_from(value, slice.size);
	}
	buffer_byte(out, '"');
	return status;
}

static enum ds_status add_object(struct losses *losses, const struct ds_loss *loss)
{
	struct buffer *out = &losses->lines;
	struct ds_place place = place_of(losses, loss);
	enum ds_status status;

	buffer_byte(out, '{');
	json_string(out, "reason", loss->reason);
	json_member(out, "domain", loss->domain->name);
	json_member(out, "uuid", loss->domain->uuid);
	json_member(out, "path", loss->path);
	status = add_value(losses, loss->value);
	json_place(out, &place);
	buffer_literal(out, "}\n");
	return status;
}

enum ds_status losses_add(struct losses *losses, const struct ds_loss *loss)
{
	enum ds_status status = add_object(losses, loss);

	if (status != DS_OK)
		return status;
	if (losses->lines.failed)
		return DS_NO_MEMORY;
	return losses->lines.size < LOSSES_BUFFER_SIZE ? DS_OK : losses_finish(losses);
}
