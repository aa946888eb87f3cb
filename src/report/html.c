/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "record/text.h"
#include "report/keeper.h"
#include "report/markup.h"
#include "report/page_css.h"
#include "report/page_js.h"
#include "report/tally.h"

/*
 * One page. The counts stand at its top, so it is written at the end; until then the findings that
 * it will hold are kept as the rows that they become. Without scripts it is a page to read: the
 * rows are in order, and each opens by itself (<details>). page.js sorts, filters and searches
 * them.
 *
 * Nothing is loaded from anywhere, and the page forbids it to itself (Content-Security-Policy):
 * only the script and the style with these hashes may run. Names of strangers go through
 * markup_text(), and stand in text or quoted attributes.
 */

/** Bytes of a name, and others that a finding is about, that are shown. */
#define SHOWN_BYTES 1000
#define SHOWN_RELATED 20
#define SHOWN_IMAGES 20
#define SHOWN_INPUTS 20
#define SHOWN_HOSTS 1000

struct html {
	struct tally tally;
	struct keeper keeper;
	/** All rows that were kept, and how many of each rule. */
	struct kept_rows rows;
	size_t *kept_of_rule;
	/** Inputs that could not be read to their ends: as many as are shown, as list items; and
	 * all. */
	struct buffer damaged;
	uint64_t damaged_count;
};

static int html_init(struct report *report)
{
	struct html *html = calloc(1, sizeof *html);

	if (!html)
		return 0;
	html->keeper.limit = REPORT_HTML_FINDINGS;
	report->own = html;
	html->kept_of_rule = calloc(report->options.rule_count + 1, sizeof *html->kept_of_rule);
	return tally_init(&html->tally, report->options.audit) && html->kept_of_rule;
}

static void html_fini(struct report *report)
{
	struct html *html = report->own;

	tally_fini(&html->tally);
	keeper_fini(&html->keeper);
	kept_rows_fini(&html->rows);
	buffer_fini(&html->damaged);
	free(html->kept_of_rule);
	free(html);
}

/* ---- values ---- */

/** Adds the beginning of a long text. Directions of writing stay inside of it (<bdi>). */
static void add_text(struct buffer *out, struct ds_text text)
{
	size_t size = text.size;

	if (size > SHOWN_BYTES) {
		size = SHOWN_BYTES;
		/* Not in the middle of a character. */
		while (size > SHOWN_BYTES - 4 && ((unsigned char)text.data[size] & 0xc0) == 0x80)
			size--;
	}
	buffer_literal(out, "<bdi>");
	markup_text(out, (struct ds_text){text.data, size});
	buffer_string(out, size < text.size ? "\xe2\x80\xa6</bdi>" : "</bdi>");
}

/** With a thin blank between thousands, which "12 345" cannot be broken at. */
static void add_number(struct buffer *out, uint64_t number)
{
	if (number >= 1000) {
		add_number(out, number / 1000);
		buffer_literal(out, "\xe2\x80\xaf");
		buffer_byte(out, (char)('0' + number / 100 % 10));
		buffer_byte(out, (char)('0' + number / 10 % 10));
		buffer_byte(out, (char)('0' + number % 10));
	} else {
		buffer_unsigned(out, number);
	}
}

static void add_counted(struct buffer *out, uint64_t number, const char *one, const char *many)
{
	add_number(out, number);
	buffer_byte(out, ' ');
	buffer_string(out, number == 1 ? one : many);
}

/** The word, as bright as it is grave. */
static void add_severity(struct buffer *out, enum ds_severity severity)
{
	buffer_literal(out, "<span class=\"severity\">");
	buffer_string(out, ds_severity_text(severity));
	buffer_literal(out, "</span>");
}

/* ---- a finding ---- */

static void add_term(struct buffer *out, const char *term)
{
	buffer_literal(out, "<dt>");
	buffer_string(out, term);
	buffer_literal(out, "</dt><dd>");
}

static void add_detail(struct buffer *out, const char *term, struct ds_text text)
{
	if (!text_given(text))
		return;
	add_term(out, term);
	add_text(out, text);
	buffer_literal(out, "</dd>");
}

static void add_place(struct buffer *out, const struct ds_place *place)
{
	buffer_literal(out, "<code><bdi>");
	markup_place(out, place);
	buffer_literal(out, "</bdi></code>");
}

static void add_related(struct buffer *out, const struct ds_finding *finding)
{
	size_t shown =
		finding->related_count < SHOWN_RELATED ? finding->related_count : SHOWN_RELATED;

	if (!shown)
		return;
	add_term(out, "With");
	buffer_literal(out, "<ul>");
	for (size_t i = 0; i < shown; i++) {
		const struct ds_related *related = &finding->related[i];

		buffer_literal(out, "<li>");
		if (related->domain.data)
			add_text(out, related->domain);
		if (related->disk.data) {
			buffer_literal(out, " disk ");
			add_text(out, related->disk);
		}
		buffer_literal(out, " ");
		add_place(out, &related->place);
		buffer_literal(out, "</li>");
	}
	if (shown < finding->related_count) {
		buffer_literal(out, "<li>and ");
		add_counted(out, finding->related_count - shown, "other", "others");
		buffer_literal(out, "</li>");
	}
	buffer_literal(out, "</ul></dd>");
}

static void add_details(struct buffer *out, const struct ds_finding *finding)
{
	const struct ds_rule *rule = finding->rule;

	buffer_literal(out, "<dl>");
	add_detail(out, "Host", finding->host);
	add_detail(out, "Domain", finding->domain);
	add_detail(out, "UUID", finding->uuid);
	add_detail(out, "Disk", finding->disk);
	add_detail(out, "Source", finding->source);
	add_term(out, "Place");
	add_place(out, &finding->place);
	buffer_literal(out, "</dd>");
	add_related(out, finding);
	add_term(out, "Rule");
	buffer_literal(out, "<a href=\"#");
	buffer_string(out, rule->id);
	buffer_literal(out, "\">");
	buffer_string(out, rule->id);
	buffer_byte(out, ' ');
	buffer_string(out, rule->name);
	buffer_literal(out, ": ");
	markup_lines(out, rule->title);
	buffer_literal(out, "</a></dd>");
	add_detail(out, "Fingerprint", string_text(finding->fingerprint));
	buffer_literal(out, "</dl>");
}

static void make_row(struct buffer *out, const struct ds_finding *finding)
{
	const char *severity = ds_severity_text(finding->severity);

	buffer_literal(out, "<tr class=\"");
	buffer_string(out, severity);
	buffer_literal(out, "\" data-severity=\"");
	buffer_unsigned(out, (uint64_t)finding->severity);
	buffer_literal(out, "\"><td>");
	add_severity(out, finding->severity);
	buffer_literal(out, "</td><td><a href=\"#");
	buffer_string(out, finding->rule->id);
	buffer_literal(out, "\">");
	buffer_string(out, finding->rule->id);
	buffer_literal(out, "</a></td><td>");
	if (text_given(finding->host))
		add_text(out, finding->host);
	buffer_literal(out, "</td><td>");
	if (finding->domain.data)
		add_text(out, finding->domain);
	buffer_literal(out, "</td><td>");
	if (finding->disk.data)
		add_text(out, finding->disk);
	buffer_literal(out, "</td><td><details><summary>");
	add_text(out, finding->text);
	buffer_literal(out, "</summary>");
	add_details(out, finding);
	buffer_literal(out, "</details></td></tr>\n");
}

static void html_finding(struct report *report, const struct ds_finding *finding, size_t rule)
{
	struct html *html = report->own;

	size_t host = report->hosts.last ? report->hosts.last->number : 0;
	struct kept_row row = {.severity = finding->severity,
		.number = report->finding_count,
		.rule = rule};

	if (!keeper_wants(&html->keeper, host, finding->severity))
		return;
	make_row(&row.text, finding);
	if (!keeper_take(&html->keeper, host, &row))
		report->out.failed = 1;
}

static void html_input(struct report *report, const struct ds_input_result *result)
{
	struct html *html = report->own;
	const struct ds_place place = {.name = result->name};

	if (result->outcome != DS_OUTCOME_DAMAGED || ++html->damaged_count > SHOWN_INPUTS)
		return;
	buffer_literal(&html->damaged, "<li>");
	add_place(&html->damaged, &place);
	if (result->host) {
		buffer_literal(&html->damaged, " of host ");
		add_text(&html->damaged, string_text(result->host));
	}
	buffer_literal(&html->damaged, "</li>\n");
}

static void html_domain(struct report *report, const struct ds_domain *domain)
{
	struct html *html = report->own;

	if (!tally_add(&html->tally, domain))
		report->out.failed = 1;
}

/* ---- drawings ---- */

#define BAR_WIDTH 1000

/** Something can be seen of what is there. */
static uint64_t width_of(uint64_t count, uint64_t most)
{
	uint64_t width = most ? (uint64_t)((double)count / (double)most * BAR_WIDTH + 0.5) : 0;

	return count && width < 4 ? 4 : width;
}

static void begin_svg(struct buffer *out)
{
	buffer_literal(out,
		"<svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
}

/** `severity` < 0: in the colour of what is neither good nor bad. Returns where the next one
 * goes. */
static uint64_t add_rectangle(struct buffer *out, int severity, uint64_t x, uint64_t width)
{
	if (!width)
		return x;
	buffer_literal(out, "<rect ");
	if (severity >= 0) {
		buffer_literal(out, "class=\"s");
		buffer_unsigned(out, (uint64_t)severity);
		buffer_literal(out, "\" ");
	}
	buffer_literal(out, "x=\"");
	buffer_unsigned(out, x);
	buffer_literal(out, "\" width=\"");
	buffer_unsigned(out, width);
	buffer_literal(out, "\" height=\"10\"/>");
	return x + width;
}

/** A row's number and its bar. */
static void add_bar(struct buffer *out, uint64_t count, uint64_t most, int severity)
{
	buffer_literal(out, "<td class=\"number\">");
	add_number(out, count);
	buffer_literal(out, "</td><td class=\"bar\">");
	begin_svg(out);
	add_rectangle(out, severity, 0, width_of(count, most));
	buffer_literal(out, "</svg></td></tr>\n");
}

static void begin_bars(struct buffer *out, const char *caption, const char *what)
{
	buffer_literal(out, "<table><caption>");
	buffer_string(out, caption);
	buffer_literal(out, "</caption><thead><tr><th scope=\"col\">");
	buffer_string(out, what);
	buffer_literal(out,
		"</th><th scope=\"col\" class=\"number\">Count</th><th scope=\"col\" "
		"class=\"bar\">Compared</th></tr>"
		"</thead><tbody>\n");
}

static void add_named_bar(struct buffer *out, struct ds_text name, uint64_t count, uint64_t most)
{
	if (!count)
		return;
	buffer_literal(out, "<tr><th scope=\"row\">");
	add_text(out, name);
	buffer_literal(out, "</th>");
	add_bar(out, count, most, -1);
}

static void end_bars(struct buffer *out)
{
	buffer_literal(out, "</tbody></table>\n");
}

/* ---- the parts of the page ---- */

static void add_figure(struct buffer *out, uint64_t number, const char *one, const char *many)
{
	buffer_literal(out, "<div><dt>");
	buffer_string(out, number == 1 ? one : many);
	buffer_literal(out, "</dt><dd>");
	add_number(out, number);
	buffer_literal(out, "</dd></div>");
}

static void begin_notice(struct buffer *out)
{
	buffer_literal(out, "<p class=\"notice\">");
}

/** "30 inputs: 28 read, 1 damaged, 1 without a domain." and which are damaged. */
static void add_inputs(struct report *report, const struct report_totals *totals)
{
	const struct ds_counts *counts = &totals->counts;
	const struct html *html = report->own;
	struct buffer *out = &report->out;
	uint64_t all = counts->inputs_read + counts->inputs_damaged + counts->inputs_without_domain;

	if (!all)
		return;
	buffer_literal(out, "<p>");
	add_counted(out, all, "input: ", "inputs: ");
	add_number(out, counts->inputs_read);
	buffer_literal(out, " read, ");
	add_number(out, counts->inputs_damaged);
	buffer_literal(out, " damaged, ");
	add_number(out, counts->inputs_without_domain);
	buffer_literal(out, " without a domain.</p>\n");
	if (!html->damaged.size)
		return;
	buffer_literal(out, "<ul class=\"inputs\">\n");
	buffer_add(out, html->damaged.data, html->damaged.size);
	if (html->damaged_count > SHOWN_INPUTS) {
		buffer_literal(out, "<li>and ");
		add_counted(out, html->damaged_count - SHOWN_INPUTS, "other", "others");
		buffer_literal(out, "</li>\n");
	}
	buffer_literal(out, "</ul>\n");
}

/** What the baseline says of the findings. */
static void add_baseline(struct report *report, const struct report_totals *totals)
{
	struct buffer *out = &report->out;

	if (!report->options.has_baseline)
		return;
	buffer_literal(out, "<p>Compared with the baseline: <strong>");
	add_number(out, report->finding_count);
	buffer_literal(out, " new</strong>, ");
	add_number(out, totals->in_baseline);
	buffer_literal(out, " known, ");
	add_number(out, totals->gone);
	buffer_literal(out, " gone");
	if (totals->kept) {
		buffer_literal(out, ", ");
		add_number(out, totals->kept);
		buffer_literal(out, " kept of hosts that were not fully read");
	}
	buffer_literal(out, ".</p>\n");
}

static void add_notices(struct report *report, const struct report_totals *totals)
{
	struct buffer *out = &report->out;
	uint64_t hidden = totals->below_threshold + totals->in_baseline + totals->suppressed;

	if (totals->counts.rejected || totals->counts.stream_errors) {
		begin_notice(out);
		buffer_literal(out, "Not all could be read: ");
		add_counted(out, totals->counts.rejected, "domain was rejected, ",
			"domains were rejected, ");
		add_counted(out, totals->counts.stream_errors, "other error", "other errors");
		buffer_literal(out, ". What they hold is not judged here.</p>\n");
	}
	add_inputs(report, totals);
	add_baseline(report, totals);
	if (hidden) {
		buffer_literal(out, "<p>");
		add_counted(out, hidden, "finding is", "findings are");
		buffer_literal(out, " not shown: ");
		add_number(out, totals->below_threshold);
		buffer_literal(out, " below the threshold");
		buffer_string(out,
			totals->failing_below ? ", which decide the exit status, " : ", ");
		add_number(out, totals->in_baseline);
		buffer_literal(out, " in the baseline, ");
		add_number(out, totals->suppressed);
		buffer_literal(out, " suppressed.</p>\n");
	}
}

/** When the run ended. */
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

/** All findings as one bar, and a row for each severity. */
static void add_severities(struct report *report)
{
	struct buffer *out = &report->out;
	uint64_t x = 0, most = 0;

	buffer_literal(out,
		"<section aria-labelledby=\"severities\">\n<h2 id=\"severities\">Findings by "
		"severity</h2>\n"
		"<svg class=\"share\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
		"aria-hidden=\"true\">");
	for (int i = DS_SEVERITY_CRITICAL; i >= 0; i--) {
		uint64_t count = report_count_severity(report, (enum ds_severity)i);

		x = add_rectangle(out, i, x, width_of(count, report->finding_count));
		most = count > most ? count : most;
	}
	buffer_literal(out, "</svg>\n");
	begin_bars(out, "Findings of each severity", "Severity");
	for (int i = DS_SEVERITY_CRITICAL; i >= 0; i--) {
		enum ds_severity severity = (enum ds_severity)i;

		buffer_literal(out, "<tr class=\"");
		buffer_string(out, ds_severity_text(severity));
		buffer_literal(out, "\"><th scope=\"row\">");
		add_severity(out, severity);
		buffer_literal(out, "</th>");
		add_bar(out, report_count_severity(report, severity), most, i);
	}
	end_bars(out);
	buffer_literal(out, "</section>\n");
}

static void add_example(struct buffer *out, const char *term, const char *text)
{
	if (!*text)
		return;
	add_term(out, term);
	buffer_literal(out, "<pre>");
	markup_lines(out, text);
	buffer_literal(out, "</pre></dd>");
}

/** What the catalogue says of a rule. */
static void add_rule_text(struct buffer *out, const struct ds_rule *rule)
{
	buffer_literal(out, "<dl>");
	if (*rule->why) {
		add_term(out, "Reason, advice");
		markup_lines(out, rule->why);
		buffer_literal(out, "</dd>");
	}
	add_example(out, "Bad", rule->bad);
	add_example(out, "Good", rule->good);
	if (*rule->source) {
		add_term(out, "Source of this");
		markup_lines(out, rule->source);
		buffer_literal(out, "</dd>");
	}
	buffer_literal(out, "</dl>");
}

/** The gravest of a rule's findings; -1: there are none. */
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
	uint64_t x = 0;

	buffer_literal(out, "<tr id=\"");
	buffer_string(out, rule->id);
	buffer_literal(out, "\"><th scope=\"row\">");
	buffer_string(out, rule->id);
	buffer_literal(out, "</th><td><details><summary>");
	markup_lines(out, rule->title);
	buffer_literal(out, "</summary>");
	add_rule_text(out, rule);
	buffer_literal(out, "</details></td><td class=\"number\">");
	add_number(out, report_count_rule(report, number));
	buffer_literal(out, "</td><td class=\"bar\">");
	begin_svg(out);
	for (int i = DS_SEVERITY_CRITICAL; i >= 0; i--)
		x = add_rectangle(out, i, x,
			width_of(report_count(report, number, (enum ds_severity)i), most));
	buffer_literal(out, "</svg></td></tr>\n");
}

/** Rules by the gravest of their findings; page.js makes their ids filter the list. */
static void add_rules(struct report *report)
{
	struct buffer *out = &report->out;
	uint64_t most = 0;

	for (size_t i = 0; i < report->options.rule_count; i++) {
		uint64_t count = report_count_rule(report, i);

		most = count > most ? count : most;
	}
	if (!most)
		return;
	buffer_literal(out,
		"<section aria-labelledby=\"rules\">\n<h2 id=\"rules\">Findings by rule</h2>\n");
	buffer_literal(out,
		"<table class=\"rules\"><caption>Findings of each rule, the gravest "
		"first</caption><thead><tr>"
		"<th scope=\"col\">Rule</th><th scope=\"col\">Meaning</th><th scope=\"col\" "
		"class=\"number\">Count</th>"
		"<th scope=\"col\" class=\"bar\">Compared</th></tr></thead><tbody>\n");
	for (int severity = DS_SEVERITY_CRITICAL; severity >= 0; severity--)
		for (size_t i = 0; i < report->options.rule_count; i++)
			if (worst_of(report, i) == severity)
				add_rule(report, i, most);
	end_bars(out);
	buffer_literal(out, "</section>\n");
}

static void add_host_cell(struct buffer *out, uint64_t count)
{
	buffer_literal(out, "<td class=\"number\">");
	if (count)
		add_number(out, count);
	buffer_literal(out, "</td>");
}

/** Hosts by their names, at most as many as fit. */
static void add_host_table(struct report *report)
{
	struct buffer *out = &report->out;

	if (!report->hosts.count)
		return;
	buffer_literal(out,
		"<section aria-labelledby=\"hosts\">\n<h2 id=\"hosts\">Hosts</h2>\n<table "
		"class=\"hosts\">"
		"<caption>Findings of each host</caption><thead><tr><th scope=\"col\">Host</th>");
	for (int i = DS_SEVERITY_CRITICAL; i >= 0; i--) {
		buffer_literal(out, "<th scope=\"col\" class=\"number\">");
		buffer_string(out, ds_severity_text((enum ds_severity)i));
		buffer_literal(out, "</th>");
	}
	buffer_literal(out,
		"<th scope=\"col\" class=\"number\">Domains</th><th scope=\"col\" "
		"class=\"number\">Disks</th>"
		"<th scope=\"col\" class=\"number\">Rejected</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < report->hosts.count && i < SHOWN_HOSTS; i++) {
		const struct host_row *row = report->hosts.rows[i];

		buffer_literal(out, "<tr><th scope=\"row\">");
		add_text(out, *row->name ? string_text(row->name) : TEXT("unknown"));
		buffer_literal(out, "</th>");
		for (int severity = DS_SEVERITY_CRITICAL; severity >= 0; severity--)
			add_host_cell(out, row->findings[severity]);
		add_host_cell(out, row->domains);
		add_host_cell(out, row->disks);
		add_host_cell(out, row->rejected);
		buffer_literal(out, "</tr>\n");
	}
	end_bars(out);
	if (report->hosts.count > SHOWN_HOSTS) {
		buffer_literal(out, "<p>and ");
		add_counted(out, report->hosts.count - SHOWN_HOSTS, "other host", "other hosts");
		buffer_literal(out, "</p>\n");
	}
	buffer_literal(out, "</section>\n");
}

static void add_kinds(struct buffer *out, const struct tally *tally)
{
	static const char *const devices[] = {"disk", "CD drive", "floppy", "LUN"};
	static const char *const sources[] = {"file", "block device", "directory", "network",
		"volume", "NVMe", "vhost-user", "vhost-vdpa", "other"};

	buffer_literal(out,
		"<section aria-labelledby=\"kinds\">\n<h2 id=\"kinds\">Domains and disks</h2>\n");
	begin_bars(out, "Domains that were read", "Kind");
	add_named_bar(out, TEXT("PV"), tally->domains - tally->hvm, tally->domains);
	add_named_bar(out, TEXT("HVM"), tally->hvm, tally->domains);
	add_named_bar(out, TEXT("as libvirt XML"), tally->xml, tally->domains);
	add_named_bar(out, TEXT("as xend SEXPR"), tally->domains - tally->xml, tally->domains);
	end_bars(out);
	begin_bars(out, "Their disks by device", "Device");
	for (size_t i = 0; i <= DS_DEVICE_LUN; i++)
		add_named_bar(out, string_text(devices[i]), tally->devices[i], tally->disks);
	end_bars(out);
	begin_bars(out, "Their disks by source", "Source");
	for (size_t i = 0; i <= DS_SOURCE_OTHER; i++)
		add_named_bar(out, string_text(sources[i]), tally->sources[i], tally->disks);
	end_bars(out);
	buffer_literal(out, "</section>\n");
}

static void add_words(struct buffer *out, const char *caption, const char *what,
	const struct tally_words *words, uint64_t disks)
{
	begin_bars(out, caption, what);
	for (size_t i = 0; i < words->word_count; i++) {
		const struct tally_word *word = &words->words[i];

		add_named_bar(out, (struct ds_text){word->name, word->size}, word->count, disks);
	}
	add_named_bar(out, TEXT("others"), words->others, disks);
	add_named_bar(out, TEXT("unspecified"), words->unsaid, disks);
	end_bars(out);
}

static void add_image(struct buffer *out, const struct tally_image *image, int is_exact)
{
	const char *before = is_exact ? "" : "\xe2\x89\xa5\xe2\x80\xaf";
	/* Only the first is lowered when counters run out. */
	uint64_t domains = image->domains > image->writers ? image->domains : image->writers;

	buffer_literal(out, "<tr><th scope=\"row\">");
	add_text(out, (struct ds_text){image->source, image->size});
	buffer_literal(out, "<br><span class=\"faint\">first seen in ");
	add_text(out, strcmp(image->place, "-") == 0 ? TEXT("<stdin>") : string_text(image->place));
	buffer_literal(out, "</span></th><td class=\"number\">");
	buffer_string(out, before);
	add_number(out, domains);
	buffer_literal(out, "</td><td class=\"number\">");
	buffer_string(out, before);
	add_number(out, image->writers);
	buffer_literal(out, "</td></tr>\n");
}

static void add_images(struct buffer *out, const struct tally *tally)
{
	size_t shown = 0;

	buffer_literal(out,
		"<section aria-labelledby=\"images\">\n<h2 id=\"images\">Most shared "
		"images</h2>\n");
	while (shown < tally->image_count && shown < SHOWN_IMAGES &&
		tally->images[shown]->domains > 1)
		shown++;
	if (shown) {
		buffer_literal(out,
			"<table><caption>Images of several domains</caption><thead><tr>"
			"<th scope=\"col\">Image</th><th scope=\"col\" "
			"class=\"number\">Domains</th>"
			"<th scope=\"col\" class=\"number\">Writers</th></tr></thead><tbody>\n");
		for (size_t i = 0; i < shown; i++)
			add_image(out, tally->images[i], tally->lost == 0);
		end_bars(out);
	} else {
		buffer_literal(out, "<p>No two domains share one.</p>\n");
	}
	buffer_literal(out, "</section>\n");
}

/* ---- the list ---- */

/** Hidden until a script shows it: without one it does nothing. */
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

/** Nothing was found: on how many domains. */
static void add_all_well(struct report *report, const struct report_totals *totals)
{
	struct buffer *out = &report->out;
	uint64_t domains = totals->counts.domains - totals->counts.rejected;

	buffer_string(out, domains == 1 ? "<p class=\"well\">" : "<p class=\"well\">All ");
	add_counted(out, domains, "domain", "domains");
	buffer_literal(out, " on ");
	add_counted(out, totals->counts.hosts, "host", "hosts");
	buffer_string(out,
		report->options.has_baseline ? ": no new findings</p>\n" : ": no findings</p>\n");
}

static void add_list(struct report *report, const struct report_totals *totals)
{
	struct html *html = report->own;
	struct buffer *out = &report->out;

	buffer_literal(out,
		"<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n");
	if (!report->finding_count) {
		add_all_well(report, totals);
		buffer_literal(out, "</section>\n");
		return;
	}
	if (html->rows.count < report->finding_count) {
		buffer_literal(out, "<p>");
		add_number(out, html->rows.count);
		buffer_literal(out, " of ");
		add_number(out, report->finding_count);
		buffer_literal(out, ": the gravest of every host. ");
		add_number(out, report->finding_count - html->rows.count);
		buffer_literal(out,
			" are left out here, and counted below; <code>--report ndjson=FILE</code> "
			"has all of them.</p>\n");
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
	buffer_literal(out, "</tbody></table>\n</section>\n");
}

static void html_finish(struct report *report, const struct report_totals *totals)
{
	struct html *html = report->own;
	struct buffer *out = &report->out;

	tally_sort(&html->tally);
	if (!keeper_finish(&html->keeper, &html->rows))
		out->failed = 1;
	for (size_t i = 0; i < html->rows.count; i++)
		html->kept_of_rule[html->rows.items[i].rule]++;
	add_header(report, totals);
	add_list(report, totals);
	add_host_table(report);
	add_rules(report);
	buffer_literal(out, "<div class=\"cards\">\n");
	if (report->finding_count)
		add_severities(report);
	add_kinds(out, &html->tally);
	buffer_literal(out,
		"<section aria-labelledby=\"backends\">\n<h2 id=\"backends\">Drivers and "
		"formats</h2>\n");
	add_words(out, "Disks by driver", "Driver", &html->tally.drivers, html->tally.disks);
	add_words(out, "Disks by image format", "Format", &html->tally.formats, html->tally.disks);
	buffer_literal(out, "</section>\n");
	add_images(out, &html->tally);
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
	.input = html_input,
	.finish = html_finish,
	.fini = html_fini};
