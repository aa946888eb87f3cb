/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/text.h"
#include "report/writer.h"

#include <stddef.h>
#include <stdio.h>

/*
 * Prometheus' text format. Each rule of the catalogue has a series domstream_rule_findings even
 * without findings, so that an alert can detect an increase from 0, and so has each host with
 * domstream_host_findings. domstream_findings has a series only for findings. All metrics are
 * gauges, because they describe one run.
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

/** Appends a label's value: backslash, quote and line feed are escaped; other control characters
 * and bytes that are not UTF-8 become U+FFFD. */
static void add_label(struct buffer *out, const char *before, struct ds_text value)
{
	buffer_string(out, before);
	for (size_t at = 0, size; at < value.size; at += size) {
		size = text_character(value, at);
		if (value.data[at] == '\n') {
			buffer_literal(out, "\\n");
		} else if (!size || text_is_unsafe(value, at)) {
			buffer_literal(out, "\xef\xbf\xbd");
			size = size ? size : 1;
		} else {
			if (value.data[at] == '"' || value.data[at] == '\\')
				buffer_byte(out, '\\');
			buffer_add(out, value.data + at, size);
		}
	}
	buffer_byte(out, '"');
}

static void end_sample(struct buffer *out, uint64_t value)
{
	buffer_literal(out, "} ");
	buffer_unsigned(out, value);
	buffer_byte(out, '\n');
}

static void add_rule_labels(struct buffer *out, const struct ds_rule *rule,
	enum ds_severity severity)
{
	add_label(out, "rule=\"", text_of_string(rule->id));
	add_label(out, ",name=\"", text_of_string(rule->name));
	add_label(out, ",severity=\"", text_of_string(ds_severity_text(severity)));
}

/** Writes the findings of a rule on all hosts. */
static void add_rule(struct report *report, size_t number)
{
	const struct ds_rule *rule = &report->options.rules[number];
	struct buffer *out = &report->out;

	for (size_t i = 0; i < SEVERITY_COUNT; i++) {
		enum ds_severity severity = (enum ds_severity)i;
		uint64_t count = report_count(report, number, severity);

		if (!count && severity != rule->severity)
			continue;
		buffer_literal(out, "domstream_rule_findings{");
		add_rule_labels(out, rule, severity);
		end_sample(out, count);
	}
}

static void add_cells(struct report *report, const struct host_row *row)
{
	struct buffer *out = &report->out;

	for (size_t i = 0; i < row->cell_count; i++) {
		const struct host_cell *cell = &row->cells[i];

		add_label(out, "domstream_findings{host=\"", text_of_string(row->name));
		buffer_byte(out, ',');
		add_rule_labels(out, &report->options.rules[cell->rule], cell->severity);
		end_sample(out, cell->count);
	}
}

static void add_host_severities(struct report *report, const struct host_row *row)
{
	for (size_t i = 0; i < SEVERITY_COUNT; i++) {
		add_label(&report->out, "domstream_host_findings{host=\"",
			text_of_string(row->name));
		add_label(&report->out, ",severity=\"",
			text_of_string(ds_severity_text((enum ds_severity)i)));
		end_sample(&report->out, row->findings[i]);
	}
}

/** Writes one sample for each host; `value_at` is the offset of the number in the row. */
static void add_host_metric(struct report *report, const char *name, const char *help,
	size_t value_at)
{
	struct buffer *out = &report->out;

	add_head(out, name, help);
	for (size_t i = 0; i < report->hosts.count; i++) {
		const struct host_row *row = report->hosts.rows[i];
		uint64_t value;

		memcpy(&value, (const char *)row + value_at, sizeof value);
		buffer_literal(out, "domstream_");
		buffer_string(out, name);
		add_label(out, "{host=\"", text_of_string(row->name));
		end_sample(out, value);
	}
}

static void add_hosts(struct report *report)
{
	struct buffer *out = &report->out;

	add_head(out, "findings", "Findings of the last audit, by host, rule and severity.");
	for (size_t i = 0; i < report->hosts.count; i++)
		add_cells(report, report->hosts.rows[i]);
	add_head(out, "host_findings", "Findings of the last audit, by host and severity.");
	for (size_t i = 0; i < report->hosts.count; i++)
		add_host_severities(report, report->hosts.rows[i]);
	add_host_metric(report, "host_domains", "Domains of the host that the last audit read.",
		offsetof(struct host_row, domains));
	add_host_metric(report, "host_disks",
		"Disks of the host's domains that the last audit read.",
		offsetof(struct host_row, disks));
	add_host_metric(report, "host_rejected",
		"Domains of the host that the last audit rejected.",
		offsetof(struct host_row, rejected));
	add_host_metric(report, "host_damaged_inputs",
		"Inputs of the host that the last audit could not read to the end.",
		offsetof(struct host_row, damaged_inputs));
}

static void add_run(struct buffer *out, const struct report_totals *totals)
{
	char seconds[32];

	add_metric(out, "run_timestamp_seconds",
		"When the last audit ended, in seconds since 1970.", (uint64_t)totals->time);
	snprintf(seconds, sizeof seconds, "%llu.%03u", (unsigned long long)totals->seconds,
		(unsigned)(totals->seconds * 1000) % 1000);
	add_head(out, "run_duration_seconds", "How long the last audit took.");
	buffer_literal(out, "domstream_run_duration_seconds ");
	buffer_string(out, seconds);
	buffer_byte(out, '\n');
	add_metric(out, "run_status",
		"Exit status of the last audit: 0 fine, 1 findings, 2 some input could not be "
		"read, 4 failed.",
		(uint64_t)totals->status);
}

static void prom_finish(struct report *report, const struct report_totals *totals)
{
	const struct ds_counts *counts = &totals->counts;
	struct buffer *out = &report->out;

	add_hosts(report);
	add_head(out, "rule_findings",
		"Findings of the last audit on all hosts, by rule and severity.");
	for (size_t i = 0; i < report->options.rule_count; i++)
		add_rule(report, i);
	add_head(out, "findings_hidden",
		"Findings of the last audit that were not reported, by reason.");
	add_value(out, "findings_hidden", "{reason=\"threshold\"}", totals->below_threshold);
	add_value(out, "findings_hidden", "{reason=\"baseline\"}", totals->in_baseline);
	add_value(out, "findings_hidden", "{reason=\"suppressed\"}", totals->suppressed);
	add_head(out, "baseline_findings",
		"Findings of the last audit compared with its baseline.");
	add_value(out, "baseline_findings", "{state=\"new\"}",
		report->options.has_baseline ? report->finding_count : 0);
	add_value(out, "baseline_findings", "{state=\"known\"}", totals->in_baseline);
	add_value(out, "baseline_findings", "{state=\"gone\"}", totals->gone);
	add_value(out, "baseline_findings", "{state=\"kept\"}", totals->kept);
	add_metric(out, "hosts", "Hosts with a domain that the last audit found.", counts->hosts);
	add_metric(out, "domains", "Domains that the last audit found, including rejected ones.",
		counts->domains);
	add_metric(out, "rejected", "Domains that the last audit rejected.", counts->rejected);
	add_metric(out, "input_errors", "Errors of the input that rejected no domain.",
		counts->stream_errors);
	add_metric(out, "inputs_damaged", "Inputs that the last audit could not read to the end.",
		counts->inputs_damaged);
	add_metric(out, "disks", "Disks of the domains that the last audit read.", counts->disks);
	add_metric(out, "files", "Files that the last audit read.", counts->files);
	add_metric(out, "input_bytes",
		"Bytes of the files that the last audit read, as they are on disk.",
		counts->bytes_read);
	add_run(out, totals);
}

const struct report_writer report_prom = {.finish = prom_finish};
