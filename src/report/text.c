/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/writer.h"

#include <stdlib.h>

#include "record/mask.h"
#include "record/text.h"

/*
 * For people. As a text it is what compilers print, so that editors can jump to it:
 *
 *   nightly.xml:14:5: high: domain 'web01': disk 'xvda': a writable disk goes through a loop device [DA101]
 *   nightly.xml:30:5: note: with domain 'db01': disk 'xvdb'
 *
 * On a terminal the domain is said once, above its findings.
 */

static void add_quoted(struct buffer *out, const char *what, struct ds_text name)
{
	buffer_string(out, what);
	buffer_literal(out, " '");
	mask_text(out, name);
	buffer_byte(out, '\'');
}

/** Adds the offset of what is in no line: damage of a compressed file. */
static void add_offset(struct buffer *out, const struct ds_place *place)
{
	if (place->line || !place->offset)
		return;
	buffer_literal(out, " (at byte ");
	buffer_unsigned(out, place->offset);
	buffer_byte(out, ')');
}

static void add_id(struct buffer *out, const struct ds_finding *finding)
{
	buffer_literal(out, " [");
	buffer_string(out, finding->rule->id);
	buffer_byte(out, ']');
}

/* ---- as compilers do ----------------------------------------------------------------------------------- */

static void add_names(struct buffer *out, struct ds_text domain, struct ds_text disk)
{
	if (domain.data)
		add_quoted(out, "domain", domain);
	if (domain.data && disk.data)
		buffer_literal(out, ": ");
	if (disk.data)
		add_quoted(out, "disk", disk);
}

static void text_finding(struct report *report, const struct ds_finding *finding, size_t rule)
{
	struct buffer *out = &report->out;

	(void)rule;
	mask_place(out, &finding->place);
	buffer_string(out, ds_severity_text(finding->severity));
	buffer_literal(out, ": ");
	add_names(out, finding->domain, finding->disk);
	if (finding->domain.data || finding->disk.data)
		buffer_literal(out, ": ");
	mask_text(out, finding->text);
	add_offset(out, &finding->place);
	add_id(out, finding);
	buffer_byte(out, '\n');
	for (size_t i = 0; i < finding->related_count; i++) {
		const struct ds_related *related = &finding->related[i];

		mask_place(out, &related->place);
		buffer_literal(out, "note: with ");
		add_names(out, related->domain, related->disk);
		buffer_byte(out, '\n');
	}
}

const struct report_writer report_text = {.finding = text_finding};

/* ---- on a terminal ------------------------------------------------------------------------------------- */

#define RESET "\033[0m"
#define BOLD "\033[1m"
#define FAINT "\033[2m"

/** As wide as two blanks, the widest severity, two blanks. */
#define INDENT "            "

struct terminal {
	/** The domain and its UUID, as they stand above the findings. */
	struct buffer heading, next;
};

static const struct {
	const char *colour;
	/** Makes its word as wide as the widest. */
	const char *padding;
} severities[SEVERITY_COUNT] = {
	[DS_SEVERITY_INFO] = {"\033[36m", "    "},	 [DS_SEVERITY_LOW] = {"\033[34m", "     "},
	[DS_SEVERITY_MEDIUM] = {"\033[33m", "  "},	 [DS_SEVERITY_HIGH] = {"\033[31m", "    "},
	[DS_SEVERITY_CRITICAL] = {"\033[1;31m", ""},
};

static int terminal_init(struct report *report)
{
	report->own = calloc(1, sizeof(struct terminal));
	return report->own != NULL;
}

static void terminal_fini(struct report *report)
{
	struct terminal *terminal = report->own;

	buffer_fini(&terminal->heading);
	buffer_fini(&terminal->next);
	free(terminal);
}

static void make_heading(struct buffer *out, const struct ds_finding *finding)
{
	buffer_clear(out, 4096);
	if (finding->rule->scope == DS_SCOPE_INPUT && !finding->domain.data) {
		buffer_literal(out, BOLD "input" RESET);
		return;
	}
	if (!finding->domain.data) {
		buffer_literal(out, BOLD "several domains" RESET);
		return;
	}
	buffer_literal(out, BOLD);
	mask_text(out, finding->domain);
	buffer_literal(out, RESET);
	if (text_given(finding->uuid)) {
		buffer_literal(out, FAINT "  ");
		mask_text(out, finding->uuid);
		buffer_literal(out, RESET);
	}
}

/** Says whose the findings are, when it is not the one of before. */
static void add_heading(struct report *report, const struct ds_finding *finding)
{
	struct terminal *terminal = report->own;
	struct buffer last = terminal->heading;

	make_heading(&terminal->next, finding);
	if (terminal->next.failed) {
		report->out.failed = 1;
		return;
	}
	if (last.size == terminal->next.size && memcmp(last.data, terminal->next.data, last.size) == 0)
		return;
	if (last.size)
		buffer_byte(&report->out, '\n');
	buffer_add(&report->out, terminal->next.data, terminal->next.size);
	buffer_byte(&report->out, '\n');
	terminal->heading = terminal->next;
	terminal->next = last;
}

static void add_severity(struct buffer *out, enum ds_severity severity)
{
	buffer_literal(out, "  ");
	buffer_string(out, severities[severity].colour);
	buffer_string(out, ds_severity_text(severity));
	buffer_literal(out, RESET);
	buffer_string(out, severities[severity].padding);
	buffer_literal(out, "  ");
}

static void terminal_finding(struct report *report, const struct ds_finding *finding, size_t rule)
{
	struct buffer *out = &report->out;

	(void)rule;
	add_heading(report, finding);
	add_severity(out, finding->severity);
	mask_place(out, &finding->place);
	if (finding->disk.data) {
		mask_text(out, finding->disk);
		buffer_literal(out, ": ");
	}
	mask_text(out, finding->text);
	add_offset(out, &finding->place);
	buffer_literal(out, FAINT);
	add_id(out, finding);
	buffer_literal(out, RESET "\n");
	for (size_t i = 0; i < finding->related_count; i++) {
		const struct ds_related *related = &finding->related[i];

		buffer_literal(out, INDENT FAINT);
		mask_place(out, &related->place);
		buffer_literal(out, "with ");
		add_names(out, related->domain, related->disk);
		buffer_literal(out, RESET "\n");
	}
}

static void add_total(struct buffer *out, uint64_t count, const char *before, const char *after)
{
	buffer_string(out, before);
	buffer_unsigned(out, count);
	buffer_string(out, after);
}

static void terminal_finish(struct report *report, const struct report_totals *totals)
{
	struct buffer *out = &report->out;
	uint64_t hidden = totals->below_threshold + totals->in_baseline + totals->suppressed;
	uint64_t all = report->finding_count;
	const char *between = ": ";

	if (all)
		buffer_byte(out, '\n');
	add_total(out, all, BOLD, all == 1 ? " finding" RESET : " findings" RESET);
	for (int severity = DS_SEVERITY_CRITICAL; severity >= 0; severity--) {
		uint64_t count = report_count_severity(report, (enum ds_severity)severity);

		if (!count)
			continue;
		add_total(out, count, between, " ");
		buffer_string(out, severities[severity].colour);
		buffer_string(out, ds_severity_text((enum ds_severity)severity));
		buffer_literal(out, RESET);
		between = ", ";
	}
	if (hidden)
		add_total(out, hidden, "; ", " not shown");
	buffer_byte(out, '\n');
}

const struct report_writer report_terminal = {
	.init = terminal_init, .finding = terminal_finding, .finish = terminal_finish, .fini = terminal_fini};
