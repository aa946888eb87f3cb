/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/diff_report.h"

#include <string.h>

#include "record/mask.h"
#include "record/text.h"
#include "write/json_text.h"

static struct ds_text from_string(const char *string)
{
	return (struct ds_text){string, string ? strlen(string) : 0};
}

static int is_of_disk(const struct ds_difference *difference)
{
	return difference->kind >= DS_DISK_ADDED && difference->kind <= DS_DISK_CHANGED;
}

/* ---- text ----------------------------------------------------------------------------------------------- */

/** The sign of each kind, and its colour. */
static const struct {
	char sign;
	const char *colour;
} signs[] = {
	[DS_DOMAIN_ADDED] = {'+', "\033[32m"},	 [DS_DOMAIN_REMOVED] = {'-', "\033[31m"},
	[DS_DOMAIN_RENAMED] = {'~', "\033[33m"}, [DS_DISK_ADDED] = {'+', "\033[32m"},
	[DS_DISK_REMOVED] = {'-', "\033[31m"},	 [DS_DISK_CHANGED] = {'~', "\033[33m"},
};

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

static void add_disk(struct buffer *out, const struct ds_difference *difference)
{
	buffer_literal(out, ": disk ");
	add_value(out, difference->disk);
	if (difference->kind == DS_DISK_CHANGED) {
		buffer_literal(out, ": ");
		buffer_string(out, difference->field);
		buffer_byte(out, ' ');
		add_value(out, difference->before);
		buffer_literal(out, " -> ");
		add_value(out, difference->after);
		return;
	}
	buffer_string(out, difference->kind == DS_DISK_ADDED ? " added: " : " removed: ");
	add_value(out, difference->kind == DS_DISK_ADDED ? difference->after : difference->before);
}

static void add_domain(struct buffer *out, const struct ds_difference *difference)
{
	if (text_given(difference->uuid)) {
		buffer_literal(out, " (uuid ");
		mask_text(out, difference->uuid);
		buffer_byte(out, ')');
	}
	if (difference->kind == DS_DOMAIN_RENAMED) {
		buffer_literal(out, " renamed to ");
		add_name(out, difference->after);
	} else {
		buffer_string(out, difference->kind == DS_DOMAIN_ADDED ? " added" : " removed");
	}
}

static void add_line(struct diff_report *report, const struct ds_difference *difference)
{
	struct buffer *out = &report->lines;
	int is_gone = difference->kind == DS_DOMAIN_REMOVED || difference->kind == DS_DISK_REMOVED;
	char sign = signs[difference->kind].sign;

	mask_place(out, is_gone ? &difference->old_place : &difference->new_place);
	if (report->is_coloured)
		buffer_string(out, difference->is_escalation ? "\033[1;31m" : signs[difference->kind].colour);
	buffer_byte(out, difference->is_escalation ? '!' : sign);
	buffer_literal(out, " domain ");
	add_name(out, difference->kind == DS_DOMAIN_RENAMED ? difference->before : difference->domain);
	if (is_of_disk(difference))
		add_disk(out, difference);
	else
		add_domain(out, difference);
	if (report->is_coloured)
		buffer_literal(out, "\033[0m");
	if (difference->rule) {
		buffer_literal(out, " [");
		buffer_string(out, difference->rule->id);
		buffer_byte(out, ']');
	}
	buffer_byte(out, '\n');
}

/* ---- NDJSON --------------------------------------------------------------------------------------------- */

static void add_key(struct buffer *out, const char *side, const char *key)
{
	buffer_literal(out, ",\"");
	buffer_string(out, side);
	buffer_string(out, key);
	buffer_literal(out, "\":");
}

static void add_side(struct buffer *out, const char *side, const struct ds_place *place)
{
	add_key(out, side, "file");
	json_text(out, from_string(place->name));
	add_key(out, side, "line");
	json_ordinal(out, place->line);
	add_key(out, side, "column");
	json_ordinal(out, place->column);
	add_key(out, side, "offset");
	if (place->name)
		buffer_unsigned(out, place->offset);
	else
		buffer_literal(out, "null");
}

static void add_object(struct buffer *out, const struct ds_difference *difference)
{
	static const char *const kinds[] = {"domain-added", "domain-removed", "domain-renamed", "disk-added", "disk-removed",
					    "disk-changed"};
	const struct {
		const char *key;
		struct ds_text value;
	} members[] = {
		{"id", from_string(difference->rule ? difference->rule->id : NULL)},
		{"severity", from_string(ds_severity_text(difference->severity))},
		{"domain", difference->domain},
		{"uuid", difference->uuid},
		{"disk", difference->disk},
		{"field", from_string(difference->field)},
		{"old", difference->before},
		{"new", difference->after},
	};

	buffer_literal(out, "{\"kind\":");
	json_text(out, from_string(kinds[difference->kind]));
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		add_key(out, "", members[i].key);
		json_text(out, members[i].value);
	}
	add_side(out, "old_", &difference->old_place);
	add_side(out, "new_", &difference->new_place);
	buffer_literal(out, "}\n");
}

/* ---- all ------------------------------------------------------------------------------------------------ */

void diff_report_init(struct diff_report *report, struct target *target, enum diff_format format, int is_coloured)
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
	enum ds_status status = target_write(report->target, report->lines.data, report->lines.size);

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
