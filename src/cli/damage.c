/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/damage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void damage_init(struct damage *damage, ds_finding_sink *sink, void *context)
{
	memset(damage, 0, sizeof *damage);
	damage->sink = sink;
	damage->context = context;
}

static void forget(struct damage *damage)
{
	free(damage->name);
	free(damage->host);
	damage->name = damage->host = NULL;
	damage->is_waiting = false;
}

void damage_fini(struct damage *damage)
{
	forget(damage);
}

/** Passes on the finding about an input in which no domain was read: its severity is high. */
static enum ds_status on_lost(void *context, const struct ds_finding *finding)
{
	struct damage *damage = context;
	struct ds_finding graver = *finding;
	char text[DS_ERROR_TEXT_SIZE + 64];

	snprintf(text, sizeof text, "%s; no domain was read from this input", damage->error.text);
	graver.severity = DS_SEVERITY_HIGH;
	graver.text = (struct ds_text){text, strlen(text)};
	return damage->sink(damage->context, &graver);
}

/** Passes on the error that was held back. `is_lost`: no domain of its input was read. */
static enum ds_status pass_error(struct damage *damage, bool is_lost)
{
	enum ds_status status;

	if (!damage->is_waiting)
		return DS_OK;
	status = is_lost ? ds_error_finding(&damage->error, on_lost, damage)
			 : ds_error_finding(&damage->error, damage->sink, damage->context);
	forget(damage);
	return status;
}

enum ds_status damage_flush(struct damage *damage)
{
	return pass_error(damage, false);
}

static enum ds_status wait(struct damage *damage, const struct ds_error *error)
{
	damage->is_waiting = true;
	damage->error = *error;
	damage->name = strdup(error->place.name);
	damage->host = error->host ? strdup(error->host) : NULL;
	damage->error.place.name = damage->name;
	damage->error.host = damage->host;
	if (damage->name && (damage->host || !error->host))
		return DS_OK;
	forget(damage);
	return DS_NO_MEMORY;
}

enum ds_status damage_error(struct damage *damage, const struct ds_error *error)
{
	const struct ds_rule *rule = ds_rule_find(error->id);
	enum ds_status status = damage_flush(damage);

	if (status != DS_OK)
		return status;
	return rule && rule->severity < DS_SEVERITY_HIGH
		? wait(damage, error)
		: ds_error_finding(error, damage->sink, damage->context);
}

enum ds_status damage_input(struct damage *damage, const struct ds_input_result *result)
{
	bool is_read = result->domains > result->rejected;

	if (result->kind == DS_INPUT_MEMBER)
		damage->is_archive_read |= is_read;
	if (result->kind == DS_INPUT_ARCHIVE) {
		is_read |= damage->is_archive_read;
		damage->is_archive_read = false;
	}
	return pass_error(damage, !is_read);
}
