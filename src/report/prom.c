/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/writer.h"

/*
 * Prometheus' text format. Each rule of the catalogue has its series from the first run on, with 0, so that an alert sees a
 * finding come; another severity than the rule's usual one has a series when there is any. Labels are words of this
 * program's alone. All are gauges: they are of one run.
 */

static void add_head(struct buffer *out, const char *name, const char *help)
{
	buffer_literal(out, "# HELP domstream_");
	buffer_string(out, name);
	buffer_byte(out, ' ');
	buffer_string(out, help);
	buffer_literal(out, "\n# TYPE domstream_");
	buffer_string(out, name);
	buffer_literal(out, " gauge\n");
}

static void add_value(struct buffer *out, const char *name, const char *labels, uint64_t value)
{
	buffer_literal(out, "domstream_");
	buffer_string(out, name);
	buffer_string(out, labels);
	buffer_byte(out, ' ');
	buffer_unsigned(out, value);
	buffer_byte(out, '\n');
}

static void add_metric(struct buffer *out, const char *name, const char *help, uint64_t value)
{
	add_head(out, name, help);
	add_value(out, name, "", value);
}

static void add_rule(struct report *report, size_t number)
{
	const struct ds_rule *rule = &report->options.rules[number];
	struct buffer *out = &report->out;

	for (size_t i = 0; i < SEVERITY_COUNT; i++) {
		enum ds_severity severity = (enum ds_severity)i;
		uint64_t count = report_count(report, number, severity);

		if (!count && severity != rule->severity)
			continue;
		buffer_literal(out, "domstream_findings{rule=\"");
		buffer_string(out, rule->id);
		buffer_literal(out, "\",name=\"");
		buffer_string(out, rule->name);
		buffer_literal(out, "\",severity=\"");
		buffer_string(out, ds_severity_text(severity));
		buffer_literal(out, "\"} ");
		buffer_unsigned(out, count);
		buffer_byte(out, '\n');
	}
}

static void prom_finish(struct report *report, const struct report_totals *totals)
{
	const struct ds_counts *counts = &totals->counts;
	struct buffer *out = &report->out;

	add_head(out, "findings", "Findings of the last audit, by rule and severity.");
	for (size_t i = 0; i < report->options.rule_count; i++)
		add_rule(report, i);
	add_head(out, "findings_hidden", "Findings of the last audit that were not reported, by reason.");
	add_value(out, "findings_hidden", "{reason=\"threshold\"}", totals->below_threshold);
	add_value(out, "findings_hidden", "{reason=\"baseline\"}", totals->in_baseline);
	add_value(out, "findings_hidden", "{reason=\"suppressed\"}", totals->suppressed);
	add_metric(out, "domains", "Domains that the last audit has seen, rejected ones too.", counts->domains);
	add_metric(out, "rejected", "Domains that the last audit could not read.", counts->rejected);
	add_metric(out, "input_errors", "Errors of the input that rejected no domain.", counts->stream_errors);
	add_metric(out, "disks", "Disks of the domains that the last audit has read.", counts->disks);
	add_metric(out, "files", "Files that the last audit has read.", counts->files);
	add_metric(out, "input_bytes", "Bytes of those files, as they are on disk.", counts->bytes_read);
}

const struct report_writer report_prom = {.finish = prom_finish};
