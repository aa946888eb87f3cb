/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/text.h"

#include "record/array.h"
#include "record/mask.h"
#include "record/value_set.h"
#include "report/writer.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * Text for people, in the form of compiler messages, so that editors can jump to the positions:
 *
 *   nightly.xml:14:5: high: domain 'web01': disk 'xvda': writable disk is loop-backed [DA101]
 *   nightly.xml:30:5: note: with domain 'db01': disk 'xvdb'
 *
 * On a terminal, the domain is printed once, above its findings. Groups are kept in memory and
 * printed at the end.
 */

/** Appends the offset of a position without a line, such as that of damage in a compressed file. */
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

/* ---- as compilers do ---- */

static void add_quoted(struct buffer *out, const char *kind, struct ds_text name)
{
	buffer_string(out, kind);
	buffer_literal(out, " '");
	mask_text(out, name);
	buffer_byte(out, '\'');
}

static void add_names(struct buffer *out, struct ds_text domain, struct ds_text disk)
{
	if (domain.data)
		add_quoted(out, "domain", domain);
	if (domain.data && disk.data)
		buffer_literal(out, ": ");
	if (disk.data)
		add_quoted(out, "disk", disk);
}

static void add_text_finding(struct buffer *out, const struct ds_finding *finding)
{
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

/* ---- on a terminal ---- */

#define RESET "\033[0m"
#define BOLD "\033[1m"
#define FAINT "\033[2m"

/** The width of two blanks, the longest severity, and two blanks. */
#define INDENT "            "

/** A group of findings that are printed together. */
struct text_group {
	/** The rule's texts; NULL if it is not the group of a rule. */
	const struct ds_rule *rule;
	enum ds_severity worst;
	uint64_t count;
	struct buffer lines;
	/** The key and the heading of the group. */
	size_t size;
	char key[];
};

struct text {
	/** The domain and its UUID, as printed above its findings. */
	struct buffer heading, next;
	/** The groups, and the numbers of the groups by their keys, from 1. */
	struct text_group **groups;
	size_t group_count, group_capacity;
	struct value_set *numbers;
};

static const struct {
	const char *colour;
	/** The blanks that make the severity as wide as the longest one. */
	const char *padding;
} severities[SEVERITY_COUNT] = {
	[DS_SEVERITY_INFO] = {"\033[36m", "    "},
	[DS_SEVERITY_LOW] = {"\033[34m", "     "},
	[DS_SEVERITY_MEDIUM] = {"\033[33m", "  "},
	[DS_SEVERITY_HIGH] = {"\033[31m", "    "},
	[DS_SEVERITY_CRITICAL] = {"\033[1;31m", ""},
};

static bool text_init(struct report *report)
{
	report->own = calloc(1, sizeof(struct text));
	return report->own != NULL;
}

static void text_fini(struct report *report)
{
	struct text *text = report->own;

	for (size_t i = 0; i < text->group_count; i++) {
		buffer_fini(&text->groups[i]->lines);
		free(text->groups[i]);
	}
	free(text->groups);
	value_set_free(text->numbers);
	buffer_fini(&text->heading);
	buffer_fini(&text->next);
	free(text);
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
	if (text_given(finding->host)) {
		buffer_literal(out, FAINT " on " RESET);
		mask_text(out, finding->host);
	}
	if (text_given(finding->uuid)) {
		buffer_literal(out, FAINT "  ");
		mask_text(out, finding->uuid);
		buffer_literal(out, RESET);
	}
}

/** Writes the domain of the findings when it differs from the previous one. */
static void add_heading(struct report *report, const struct ds_finding *finding)
{
	struct text *terminal = report->own;
	struct buffer last = terminal->heading;

	make_heading(&terminal->next, finding);
	if (terminal->next.failed) {
		report->out.failed = true;
		return;
	}
	if (last.size == terminal->next.size &&
		memcmp(last.data, terminal->next.data, last.size) == 0)
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

static void add_terminal_finding(struct buffer *out, const struct ds_finding *finding)
{
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

/* ---- groups ---- */

static bool is_terminal(const struct report *report)
{
	return report->options.format == REPORT_TERMINAL;
}

/** Creates the key of the finding's group: a rule, a host, or a host and a domain. */
static void make_key(struct buffer *key, enum report_group group, const struct ds_finding *finding)
{
	struct ds_text host = text_given(finding->host) ? finding->host : TEXT("unknown host");

	if (group == REPORT_GROUP_RULE) {
		buffer_string(key, finding->rule->id);
		return;
	}
	mask_text(key, host);
	if (group == REPORT_GROUP_HOST)
		return;
	buffer_literal(key, ": ");
	mask_text(key, finding->domain.data ? finding->domain : TEXT("no single domain"));
}

/** Returns the group with this key, which is added if it is new, or NULL when there is no
 * memory. */
static struct text_group *find_group(struct text *text, struct ds_text key)
{
	size_t *number = value_set_add(&text->numbers, key);
	struct text_group **groups, *group;

	if (!number)
		return NULL;
	if (*number)
		return text->groups[*number - 1];
	groups = array_room(text->groups, text->group_count, &text->group_capacity, sizeof *groups);
	if (!groups)
		return NULL;
	text->groups = groups;
	group = calloc(1, sizeof *group + key.size);
	if (!group)
		return NULL;
	group->size = key.size;
	memcpy(group->key, key.data, key.size);
	text->groups[text->group_count++] = group;
	*number = text->group_count;
	return group;
}

static void add_to_group(struct report *report, const struct ds_finding *finding)
{
	struct text_group *group = NULL;
	struct buffer key;

	buffer_init(&key);
	make_key(&key, report->options.group, finding);
	if (!key.failed)
		group = find_group(report->own,
			(struct ds_text){key.data ? key.data : "", key.size});
	buffer_fini(&key);
	if (!group) {
		report->out.failed = true;
		return;
	}
	group->rule = report->options.group == REPORT_GROUP_RULE ? finding->rule : NULL;
	group->worst = finding->severity > group->worst ? finding->severity : group->worst;
	group->count++;
	(is_terminal(report) ? add_terminal_finding : add_text_finding)(&group->lines, finding);
	report->out.failed |= group->lines.failed;
}

/** Compares by severity, the highest first, and then by rule or name. */
static int compare_groups(const void *one, const void *other)
{
	const struct text_group *a = *(struct text_group *const *)one;
	const struct text_group *b = *(struct text_group *const *)other;

	if (a->rule && a->worst != b->worst)
		return a->worst > b->worst ? -1 : 1;
	return text_compare((struct ds_text){a->key, a->size}, (struct ds_text){b->key, b->size});
}

static void add_groups(struct report *report)
{
	struct text *text = report->own;
	struct buffer *out = &report->out;

	if (text->group_count)
		qsort(text->groups, text->group_count, sizeof *text->groups, compare_groups);
	for (size_t i = 0; i < text->group_count; i++) {
		const struct text_group *group = text->groups[i];

		if (i)
			buffer_byte(out, '\n');
		buffer_string(out, is_terminal(report) ? BOLD : "");
		buffer_add(out, group->key, group->size);
		buffer_string(out, is_terminal(report) ? RESET : "");
		if (group->rule) {
			buffer_literal(out, " ");
			buffer_string(out, group->rule->title);
		}
		buffer_literal(out, ": ");
		buffer_unsigned(out, group->count);
		buffer_string(out, group->count == 1 ? " finding\n" : " findings\n");
		buffer_add(out, group->lines.data ? group->lines.data : "", group->lines.size);
	}
}

/* ---- summary ---- */

static void add_count(struct buffer *out, uint64_t count, const char *before, const char *after)
{
	buffer_string(out, before);
	buffer_unsigned(out, count);
	buffer_string(out, after);
}

static void add_word(struct report *report, enum ds_severity severity)
{
	struct buffer *out = &report->out;

	buffer_string(out, is_terminal(report) ? severities[severity].colour : "");
	buffer_string(out, ds_severity_text(severity));
	buffer_string(out, is_terminal(report) ? RESET : "");
}

/** Appends "12 findings on 3 hosts: 2 critical, 10 high; 4 not shown". */
static void add_severities(struct report *report, const struct report_totals *totals)
{
	uint64_t hidden = totals->below_threshold + totals->in_baseline + totals->suppressed;
	struct buffer *out = &report->out;
	const char *between = ": ";

	add_count(out, report->finding_count, is_terminal(report) ? BOLD : "",
		report->finding_count == 1 ? " finding" : " findings");
	add_count(out, totals->counts.hosts, " on ",
		totals->counts.hosts == 1 ? " host" : " hosts");
	buffer_string(out, is_terminal(report) ? RESET : "");
	for (int severity = DS_SEVERITY_CRITICAL; severity >= 0; severity--) {
		uint64_t count = report_count_severity(report, (enum ds_severity)severity);

		if (!count)
			continue;
		add_count(out, count, between, " ");
		add_word(report, (enum ds_severity)severity);
		between = ", ";
	}
	if (hidden)
		add_count(out, hidden, "; ", " not shown");
	buffer_byte(out, '\n');
}

/** Appends a line for each rule and severity, with the most severe first. */
static void add_rules(struct report *report)
{
	struct buffer *out = &report->out;

	for (int severity = DS_SEVERITY_CRITICAL; severity >= 0; severity--) {
		for (size_t i = 0; i < report->options.rule_count; i++) {
			uint64_t count = report_count(report, i, (enum ds_severity)severity);
			const struct ds_rule *rule = &report->options.rules[i];
			char number[24];

			if (!count)
				continue;
			buffer_literal(out, "  ");
			add_word(report, (enum ds_severity)severity);
			buffer_string(out, severities[severity].padding);
			buffer_literal(out, "  ");
			buffer_string(out, rule->id);
			snprintf(number, sizeof number, "%8llu  ", (unsigned long long)count);
			buffer_string(out, number);
			buffer_string(out, rule->title);
			buffer_byte(out, '\n');
		}
	}
}

static void add_summary(struct report *report, const struct report_totals *totals)
{
	struct buffer *out = &report->out;

	if (report->finding_count)
		buffer_byte(out, '\n');
	add_severities(report, totals);
	add_rules(report);
	if (!report->options.has_baseline)
		return;
	add_count(out, report->finding_count, "baseline: ", " new");
	add_count(out, totals->in_baseline, ", ", " known");
	add_count(out, totals->gone, ", ", " gone");
	if (totals->kept)
		add_count(out, totals->kept, ", ", " kept for hosts that were not fully read");
	buffer_byte(out, '\n');
}

/* ---- both ---- */

static void text_finding(struct report *report, const struct ds_finding *finding, size_t rule)
{
	(void)rule;
	if (report->options.group) {
		add_to_group(report, finding);
	} else if (is_terminal(report)) {
		add_heading(report, finding);
		add_terminal_finding(&report->out, finding);
	} else {
		add_text_finding(&report->out, finding);
	}
}

static void text_finish(struct report *report, const struct report_totals *totals)
{
	if (report->options.group)
		add_groups(report);
	if (report->options.has_summary || is_terminal(report))
		add_summary(report, totals);
	/* Without this line, nothing would explain the exit status. */
	if (totals->failing_below)
		add_count(&report->out, totals->failing_below, "",
			totals->failing_below == 1 ? " finding below --min-severity is not shown, "
						     "and decides the exit status\n"
						   : " findings below --min-severity are not "
						     "shown, and decide the exit status\n");
}

const struct report_writer report_text = {
	.init = text_init, .finding = text_finding, .finish = text_finish, .fini = text_fini};
const struct report_writer report_terminal = {
	.init = text_init, .finding = text_finding, .finish = text_finish, .fini = text_fini};
