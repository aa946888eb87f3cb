/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/text.h"
#include "report/markup.h"
#include "report/writer.h"

#include <stdlib.h>

/*
 * JUnit's XML, as Jenkins and GitLab read it. A suite must contain the number of its cases before
 * the cases, so each suite is kept in memory until it is complete. The totals at the top are
 * optional and left out.
 *
 * A suite is a domain of a host. A case is a finding, which fails; a domain without findings has
 * one case, which passes. Findings about several domains, and about the input, are suites too. A
 * suite that gets longer than SUITE_SIZE is closed and continued in another one with the same name,
 * so that memory stays flat.
 *
 * Readers recognize a case from an earlier run by its class and name; if several have the same,
 * they keep one, or give all the same history. The name therefore contains the rule, the domain or
 * disk, and the beginning of the fingerprint, which stays the same when lines move. If findings
 * are equal even so, such as those of a domain that is in two files, they are numbered.
 */

#define SUITE_SIZE ((size_t)1 << 20)

/** The number of digits of a fingerprint in a name: enough for people to find it in a baseline, and
 * to distinguish a million findings. */
#define NAME_DIGITS 12

/** The number of bits of a hash that select a counter of names, and the number of counters for each
 * name. */
#define NAME_BITS 20
#define NAME_HASHES 3

struct junit {
	/** The open suite's name and first lines, as they are written; `name` is empty if none is
	 * open. */
	struct buffer name, properties, cases;
	/** The name of the next suite, if it is a different one. */
	struct buffer next;
	uint64_t tests, failures, errors;
	/** The number of cases, by hashes of class and name; see count_name(). */
	uint32_t counters[1u << NAME_BITS];
};

static bool junit_init(struct report *report)
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
	buffer_literal(&report->out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"domstream "
		"audit\">\n");
}

/* ---- suites ---- */

static void add_count(struct buffer *out, const char *name, uint64_t count)
{
	buffer_byte(out, ' ');
	buffer_string(out, name);
	buffer_literal(out, "=\"");
	buffer_unsigned(out, count);
	buffer_byte(out, '"');
}

static void add_buffer(struct buffer *out, const struct buffer *more)
{
	buffer_add(out, more->data, more->size);
	out->failed |= more->failed;
}

static uint64_t mix(uint64_t hash, const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (unsigned char)data[i]) * 0x100000001b3u;
	return hash;
}

/**
 * Returns the number of the case among those with the same class and name, from 1. Storing all
 * names would need memory for each of them, so they share counters; a name has several, and the
 * lowest of them counts (a count-min sketch). Next time, all of the name's counters are higher, so
 * two equal names never get the same number. A name whose counters were all increased by other
 * names gets a number without need: one in a hundred of 100000 findings.
 */
static uint32_t count_name(struct junit *junit, uint64_t hash)
{
	uint32_t *counters[NAME_HASHES];
	uint32_t count = UINT32_MAX;

	for (size_t i = 0; i < NAME_HASHES; i++, hash >>= NAME_BITS) {
		counters[i] = &junit->counters[hash % (1u << NAME_BITS)];
		count = *counters[i] < count ? *counters[i] : count;
	}
	count++;
	for (size_t i = 0; i < NAME_HASHES; i++)
		if (*counters[i] < count)
			*counters[i] = count;
	return count;
}

/** Appends a number to the name that begins at `begin`, unless its case is the first one with this
 * class and name. */
static void add_number(struct junit *junit, size_t begin)
{
	struct buffer *cases = &junit->cases;
	uint64_t hash;
	uint32_t count;

	/* Without memory, nothing is written. */
	if (cases->failed)
		return;
	hash = mix(0xcbf29ce484222325u, junit->name.data, junit->name.size);
	count = count_name(junit, mix(hash, cases->data + begin, cases->size - begin));
	if (count == 1)
		return;
	buffer_literal(cases, " (");
	buffer_unsigned(cases, count);
	buffer_byte(cases, ')');
}

static void add_class_name(struct junit *junit)
{
	buffer_literal(&junit->cases, "\" classname=\"");
	add_buffer(&junit->cases, &junit->name);
	buffer_byte(&junit->cases, '"');
}

static void add_passed(struct junit *junit)
{
	size_t begin;

	buffer_literal(&junit->cases, "<testcase name=\"");
	begin = junit->cases.size;
	buffer_literal(&junit->cases, "no findings");
	add_number(junit, begin);
	add_class_name(junit);
	buffer_literal(&junit->cases, "/>\n");
	junit->tests = 1;
}

static void close_suite(struct report *report)
{
	struct junit *junit = report->own;
	struct buffer *out = &report->out;

	if (junit->name.size == 0)
		return;
	if (junit->tests == 0)
		add_passed(junit);
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
	/* Without memory, there is no name at all. */
	if (name.size == junit->name.size &&
		(!name.size || memcmp(name.data, junit->name.data, name.size) == 0))
		return;
	close_suite(report);
	junit->next = junit->name;
	junit->name = name;
}

/** Begins the name of a suite, with "HOST: " if the host is known. */
static void begin_name(struct junit *junit, struct ds_text host)
{
	buffer_clear(&junit->next, 4096);
	if (!text_given(host))
		return;
	markup_data(&junit->next, host);
	buffer_literal(&junit->next, ": ");
}

static void name_suite(struct junit *junit, struct ds_text host, struct ds_text domain)
{
	begin_name(junit, host);
	buffer_literal(&junit->next, "domain ");
	markup_data(&junit->next, domain.data ? domain : TEXT("without a name"));
}

static void junit_domain(struct report *report, const struct ds_domain *domain)
{
	struct junit *junit = report->own;

	/* Two adjacent suites may have the same name. */
	close_suite(report);
	name_suite(junit, text_of_string(domain->host), domain->name);
	open_suite(report);
	buffer_literal(&junit->properties, "<properties><property name=\"place\" value=\"");
	markup_place(&junit->properties, &domain->place);
	buffer_literal(&junit->properties, "\"/></properties>\n");
}

/* ---- cases ---- */

static void name_suite_of(struct junit *junit, const struct ds_finding *finding)
{
	if (finding->rule->scope <= DS_SCOPE_DOMAIN) {
		name_suite(junit, finding->host, finding->domain);
		return;
	}
	begin_name(junit, finding->host);
	buffer_string(&junit->next,
		finding->rule->scope == DS_SCOPE_INPUT ? "input" : "several domains");
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

/** Adds the text for people who open the case. */
static void add_body(struct buffer *out, const struct ds_finding *finding)
{
	markup_place(out, &finding->place);
	add_line(out, "severity", text_of_string(ds_severity_text(finding->severity)));
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
	add_line(out, "fingerprint", text_of_string(finding->fingerprint));
	buffer_byte(out, '\n');
	markup_lines(out, finding->rule->why);
}

/** Adds the subject of the finding as far as the suite does not contain it, or the name of the file
 * if there is no other subject. */
static void add_subject(struct buffer *out, const struct ds_finding *finding)
{
	const struct ds_place file = {.name = finding->place.name};

	if (finding->domain.data && finding->rule->scope > DS_SCOPE_DOMAIN) {
		buffer_literal(out, ": ");
		markup_data(out, finding->domain);
	}
	if (finding->disk.data) {
		buffer_literal(out, ": ");
		markup_data(out, finding->disk);
	}
	if (!finding->domain.data && !finding->disk.data) {
		buffer_literal(out, ": ");
		markup_place(out, &file);
	}
}

static void add_name(struct junit *junit, const struct ds_finding *finding)
{
	struct buffer *out = &junit->cases;
	size_t begin = out->size;

	buffer_string(out, finding->rule->id);
	buffer_byte(out, ' ');
	buffer_string(out, finding->rule->name);
	add_subject(out, finding);
	buffer_literal(out, " [");
	buffer_add(out, finding->fingerprint, strnlen(finding->fingerprint, NAME_DIGITS));
	buffer_byte(out, ']');
	add_number(junit, begin);
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
	add_name(junit, finding);
	add_class_name(junit);
	buffer_literal(out, "><");
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

const struct report_writer report_junit = {.init = junit_init,
	.begin = junit_begin,
	.domain = junit_domain,
	.finding = junit_finding,
	.finish = junit_finish,
	.fini = junit_fini};
