/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/text.h"
#include "report/writer.h"
#include "write/json_text.h"

/*
 * One JSON object per line, for jq and similar tools. Unknown values are null; the keys are those
 * of the list of disks and of the losses.
 */

static void add_related(struct buffer *out, const struct ds_related *related)
{
	buffer_byte(out, '{');
	json_member(out, "domain", related->domain);
	json_member(out, "disk", related->disk);
	json_member(out, "host", related->host);
	json_place(out, &related->place);
	buffer_byte(out, '}');
}

/** `state` is "new", "known" or "gone", or NULL without a baseline. */
static void add_finding(struct report *report, const struct ds_finding *finding, const char *state)
{
	struct ds_text state_text = {state, state ? strlen(state) : 0};
	struct buffer *out = &report->out;

	buffer_byte(out, '{');
	json_member(out, "rule", text_of_string(finding->rule->id));
	json_member(out, "name", text_of_string(finding->rule->name));
	json_member(out, "severity", text_of_string(ds_severity_text(finding->severity)));
	json_member(out, "domain", finding->domain);
	json_member(out, "uuid", finding->uuid);
	json_member(out, "disk", finding->disk);
	json_member(out, "source", finding->source);
	json_member(out, "text", finding->text);
	json_member(out, "host", finding->host);
	json_place(out, &finding->place);
	json_member(out, "fingerprint", text_of_string(finding->fingerprint));
	json_member(out, "state", state_text);
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

/** Writes the values from the baseline; all others are null. */
static void ndjson_gone(struct report *report, const struct report_gone *gone)
{
	struct buffer *out = &report->out;
	const struct ds_rule *rule = NULL;
	const struct ds_text none = {NULL, 0};

	for (size_t i = 0; i < report->options.rule_count && !rule; i++)
		if (text_is(gone->rule, report->options.rules[i].id))
			rule = &report->options.rules[i];
	buffer_byte(out, '{');
	json_member(out, "rule", gone->rule);
	json_member(out, "name", rule ? text_of_string(rule->name) : none);
	json_member(out, "severity",
		rule ? text_of_string(ds_severity_text(rule->severity)) : none);
	json_member(out, "domain", gone->domain);
	buffer_literal(out, ",\"uuid\":null");
	json_member(out, "disk", gone->disk);
	buffer_literal(out, ",\"source\":null,\"text\":null");
	json_member(out, "host", gone->host);
	buffer_literal(out, ",\"file\":null,\"line\":null,\"column\":null,\"offset\":null");
	json_member(out, "fingerprint", gone->fingerprint);
	buffer_literal(out, ",\"state\":\"gone\",\"related\":[]}\n");
}

const struct report_writer report_ndjson = {
	.finding = ndjson_finding, .known = ndjson_known, .gone = ndjson_gone};
