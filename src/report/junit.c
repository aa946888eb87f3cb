/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/writer.h"

#include <stdlib.h>

#include "record/text.h"
#include "report/markup.h"

/*
 * JUnit's XML, as Jenkins and GitLab read it. A suite must say before its cases how many there are, so one is held back
 * until it is whole; the numbers at the top, which may be left out, are left out.
 *
 * A suite is a domain; a case is a finding of it, which fails, or one that passes when there is none. What is about several
 * domains, and what is about the input, are suites too; a suite that gets longer than SUITE_SIZE is closed and goes on in
 * another one of its name, so that memory stays flat.
 */

#define SUITE_SIZE ((size_t)1 << 20)

struct junit {
	/** The open suite's name and first lines, as they are written; `name` empty: none is open. */
	struct buffer name, properties, cases;
	/** What it will be called when it is another one. */
	struct buffer next;
	uint64_t tests, failures, errors;
};

static int junit_init(struct report *report)
{
	report->own = calloc(1, sizeof(struct junit));
	return report->own != NULL;
}

static void junit_fini(struct report *report)
{
	struct junit *junit = report->own;

	buffer_fini(&junit->name);
	buffer_fini(&junit->properties);
	buffer_fini(&junit->cases);
	buffer_fini(&junit->next);
	free(junit);
}

static void junit_begin(struct report *report)
{
	buffer_literal(&report->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"domstream audit\">\n");
}

/* ---- suites -------------------------------------------------------------------------------------------- */

static void add_count(struct buffer *out, const char *name, uint64_t count)
{
	buffer_byte(out, ' ');
	buffer_string(out, name);
	buffer_literal(out, "=\"");
	buffer_unsigned(out, count);
	buffer_byte(out, '"');
}

static void add_buffer(struct buffer *out, const struct buffer *part)
{
	buffer_add(out, part->data, part->size);
	out->failed |= part->failed;
}

static void close_suite(struct report *report)
{
	struct junit *junit = report->own;
	struct buffer *out = &report->out;

	if (junit->name.size == 0)
		return;
	if (junit->tests == 0) {
		buffer_literal(&junit->cases, "<testcase name=\"no findings\" classname=\"");
		add_buffer(&junit->cases, &junit->name);
		buffer_literal(&junit->cases, "\"/>\n");
		junit->tests = 1;
	}
	buffer_literal(out, "<testsuite name=\"");
	add_buffer(out, &junit->name);
	buffer_byte(out, '"');
	add_count(out, "tests", junit->tests);
	add_count(out, "failures", junit->failures);
	add_count(out, "errors", junit->errors);
	buffer_literal(out, ">\n");
	add_buffer(out, &junit->properties);
	add_buffer(out, &junit->cases);
	buffer_literal(out, "</testsuite>\n");
	buffer_clear(&junit->name, 4096);
	buffer_clear(&junit->properties, 4096);
	buffer_clear(&junit->cases, SUITE_SIZE);
	junit->tests = junit->failures = junit->errors = 0;
}

/** Opens the suite whose name is in `next`, unless it is open. */
static void open_suite(struct report *report)
{
	struct junit *junit = report->own;
	struct buffer name = junit->next;

	report->out.failed |= name.failed;
	/* Without memory there is no name at all. */
	if (name.size == junit->name.size && (!name.size || memcmp(name.data, junit->name.data, name.size) == 0))
		return;
	close_suite(report);
	junit->next = junit->name;
	junit->name = name;
}

static void name_suite(struct junit *junit, struct ds_text domain)
{
	buffer_clear(&junit->next, 4096);
	buffer_literal(&junit->next, "domain ");
	markup_data(&junit->next, domain.data ? domain : TEXT("without a name"));
}

static void junit_domain(struct report *report, const struct ds_domain *domain)
{
	struct junit *junit = report->own;

	/* Two neighbours may have one name. */
	close_suite(report);
	name_suite(junit, domain->name);
	open_suite(report);
	buffer_literal(&junit->properties, "<properties><property name=\"place\" value=\"");
	markup_place(&junit->properties, &domain->place);
	buffer_literal(&junit->properties, "\"/></properties>\n");
}

/* ---- cases --------------------------------------------------------------------------------------------- */

static void name_suite_of(struct junit *junit, const struct ds_finding *finding)
{
	if (finding->rule->scope <= DS_SCOPE_DOMAIN) {
		name_suite(junit, finding->domain);
		return;
	}
	buffer_clear(&junit->next, 4096);
	buffer_string(&junit->next, finding->rule->scope == DS_SCOPE_INPUT ? "input" : "several domains");
}

static void add_line(struct buffer *out, const char *name, struct ds_text text)
{
	if (!text.data)
		return;
	buffer_byte(out, '\n');
	buffer_string(out, name);
	buffer_literal(out, ": ");
	markup_data(out, text);
}

/** What a person reads who opens the case. */
static void add_body(struct buffer *out, const struct ds_finding *finding)
{
	markup_place(out, &finding->place);
	add_line(out, "severity", string_text(ds_severity_text(finding->severity)));
	add_line(out, "domain", finding->domain);
	add_line(out, "uuid", finding->uuid);
	add_line(out, "disk", finding->disk);
	add_line(out, "source", finding->source);
	for (size_t i = 0; i < finding->related_count; i++) {
		const struct ds_related *related = &finding->related[i];

		buffer_literal(out, "\nwith: ");
		markup_place(out, &related->place);
		add_line(out, "  domain", related->domain);
		add_line(out, "  disk", related->disk);
	}
	add_line(out, "fingerprint", string_text(finding->fingerprint));
	buffer_byte(out, '\n');
	markup_lines(out, finding->rule->why);
}

static void junit_finding(struct report *report, const struct ds_finding *finding, size_t rule)
{
	struct junit *junit = report->own;
	struct buffer *out = &junit->cases;
	const char *element = finding->rule->scope == DS_SCOPE_INPUT ? "error" : "failure";

	(void)rule;
	name_suite_of(junit, finding);
	open_suite(report);
	junit->tests++;
	*(*element == 'e' ? &junit->errors : &junit->failures) += 1;
	buffer_literal(out, "<testcase name=\"");
	buffer_string(out, finding->rule->id);
	buffer_byte(out, ' ');
	buffer_string(out, finding->rule->name);
	if (finding->disk.data) {
		buffer_literal(out, ": ");
		markup_data(out, finding->disk);
	}
	buffer_literal(out, "\" classname=\"");
	add_buffer(out, &junit->name);
	buffer_literal(out, "\"><");
	buffer_string(out, element);
	buffer_literal(out, " type=\"");
	buffer_string(out, finding->rule->id);
	buffer_literal(out, "\" message=\"");
	markup_data(out, finding->text);
	buffer_literal(out, "\">");
	add_body(out, finding);
	buffer_literal(out, "</");
	buffer_string(out, element);
	buffer_literal(out, "></testcase>\n");
	report->out.failed |= out->failed;
	if (out->size > SUITE_SIZE)
		close_suite(report);
}

static void junit_finish(struct report *report, const struct report_totals *totals)
{
	(void)totals;
	close_suite(report);
	buffer_literal(&report->out, "</testsuites>\n");
}

const struct report_writer report_junit = {
	.init = junit_init, .begin = junit_begin, .domain = junit_domain, .finding = junit_finding,
	.finish = junit_finish, .fini = junit_fini};
