/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/writer.h"

#include "write/json_text.h"

/*
 * One object a line, for jq and the like. What is not known is null; the keys are those of the list of disks and of the
 * losses.
 */

/** Not the first one; the key is a constant. */
#define add_member(out, key, value) (buffer_literal(out, ",\"" key "\":"), json_text(out, value))

static void add_place(struct buffer *out, const struct ds_place *place)
{
	add_member(out, "file", string_text(place->name));
	buffer_literal(out, ",\"line\":");
	json_ordinal(out, place->line);
	buffer_literal(out, ",\"column\":");
	json_ordinal(out, place->column);
	buffer_literal(out, ",\"offset\":");
	buffer_unsigned(out, place->offset);
}

static void add_related(struct buffer *out, const struct ds_related *related)
{
	buffer_literal(out, "{\"domain\":");
	json_text(out, related->domain);
	add_member(out, "disk", related->disk);
	add_member(out, "host", related->host);
	add_place(out, &related->place);
	buffer_byte(out, '}');
}

static void ndjson_finding(struct report *report, const struct ds_finding *finding, size_t rule)
{
	struct buffer *out = &report->out;

	(void)rule;
	buffer_literal(out, "{\"rule\":");
	json_text(out, string_text(finding->rule->id));
	add_member(out, "name", string_text(finding->rule->name));
	add_member(out, "severity", string_text(ds_severity_text(finding->severity)));
	add_member(out, "domain", finding->domain);
	add_member(out, "uuid", finding->uuid);
	add_member(out, "disk", finding->disk);
	add_member(out, "source", finding->source);
	add_member(out, "text", finding->text);
	add_member(out, "host", finding->host);
	add_place(out, &finding->place);
	add_member(out, "fingerprint", string_text(finding->fingerprint));
	buffer_literal(out, ",\"related\":[");
	for (size_t i = 0; i < finding->related_count; i++) {
		if (i)
			buffer_byte(out, ',');
		add_related(out, &finding->related[i]);
	}
	buffer_literal(out, "]}\n");
}

const struct report_writer report_ndjson = {.finding = ndjson_finding};
