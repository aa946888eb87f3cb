/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/text.h"
#include "report/writer.h"
#include "write/json_text.h"

/*
 * One object a line, for jq and the like. What is not known is null; the keys are those of the list
 * of disks and of the losses.
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

/** `state`: "new", "known" or "gone"; NULL without a baseline. */
static void add_finding(struct report *report, const struct ds_finding *finding, const char *state)
{
	struct ds_text state_text = {state, state ? strlen(state) : 0};
	struct buffer *out = &report->out;

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
	add_member(out, "state", state_text);
	buffer_literal(out, ",\"related\":[");
	for (size_t i = 0; i < finding->related_count; i++) {
		if (i)
			buffer_byte(out, ',');
		add_related(out, &finding->related[i]);
	}
	buffer_literal(out, "]}\n");
}

static void ndjson_finding(struct report *report, const struct ds_finding *finding, size_t rule)
{
	(void)rule;
	add_finding(report, finding, report->options.has_baseline ? "new" : NULL);
}

static void ndjson_known(struct report *report, const struct ds_finding *finding, size_t rule)
{
	(void)rule;
	add_finding(report, finding, "known");
}

/** What the baseline says of it; everything else is null. */
static void ndjson_gone(struct report *report, const struct report_gone *gone)
{
	struct buffer *out = &report->out;
	const struct ds_rule *rule = NULL;
	const struct ds_text none = {NULL, 0};

	for (size_t i = 0; i < report->options.rule_count && !rule; i++)
		if (text_is(gone->rule, report->options.rules[i].id))
			rule = &report->options.rules[i];
	buffer_literal(out, "{\"rule\":");
	json_text(out, gone->rule);
	add_member(out, "name", rule ? string_text(rule->name) : none);
	add_member(out, "severity", rule ? string_text(ds_severity_text(rule->severity)) : none);
	add_member(out, "domain", gone->domain);
	buffer_literal(out, ",\"uuid\":null");
	add_member(out, "disk", gone->disk);
	buffer_literal(out, ",\"source\":null,\"text\":null");
	add_member(out, "host", gone->host);
	buffer_literal(out, ",\"file\":null,\"line\":null,\"column\":null,\"offset\":null");
	add_member(out, "fingerprint", gone->fingerprint);
	buffer_literal(out, ",\"state\":\"gone\",\"related\":[]}\n");
}

const struct report_writer report_ndjson = {
	.finding = ndjson_finding, .known = ndjson_known, .gone = ndjson_gone};
