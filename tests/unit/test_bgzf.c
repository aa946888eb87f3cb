/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

#include "input/input.h"
#include "output/output.h"

#include <string.h>

/* ---- making files -------------------------------------------------------------------------------------- */

/** Adds BGZF blocks of at most `piece` bytes each, and no end. */
static void add_blocks(struct buffer *out, const char *data, size_t size, size_t piece)
{
	struct bgzf *bgzf = bgzf_new(6);

	assert_non_null(bgzf);
	for (size_t at = 0; at < size; at += piece) {
		char *room = buffer_room(out, BGZF_BLOCK_MAX);

		assert_non_null(room);
		out->size += bgzf_block(bgzf, data + at, size - at < piece ? size - at : piece, room);
	}
	bgzf_free(bgzf);
}

static void add_end(struct buffer *out)
{
	buffer_add(out, bgzf_end, sizeof bgzf_end);
}

/* ---- reading a stream ---------------------------------------------------------------------------------- */

/** What the file gives, and behind it how that ends, as text. */
static void read_stream(const struct buffer *file, size_t capacity, struct buffer *out)
{
	struct ds_limits limits = {.gzip_ratio = DS_LIMIT_GZIP_RATIO};
	struct input_stream *stream;
	struct ds_error error = {0};
	enum ds_status status;
	size_t size = 0;

	save("file", file->data, file->size);
	assert_int_equal(input_stream_open(&stream, "file", &limits, NULL, &error), DS_OK);
	do {
		char *room = buffer_room(out, capacity);

		assert_non_null(room);
		status = input_stream_read(stream, room, capacity, &size, &error);
		out->size += status == DS_OK ? size : 0;
	} while (status == DS_OK && size > 0);
	if (status == DS_OK)
		add_format(out, "|end");
	else
		add_format(out, "|%s at %zu: %s", error.id, (size_t)error.place.offset, error.text);
	input_stream_free(stream);
}

static void expect(const struct buffer *file, const char *expected)
{
	static const size_t capacities[] = {1, 2, 3, 7, 28, 4096, 1 << 20};

	for (size_t i = 0; i < COUNT(capacities); i++) {
		struct buffer out = {0};

		read_stream(file, capacities[i], &out);
		assert_text(&out, expected);
		buffer_fini(&out);
	}
}

/* ---- the last block ------------------------------------------------------------------------------------ */

static void the_last_block_of_a_file_is_empty(void **state)
{
	struct buffer file = {0};

	(void)state;
	add_end(&file);
	expect(&file, "|end");
	file.size = 0;
	add_blocks(&file, "one two ", 8, 4);
	add_end(&file);
	expect(&file, "one two |end");
	/* Files put together one behind another. */
	add_blocks(&file, "three", 5, 2);
	add_end(&file);
	expect(&file, "one two three|end");
	buffer_add(&file, "\0\0\0", 3);
	expect(&file, "one two three|end");
	buffer_fini(&file);
}

static void without_it_a_file_is_cut_off(void **state)
{
	struct buffer file = {0}, expected = {0};

	(void)state;
	add_blocks(&file, "one two ", 8, 4);
	add_format(&expected, "one two |DA901 at %zu: the file is cut off behind gzip member 2: the empty one that ends a "
			      "BGZF file is missing", file.size);
	expect(&file, as_string(&expected));
	/* Padding is not an end, and neither is an empty block with more behind it. */
	buffer_add(&file, "\0\0\0", 3);
	expected.size = 0;
	add_format(&expected, "one two |DA901 at %zu: the file is cut off behind gzip member 2: the empty one that ends a "
			      "BGZF file is missing", file.size);
	expect(&file, as_string(&expected));
	file.size -= 3;
	add_end(&file);
	add_blocks(&file, "three", 5, 5);
	expected.size = 0;
	add_format(&expected, "one two three|DA901 at %zu: the file is cut off behind gzip member 4: the empty one that "
			      "ends a BGZF file is missing", file.size);
	expect(&file, as_string(&expected));
	buffer_fini(&file);
	buffer_fini(&expected);
}

static void members_that_are_not_bgzf_need_no_end(void **state)
{
	struct buffer file = {0};

	(void)state;
	add_gzip(&file, "one ", 4);
	add_gzip(&file, "two ", 4);
	expect(&file, "one two |end");
	add_blocks(&file, "three ", 6, 6);
	add_gzip(&file, "four", 4);
	expect(&file, "one two three four|end");
	/* A length that is wrong is another program's subfield. */
	file.size = 0;
	add_blocks(&file, "one", 3, 3);
	file.data[16]++;
	expect(&file, "one|end");
	file.data[16]--;
	file.data[12] = 'b';
	expect(&file, "one|end");
	buffer_fini(&file);
}

static void the_length_may_stand_behind_other_subfields(void **state)
{
	struct buffer file = {0}, other = {0};

	(void)state;
	add_blocks(&file, "one", 3, 3);
	buffer_add(&other, file.data, 12);
	buffer_add(&other, "XY\3\0abc", 7);
	buffer_add(&other, file.data + 12, file.size - 12);
	other.data[10] = 13;
	other.data[12 + 7 + 4] += 7;
	expect(&other, "one|DA901 at 38: the file is cut off behind gzip member 1: the empty one that ends a BGZF file is "
		       "missing");
	/* One that is longer than the field hides it. */
	other.data[14] = 100;
	expect(&other, "one|end");
	buffer_fini(&file);
	buffer_fini(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_directory, leave_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_last_block_of_a_file_is_empty),
	    TEST(without_it_a_file_is_cut_off),
	    TEST(members_that_are_not_bgzf_need_no_end),
	    TEST(the_length_may_stand_behind_other_subfields),
	};

	return cmocka_run_group_tests_name("bgzf", tests, NULL, NULL);
}
