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

	buffer_literal(out, "{\"reason\":");
	json_text(out, (struct ds_text){loss->reason, strlen(loss->reason)});
	buffer_literal(out, ",\"domain\":");
	json_text(out, loss->domain->name);
	buffer_literal(out, ",\"uuid\":");
	json_text(out, loss->domain->uuid);
	buffer_literal(out, ",\"path\":");
	json_text(out, loss->path);
	buffer_literal(out, ",\"value\":");
	json_text(out, loss->value);
	buffer_literal(out, ",\"file\":");
	json_text(out, (struct ds_text){place.name, strlen(place.name)});
	buffer_literal(out, ",\"line\":");
	json_ordinal(out, place.line);
	buffer_literal(out, ",\"column\":");
	json_ordinal(out, place.column);
	buffer_literal(out, ",\"offset\":");
	buffer_unsigned(out, place.offset);
	buffer_literal(out, "}\n");
}

enum ds_status losses_add(struct losses *losses, const struct ds_loss *loss)
{
	add_object(losses, loss);
	if (losses->lines.failed)
		return DS_NO_MEMORY;
	return losses->lines.size < LOSSES_BUFFER_SIZE ? DS_OK : losses_finish(losses);
}
