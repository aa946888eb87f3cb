/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

#include <stddef.h>

/* The library accepts structs that are smaller or larger than in this release, from programs of
 * other releases, and returns DS_USAGE for every detectable mistake. */

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

static enum ds_status take_record(void *context, const struct ds_domain *domain,
	const struct ds_record *record)
{
	(void)context;
	(void)domain;
	(void)record;
	return DS_OK;
}

static enum ds_status take_one(void *context, const struct ds_domain *domain, enum ds_format format,
	const char *data, size_t size)
{
	(void)context;
	(void)domain;
	(void)format;
	(void)data;
	(void)size;
	return DS_OK;
}

/* ---- sizes ---- */

/** The struct of an older release, which lacks the last members. The memory after it does not
 * belong to the struct. */
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
	/* A member that the program does not know has its default, and is not read. */
	ds_reader_options_init(&options, sizeof options);
	options.limits = &old.limits;
	assert_int_equal(ds_reader_new(&options, &events, &reader), DS_OK);
	ds_reader_free(reader);
	old.limits.depth = 0;
	assert_int_equal(ds_reader_new(&options, &events, &reader), DS_USAGE);
}

/** The struct of a newer release. */
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
	/* The program asks for something that this library cannot do. */
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
	assert_text(&out, "(vm (name web) (image (linux (localtime 0))) (localtime 0))\n");
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
	assert_int_equal(ds_writer_finish(writer), DS_OK);
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
	/* A removed domain is reported once, however often ds_diff_finish() is called. */
	assert_int_equal(ds_diff_finish(diff), DS_OK);
	assert_int_equal(ds_diff_finish(diff), DS_OK);
	assert_int_equal(count, 1);
	assert_int_equal(ds_diff_compare(diff, &domain), DS_USAGE);
	assert_int_equal(ds_diff_old(diff, &domain), DS_USAGE);
	ds_diff_free(diff);
}

/** A record in which every kind of value can be made invalid. */
struct record {
	struct ds_domain domain;
	struct ds_disk disk;
	struct ds_disk_details details;
	struct ds_disk_backing backing;
	struct ds_interface interface;
	struct ds_graphics graphics;
	struct ds_char port;
	struct ds_extra extra;
};

static void record_init(struct record *record)
{
	struct ds_domain *domain = &record->domain;

	memset(record, 0, sizeof *record);
	ds_domain_init(domain, sizeof *domain);
	domain->name = TEXT("web");
	domain->disks = &record->disk;
	domain->interfaces = &record->interface;
	domain->graphics = &record->graphics;
	domain->chars = &record->port;
	domain->extras = &record->extra;
	domain->disk_count = domain->interface_count = domain->graphics_count = 1;
	domain->char_count = domain->extra_count = 1;
	record->disk.target = TEXT("xvda");
	record->disk.source = TEXT("/srv/web.img");
	record->disk.details = &record->details;
	record->details.backing = &record->backing;
	record->details.backing_count = 1;
	record->extra.path = TEXT("a");
}

/** Passes the record to writers of both formats and to a comparison, and expects the same status
 * from all of them. */
static void expect_all(const struct record *record, enum ds_status expected, const char *what)
{
	struct ds_writer_options options;
	struct ds_diff *diff = NULL;

	for (int format = DS_FORMAT_XML; format <= DS_FORMAT_SEXPR; format++) {
		struct ds_writer *writer = NULL;

		ds_writer_options_init(&options, sizeof options);
		options.format = (enum ds_format)format;
		assert_int_equal(ds_writer_new(&options, take_bytes, NULL, NULL, &writer), DS_OK);
		if (ds_writer_add(writer, &record->domain) != expected)
			fail_msg("written: %s", what);
		ds_writer_free(writer);
	}
	assert_int_equal(ds_diff_new(take_difference, NULL, &diff), DS_OK);
	if (ds_diff_old(diff, &record->domain) != expected ||
		ds_diff_compare(diff, &record->domain) != expected)
		fail_msg("compared: %s", what);
	ds_diff_free(diff);
}

#define WRONG(...) \
	do { \
		record_init(&record); \
		record.__VA_ARGS__; \
		expect_all(&record, DS_USAGE, #__VA_ARGS__); \
	} while (0)

static void values_in_a_record_that_are_refused(void **state)
{
	struct record record;

	(void)state;
	record_init(&record);
	expect_all(&record, DS_OK, "nothing is wrong");
	WRONG(domain.size = 8);
	WRONG(domain.place.name = NULL);
	WRONG(domain.host = NULL);
	WRONG(domain.format = (enum ds_format)99);
	WRONG(domain.clock = (enum ds_clock)99);
	WRONG(domain.hpet = (enum ds_flag) - 1);
	WRONG(domain.boot_count = DS_BOOT_MAX + 1);
	WRONG(domain.disks = NULL);
	WRONG(domain.interfaces = NULL);
	WRONG(domain.graphics = NULL);
	WRONG(domain.chars = NULL);
	WRONG(domain.pci_count = 1);
	WRONG(domain.sound_count = 1);
	WRONG(domain.input_count = 1);
	WRONG(domain.pin_count = 1);
	WRONG(domain.extras = NULL);
	WRONG(disk.device = (enum ds_device)99);
	WRONG(disk.type = (enum ds_source)99);
	WRONG(disk.klass = (enum ds_class)99);
	WRONG(disk.bootable = (enum ds_flag)99);
	WRONG(details.backing = NULL);
	WRONG(backing.type = (enum ds_source)99);
	WRONG(interface.type = (enum ds_interface_type)99);
	WRONG(graphics.type = (enum ds_graphics_type)99);
	WRONG(port.kind = (enum ds_char_kind)99);
	WRONG(port.type = (enum ds_char_type)99);
	WRONG(extra.kind = (enum ds_extra_kind)99);
}

/** Everything that the options of a run point to. */
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
	MISTAKE(all.limits.domain_size = 0);
	MISTAKE(all.limits.token_size = 0);
	MISTAKE(all.limits.attributes = 0);
	MISTAKE(all.limits.parts = 0);
	MISTAKE(all.limits.gzip_ratio = 0);
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
	MISTAKE(all.run.parts = 2);
	MISTAKE(all.run.part = 1);
	MISTAKE(all.run.part = 3, all.run.parts = 2);
	MISTAKE(all.run.from_border = "0+0:");
	MISTAKE(all.run.files_from_nul = true);
	MISTAKE(all.run.host_from = "dumps/etc");
	MISTAKE(all.run.check_only = true, all.run.estate = take_record);
	MISTAKE(all.run.domain_output = take_one, all.run.gzip_level = 1);
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

static void mistakes_with_an_estate(void **state)
{
	struct ds_estate_sinks sinks;
	struct ds_estate_domain domain;
	struct ds_record records = {.columns = {{NULL, 0}}};
	struct ds_estate *estate = NULL;
	uint64_t findings = 7;

	(void)state;
	ds_estate_sinks_init(&sinks, sizeof sinks);
	ds_estate_domain_init(&domain, sizeof domain);
	assert_int_equal(ds_estate_new(NULL, &sinks, NULL, &estate), DS_USAGE);
	sinks.finding = take_finding;
	assert_int_equal(ds_estate_new(NULL, NULL, NULL, &estate), DS_USAGE);
	assert_int_equal(ds_estate_new(NULL, &sinks, NULL, NULL), DS_USAGE);
	assert_int_equal(ds_estate_new(NULL, &sinks, NULL, &estate), DS_OK);
	assert_int_equal(ds_estate_add(NULL, &domain, &records), DS_USAGE);
	assert_int_equal(ds_estate_add(estate, NULL, &records), DS_USAGE);
	assert_int_equal(ds_estate_add(estate, &domain, NULL), DS_USAGE);
	domain.host = NULL;
	assert_int_equal(ds_estate_add(estate, &domain, &records), DS_USAGE);
	assert_int_equal(ds_estate_note_unread(NULL, "web01"), DS_USAGE);
	assert_int_equal(ds_estate_finish(estate, NULL), DS_USAGE);
	assert_int_equal(ds_estate_finish(NULL, &findings), DS_USAGE);
	assert_int_equal(findings, 7);
	assert_int_equal(ds_estate_finish(estate, &findings), DS_OK);
	assert_int_equal(findings, 0);
	assert_int_equal(ds_estate_finish(estate, &findings), DS_USAGE);
	assert_int_equal(ds_estate_add(estate, &domain, &records), DS_USAGE);
	assert_int_equal(ds_estate_note_unread(estate, "web01"), DS_USAGE);
	ds_estate_free(estate);
}

static void mistakes_with_parts(void **state)
{
	struct ds_run_options options;
	struct ds_segment segment = {0};
	char next[DS_BORDER_SIZE];
	uint64_t digest;

	(void)state;
	memset(&options, 0, sizeof options);
	assert_null(ds_host_namer_new(NULL, "/"));
	assert_null(ds_host_namer_new(&options, "/"));
	assert_int_equal(ds_inputs_digest(&options, "", 0, NULL, 0, &digest), DS_USAGE);
	ds_run_options_init(&options, sizeof options);
	assert_null(ds_host_namer_new(&options, NULL));
	assert_null(ds_host_namer_next(NULL, NULL));
	assert_int_equal(ds_host_namer_count(NULL), 0);
	assert_int_equal(ds_inputs_digest(NULL, "", 0, NULL, 0, &digest), DS_USAGE);
	assert_int_equal(ds_inputs_digest(&options, "", 0, NULL, 0, NULL), DS_USAGE);
	assert_int_equal(ds_inputs_digest(&options, NULL, 1, NULL, 0, &digest), DS_USAGE);
	assert_int_equal(ds_inputs_digest(&options, "", 0, NULL, 1, &digest), DS_USAGE);
	assert_false(ds_border_join("", &segment, next));
	assert_false(ds_border_join(NULL, &segment, next));
	assert_false(ds_border_join("0+0:", NULL, next));
	assert_false(ds_border_join("0+0:", &segment, NULL));
	assert_false(ds_border_join("99999999999999999999+x:", &segment, next));
}

/* ---- sizes that are part of the interface ---- */

#if __SIZEOF_POINTER__ == 8

/** Facts that programs compiled with 0.2.0 rely on where pointers have 64 bits: the sizes of
 * structs, or, in structs that may grow, the offset of the last member of 0.2.0. */
#define KEEPS(type, bytes) _Static_assert(sizeof(struct type) == (bytes), #type)
#define GROWS(type, last, at) _Static_assert(offsetof(struct type, last) == (at), #type)

KEEPS(ds_text, 16);
KEEPS(ds_place, 32);
KEEPS(ds_error, 400);
KEEPS(ds_disk_host, 72);
KEEPS(ds_disk_location, 248);
KEEPS(ds_disk_backing, 56);
KEEPS(ds_disk_details, 200);
KEEPS(ds_disk, 176);
KEEPS(ds_interface, 160);
KEEPS(ds_graphics, 96);
KEEPS(ds_char, 112);
KEEPS(ds_pci, 32);
KEEPS(ds_pin, 32);
KEEPS(ds_word, 40);
KEEPS(ds_extra, 48);
GROWS(ds_domain, extra_count, 824);
GROWS(ds_loss, number, 56);
GROWS(ds_limits, gzip_ratio, 40);
GROWS(ds_reader_events, rejected, 24);
GROWS(ds_reader_options, limits, 24);
GROWS(ds_writer_options, preserve, 22);
KEEPS(ds_explanation, 24);
KEEPS(ds_rule, 72);
KEEPS(ds_related, 80);
GROWS(ds_finding, distinction, 200);
KEEPS(ds_shared_image, 56);
KEEPS(ds_image_list, 32);
GROWS(ds_audit_options, image_list_count, 40);
KEEPS(ds_record, 64);
GROWS(ds_estate_domain, host, 40);
GROWS(ds_estate_sinks, shared_images, 24);
GROWS(ds_difference, new_place, 168);
KEEPS(ds_listed_loss, 104);
GROWS(ds_counts, listed_digest, 192);
KEEPS(ds_starts, 48);
KEEPS(ds_segment, 144);
GROWS(ds_input_result, segment, 200);
GROWS(ds_rows_options, column_count, 24);
KEEPS(ds_file_id, 16);
KEEPS(ds_condition, 16);
GROWS(ds_selection, condition_count, 64);
GROWS(ds_run_options, losses_without_values, 280);
#endif

static void lists_are_returned_without_their_lengths_too(void **state)
{
	(void)state;
	assert_non_null(ds_rules(NULL));
	assert_non_null(ds_explanations(NULL));
	assert_non_null(ds_disk_fields(NULL));
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
		cmocka_unit_test(values_in_a_record_that_are_refused),
		cmocka_unit_test(values_that_a_run_refuses),
		cmocka_unit_test(options_that_contradict_each_other),
		cmocka_unit_test(mistakes_with_a_run),
		cmocka_unit_test(mistakes_with_an_estate),
		cmocka_unit_test(mistakes_with_parts),
		cmocka_unit_test(lists_are_returned_without_their_lengths_too),
		cmocka_unit_test(unknown_words_have_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
