/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/diff_report.h"

#include "record/mask.h"
#include "record/text.h"
#include "write/json_text.h"

/** The name of a kind of difference in NDJSON, and its sign and colour in text. */
static const struct {
	const char *name;
	char sign;
	const char *colour;
} kinds[] = {
	[DS_DOMAIN_ADDED] = {"domain-added", '+', "\033[32m"},
	[DS_DOMAIN_REMOVED] = {"domain-removed", '-', "\033[31m"},
	[DS_DOMAIN_RENAMED] = {"domain-renamed", '~', "\033[33m"},
	[DS_DOMAIN_MOVED] = {"domain-moved", '~', "\033[33m"},
	[DS_DOMAIN_CHANGED] = {"domain-changed", '~', "\033[33m"},
	[DS_DISK_ADDED] = {"disk-added", '+', "\033[32m"},
	[DS_DISK_REMOVED] = {"disk-removed", '-', "\033[31m"},
	[DS_DISK_CHANGED] = {"disk-changed", '~', "\033[33m"},
	[DS_DEVICE_ADDED] = {"device-added", '+', "\033[32m"},
	[DS_DEVICE_REMOVED] = {"device-removed", '-', "\033[31m"},
	[DS_DEVICE_CHANGED] = {"device-changed", '~', "\033[33m"},
};

/* ---- text ---- */

static void add_name(struct buffer *out, struct ds_text name)
{
	buffer_byte(out, '\'');
	mask_text(out, name);
	buffer_byte(out, '\'');
}

static void add_value(struct buffer *out, struct ds_text value)
{
	mask_text(out, value.data ? value : TEXT("(none)"));
}

static void add_change(struct buffer *out, const struct ds_difference *difference)
{
	buffer_literal(out, ": ");
	/* The name of an unknown field is that in the input. */
	mask_text(out, text_of_string(difference->field));
	buffer_byte(out, ' ');
	add_value(out, difference->before);
	buffer_literal(out, " -> ");
	add_value(out, difference->after);
}

static void add_disk(struct buffer *out, const struct ds_difference *difference)
{
	buffer_literal(out, ": disk ");
	add_value(out, difference->disk);
	if (difference->kind == DS_DISK_CHANGED) {
		add_change(out, difference);
		return;
	}
	buffer_string(out, difference->kind == DS_DISK_ADDED ? " added: " : " removed: ");
	add_value(out, difference->kind == DS_DISK_ADDED ? difference->after : difference->before);
}

static void add_device(struct buffer *out, const struct ds_difference *difference)
{
	buffer_literal(out, ": ");
	buffer_string(out, difference->device);
	if (text_given(difference->device_name)) {
		buffer_byte(out, ' ');
		mask_text(out, difference->device_name);
	}
	if (difference->kind == DS_DEVICE_CHANGED)
		add_change(out, difference);
	else
		buffer_string(out, difference->kind == DS_DEVICE_ADDED ? " added" : " removed");
}

static void add_domain(struct buffer *out, const struct ds_difference *difference)
{
	if (text_given(difference->uuid)) {
		buffer_literal(out, " (uuid ");
		mask_text(out, difference->uuid);
		buffer_byte(out, ')');
	}
	switch (difference->kind) {
	case DS_DOMAIN_RENAMED:
		buffer_literal(out, " renamed to ");
		add_name(out, difference->after);
		break;
	case DS_DOMAIN_MOVED:
		buffer_literal(out, " moved from host ");
		add_name(out, difference->before);
		buffer_literal(out, " to ");
		add_name(out, difference->after);
		break;
	default:
		buffer_string(out, difference->kind == DS_DOMAIN_ADDED ? " added" : " removed");
	}
}

/** Appends the subject of the difference, after the name of the domain. */
static void add_subject(struct buffer *out, const struct ds_difference *difference)
{
	switch (difference->kind) {
	case DS_DISK_ADDED:
	case DS_DISK_REMOVED:
	case DS_DISK_CHANGED:
		add_disk(out, difference);
		break;
	case DS_DEVICE_ADDED:
	case DS_DEVICE_REMOVED:
	case DS_DEVICE_CHANGED:
		add_device(out, difference);
		break;
	case DS_DOMAIN_CHANGED:
		add_change(out, difference);
		break;
	default:
		add_domain(out, difference);
	}
}

static void add_line(struct diff_report *report, const struct ds_difference *difference)
{
	struct buffer *out = &report->lines;
	bool is_gone = kinds[difference->kind].sign == '-';

	mask_place(out, is_gone ? &difference->old_place : &difference->new_place);
	if (report->is_coloured)
		buffer_string(out,
			difference->is_escalation ? "\033[1;31m" : kinds[difference->kind].colour);
	buffer_byte(out, difference->is_escalation ? '!' : kinds[difference->kind].sign);
	buffer_literal(out, " domain ");
	add_name(out,
		difference->kind == DS_DOMAIN_RENAMED ? difference->before : difference->domain);
	add_subject(out, difference);
	if (report->is_coloured)
		buffer_literal(out, "\033[0m");
	if (difference->rule) {
		buffer_literal(out, " [");
		buffer_string(out, difference->rule->id);
		buffer_byte(out, ']');
	}
	buffer_byte(out, '\n');
}

/* ---- NDJSON ---- */

/** Adds the position in one of the dumps; the keys begin with its name. */
static void add_side(struct buffer *out, const char *const keys[4], const struct ds_place *place)
{
	json_string(out, keys[0], place->name);
	json_key(out, keys[1]);
	json_ordinal(out, place->line);
	json_key(out, keys[2]);
	json_ordinal(out, place->column);
	json_key(out, keys[3]);
	if (place->name)
		buffer_unsigned(out, place->offset);
	else
		buffer_literal(out, "null");
}

static void add_object(struct buffer *out, const struct ds_difference *difference)
{
	static const char *const old_keys[] = {"old_file", "old_line", "old_column", "old_offset"};
	static const char *const new_keys[] = {"new_file", "new_line", "new_column", "new_offset"};

	buffer_byte(out, '{');
	json_string(out, "kind", kinds[difference->kind].name);
	json_string(out, "id", difference->rule ? difference->rule->id : NULL);
	json_string(out, "severity", ds_severity_text(difference->severity));
	json_member(out, "domain", difference->domain);
	json_member(out, "uuid", difference->uuid);
	json_member(out, "disk", difference->disk);
	json_string(out, "device", difference->device);
	json_member(out, "device_name", difference->device_name);
	json_string(out, "field", difference->field);
	json_member(out, "old", difference->before);
	json_member(out, "new", difference->after);
	add_side(out, old_keys, &difference->old_place);
	add_side(out, new_keys, &difference->new_place);
	buffer_literal(out, "}\n");
}

/* ---- the report ---- */

void diff_report_init(struct diff_report *report, struct target *target,
	enum options_diff_format format, bool is_coloured)
{
	report->target = target;
	report->format = format;
	report->is_coloured = is_coloured;
	buffer_init(&report->lines);
}

void diff_report_fini(struct diff_report *report)
{
	buffer_fini(&report->lines);
}

enum ds_status diff_report_finish(struct diff_report *report)
{
	enum ds_status status =
		target_write(report->target, report->lines.data, report->lines.size);

	buffer_clear(&report->lines, 2 * DIFF_REPORT_BUFFER_SIZE);
	return status;
}

enum ds_status diff_report_add(struct diff_report *report, const struct ds_difference *difference)
{
	if (report->format == DIFF_NDJSON)
		add_object(&report->lines, difference);
	else
		add_line(report, difference);
	if (report->lines.failed)
		return DS_NO_MEMORY;
	return report->lines.size < DIFF_REPORT_BUFFER_SIZE ? DS_OK : diff_report_finish(report);
}
