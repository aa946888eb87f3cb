/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

#include <stddef.h>

/* What programs of another release, or with mistakes in them, get from the library: structs that
 * are smaller or larger than ours, and DS_USAGE for every mistake that can be detected. */

static const char *const inputs[] = {SAMPLES_DIR "/estate.xml"};

#define DOMAIN_SXP "(domain (name web) (uuid b5d70dd2-75cd-aca5-1776-9660b059d801))\n"

static enum ds_status take_bytes(void *context, const char *data, size_t size)
{
	if (context)
		buffer_add(context, data, size);
	return DS_OK;
}

static enum ds_status take_domain(void *context, const struct ds_domain *domain)
{
	size_t *count = context;

	assert_int_equal(domain->size, sizeof *domain);
	if (count)
		(*count)++;
	return DS_OK;
}

static enum ds_status take_difference(void *context, const struct ds_difference *difference)
{
	size_t *count = context;

	(void)difference;
	if (count)
		(*count)++;
	return DS_OK;
}

static enum ds_status take_finding(void *context, const struct ds_finding *finding)
{
	(void)context;
	(void)finding;
	return DS_OK;
}

/* ---- sizes ---- */

/** As an old program knew it: without the last members. Behind it is memory that is not the
 * struct's. */
union old_limits {
	struct ds_limits limits;
	unsigned char bytes[sizeof(struct ds_limits)];
};

static void an_old_program_has_smaller_structs(void **state)
{
	const size_t size = offsetof(struct ds_limits, attributes);
	struct ds_reader_options options;
	struct ds_reader *reader = NULL;
	struct ds_reader_events events = {sizeof events, NULL, take_domain, NULL};
	union old_limits old;

	(void)state;
	memset(&old, 0xee, sizeof old);
	ds_limits_init(&old.limits, size);
	assert_int_equal(old.limits.size, size);
	assert_int_equal(old.limits.depth, DS_LIMIT_DEPTH);
	for (size_t i = size; i < sizeof old; i++)
		assert_int_equal(old.bytes[i], 0xee);
	/* What the program does not know has its default, and is not read. */
	ds_reader_options_init(&options, sizeof options);
	options.limits = &old.limits;
	assert_int_equal(ds_reader_new(&options, &events, &reader), DS_OK);
	ds_reader_free(reader);
	old.limits.depth = 0;
	assert_int_equal(ds_reader_new(&options, &events, &reader), DS_USAGE);
}

/** As a new program knows it. */
struct new_options {
	struct ds_reader_options known;
	uint64_t unknown;
};

static void a_new_program_has_larger_structs(void **state)
{
	struct ds_reader_events events = {sizeof events, NULL, take_domain, NULL};
	struct ds_reader *reader = NULL;
	struct new_options options;

	(void)state;
	memset(&options, 0xee, sizeof options);
	ds_reader_options_init(&options.known, sizeof options);
	assert_int_equal(options.known.size, sizeof options);
	assert_int_equal(options.unknown, 0);
	assert_int_equal(ds_reader_new(&options.known, &events, &reader), DS_OK);
	ds_reader_free(reader);
	/* It wants something that this library cannot do. */
	options.unknown = 1;
	assert_int_equal(ds_reader_new(&options.known, &events, &reader), DS_USAGE);
}

static void counts_are_written_as_far_as_the_program_knows_them(void **state)
{
	struct {
		struct ds_counts known;
		uint64_t unknown;
	} counts;
	const size_t size = offsetof(struct ds_counts, converted);
	struct ds_run_options options;

	(void)state;
	ds_run_options_init(&options, sizeof options);
	options.check_only = true;
	options.names = inputs;
	options.name_count = 1;
	memset(&counts, 0xee, sizeof counts);
	ds_counts_init(&counts.known, size);
	assert_int_equal(ds_run(&options, &counts.known, NULL), DS_OK);
	assert_int_equal(counts.known.size, size);
	assert_int_equal(counts.known.domains, 5);
	assert_true(counts.known.converted == UINT64_C(0xeeeeeeeeeeeeeeee));
	ds_counts_init(&counts.known, sizeof counts);
	assert_int_equal(ds_run(&options, &counts.known, NULL), DS_OK);
	assert_int_equal(counts.unknown, 0);
	assert_int_equal(ds_run(&options, NULL, NULL), DS_OK);
}

static void a_record_may_be_made_by_an_old_program(void **state)
{
	const size_t size = offsetof(struct ds_domain, extra_count);
	struct ds_domain domain;
	struct ds_writer_options options;
	struct ds_writer *writer = NULL;
	struct ds_diff *diff = NULL;
	struct buffer out = {0};

	(void)state;
	memset(&domain, 0xee, sizeof domain);
	ds_domain_init(&domain, size);
	domain.name = TEXT("web");
	ds_writer_options_init(&options, sizeof options);
	options.format = DS_FORMAT_SEXPR;
	assert_int_equal(ds_writer_new(&options, take_bytes, NULL, &out, &writer), DS_OK);
	assert_int_equal(ds_writer_add(writer, &domain), DS_OK);
	assert_int_equal(ds_writer_finish(writer), DS_OK);
	assert_text(&out, "(vm (name web) (localtime 0))\n");
	ds_writer_free(writer);
	assert_int_equal(ds_diff_new(take_difference, NULL, &diff), DS_OK);
	assert_int_equal(ds_diff_old(diff, &domain), DS_OK);
	assert_int_equal(ds_diff_compare(diff, &domain), DS_OK);
	assert_int_equal(ds_diff_finish(diff), DS_OK);
	ds_diff_free(diff);
	buffer_fini(&out);
}

/* ---- mistakes ---- */

static void mistakes_with_a_reader(void **state)
{
	struct ds_reader_events events = {sizeof events, NULL, take_domain, NULL};
	struct ds_reader_events none;
	struct ds_reader_options options;
	struct ds_reader *reader = NULL;

	(void)state;
	ds_reader_events_init(&none, sizeof none);
	assert_int_equal(ds_reader_new(NULL, NULL, &reader), DS_USAGE);
	assert_int_equal(ds_reader_new(NULL, &none, &reader), DS_USAGE);
	assert_int_equal(ds_reader_new(NULL, &events, NULL), DS_USAGE);
	events.size = 0;
	assert_int_equal(ds_reader_new(NULL, &events, &reader), DS_USAGE);
	events.size = sizeof events;
	memset(&options, 0, sizeof options);
	assert_int_equal(ds_reader_new(&options, &events, &reader), DS_USAGE);
	memset(&options, 0xee, sizeof options);
	assert_int_equal(ds_reader_new(&options, &events, &reader), DS_USAGE);
	ds_reader_options_init(&options, sizeof options);
	options.format = (enum ds_format)7;
	assert_int_equal(ds_reader_new(&options, &events, &reader), DS_USAGE);
	ds_reader_options_init(&options, sizeof options);
	options.xml_parser = (enum ds_xml_parser)7;
	assert_int_equal(ds_reader_new(&options, &events, &reader), DS_USAGE);
	assert_null(reader);
	assert_int_equal(ds_reader_new(NULL, &events, &reader), DS_OK);
	assert_int_equal(ds_reader_feed(reader, NULL, 1), DS_USAGE);
	assert_int_equal(ds_reader_feed(reader, NULL, 0), DS_OK);
	assert_int_equal(ds_reader_finish(reader), DS_OK);
	assert_int_equal(ds_reader_feed(reader, DOMAIN_SXP, 5), DS_USAGE);
	assert_int_equal(ds_reader_finish(reader), DS_OK);
	assert_int_equal(ds_reader_feed(NULL, DOMAIN_SXP, 5), DS_USAGE);
	assert_int_equal(ds_reader_finish(NULL), DS_USAGE);
	ds_reader_free(reader);
}

static void mistakes_with_a_writer(void **state)
{
	struct ds_writer_options options;
	struct ds_writer *writer = NULL;
	struct ds_domain domain;

	(void)state;
	memset(&options, 0, sizeof options);
	assert_int_equal(ds_writer_new(&options, take_bytes, NULL, NULL, &writer), DS_USAGE);
	ds_writer_options_init(&options, sizeof options);
	assert_int_equal(ds_writer_new(&options, NULL, NULL, NULL, &writer), DS_USAGE);
	assert_int_equal(ds_writer_new(&options, take_bytes, NULL, NULL, NULL), DS_USAGE);
	options.format = (enum ds_format)3;
	assert_int_equal(ds_writer_new(&options, take_bytes, NULL, NULL, &writer), DS_USAGE);
	ds_writer_options_init(&options, sizeof options);
	options.xend = (enum ds_xend)0;
	assert_int_equal(ds_writer_new(&options, take_bytes, NULL, NULL, &writer), DS_USAGE);
	ds_writer_options_init(&options, sizeof options);
	options.wrap = (enum ds_wrap) - 1;
	assert_int_equal(ds_writer_new(&options, take_bytes, NULL, NULL, &writer), DS_USAGE);
	assert_null(writer);
	assert_int_equal(ds_writer_new(NULL, take_bytes, NULL, NULL, &writer), DS_OK);
	ds_domain_init(&domain, sizeof domain);
	assert_int_equal(ds_writer_add(writer, NULL), DS_USAGE);
	assert_int_equal(ds_writer_add(NULL, &domain), DS_USAGE);
	/* Neither the record nor the writer has a format. */
	assert_int_equal(ds_writer_add(writer, &domain), DS_USAGE);
	domain.format = DS_FORMAT_XML;
	assert_int_equal(ds_writer_add(writer, &domain), DS_OK);
	domain.size = 0;
	assert_int_equal(ds_writer_add(writer, &domain), DS_USAGE);
	domain.size = sizeof domain;
	assert_int_equal(ds_writer_finish(writer), DS_OK);
	assert_int_equal(ds_writer_add(writer, &domain), DS_USAGE);
	assert_int_equal(ds_writer_finish(NULL), DS_USAGE);
	ds_writer_free(writer);
}

static void mistakes_with_a_comparison(void **state)
{
	struct ds_diff *diff = NULL;
	struct ds_domain domain;
	size_t count = 0;

	(void)state;
	ds_domain_init(&domain, sizeof domain);
	assert_int_equal(ds_diff_new(NULL, NULL, &diff), DS_USAGE);
	assert_int_equal(ds_diff_new(take_difference, NULL, NULL), DS_USAGE);
	assert_int_equal(ds_diff_new(take_difference, &count, &diff), DS_OK);
	assert_int_equal(ds_diff_only_disks(NULL), DS_USAGE);
	assert_int_equal(ds_diff_only_disks(diff), DS_OK);
	assert_int_equal(ds_diff_old(diff, NULL), DS_USAGE);
	assert_int_equal(ds_diff_old(NULL, &domain), DS_USAGE);
	assert_int_equal(ds_diff_old(diff, &domain), DS_OK);
	assert_int_equal(ds_diff_only_disks(diff), DS_USAGE);
	assert_int_equal(ds_diff_compare(diff, NULL), DS_USAGE);
	assert_int_equal(ds_diff_compare(NULL, &domain), DS_USAGE);
	assert_int_equal(ds_diff_finish(NULL), DS_USAGE);
	/* A removed domain is reported once, however often the end is. */
	assert_int_equal(ds_diff_finish(diff), DS_OK);
	assert_int_equal(ds_diff_finish(diff), DS_OK);
	assert_int_equal(count, 1);
	assert_int_equal(ds_diff_compare(diff, &domain), DS_USAGE);
	assert_int_equal(ds_diff_old(diff, &domain), DS_USAGE);
	ds_diff_free(diff);
}

/** Everything that the options of a run lead to. */
struct all {
	struct ds_run_options run;
	struct ds_limits limits;
	struct ds_writer_options writer;
	struct ds_rows_options rows;
	struct ds_selection selection;
	struct ds_audit_options audit;
};

static void all_init(struct all *all)
{
	ds_run_options_init(&all->run, sizeof all->run);
	ds_limits_init(&all->limits, sizeof all->limits);
	ds_writer_options_init(&all->writer, sizeof all->writer);
	ds_rows_options_init(&all->rows, sizeof all->rows);
	ds_selection_init(&all->selection, sizeof all->selection);
	ds_audit_options_init(&all->audit, sizeof all->audit);
	all->run.limits = &all->limits;
	all->run.writer = &all->writer;
	all->run.rows = &all->rows;
	all->run.selection = &all->selection;
	all->run.sink = take_bytes;
	all->run.names = inputs;
	all->run.name_count = 1;
}

static void with_audit(struct all *all)
{
	all->run.audit = &all->audit;
	all->run.check_only = true;
	all->run.sink = NULL;
}

static const char *const missing[] = {NULL};
static const struct ds_condition half[] = {{"driver", NULL}};
static const unsigned columns[] = {1000};

static void expect_usage(struct all *all, const char *mistake)
{
	struct ds_error error = {.text = ""};

	if (ds_run(&all->run, NULL, &error) != DS_USAGE || !error.text[0])
		fail_msg("not reported: %s", mistake);
}

#define MISTAKE(...) \
	do { \
		all_init(&all); \
		__VA_ARGS__; \
		expect_usage(&all, #__VA_ARGS__); \
	} while (0)

static void values_that_a_run_refuses(void **state)
{
	struct all all;

	(void)state;
	MISTAKE(all.run.size = 0);
	MISTAKE(all.limits.size = 0);
	MISTAKE(all.writer.size = 3);
	MISTAKE(all.rows.size = SIZE_MAX);
	MISTAKE(all.selection.size = 0);
	MISTAKE(with_audit(&all), all.audit.size = 0);
	MISTAKE(all.run.gzip_level = 10);
	MISTAKE(all.run.gzip_level = -1);
	MISTAKE(all.run.names = missing, all.run.names = NULL);
	MISTAKE(all.run.names = NULL);
	MISTAKE(all.run.output_count = 1);
	MISTAKE(all.run.hosts = (enum ds_hosts)99);
	MISTAKE(all.run.from = (enum ds_format)99);
	MISTAKE(all.run.xml_parser = (enum ds_xml_parser)99);
	MISTAKE(all.writer.format = (enum ds_format)99);
	MISTAKE(all.writer.xend = (enum ds_xend)99);
	MISTAKE(all.writer.wrap = (enum ds_wrap)99);
	MISTAKE(all.rows.format = (enum ds_rows)99);
	MISTAKE(all.rows.utf8 = (enum ds_utf8)99);
	MISTAKE(all.rows.columns = columns, all.rows.column_count = 1);
	MISTAKE(all.rows.column_count = 1);
	MISTAKE(all.selection.names = missing, all.selection.name_count = 1);
	MISTAKE(all.selection.uuid_count = 1);
	MISTAKE(all.selection.hosts = missing, all.selection.host_count = 1);
	MISTAKE(all.selection.conditions = half, all.selection.condition_count = 1);
	MISTAKE(all.selection.condition_count = 1);
	MISTAKE(with_audit(&all), all.audit.shared_count = 1);
	MISTAKE(with_audit(&all), all.audit.image_list_count = 1);
	MISTAKE(all.limits.depth = 0);
	MISTAKE(all.limits.domain_size = SIZE_MAX);
}

static void options_that_contradict_each_other(void **state)
{
	struct all all;

	(void)state;
	MISTAKE(all.run.sink = NULL);
	MISTAKE(with_audit(&all), all.run.check_only = 0, all.run.sink = take_bytes);
	MISTAKE(all.run.extract = all.run.check_only = 1);
	MISTAKE(all.run.verify = all.run.check_only = 1);
}

static void mistakes_with_a_run(void **state)
{
	struct ds_counts counts = {.size = sizeof counts};
	struct ds_error error;
	struct all all;

	(void)state;
	all_init(&all);
	assert_int_equal(ds_run(&all.run, &counts, &error), DS_OK);
	with_audit(&all);
	assert_int_equal(ds_run(&all.run, &counts, &error), DS_OK);
	assert_int_equal(ds_run(NULL, &counts, &error), DS_USAGE);
	counts.size = 0;
	assert_int_equal(ds_run(&all.run, &counts, &error), DS_USAGE);
}

static void unknown_words_have_no_text(void **state)
{
	struct ds_error error = {.id = "DA901", .place = {.name = "-"}};

	(void)state;
	assert_null(ds_severity_text((enum ds_severity)5));
	assert_null(ds_severity_text((enum ds_severity) - 1));
	assert_null(ds_rule_find("DA000"));
	assert_null(ds_rule_find(NULL));
	assert_null(ds_loss_reason_text("none"));
	assert_null(ds_loss_reason_text(NULL));
	assert_null(ds_feature("none"));
	assert_null(ds_feature(NULL));
	assert_string_equal(ds_status_text((enum ds_status)99), "unknown status");
	assert_int_equal(ds_error_finding(NULL, take_finding, NULL), DS_USAGE);
	assert_int_equal(ds_error_finding(&error, NULL, NULL), DS_USAGE);
	assert_int_equal(ds_error_finding(&error, take_finding, NULL), DS_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_old_program_has_smaller_structs),
		cmocka_unit_test(a_new_program_has_larger_structs),
		cmocka_unit_test(counts_are_written_as_far_as_the_program_knows_them),
		cmocka_unit_test(a_record_may_be_made_by_an_old_program),
		cmocka_unit_test(mistakes_with_a_reader),
		cmocka_unit_test(mistakes_with_a_writer),
		cmocka_unit_test(mistakes_with_a_comparison),
		cmocka_unit_test(values_that_a_run_refuses),
		cmocka_unit_test(options_that_contradict_each_other),
		cmocka_unit_test(mistakes_with_a_run),
		cmocka_unit_test(unknown_words_have_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
