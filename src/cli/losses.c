/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/losses.h"

#include "write/json_text.h"

#include <string.h>

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

static void add_object(struct losses *losses, const struct ds_loss *loss)
{
	struct buffer *out = &losses->lines;
	struct ds_place place = place_of(losses, loss);

	buffer_byte(out, '{');
	json_string(out, "reason", loss->reason);
	json_member(out, "domain", loss->domain->name);
	json_member(out, "uuid", loss->domain->uuid);
	json_member(out, "path", loss->path);
	json_member(out, "value", loss->value);
	json_place(out, &place);
	buffer_literal(out, "}\n");
}

enum ds_status losses_add(struct losses *losses, const struct ds_loss *loss)
{
	add_object(losses, loss);
	if (losses->lines.failed)
		return DS_NO_MEMORY;
	return losses->lines.size < LOSSES_BUFFER_SIZE ? DS_OK : losses_finish(losses);
}
