/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/input.h"
#include "input/magic.h"
#include "output/tarball.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

/* Archives are written by the program's own writer; tests/cli/archives.bats reads those of other
 * programs. In a build without libarchive, only the message about that is tested. */

static enum ds_status append(void *context, const char *data, size_t size)
{
	buffer_add(context, data, size);
	return DS_OK;
}

static struct tarball *begin(struct buffer *out)
{
	struct tarball *tarball;

	buffer_init(out);
	tarball = tarball_new(append, out, 0);
	assert_non_null(tarball);
	return tarball;
}

static void add(struct tarball *tarball, const char *name, const char *text)
{
	assert_int_equal(tarball_add(tarball, name, text, strlen(text)), DS_OK);
}

static void end(struct tarball *tarball)
{
	assert_int_equal(tarball_finish(tarball), DS_OK);
	tarball_free(tarball);
}

/** Makes an archive of three members, each with a header and a block of 512 bytes, and the end
 * marker. */
static void make(struct buffer *out)
{
	struct tarball *tarball = begin(out);

	add(tarball, "one", "<domain>1</domain>\n");
	add(tarball, "dir/two", "(vm 2)\n");
	add(tarball, "three", "<domain>3</domain>\n");
	end(tarball);
}

/** Prints each stream of the file as "NAME[BYTES]", and errors as "!ID". `capacity` is the number
 * of bytes that are read at once. */
static void read_streams(const char *path, size_t capacity, struct buffer *out)
{
	struct ds_limits limits;
	struct input_stream *stream;
	struct input_facts facts;
	struct ds_error error;
	char *piece = malloc(capacity);

	assert_non_null(piece);
	ds_limits_init(&limits, sizeof limits);
	buffer_clear(out, SIZE_MAX);
	assert_int_equal(input_stream_open(&stream, path,
				 &(struct input_stream_options){.limits = limits}, &error),
		DS_OK);
	for (;;) {
		const char *name;
		enum ds_status status = input_stream_next(stream, &name, &error);
		size_t size = 0;

		if (status == DS_DAMAGED)
			add_format(out, "!%s ", error.id);
		else if (!name)
			break;
		if (status == DS_DAMAGED)
			continue;
		assert_int_equal(status, DS_OK);
		input_stream_member_facts(stream, &facts);
		if (facts.begin == KIND_OTHER)
			continue;
		add_format(out, "%s[", name);
		do {
			status = input_stream_read(stream, piece, capacity, &size, &error);
			if (status == DS_DAMAGED)
				add_format(out, "!%s", error.id);
			else
				buffer_add(out, piece, size);
		} while (status == DS_OK && size);
		buffer_literal(out, "] ");
	}
	assert_int_equal(input_stream_next(stream, &path, &error), DS_OK);
	assert_null(path);
	input_stream_free(stream);
	free(piece);
}

static const char whole[] =
	"f!one[<domain>1</domain>\n] f!dir/two[(vm 2)\n] f!three[<domain>3</domain>\n] ";

static void members_are_streams_for_all_sizes_of_reads(void **state)
{
	static const size_t capacities[] = {1, 2, 3, 7, 512, 65536};
	struct buffer archive, out, compressed;

	(void)state;
	make(&archive);
	buffer_init(&out);
	buffer_init(&compressed);
	add_gzip(&compressed, archive.data, archive.size);
	for (size_t i = 0; i < COUNT(capacities); i++) {
		save("f", archive.data, archive.size);
		read_streams("f", capacities[i], &out);
		assert_text(&out, whole);
		save("f", compressed.data, compressed.size);
		read_streams("f", capacities[i], &out);
		assert_text(&out, whole);
	}
	buffer_fini(&archive);
	buffer_fini(&compressed);
	buffer_fini(&out);
}

static void a_plain_file_is_one_stream(void **state)
{
	struct buffer out;

	(void)state;
	buffer_init(&out);
	save("f", "<domain/>", 9);
	read_streams("f", 4, &out);
	assert_text(&out, "f[<domain/>] ");
	save("f", "", 0);
	read_streams("f", 4, &out);
	assert_text(&out, "f[] ");
	buffer_fini(&out);
}

static void an_archive_truncated_anywhere_keeps_its_complete_members(void **state)
{
	struct buffer archive, out;

	(void)state;
	make(&archive);
	buffer_init(&out);
	for (size_t size = 263; size < archive.size; size += size < 4200 ? 1 : 97) {
		save("f", archive.data, size);
		read_streams("f", 100, &out);
		if (size >= 3 * 1024 + 512 && size % 512 == 0) {
			assert_text(&out, whole);
			continue;
		}
		assert_has(&out, "!DA901");
		if (size >= 1024)
			assert_has(&out, "f!one[<domain>1</domain>\n]");
		if (size >= 2048)
			assert_has(&out, "f!dir/two[(vm 2)\n]");
	}
	buffer_fini(&archive);
	buffer_fini(&out);
}

static void a_damaged_byte_of_a_header_is_noticed(void **state)
{
	struct buffer archive, out;

	(void)state;
	make(&archive);
	buffer_init(&out);
	for (size_t at = 0; at < 512; at++) {
		archive.data[1024 + at] ^= 0x41;
		save("f", archive.data, archive.size);
		read_streams("f", 100, &out);
		assert_text(&out,
			"f!one[<domain>1</domain>\n] !DA902 f!three[<domain>3</domain>\n] ");
		archive.data[1024 + at] ^= 0x41;
		/* The first header can be damaged too, unless it then begins like XML. */
		archive.data[at] ^= 0x41;
		save("f", archive.data, archive.size);
		read_streams("f", 100, &out);
		assert_text(&out, "!DA902 f!dir/two[(vm 2)\n] f!three[<domain>3</domain>\n] ");
		archive.data[at] ^= 0x41;
	}
	buffer_fini(&archive);
	buffer_fini(&out);
}

static void members_that_do_not_begin_like_a_dump_are_skipped(void **state)
{
	static const char *const dumps[] = {"", " \n\t", "<", "\xef\xbb\xbf<a/>", "\n(vm)",
		"# a\n# b\n (vm)", "Using config file \"x\".\n", "LinuxGuestRecord", "Using con",
		"<hTm", "<!DOCTYPE domain>"};
	static const char *const others[] = {"x", "Using conf1g", "# a\n<a/>", "#!/bin/sh\necho\n",
		"[x]", "{}", "\177ELF", "\n<!DOCTYPE HTML>", "<HTML>"};
	struct buffer archive, out;
	struct tarball *tarball = begin(&archive);

	(void)state;
	buffer_init(&out);
	for (size_t i = 0; i < COUNT(others); i++)
		add(tarball, "other", others[i]);
	for (size_t i = 0; i < COUNT(dumps); i++)
		add(tarball, "dump", dumps[i]);
	end(tarball);
	save("f", archive.data, archive.size);
	read_streams("f", 100, &out);
	assert_lacks(&out, "other");
	assert_lacks(&out, "!DA");
	for (size_t i = 0; i < COUNT(dumps); i++) {
		assert_memory_equal(out.data, "f!dump[", 7);
		assert_memory_equal(out.data + 7, dumps[i], strlen(dumps[i]));
		out.size -= 7 + strlen(dumps[i]) + 2;
		memmove(out.data, out.data + 7 + strlen(dumps[i]) + 2, out.size);
	}
	assert_int_equal(out.size, 0);
	buffer_fini(&archive);
	buffer_fini(&out);
}

/** A comment that is as long as the bytes that are examined, and one byte longer. */
static void comments_before_a_list_may_be_so_long(void **state)
{
	struct buffer text;

	(void)state;
	for (size_t size = MAGIC_DUMP_SIZE - 2; size <= MAGIC_DUMP_SIZE; size++) {
		buffer_init(&text);
		buffer_byte(&text, '#');
		while (text.size < size - 1)
			buffer_byte(&text, 'x');
		buffer_literal(&text, "\n(vm)");
		assert_int_equal(magic_dump((unsigned char *)text.data,
					 text.size < MAGIC_DUMP_SIZE ? text.size : MAGIC_DUMP_SIZE),
			size < MAGIC_DUMP_SIZE ? MAGIC_YES : MAGIC_MAYBE);
		buffer_fini(&text);
	}
}

static void a_tar_header_is_distinguished_from_text(void **state)
{
	struct buffer archive;
	unsigned char *bytes;

	(void)state;
	make(&archive);
	bytes = (unsigned char *)archive.data;
	assert_int_equal(magic_tar(bytes, 0), MAGIC_MAYBE);
	assert_int_equal(magic_tar(bytes, 261), MAGIC_MAYBE);
	assert_int_equal(magic_tar(bytes, 262), MAGIC_YES);
	assert_int_equal(magic_tar(bytes, 512), MAGIC_YES);
	/* Old archives have no magic, but a checksum. */
	memset(bytes + 257, 0, 8);
	assert_int_equal(magic_tar(bytes, 511), MAGIC_MAYBE);
	assert_int_equal(magic_tar(bytes, 512), MAGIC_NO);
	memcpy(bytes + 148, "        ", 8);
	{
		unsigned sum = 0;

		for (size_t i = 0; i < 512; i++)
			sum += bytes[i];
		snprintf((char *)bytes + 148, 8, "%06o", sum);
	}
	assert_int_equal(magic_tar(bytes, 512), MAGIC_YES);
	memset(bytes, 'x', 512);
	assert_int_equal(magic_tar(bytes, 107), MAGIC_MAYBE);
	assert_int_equal(magic_tar(bytes, 108), MAGIC_NO);
	memset(bytes, ' ', 512);
	assert_int_equal(magic_tar(bytes, 512), MAGIC_NO);
	bytes[0] = '<';
	assert_int_equal(magic_tar(bytes, 1), MAGIC_NO);
	memset(bytes, 0, 512);
	assert_int_equal(magic_tar(bytes, 512), MAGIC_NO);
	buffer_fini(&archive);
}

static void the_writer_passes_failures_on(void **state)
{
	struct buffer out;
	struct tarball *tarball = begin(&out);
	char name[TARBALL_NAME_MAX + 2];

	(void)state;
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	assert_int_equal(tarball_add(tarball, name, "x", 1), DS_USAGE);
	name[TARBALL_NAME_MAX] = '\0';
	assert_int_equal(tarball_add(tarball, name, "<x/>", 4), DS_OK);
	end(tarball);
	assert_int_equal(out.size % 10240, 0);
	tarball_free(NULL);
	buffer_fini(&out);
}

/** Lengths of names at which the length in the record that contains them gets another digit. */
static void a_long_name_is_read_as_written(void **state)
{
	static const size_t sizes[] = {1, 99, 100, 101, 2, 88, 89, 90, 91, 92, 93, 987, 988, 989,
		990, 991, 992, 993, 4095};
	struct buffer archive, out, expected;
	char name[TARBALL_NAME_MAX + 1];

	(void)state;
	buffer_init(&out);
	buffer_init(&expected);
	for (size_t i = 0; i < 2 * COUNT(sizes); i++) {
		size_t size = sizes[i / 2];
		struct tarball *tarball = begin(&archive);

		memset(name, 'n', size);
		name[size] = '\0';
		if (i % 2 && size > 1)
			memcpy(name, "\xc3\xa4", 2);
		add(tarball, name, "<x/>");
		end(tarball);
		save("f", archive.data, archive.size);
		read_streams("f", 100, &out);
		buffer_clear(&expected, SIZE_MAX);
		add_format(&expected, "f!%s[<x/>] ", name);
		assert_same(&out, &expected);
		buffer_fini(&archive);
	}
	buffer_fini(&expected);
	buffer_fini(&out);
}

static void a_build_without_libarchive_reports_that(void **state)
{
	struct buffer archive;
	struct ds_limits limits;
	struct input_stream *stream;
	struct ds_error error;

	(void)state;
	make(&archive);
	save("f", archive.data, archive.size);
	ds_limits_init(&limits, sizeof limits);
	assert_int_equal(input_stream_open(&stream, "f",
				 &(struct input_stream_options){.limits = limits}, &error),
		DS_DAMAGED);
	assert_string_equal(error.id, "DA908");
	assert_non_null(strstr(error.text, "tar archive"));
	buffer_fini(&archive);
}

int main(void)
{
	const struct CMUnitTest always[] = {
		IN_DIRECTORY(a_plain_file_is_one_stream),
		cmocka_unit_test(comments_before_a_list_may_be_so_long),
		cmocka_unit_test(a_tar_header_is_distinguished_from_text),
		cmocka_unit_test(the_writer_passes_failures_on),
	};
	const struct CMUnitTest with[] = {
		IN_DIRECTORY(members_are_streams_for_all_sizes_of_reads),
		IN_DIRECTORY(an_archive_truncated_anywhere_keeps_its_complete_members),
		IN_DIRECTORY(a_damaged_byte_of_a_header_is_noticed),
		IN_DIRECTORY(members_that_do_not_begin_like_a_dump_are_skipped),
		IN_DIRECTORY(a_long_name_is_read_as_written),
	};
	const struct CMUnitTest without[] = {
		IN_DIRECTORY(a_build_without_libarchive_reports_that),
	};
	int failed = cmocka_run_group_tests(always, NULL, NULL);

	if (ds_feature("tar"))
		return failed + cmocka_run_group_tests(with, NULL, NULL);
	return failed + cmocka_run_group_tests(without, NULL, NULL);
}
