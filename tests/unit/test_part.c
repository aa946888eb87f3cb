/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "part/container.h"
#include "part/events.h"
#include "part/facts.h"
#include "part/section.h"
#include "record/coding.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

/* Part files are read as they were written, and any other bytes are refused. */

/* ---- writing ---- */

static enum ds_status to_buffer(void *context, const char *data, size_t size)
{
	buffer_add(context, data, size);
	return DS_OK;
}

static struct ds_text text_of(const struct buffer *buffer)
{
	return (struct ds_text){buffer->data, buffer->size};
}

/** Makes the sections of the test file: a compressed one, one that is not, and an empty one. */
static void get_sections(struct buffer sections[3])
{
	for (size_t i = 0; i < 3; i++)
		buffer_init(&sections[i]);
	for (int i = 0; i < 400; i++)
		add_format(&sections[0], "domain %d of the part\n", i % 7);
	buffer_literal(&sections[1], "\x00\x01 short");
}

static const enum part_section ids[3] = {PART_INPUTS, PART_EVENTS, PART_FACTS};

static void write_file(struct buffer *out)
{
	struct part_writer *writer;
	struct buffer sections[3];

	buffer_init(out);
	get_sections(sections);
	writer = part_writer_new(to_buffer, out);
	assert_non_null(writer);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(part_writer_section(writer, ids[i], text_of(&sections[i])), DS_OK);
		buffer_fini(&sections[i]);
	}
	assert_int_equal(part_writer_finish(writer), DS_OK);
	part_writer_free(writer);
}

/* ---- reading ---- */

static FILE *file_of(const char *data, size_t size)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	return file;
}

/** Opens the bytes and reads them to the end; checks them first if `verifies` is set. */
static enum ds_status read_file(const char *data, size_t size, bool verifies,
	struct ds_error *error)
{
	enum part_section id = PART_FACTS;
	struct part_reader *reader;
	struct ds_text bytes;
	enum ds_status status;

	memset(error, 0, sizeof *error);
	status = part_reader_open(&reader, "test.part", file_of(data, size), error);
	if (status == DS_OK && verifies)
		status = part_reader_verify(reader, error);
	while (status == DS_OK && id != PART_END)
		status = part_reader_next(reader, &id, &bytes, error);
	part_reader_free(reader);
	return status;
}

static void expect_refused(const char *data, size_t size, const char *why)
{
	for (int verifies = 0; verifies < 2; verifies++) {
		struct ds_error error;

		assert_int_equal(read_file(data, size, verifies, &error), DS_DAMAGED);
		assert_string_equal(error.place.name, "test.part");
		if (!strstr(error.text, why))
			fail_msg("'%s' does not have '%s'", error.text, why);
	}
}

static void sections_are_read_as_written(void **state)
{
	struct buffer file, sections[3];
	struct part_reader *reader;
	enum part_section id;
	struct ds_error error;
	struct ds_text bytes;

	(void)state;
	write_file(&file);
	get_sections(sections);
	assert_true(file.size < 400);
	assert_int_equal(
		part_reader_open(&reader, "test.part", file_of(file.data, file.size), &error),
		DS_OK);
	/* Reads twice, because part_reader_verify() returns to the first section. */
	for (int round = 0; round < 2; round++) {
		assert_int_equal(part_reader_verify(reader, &error), DS_OK);
		for (size_t i = 0; i < 3; i++) {
			assert_int_equal(part_reader_next(reader, &id, &bytes, &error), DS_OK);
			assert_int_equal(id, ids[i]);
			assert_int_equal(bytes.size, sections[i].size);
			if (bytes.size)
				assert_memory_equal(bytes.data, sections[i].data, bytes.size);
		}
		for (int i = 0; i < 2; i++) {
			assert_int_equal(part_reader_next(reader, &id, &bytes, &error), DS_OK);
			assert_int_equal(id, PART_END);
		}
	}
	part_reader_free(reader);
	for (size_t i = 0; i < 3; i++)
		buffer_fini(&sections[i]);
	buffer_fini(&file);
}

static void every_flipped_byte_is_refused(void **state)
{
	struct buffer file;

	(void)state;
	write_file(&file);
	for (size_t at = 0; at < file.size; at++) {
		for (int bit = 0; bit < 8; bit++) {
			file.data[at] = (char)(file.data[at] ^ 1 << bit);
			expect_refused(file.data, file.size, "part file");
			file.data[at] = (char)(file.data[at] ^ 1 << bit);
		}
	}
	buffer_fini(&file);
}

static void every_truncation_is_refused(void **state)
{
	struct buffer file;

	(void)state;
	write_file(&file);
	for (size_t size = 0; size < file.size; size++)
		expect_refused(file.data, size,
			size < PART_HEADER_SIZE ? "not a part file" : "incomplete");
	buffer_byte(&file, '\n');
	expect_refused(file.data, file.size, "bytes after the end");
	buffer_fini(&file);
}

static void another_version_is_refused(void **state)
{
	struct buffer file;

	(void)state;
	write_file(&file);
	section_put_word((unsigned char *)file.data + PART_MAGIC_SIZE, PART_VERSION + 1);
	expect_refused(file.data, file.size, "version 2 of the format");
	buffer_fini(&file);
}

/** Changes the header of the first section, with a CRC that matches. */
static void forge(struct buffer *file, struct section section)
{
	char *header = file->data + PART_HEADER_SIZE;

	section_put(&section, (unsigned char *)header, header + SECTION_HEADER_SIZE);
}

static void forged_lengths_are_refused(void **state)
{
	static const uint32_t sizes[] = {0, 1, 100, 0x7fffffff, 0xffffffff};
	struct section section;
	struct buffer file;

	(void)state;
	write_file(&file);
	assert_true(section_get(&section, (unsigned char *)file.data + PART_HEADER_SIZE));
	assert_int_equal(section.method, SECTION_DEFLATED);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct section forged = section;
		unsigned char *header = (unsigned char *)file.data + PART_HEADER_SIZE;

		/* The inflated size of the section. */
		forged.size = sizes[i];
		forge(&file, forged);
		expect_refused(file.data, file.size, "part file");
		/* The size in the file. The CRC cannot match bytes that do not exist. */
		forge(&file, section);
		section_put_word(header + 4, sizes[i]);
		expect_refused(file.data, file.size, "part file");
		/* A section that is not compressed has one size. */
		forge(&file, section);
		header[1] = SECTION_STORED;
		expect_refused(file.data, file.size, "corrupt");
	}
	buffer_fini(&file);
}

/** Complete sections, but fewer, more, or in another order than in the footer. */
static void other_sections_are_refused(void **state)
{
	struct buffer file, other;
	size_t begin[5] = {PART_HEADER_SIZE};
	const int orders[][5] = {{0, 1, 3, -1}, {0, 2, 1, 3, -1}, {0, 0, 1, 2, 3}, {3, -1}};

	(void)state;
	write_file(&file);
	buffer_init(&other);
	for (size_t i = 0; i < 4; i++) {
		struct section section;

		assert_true(section_get(&section, (unsigned char *)file.data + begin[i]));
		begin[i + 1] = begin[i] + SECTION_HEADER_SIZE + section.stored_size;
	}
	assert_int_equal(begin[4], file.size);
	for (size_t order = 0; order < COUNT(orders); order++) {
		buffer_clear(&other, SIZE_MAX);
		buffer_add(&other, file.data, PART_HEADER_SIZE);
		for (size_t i = 0; i < 5 && orders[order][i] >= 0; i++) {
			size_t from = begin[orders[order][i]];

			buffer_add(&other, file.data + from, begin[orders[order][i] + 1] - from);
		}
		expect_refused(other.data, other.size, "does not have the sections");
	}
	buffer_fini(&other);
	buffer_fini(&file);
}

static void a_file_that_is_missing_is_an_error_of_the_system(void **state)
{
	struct part_reader *reader;
	struct ds_error error;

	(void)state;
	assert_int_equal(part_reader_open(&reader, "no such file", NULL, &error), DS_SYSTEM);
	assert_null(reader);
	assert_non_null(strstr(error.text, "cannot read the part file"));
}

static enum ds_status fails_later(void *context, const char *data, size_t size)
{
	int *left = context;

	(void)data;
	(void)size;
	return (*left)-- > 0 ? DS_OK : DS_SYSTEM;
}

static void the_status_of_the_sink_is_returned(void **state)
{
	(void)state;
	for (int calls = 0; calls <= 5; calls++) {
		int left = calls;
		struct part_writer *writer = part_writer_new(fails_later, &left);

		part_writer_section(writer, PART_FACTS, TEXT("facts"));
		assert_int_equal(part_writer_finish(writer), calls < 5 ? DS_SYSTEM : DS_OK);
		part_writer_free(writer);
	}
}

/* ---- numbers and texts ---- */

static void numbers_are_read_as_written(void **state)
{
	static const uint64_t numbers[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX - 1,
		UINT64_MAX};
	struct decoding decoding;
	struct buffer out;

	(void)state;
	buffer_init(&out);
	for (size_t i = 0; i < COUNT(numbers); i++)
		encode_number(&out, numbers[i]);
	decoding = decoding_of(text_of(&out));
	for (size_t i = 0; i < COUNT(numbers); i++)
		assert_true(decode_number(&decoding) == numbers[i]);
	assert_true(decoding_is_done(&decoding));
	/* No further number follows. */
	assert_int_equal(decode_number(&decoding), 0);
	assert_true(decoding.has_failed);
	buffer_fini(&out);
}

static void malformed_numbers_and_texts_are_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} wrong[] = {
		{"\x80", 1},
		/* 2^64, and a number without an end. */
		{"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02", 10},
		{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12},
	};
	static const char texts[][5] = {"\x03"
					"a",
		"\xff\xff\x7f",
		"\x04"
		"a\0b"};

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct decoding decoding =
			decoding_of((struct ds_text){wrong[i].bytes, wrong[i].size});

		assert_int_equal(decode_number(&decoding), 0);
		assert_true(decoding.has_failed);
	}
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct decoding decoding =
			decoding_of((struct ds_text){texts[i], strlen(texts[i])});

		assert_null(decode_string(&decoding));
		assert_true(decoding.has_failed);
		assert_string_equal(decode_required_string(&decoding), "");
	}
}

/* ---- facts ---- */

static const struct part_facts some_facts = {
	.version = "1.2.3",
	.command = "audit",
	.options = {"scope=auto\n", 11},
	.directory = "/srv/dumps",
	.number = 3,
	.count = 64,
	.inputs = 2,
	.counts = {.files = 1, .domains = 12, .bytes_read = UINT64_MAX, .inputs_damaged = 1},
	.status = 2,
};

static const struct part_input some_inputs[] = {
	{
		.result =
			{
				.kind = DS_INPUT_MEMBER,
				.name = "a.tar!b.xml",
				.argument = "dumps",
				.file = "a.tar",
				.outcome = DS_OUTCOME_DAMAGED,
				.compression = "gzip",
				.format = DS_FORMAT_XML,
				.encoding = "UTF-8",
				.size = 1000,
				.bytes_read = 999,
				.crc32 = UINT32_MAX,
				.has_crc32 = true,
				.domains = 7,
				.rejected = 1,
				.errors = 2,
				.starts = {true, true, 110, 150, 5000, 1, 2},
			},
		.segment =
			{
				.input = 3,
				.is_last = true,
				.share_from = 100,
				.share_to = 200,
				.from = 110,
				.to = 1000,
				.begin = "100+10:3",
				.account = "15.0.7",
				.truncated = 1,
			},
	},
	{
		.result =
			{
				.name = "disk.img",
				.argument = "disk.img",
				.file = "disk.img",
				.outcome = DS_OUTCOME_NO_DOMAIN,
				.recognized = "QCOW2 disk image",
				.advice = "see domstream-part(5)",
				.compression = "none",
				.encoding = "UTF-8",
			},
	},
};

static void facts_are_read_as_written(void **state)
{
	struct part_facts facts;
	struct buffer out, twice;

	(void)state;
	buffer_init(&out);
	buffer_init(&twice);
	part_facts_encode(&out, &some_facts);
	assert_null(part_facts_decode(&facts, text_of(&out)));
	assert_string_equal(facts.version, "1.2.3");
	assert_string_equal(facts.directory, "/srv/dumps");
	assert_int_equal(facts.count, 64);
	assert_memory_equal(&facts.counts, &some_facts.counts, sizeof facts.counts);
	assert_int_equal(facts.status, 2);
	part_facts_encode(&twice, &facts);
	assert_same(&twice, &out);
	for (size_t size = 0; size < out.size; size++)
		assert_non_null(part_facts_decode(&facts, (struct ds_text){out.data, size}));
	buffer_byte(&out, 0);
	assert_non_null(part_facts_decode(&facts, text_of(&out)));
	buffer_fini(&out);
	buffer_fini(&twice);
}

static void inputs_are_read_as_written(void **state)
{
	struct buffer out, twice;
	struct part_input input;
	struct decoding section;

	(void)state;
	buffer_init(&out);
	buffer_init(&twice);
	for (size_t i = 0; i < COUNT(some_inputs); i++)
		part_input_encode(&out, &some_inputs[i]);
	section = decoding_of(text_of(&out));
	for (size_t i = 0; i < COUNT(some_inputs); i++) {
		assert_null(part_input_decode(&input, &section));
		assert_string_equal(input.result.name, some_inputs[i].result.name);
		assert_string_equal(input.result.file, some_inputs[i].result.file);
		assert_int_equal(input.result.crc32, some_inputs[i].result.crc32);
		assert_int_equal(input.segment.from, some_inputs[i].segment.from);
		assert_int_equal(input.result.starts.second, some_inputs[i].result.starts.second);
		part_input_encode(&twice, &input);
	}
	assert_true(decoding_is_done(&section));
	assert_same(&twice, &out);
	buffer_fini(&out);
	buffer_fini(&twice);
}

static const struct ds_error some_error = {.id = "DA903",
	.place = {"a.xml", 5, 1, 6},
	.length = 77,
	.domain = "web",
	.text = "not well-formed (line 2, column 7)",
	.reason_size = 15};

/** Writes a section of events: two domains of one input, two errors, and one more domain. */
static void write_events(struct buffer *file)
{
	static const struct ds_place places[] = {{"a.xml", 100, 7, 3}, {"a.xml", 250, 9, 1},
		{"b.xml", 4, 0, 0}};
	const struct ds_record record = {{TEXT("numbers"), TEXT("places"), TEXT(""), TEXT("uuid")}};
	struct part_writer *writer = part_writer_new(to_buffer, file);
	struct ds_error error = some_error;
	struct part_events events;

	assert_non_null(writer);
	part_events_init(&events);
	part_events_domain(&events, &places[0], &record);
	part_events_domain(&events, &places[1], &record);
	part_events_error(&events, &error);
	error.host = "any";
	part_events_error(&events, &error);
	part_events_input(&events);
	part_events_domain(&events, &places[2], &record);
	assert_in_range(part_events_size(&events), 3 * 17, 300);
	assert_int_equal(part_events_write(&events, writer), DS_OK);
	assert_int_equal(part_events_size(&events), 0);
	assert_int_equal(part_writer_finish(writer), DS_OK);
	part_events_fini(&events);
	part_writer_free(writer);
}

static void next_event(struct part_events_reader *reader, struct part_event *event,
	enum part_event_kind kind)
{
	assert_false(part_events_at_end(reader));
	assert_null(part_events_next(reader, event));
	assert_int_equal(event->kind, kind);
}

/** Reads the next domain, and removes its record. */
static void next_domain(struct part_events_reader *reader, uint64_t offset, uint64_t line,
	uint64_t column)
{
	static const char *const texts[DS_RECORD_COLUMNS] = {"numbers", "places", "", "uuid"};
	struct part_event event;

	next_event(reader, &event, PART_EVENT_DOMAIN);
	assert_int_equal(event.place.offset, offset);
	assert_int_equal(event.place.line, line);
	assert_int_equal(event.place.column, column);
	assert_false(part_events_is_done(reader));
	for (size_t i = 0; i < DS_RECORD_COLUMNS; i++) {
		struct ds_text *column_text = &reader->records.columns[i];

		assert_true(text_starts(*column_text, texts[i]));
		*column_text = text_from(*column_text, strlen(texts[i]));
	}
}

static void events_are_read_as_written(void **state)
{
	struct part_events_reader events;
	struct part_reader *reader;
	struct part_event event;
	enum part_section id;
	struct ds_error error;
	struct ds_text section;
	struct buffer file;

	(void)state;
	buffer_init(&file);
	write_events(&file);
	assert_int_equal(part_reader_open(&reader, "x", file_of(file.data, file.size), &error),
		DS_OK);
	assert_int_equal(part_reader_next(reader, &id, &section, &error), DS_OK);
	assert_int_equal(id, PART_EVENTS);
	assert_null(part_events_open(&events, section));
	next_domain(&events, 100, 7, 3);
	next_domain(&events, 250, 9, 1);
	for (int has_host = 0; has_host < 2; has_host++) {
		next_event(&events, &event, PART_EVENT_ERROR);
		assert_int_equal(event.has_host, has_host);
		assert_null(event.error.host);
		assert_string_equal(event.error.place.name, "a.xml");
		assert_string_equal(event.error.id, some_error.id);
		assert_string_equal(event.error.domain, some_error.domain);
		assert_string_equal(event.error.text, some_error.text);
		assert_int_equal(event.error.reason_size, 15);
		assert_int_equal(event.error.length, 77);
	}
	next_event(&events, &event, PART_EVENT_INPUT);
	next_domain(&events, 4, 0, 0);
	assert_true(part_events_is_done(&events));
	part_reader_free(reader);
	buffer_fini(&file);
}

static void malformed_events_are_refused(void **state)
{
	/* No kind; a text that is longer than the text of an error; a column that is longer than
	 * the section, and bytes after the last column. */
	static const char no_kind[] = "\1\0\0\0\0\0", long_text[] = "\13\0\0\0\0\2\12DA9030000";
	static const char long_column[] = "\1\0\0\0\2\3x", more[] = "\1\0\0\0\0\3x";
	struct part_events_reader events;
	struct part_event event;

	(void)state;
	assert_null(part_events_open(&events, (struct ds_text){no_kind, sizeof no_kind - 1}));
	assert_non_null(part_events_next(&events, &event));
	assert_null(part_events_open(&events, (struct ds_text){long_text, sizeof long_text - 1}));
	assert_non_null(part_events_next(&events, &event));
	assert_non_null(
		part_events_open(&events, (struct ds_text){long_column, sizeof long_column - 1}));
	assert_non_null(part_events_open(&events, (struct ds_text){more, sizeof more - 1}));
}

/** Whatever the bytes are, decoding ends, and reads no byte after them. */
static void random_bytes_are_decoded_or_refused(void **state)
{
	uint64_t seed = 17;
	size_t refused = 0;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		size_t size = chance_below(&seed, 60);
		char *bytes = malloc(size + 1);
		struct ds_text text = {bytes, size};
		struct decoding section = decoding_of(text);
		struct part_input input;
		struct part_facts facts;
		struct part_events_reader events;
		struct part_event event;

		for (size_t at = 0; at < size; at++)
			bytes[at] = (char)chance_below(&seed, chance_below(&seed, 4) ? 4 : 256);
		refused += part_input_decode(&input, &section) != NULL;
		refused += part_facts_decode(&facts, text) != NULL;
		if (part_events_open(&events, text) == NULL)
			while (!part_events_at_end(&events) && !part_events_next(&events, &event))
				assert_true(strlen(event.error.text) < size);
		free(bytes);
	}
	assert_true(refused > 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_are_read_as_written),
		cmocka_unit_test(every_flipped_byte_is_refused),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(another_version_is_refused),
		cmocka_unit_test(forged_lengths_are_refused),
		cmocka_unit_test(other_sections_are_refused),
		cmocka_unit_test(a_file_that_is_missing_is_an_error_of_the_system),
		cmocka_unit_test(the_status_of_the_sink_is_returned),
		cmocka_unit_test(numbers_are_read_as_written),
		cmocka_unit_test(malformed_numbers_and_texts_are_refused),
		cmocka_unit_test(facts_are_read_as_written),
		cmocka_unit_test(inputs_are_read_as_written),
		cmocka_unit_test(events_are_read_as_written),
		cmocka_unit_test(malformed_events_are_refused),
		cmocka_unit_test(random_bytes_are_decoded_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
