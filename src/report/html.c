/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/text.h"
#include "report/keeper.h"
#include "report/page.h"
#include "report/page_css.h"
#include "report/page_js.h"
#include "report/page_tables.h"
#include "report/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/*
 * A single page. The counts are at its top, so it is written at the end; until then, the findings
 * that it will contain are kept as finished rows. The page can be read without scripts: the rows
 * are in order, and each can be opened by itself (<details>). page.js sorts, filters and searches
 * them.
 *
 * The page loads nothing, and its Content-Security-Policy forbids loading: only the style and the
 * script with these hashes are used. Names from the dumps are written with markup_text(), and only
 * in text or quoted attributes.
 */

/** The number of images that are shown. */
#define SHOWN_IMAGES 20
#define SHOWN_INPUTS 20

/** The images that most domains share, in descending order, as rows; and their number. */
struct top_images {
	struct top_image {
		uint64_t domains;
		struct buffer row;
	} items[SHOWN_IMAGES];
	size_t count;
	uint64_t all;
};

struct html {
	struct tally tally;
	/** The memory for one domain. */
	struct arena arena;
	struct top_images disks, drives;
	struct keeper keeper;
	/** All rows that were kept, and the number of findings of each rule and severity. */
	struct kept_rows rows;
	size_t *kept_of_rule;
	size_t kept_of_severity[SEVERITY_COUNT];
	/** The inputs that could not be read to the end: those that are shown, as list items, and
	 * their total number. */
	struct buffer damaged;
	uint64_t damaged_count;
};

static bool html_init(struct report *report)
{
	struct html *html = calloc(1, sizeof *html);

	if (!html)
		return false;
	html->keeper.limit = REPORT_HTML_FINDINGS;
	arena_init(&html->arena);
	report->own = html;
	html->kept_of_rule = calloc(report->options.rule_count + 1, sizeof *html->kept_of_rule);
	return html->kept_of_rule != NULL;
}

static void free_images(struct top_images *top)
{
	for (size_t i = 0; i < top->count; i++)
		buffer_fini(&top->items[i].row);
}

static void html_fini(struct report *report)
{
	struct html *html = report->own;

	arena_fini(&html->arena);
	free_images(&html->disks);
	free_images(&html->drives);
	keeper_fini(&html->keeper);
	kept_rows_fini(&html->rows);
	buffer_fini(&html->damaged);
	free(html->kept_of_rule);
	free(html);
}

/* ---- while the inputs are read ---- */

static void html_finding(struct report *report, const struct ds_finding *finding, size_t rule)
{
	struct html *html = report->own;

	size_t host = report->hosts.last ? report->hosts.last->number : 0;
	struct kept_row row = {.severity = finding->severity,
		.number = report->finding_count,
		.rule = rule};

	if (!keeper_wants(&html->keeper, host, finding->severity))
		return;
	page_finding(&row.text, finding);
	if (!keeper_take(&html->keeper, host, &row))
		report->out.failed = true;
}

static void html_input(struct report *report, const struct ds_input_result *result)
{
	struct html *html = report->own;
	const struct ds_place place = {.name = result->name};

	if (result->outcome != DS_OUTCOME_DAMAGED || ++html->damaged_count > SHOWN_INPUTS)
		return;
	buffer_literal(&html->damaged, "<li>");
	page_place(&html->damaged, &place);
	if (result->host) {
		buffer_literal(&html->damaged, " of host ");
		page_text(&html->damaged, text_of_string(result->host));
	}
	buffer_literal(&html->damaged, "</li>\n");
}

static void html_domain(struct report *report, const struct ds_domain *domain)
{
	struct html *html = report->own;

	if (!tally_add(&html->tally, &html->arena, domain))
		report->out.failed = true;
}

/** Makes room for an image before those that fewer domains use. Returns NULL if it is not one of
 * the most shared images. */
static struct top_image *insert_image(struct top_images *top, uint64_t domains)
{
	size_t at = top->count;

	if (at == SHOWN_IMAGES) {
		if (top->items[--at].domains >= domains)
			return NULL;
		buffer_fini(&top->items[at].row);
	} else {
		top->count++;
	}
	for (; at && top->items[at - 1].domains < domains; at--)
		top->items[at] = top->items[at - 1];
	top->items[at].domains = domains;
	buffer_init(&top->items[at].row);
	return &top->items[at];
}

static void html_shared(struct report *report, const struct ds_shared_image *image)
{
	struct html *html = report->own;
	struct top_images *top = image->is_cdrom ? &html->drives : &html->disks;
	struct top_image *item = insert_image(top, image->domains);

	top->all++;
	if (!item)
		return;
	page_heading(&item->row, image->source);
	buffer_literal(&item->row, "<td>");
	if (image->host.data)
		page_text(&item->row, image->host);
	else
		buffer_literal(&item->row, "all");
	buffer_literal(&item->row, "</td>");
	page_cell(&item->row, image->domains);
	page_cell(&item->row, image->writers);
	buffer_literal(&item->row, "</tr>\n");
	report->out.failed |= item->row.failed;
}

/* ---- the sections of the page ---- */

static void add_figure(struct buffer *out, uint64_t number, const char *one, const char *many)
{
	buffer_literal(out, "<div><dt>");
	buffer_string(out, number == 1 ? one : many);
	buffer_literal(out, "</dt><dd>");
	page_number(out, number);
	buffer_literal(out, "</dd></div>");
}

static void begin_notice(struct buffer *out)
{
	buffer_literal(out, "<p class=\"notice\">");
}

/** Adds "30 inputs: 28 read, 1 damaged, 1 without a domain." and lists the damaged ones. */
static void add_inputs(struct report *report, const struct report_totals *totals)
{
	const struct ds_counts *counts = &totals->counts;
	const struct html *html = report->own;
	struct buffer *out = &report->out;
	uint64_t all = counts->inputs_read + counts->inputs_damaged + counts->inputs_without_domain;

	if (!all)
		return;
	buffer_literal(out, "<p>");
	page_counted(out, all, "input: ", "inputs: ");
	page_number(out, counts->inputs_read);
	buffer_literal(out, " read, ");
	page_number(out, counts->inputs_damaged);
	buffer_literal(out, " damaged, ");
	page_number(out, counts->inputs_without_domain);
	buffer_literal(out, " without a domain.</p>\n");
	if (!html->damaged.size)
		return;
	buffer_literal(out, "<ul class=\"inputs\">\n");
	buffer_add(out, html->damaged.data, html->damaged.size);
	if (html->damaged_count > SHOWN_INPUTS) {
		buffer_literal(out, "<li>and ");
		page_counted(out, html->damaged_count - SHOWN_INPUTS, "other", "others");
		buffer_literal(out, "</li>\n");
	}
	buffer_literal(out, "</ul>\n");
}

/** Adds the counts of the comparison with the baseline. */
static void add_baseline(struct report *report, const struct report_totals *totals)
{
	struct buffer *out = &report->out;

	if (!report->options.has_baseline)
		return;
	buffer_literal(out, "<p>Compared with the baseline: <strong>");
	page_number(out, report->finding_count);
	buffer_literal(out, " new</strong>, ");
	page_number(out, totals->in_baseline);
	buffer_literal(out, " known, ");
	page_number(out, totals->gone);
	buffer_literal(out, " gone");
	if (totals->kept) {
		buffer_literal(out, ", ");
		page_number(out, totals->kept);
		buffer_literal(out, " kept for hosts that were not fully read");
	}
	buffer_literal(out, ".</p>\n");
}

static void add_notices(struct report *report, const struct report_totals *totals)
{
	struct buffer *out = &report->out;
	uint64_t hidden = totals->below_threshold + totals->in_baseline + totals->suppressed;

	if (totals->counts.rejected || totals->counts.stream_errors) {
		begin_notice(out);
		buffer_literal(out, "Some input could not be read: ");
		page_counted(out, totals->counts.rejected, "domain was rejected, ",
			"domains were rejected, ");
		page_counted(out, totals->counts.stream_errors, "other error", "other errors");
		buffer_literal(out, ". Their contents are not checked.</p>\n");
	}
	add_inputs(report, totals);
	add_baseline(report, totals);
	if (hidden) {
		buffer_literal(out, "<p>");
		page_counted(out, hidden, "finding is", "findings are");
		buffer_literal(out, " not shown: ");
		page_number(out, totals->below_threshold);
		buffer_literal(out, " below the threshold");
		buffer_string(out,
			totals->failing_below ? ", which decide the exit status, " : ", ");
		page_number(out, totals->in_baseline);
		buffer_literal(out, " in the baseline, ");
		page_number(out, totals->suppressed);
		buffer_literal(out, " suppressed.</p>\n");
	}
}

/** Adds the time at which the run ended. */
static void add_time(struct buffer *out, const struct report_totals *totals)
{
	time_t when = (time_t)totals->time;
	struct tm day;
	char text[64];

	if (!totals->time || !gmtime_r(&when, &day) ||
		!strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &day))
		return;
	buffer_literal(out, "<p class=\"faint\">");
	buffer_string(out, text);
	snprintf(text, sizeof text, ", %.1f s", totals->seconds);
	if (totals->seconds > 0)
		buffer_string(out, text);
	buffer_literal(out, "</p>\n");
}

static void add_header(struct report *report, const struct report_totals *totals)
{
	struct buffer *out = &report->out;

	buffer_literal(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src '" PAGE_CSS_HASH "'; script-src '" PAGE_JS_HASH "'; base-uri 'none'; "
		"form-action 'none'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>Disk audit</title>\n<style>");
	buffer_string(out, page_css);
	buffer_literal(out, "</style>\n</head>\n<body>\n<header>\n<h1>Disk audit</h1>\n<dl>");
	add_figure(out, totals->counts.hosts, "host", "hosts");
	add_figure(out, totals->counts.domains, "domain", "domains");
	add_figure(out, totals->counts.disks, "disk", "disks");
	add_figure(out, report->finding_count, "finding", "findings");
	buffer_literal(out, "</dl>\n");
	add_time(out, totals);
	add_notices(report, totals);
	buffer_literal(out, "</header>\n<main>\n");
}

/** Adds the images of disks, or of CD drives, that most domains use. */
static void add_images(struct buffer *out, const struct top_images *top, const char *caption)
{
	static const struct page_column columns[] = {{"Image", NULL}, {"Host", "host"},
		{"Domains", "number"}, {"Writers", "number"}, {NULL, NULL}};

	if (!top->count)
		return;
	page_table(out, NULL, caption, columns);
	for (size_t i = 0; i < top->count; i++)
		buffer_add(out, top->items[i].row.data, top->items[i].row.size);
	page_table_end(out);
	page_others(out, top->all, top->count, "other image", "other images");
}

static void add_shared(struct buffer *out, const struct html *html)
{
	page_section(out, "images", "Shared images");
	if (!html->disks.count)
		buffer_literal(out, "<p>No two domains share a disk.</p>\n");
	add_images(out, &html->disks, "Images that most domains share");
	add_images(out, &html->drives, "Images that are in most CD drives");
	page_section_end(out);
}

/* ---- the list of findings ---- */

/** Adds the controls of the list, which are hidden until the script shows them, because they have
 * no effect without it. */
static void add_controls(struct report *report)
{
	const struct html *html = report->own;
	struct buffer *out = &report->out;

	buffer_literal(out,
		"<form id=\"controls\" autocomplete=\"off\" hidden>\n"
		"<div class=\"field\"><label for=\"search\">Search</label>"
		"<input type=\"search\" id=\"search\" name=\"search\"></div>\n"
		"<div class=\"field\"><label for=\"rule\">Rule</label><select id=\"rule\" "
		"name=\"rule\">"
		"<option value=\"\">all</option>");
	for (size_t i = 0; i < report->options.rule_count; i++) {
		const struct ds_rule *rule = &report->options.rules[i];

		if (!html->kept_of_rule[i])
			continue;
		buffer_literal(out, "<option value=\"");
		buffer_string(out, rule->id);
		buffer_literal(out, "\">");
		buffer_string(out, rule->id);
		buffer_byte(out, ' ');
		buffer_string(out, rule->name);
		buffer_literal(out, "</option>");
	}
	buffer_literal(out, "</select></div>\n<fieldset><legend>Severity</legend>");
	for (int i = DS_SEVERITY_CRITICAL; i >= 0; i--) {
		const char *severity = ds_severity_text((enum ds_severity)i);

		if (!html->kept_of_severity[i])
			continue;
		buffer_literal(out, "<label class=\"");
		buffer_string(out, severity);
		buffer_literal(out, "\"><input type=\"checkbox\" checked value=\"");
		buffer_unsigned(out, (uint64_t)i);
		buffer_literal(out, "\">");
		buffer_string(out, severity);
		buffer_literal(out, "</label>");
	}
	buffer_literal(out,
		"</fieldset>\n<button type=\"reset\">Show "
		"all</button>\n<output></output>\n</form>\n");
}

/** Adds "All 12 domains on 3 hosts: no findings". */
static void add_all_well(struct report *report, const struct report_totals *totals)
{
	struct buffer *out = &report->out;
	uint64_t domains = totals->counts.domains - totals->counts.rejected;

	buffer_string(out, domains == 1 ? "<p class=\"well\">" : "<p class=\"well\">All ");
	page_counted(out, domains, "domain", "domains");
	buffer_literal(out, " on ");
	page_counted(out, totals->counts.hosts, "host", "hosts");
	buffer_string(out,
		report->options.has_baseline ? ": no new findings</p>\n" : ": no findings</p>\n");
}

static void add_list(struct report *report, const struct report_totals *totals)
{
	struct html *html = report->own;
	struct buffer *out = &report->out;

	page_section(out, "findings", "Findings");
	if (!report->finding_count) {
		add_all_well(report, totals);
		page_section_end(out);
		return;
	}
	if (html->rows.count < report->finding_count) {
		buffer_literal(out, "<p>The list has ");
		page_number(out, html->rows.count);
		buffer_literal(out, " of ");
		page_number(out, report->finding_count);
		buffer_literal(out, " findings: the most severe of every host. The other ");
		page_number(out, report->finding_count - html->rows.count);
		buffer_literal(out,
			" are only counted below; <code>--report ndjson=FILE</code> lists all "
			"findings.</p>\n");
	}
	add_controls(report);
	buffer_literal(out,
		"<table id=\"list\"><thead><tr><th scope=\"col\" "
		"data-key=\"severity\">Severity</th>"
		"<th scope=\"col\" data-key=\"rule\">Rule</th><th scope=\"col\" "
		"data-key=\"host\">Host</th>"
		"<th scope=\"col\" data-key=\"domain\">Domain</th><th scope=\"col\" "
		"data-key=\"disk\">Disk</th>"
		"<th scope=\"col\" data-key=\"finding\">Finding</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < html->rows.count; i++)
		buffer_add(out, html->rows.items[i].text.data, html->rows.items[i].text.size);
	page_table_end(out);
	page_section_end(out);
}

static void html_finish(struct report *report, const struct report_totals *totals)
{
	struct html *html = report->own;
	struct buffer *out = &report->out;

	tally_sort(&html->tally);
	if (!keeper_finish(&html->keeper, &html->rows))
		out->failed = true;
	for (size_t i = 0; i < html->rows.count; i++) {
		html->kept_of_rule[html->rows.items[i].rule]++;
		html->kept_of_severity[html->rows.items[i].severity]++;
	}
	add_header(report, totals);
	add_list(report, totals);
	page_host_table(report);
	page_rules(report);
	buffer_literal(out, "<div class=\"cards\">\n");
	if (report->finding_count)
		page_severities(report);
	page_kinds(out, &html->tally);
	page_section(out, "backends", "Drivers and formats");
	page_words(out, "Disks by driver", "Driver", &html->tally.drivers, html->tally.disks);
	page_words(out, "Disks by image format", "Format", &html->tally.formats, html->tally.disks);
	page_section_end(out);
	add_shared(out, html);
	buffer_literal(out, "</div>\n");
	buffer_literal(out, "</main>\n<footer>Made by domstream ");
	buffer_string(out, ds_version());
	buffer_literal(out, "</footer>\n<script>");
	buffer_string(out, page_js);
	buffer_literal(out, "</script>\n</body>\n</html>\n");
}

const struct report_writer report_html = {.init = html_init,
	.domain = html_domain,
	.finding = html_finding,
	.shared = html_shared,
	.input = html_input,
	.finish = html_finish,
	.fini = html_fini};
