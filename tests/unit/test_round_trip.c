/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "records.h"

/* Records that are written are read unchanged, in either format, whatever their values contain. */

#define RECORDS 2000

struct trip {
	struct buffer output;
	struct buffer read;
	size_t losses, masked, domains;
};

static enum ds_status take_bytes(void *context, const char *data, size_t size)
{
	struct trip *trip = context;

	buffer_add(&trip->output, data, size);
	return DS_OK;
}

static enum ds_status take_loss(void *context, const struct ds_loss *loss)
{
	struct trip *trip = context;

	/* A value that libvirt's schema does not allow is written unchanged. */
	trip->losses += strcmp(loss->reason, "schema") != 0;
	trip->masked += strcmp(loss->reason, "masked") == 0;
	return DS_OK;
}

static enum ds_status take_domain(void *context, const struct ds_domain *domain)
{
	struct trip *trip = context;

	trip->domains++;
	add_meaning(&trip->read, domain);
	return DS_OK;
}

static void write_record(struct trip *trip, const struct ds_writer_options *options,
	const struct ds_domain *record)
{
	struct ds_writer *writer;

	assert_int_equal(ds_writer_new(options, take_bytes, take_loss, trip, &writer), DS_OK);
	assert_int_equal(ds_writer_add(writer, record), DS_OK);
	assert_int_equal(ds_writer_finish(writer), DS_OK);
	ds_writer_free(writer);
}

static void read_back(struct trip *trip)
{
	struct ds_reader_events events = {sizeof events, trip, take_domain, NULL};
	struct ds_reader_options options;
	struct ds_reader *reader;

	ds_reader_options_init(&options, sizeof options);
	assert_int_equal(ds_reader_new(&options, &events, &reader), DS_OK);
	assert_int_equal(ds_reader_feed(reader, trip->output.data, trip->output.size), DS_OK);
	if (ds_reader_finish(reader) != DS_OK)
		fail_msg("what was written cannot be read: %s", as_string(&trip->output));
	ds_reader_free(reader);
	assert_int_equal(trip->domains, 1);
}

/** Writes one record and reads it. In XML, bytes that it cannot represent are masked. */
static void travel(uint64_t number, const struct ds_writer_options *options)
{
	struct trip trip = {0};
	struct buffer expected = {0}, unmasked = {0};
	struct arena arena;

	arena_init(&arena);
	add_meaning(&unmasked, make_record(&arena, number, AS_IT_IS));
	add_meaning(&expected,
		make_record(&arena, number, options->format == DS_FORMAT_XML ? MASKED : AS_IT_IS));
	write_record(&trip, options, make_record(&arena, number, AS_IT_IS));
	read_back(&trip);
	if (!is_same(&trip.read, &expected))
		print_message("record %u, written as\n%s\n", (unsigned)number,
			as_string(&trip.output));
	assert_same(&trip.read, &expected);
	/* Exactly the differences are reported. */
	assert_int_equal(trip.losses, trip.masked);
	assert_int_equal(trip.masked > 0, !is_same(&unmasked, &expected));
	buffer_fini(&trip.output);
	buffer_fini(&trip.read);
	buffer_fini(&expected);
	buffer_fini(&unmasked);
	arena_fini(&arena);
}

static void sexpr_keeps_every_byte(void **state)
{
	struct ds_writer_options options;

	(void)state;
	ds_writer_options_init(&options, sizeof options);
	options.format = DS_FORMAT_SEXPR;
	for (uint64_t i = 0; i < RECORDS; i++)
		travel(i, &options);
}

static void sexpr_that_is_laid_out_keeps_every_byte(void **state)
{
	struct ds_writer_options options;

	(void)state;
	ds_writer_options_init(&options, sizeof options);
	options.format = DS_FORMAT_SEXPR;
	options.pretty = true;
	for (uint64_t i = 0; i < RECORDS; i++)
		travel(i, &options);
}

static void xml_keeps_what_it_can_represent_and_reports_the_rest(void **state)
{
	struct ds_writer_options options;

	(void)state;
	ds_writer_options_init(&options, sizeof options);
	options.format = DS_FORMAT_XML;
	for (uint64_t i = 0; i < RECORDS; i++)
		travel(i, &options);
}

static void many_records_in_one_document_stay_apart(void **state)
{
	static const enum ds_format formats[] = {DS_FORMAT_XML, DS_FORMAT_SEXPR};

	(void)state;
	for (size_t f = 0; f < COUNT(formats); f++) {
		struct trip trip = {0};
		struct buffer expected = {0};
		struct ds_writer_options options;
		struct ds_writer *writer;
		struct arena arena;

		arena_init(&arena);
		ds_writer_options_init(&options, sizeof options);
		options.format = formats[f];
		assert_int_equal(ds_writer_new(&options, take_bytes, NULL, &trip, &writer), DS_OK);
		for (uint64_t i = 0; i < 100; i++) {
			assert_int_equal(ds_writer_add(writer, make_record(&arena, i, AS_IT_IS)),
				DS_OK);
			add_meaning(&expected,
				make_record(&arena, i,
					formats[f] == DS_FORMAT_XML ? MASKED : AS_IT_IS));
		}
		assert_int_equal(ds_writer_finish(writer), DS_OK);
		ds_writer_free(writer);
		trip.domains = (size_t)-99;
		read_back(&trip);
		assert_same(&trip.read, &expected);
		buffer_fini(&trip.output);
		buffer_fini(&trip.read);
		buffer_fini(&expected);
		arena_fini(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sexpr_keeps_every_byte),
		cmocka_unit_test(sexpr_that_is_laid_out_keeps_every_byte),
		cmocka_unit_test(xml_keeps_what_it_can_represent_and_reports_the_rest),
		cmocka_unit_test(many_records_in_one_document_stay_apart),
	};

	return cmocka_run_group_tests_name("round_trip", tests, NULL, NULL);
}
