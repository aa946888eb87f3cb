/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/page_tables.h"

#include "record/text.h"
#include "report/markup.h"
#include "report/page.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN_HOSTS 1000

/** Appends the end of a row: its number and its bar. */
static void add_bar(struct buffer *out, uint64_t count, uint64_t most, int severity)
{
	page_cell(out, count);
	buffer_literal(out, "<td class=\"bar\">");
	page_bar(out, count, most, severity);
	buffer_literal(out, "</td></tr>\n");
}

/** The section has one bar for all findings, and a row for each severity. */
void page_severities(struct report *report)
{
	static const struct page_column columns[] = {{"Severity", NULL}, {"Count", "number"},
		{"Compared", "bar"}, {NULL, NULL}};
	struct buffer *out = &report->out;
	uint64_t counts[SEVERITY_COUNT], most = 0;

	for (int i = 0; i < SEVERITY_COUNT; i++) {
		counts[i] = report_count_severity(report, (enum ds_severity)i);
		most = counts[i] > most ? counts[i] : most;
	}
	page_section(out, "severities", "Findings by severity");
	page_severity_bar(out, "share", counts, report->finding_count);
	page_table(out, NULL, "Findings of each severity", columns);
	for (int i = DS_SEVERITY_CRITICAL; i >= 0; i--) {
		enum ds_severity severity = (enum ds_severity)i;

		buffer_literal(out, "<tr class=\"");
		buffer_string(out, ds_severity_text(severity));
		buffer_literal(out, "\"><th scope=\"row\">");
		page_severity(out, severity);
		buffer_literal(out, "</th>");
		add_bar(out, counts[i], most, i);
	}
	page_table_end(out);
	page_section_end(out);
}

static void add_example(struct buffer *out, const char *term, const char *text)
{
	if (!*text)
		return;
	page_term(out, term);
	buffer_literal(out, "<pre>");
	markup_lines(out, text);
	buffer_literal(out, "</pre></dd>");
}

/** Appends the texts of a rule from the catalogue. */
static void add_rule_text(struct buffer *out, const struct ds_rule *rule)
{
	buffer_literal(out, "<dl>");
	if (*rule->why) {
		page_term(out, "Why");
		markup_lines(out, rule->why);
		buffer_literal(out, "</dd>");
	}
	add_example(out, "Bad", rule->bad);
	add_example(out, "Good", rule->good);
	if (*rule->source) {
		page_term(out, "Source");
		markup_lines(out, rule->source);
		buffer_literal(out, "</dd>");
	}
	buffer_literal(out, "</dl>");
}

/** Returns the highest severity of a rule's findings, or -1 for a rule without findings. */
static int worst_of(const struct report *report, size_t rule)
{
	int severity = DS_SEVERITY_CRITICAL;

	while (severity >= 0 && !report_count(report, rule, (enum ds_severity)severity))
		severity--;
	return severity;
}

static void add_rule(struct report *report, size_t number, uint64_t most)
{
	const struct ds_rule *rule = &report->options.rules[number];
	struct buffer *out = &report->out;

	buffer_literal(out, "<tr id=\"");
	buffer_string(out, rule->id);
	buffer_literal(out, "\"><th scope=\"row\">");
	buffer_string(out, rule->id);
	buffer_literal(out, "</th><td><details><summary>");
	markup_lines(out, rule->title);
	buffer_literal(out, "</summary>");
	add_rule_text(out, rule);
	buffer_literal(out, "</details></td>");
	page_cell(out, report_count_rule(report, number));
	buffer_literal(out, "<td class=\"bar\">");
	page_severity_bar(out, NULL, &report->counts[number * SEVERITY_COUNT], most);
	buffer_literal(out, "</td></tr>\n");
}

/** page.js adds a button to each rule that shows only its findings in the list. */
void page_rules(struct report *report)
{
	static const struct page_column columns[] = {{"Rule", NULL}, {"Meaning", NULL},
		{"Count", "number"}, {"Compared", "bar"}, {NULL, NULL}};
	struct buffer *out = &report->out;
	uint64_t most = 0;

	for (size_t i = 0; i < report->options.rule_count; i++) {
		uint64_t count = report_count_rule(report, i);

		most = count > most ? count : most;
	}
	if (!most)
		return;
	page_section(out, "rules", "Findings by rule");
	page_table(out, "rules", "Findings of each rule, the most severe first", columns);
	for (int severity = DS_SEVERITY_CRITICAL; severity >= 0; severity--)
		for (size_t i = 0; i < report->options.rule_count; i++)
			if (worst_of(report, i) == severity)
				add_rule(report, i, most);
	page_table_end(out);
	page_section_end(out);
}

/** Appends a cell that is empty for 0. */
static void add_host_cell(struct buffer *out, uint64_t count)
{
	if (count)
		page_cell(out, count);
	else
		buffer_literal(out, "<td class=\"number\"></td>");
}

/** Compares hosts by their findings, the most severe first, and then by name. */
static int by_findings(const void *left, const void *right)
{
	const struct host_row *a = *(struct host_row *const *)left;
	const struct host_row *b = *(struct host_row *const *)right;

	for (int severity = DS_SEVERITY_CRITICAL; severity >= 0; severity--)
		if (a->findings[severity] != b->findings[severity])
			return a->findings[severity] > b->findings[severity] ? -1 : 1;
	return strcmp(a->name, b->name);
}

/** Hosts are sorted by name. If there are too many, those with the most severe findings are
 * shown. */
void page_host_table(struct report *report)
{
	static const struct page_column columns[] = {{"Host", NULL}, {"critical", "number"},
		{"high", "number"}, {"medium", "number"}, {"low", "number"}, {"info", "number"},
		{"Domains", "number"}, {"Disks", "number"}, {"Rejected", "number"}, {NULL, NULL}};
	struct buffer *out = &report->out;

	if (!report->hosts.count)
		return;
	if (report->hosts.count > SHOWN_HOSTS)
		qsort(report->hosts.rows, report->hosts.count, sizeof *report->hosts.rows,
			by_findings);
	page_section(out, "hosts", "Hosts");
	page_table(out, "hosts", "Findings of each host", columns);
	for (size_t i = 0; i < report->hosts.count && i < SHOWN_HOSTS; i++) {
		const struct host_row *row = report->hosts.rows[i];

		page_heading(out, *row->name ? text_of_string(row->name) : TEXT("unknown"));
		for (int severity = DS_SEVERITY_CRITICAL; severity >= 0; severity--)
			add_host_cell(out, row->findings[severity]);
		add_host_cell(out, row->domains);
		add_host_cell(out, row->disks);
		add_host_cell(out, row->rejected);
		buffer_literal(out, "</tr>\n");
	}
	page_table_end(out);
	page_others(out, report->hosts.count, SHOWN_HOSTS, "other host", "other hosts");
	page_section_end(out);
}

static void begin_bars(struct buffer *out, const char *caption, const char *what)
{
	const struct page_column columns[] = {{what, NULL}, {"Count", "number"},
		{"Compared", "bar"}, {NULL, NULL}};

	page_table(out, NULL, caption, columns);
}

static void add_named_bar(struct buffer *out, struct ds_text name, uint64_t count, uint64_t most)
{
	if (!count)
		return;
	page_heading(out, name);
	add_bar(out, count, most, -1);
}

void page_kinds(struct buffer *out, const struct tally *tally)
{
	static const char *const devices[] = {"disk", "CD drive", "floppy", "LUN"};
	static const char *const sources[] = {"file", "block device", "directory", "network",
		"volume", "NVMe", "vhost-user", "vhost-vdpa", "other"};

	page_section(out, "kinds", "Domains and disks");
	begin_bars(out, "Domains that were read", "Kind");
	add_named_bar(out, TEXT("PV"), tally->domains - tally->hvm, tally->domains);
	add_named_bar(out, TEXT("HVM"), tally->hvm, tally->domains);
	add_named_bar(out, TEXT("as libvirt XML"), tally->xml, tally->domains);
	add_named_bar(out, TEXT("as xend SEXPR"), tally->domains - tally->xml, tally->domains);
	page_table_end(out);
	begin_bars(out, "Their disks by device", "Device");
	for (size_t i = 0; i <= DS_DEVICE_LUN; i++)
		add_named_bar(out, text_of_string(devices[i]), tally->devices[i], tally->disks);
	page_table_end(out);
	begin_bars(out, "Their disks by source", "Source");
	for (size_t i = 0; i <= DS_SOURCE_OTHER; i++)
		add_named_bar(out, text_of_string(sources[i]), tally->sources[i], tally->disks);
	page_table_end(out);
	page_section_end(out);
}

void page_words(struct buffer *out, const char *caption, const char *what,
	const struct tally_words *words, uint64_t disks)
{
	begin_bars(out, caption, what);
	for (size_t i = 0; i < words->word_count; i++) {
		const struct tally_word *word = &words->words[i];

		add_named_bar(out, (struct ds_text){word->name, word->size}, word->count, disks);
	}
	add_named_bar(out, TEXT("others"), words->others, disks);
	add_named_bar(out, TEXT("unspecified"), words->unset_count, disks);
	page_table_end(out);
}
