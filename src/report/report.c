/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/report.h"

#include "record/text.h"
#include "report/writer.h"

#include <stdlib.h>

/** The number of bytes that are buffered before the sink gets them. */
#define REPORT_BUFFER_SIZE 65536

static const struct report_writer *const writers[] = {
	[REPORT_TEXT] = &report_text,
	[REPORT_TERMINAL] = &report_terminal,
	[REPORT_NDJSON] = &report_ndjson,
	[REPORT_SARIF] = &report_sarif,
	[REPORT_JUNIT] = &report_junit,
	[REPORT_PROM] = &report_prom,
	[REPORT_HTML] = &report_html,
};

/* ---- counts ---- */

uint64_t report_count_severity(const struct report *report, enum ds_severity severity)
{
	uint64_t count = 0;

	for (size_t i = 0; i < report->options.rule_count; i++)
		count += report_count(report, i, severity);
	return count;
}

uint64_t report_count_rule(const struct report *report, size_t rule)
{
	uint64_t count = 0;

	for (size_t i = 0; i < SEVERITY_COUNT; i++)
		count += report_count(report, rule, (enum ds_severity)i);
	return count;
}

/** Returns the index of a rule, or `rule_count` when it is not in the catalogue. */
static size_t find_rule(const struct report *report, const struct ds_rule *rule)
{
	const struct ds_rule *rules = report->options.rules;
	size_t i = 0;

	if (rule >= rules && rule < rules + report->options.rule_count)
		return (size_t)(rule - rules);
	while (i < report->options.rule_count && strcmp(report->options.rules[i].id, rule->id) != 0)
		i++;
	return i;
}

/* ---- bytes ---- */

static enum ds_status flush(struct report *report, size_t least)
{
	if (report->out.failed)
		report->status = DS_NO_MEMORY;
	if (report->status != DS_OK || report->out.size == 0 || report->out.size < least)
		return report->status;
	report->status =
		report->options.sink(report->options.context, report->out.data, report->out.size);
	buffer_clear(&report->out, 2 * REPORT_BUFFER_SIZE);
	return report->status;
}

static void begin(struct report *report)
{
	if (!report->has_begun && report->writer->begin)
		report->writer->begin(report);
	report->has_begun = true;
}

/* ---- the interface ---- */

struct report *report_new(const struct report_options *options)
{
	struct report *report;

	if ((size_t)options->format >= sizeof writers / sizeof *writers ||
		!writers[options->format])
		return NULL;
	report = calloc(1, sizeof *report);
	if (!report)
		return NULL;
	report->writer = writers[options->format];
	report->options = *options;
	if (!options->rules)
		report->options.rules = ds_rules(&report->options.rule_count);
	buffer_init(&report->out);
	/* One more item is allocated, so that the size is never 0. */
	report->counts =
		calloc((report->options.rule_count + 1) * SEVERITY_COUNT, sizeof *report->counts);
	if (!report->counts || (report->writer->init && !report->writer->init(report))) {
		report_free(report);
		return NULL;
	}
	return report;
}

enum ds_status report_domain(struct report *report, const struct ds_domain *domain)
{
	if (report->status != DS_OK)
		return report->status;
	begin(report);
	if (report->writer->domain)
		report->writer->domain(report, domain);
	return flush(report, REPORT_BUFFER_SIZE);
}

enum ds_status report_finding(struct report *report, const struct ds_finding *finding)
{
	size_t rule = find_rule(report, finding->rule);

	if (report->status != DS_OK)
		return report->status;
	if (rule == report->options.rule_count)
		return report->status = DS_USAGE;
	begin(report);
	report->counts[rule * SEVERITY_COUNT + finding->severity]++;
	report->finding_count++;
	if (!host_table_count(&report->hosts, finding->host, rule, finding->severity))
		report->out.failed = true;
	if (report->writer->finding)
		report->writer->finding(report, finding, rule);
	return flush(report, REPORT_BUFFER_SIZE);
}

enum ds_status report_known(struct report *report, const struct ds_finding *finding)
{
	size_t rule = find_rule(report, finding->rule);

	if (report->status != DS_OK || !report->writer->known || rule == report->options.rule_count)
		return report->status;
	begin(report);
	report->writer->known(report, finding, rule);
	return flush(report, REPORT_BUFFER_SIZE);
}

enum ds_status report_gone(struct report *report, const struct report_gone *gone)
{
	if (report->status != DS_OK || !report->writer->gone)
		return report->status;
	begin(report);
	report->writer->gone(report, gone);
	return flush(report, REPORT_BUFFER_SIZE);
}

bool report_lists_shared_images(const struct report *report)
{
	return report->writer->shared != NULL;
}

enum ds_status report_shared_image(struct report *report, const struct ds_shared_image *image)
{
	if (report->status != DS_OK || !report->writer->shared)
		return report->status;
	begin(report);
	report->writer->shared(report, image);
	return flush(report, REPORT_BUFFER_SIZE);
}

/** Adds the counts of an input to its host. An archive belongs to no host, but its members do. */
static void count_input(struct report *report, const struct ds_input_result *result)
{
	struct host_row *row;

	if (!result->host || (!result->domains && !result->rejected))
		return;
	row = host_table_row(&report->hosts, text_of_string(result->host));
	if (!row) {
		report->out.failed = true;
		return;
	}
	row->domains += result->domains;
	row->disks += result->disks;
	row->rejected += result->rejected;
	row->damaged_inputs += result->outcome == DS_OUTCOME_DAMAGED;
}

enum ds_status report_input(struct report *report, const struct ds_input_result *result)
{
	if (report->status != DS_OK)
		return report->status;
	begin(report);
	count_input(report, result);
	if (report->writer->input)
		report->writer->input(report, result);
	return flush(report, REPORT_BUFFER_SIZE);
}

enum ds_status report_finish(struct report *report, const struct report_totals *totals)
{
	if (report->status != DS_OK)
		return report->status;
	begin(report);
	host_table_sort(&report->hosts);
	if (report->writer->finish)
		report->writer->finish(report, totals);
	return flush(report, 0);
}

void report_free(struct report *report)
{
	if (!report)
		return;
	if (report->writer->fini && report->own)
		report->writer->fini(report);
	buffer_fini(&report->out);
	host_table_fini(&report->hosts);
	free(report->counts);
	free(report);
}
