/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/gzip.h"
#include "input/input.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

/* Each test runs in an empty directory of its own, as the current directory, so that names are
 * short. */

#define RATIO DS_LIMIT_GZIP_RATIO
#define MIB ((size_t)1 << 20)

struct buffer {
	char *data;
	size_t size;
	size_t capacity;
};

static void add(struct buffer *buffer, const void *data, size_t size)
{
	if (buffer->data == NULL || size > buffer->capacity - buffer->size) {
		buffer->capacity = (buffer->size + size) * 2 + 1;
		buffer->data = realloc(buffer->data, buffer->capacity);
		assert_non_null(buffer->data);
	}
	if (size > 0)
		memcpy(buffer->data + buffer->size, data, size);
	buffer->size += size;
}

static void drop(struct buffer *buffer)
{
	free(buffer->data);
	memset(buffer, 0, sizeof(*buffer));
}

/** Adds one gzip member. */
static void add_member(struct buffer *buffer, const void *data, size_t size, gz_header *header)
{
	z_stream stream = {0};
	size_t bound;
	unsigned char *out;

	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
		Z_OK);
	if (header != NULL)
		assert_int_equal(deflateSetHeader(&stream, header), Z_OK);
	bound = deflateBound(&stream, size) + 64;
	out = malloc(bound);
	assert_non_null(out);
	stream.next_in = (void *)(uintptr_t)data;
	stream.avail_in = (uInt)size;
	stream.next_out = out;
	stream.avail_out = (uInt)bound;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	add(buffer, out, bound - stream.avail_out);
	deflateEnd(&stream);
	free(out);
}

static void save(const char *name, const void *data, size_t size)
{
	FILE *file = fopen(name, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

/** The results of a stream. */
struct result {
	struct buffer text;
	enum ds_status status;
	struct ds_error error;
	uint64_t bytes_read;
	bool is_transcoded;
};

static struct input_stream *must_open(const char *name, unsigned ratio, const volatile int *cancel)
{
	struct ds_limits limits = {.gzip_ratio = ratio};
	struct input_stream *stream = NULL;
	struct ds_error error;

	assert_int_equal(input_stream_open(&stream, name,
				 &(struct input_stream_options){.limits = limits, .cancel = cancel},
				 &error),
		DS_OK);
	assert_non_null(stream);
	return stream;
}

/** Reads to the end or the failure, which must stay the same. `place.name` of the error is valid
 * only as long as the stream. */
static struct result drain(struct input_stream *stream, const char *name, size_t capacity,
	bool is_kept)
{
	struct result result = {0};
	struct ds_error again;
	char *piece = malloc(capacity);
	size_t size;

	assert_non_null(piece);
	do {
		result.status = input_stream_read(stream, piece, capacity, &size, &result.error);
		if (result.status != DS_OK)
			break;
		assert_true(size <= capacity);
		if (is_kept)
			add(&result.text, piece, size);
		else
			result.text.size += size;
	} while (size > 0);
	assert_int_equal(input_stream_read(stream, piece, capacity, &size, &again), result.status);
	if (result.status == DS_OK) {
		assert_int_equal(size, 0);
	} else {
		assert_string_equal(again.id, result.error.id);
		assert_string_equal(result.error.place.name, name);
		assert_int_equal(result.error.place.line, 0);
		assert_int_equal(result.error.place.column, 0);
		assert_int_equal(result.error.length, 0);
		assert_string_equal(result.error.domain, "");
		assert_string_not_equal(result.error.text, "");
	}
	result.bytes_read = input_stream_bytes_read(stream);
	result.is_transcoded = input_stream_is_transcoded(stream);
	input_stream_free(stream);
	free(piece);
	return result;
}

static struct result read_file(const char *name, size_t capacity)
{
	return drain(must_open(name, RATIO, NULL), name, capacity, true);
}

static struct result read_bytes(const void *data, size_t size, size_t capacity)
{
	save("file", data, size);
	return read_file("file", capacity);
}

/** Expects these bytes for every capacity, and then the end (`id` is NULL) or an error at an
 * offset. */
static void expect(const void *data, size_t size, const void *text, size_t text_size,
	const char *id, uint64_t offset)
{
	static const size_t capacities[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
		17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 4096, 65536, 1 << 20};

	for (size_t i = 0; i < sizeof(capacities) / sizeof(capacities[0]); i++) {
		struct result result = read_bytes(data, size, capacities[i]);

		assert_int_equal(result.text.size, text_size);
		if (text_size > 0)
			assert_memory_equal(result.text.data, text, text_size);
		assert_int_equal(result.status, id == NULL ? DS_OK : DS_DAMAGED);
		if (id != NULL) {
			assert_string_equal(result.error.id, id);
			assert_int_equal(result.error.place.offset, offset);
		}
		drop(&result.text);
	}
}

static void expect_refused(const char *name, const char *text)
{
	struct ds_limits limits = {.gzip_ratio = RATIO};
	struct input_stream *stream = NULL;
	struct ds_error error;

	assert_int_equal(input_stream_open(&stream, name,
				 &(struct input_stream_options){.limits = limits}, &error),
		DS_DAMAGED);
	assert_null(stream);
	assert_string_equal(error.id, "DA908");
	assert_string_equal(error.place.name, name);
	assert_string_equal(error.text, text);
	assert_int_equal(error.length, 0);
}

/** Makes text that can be compressed moderately, the same in each run. */
static char *make_text(size_t size)
{
	char *text = malloc(size);
	uint32_t seed = 1;

	assert_non_null(text);
	for (size_t i = 0; i < size; i++) {
		seed = seed * 1664525u + 1013904223u;
		text[i] = (char)('a' + (seed >> 24) % 17);
	}
	return text;
}

/* ---- plain bytes ---- */

static void an_empty_file_is_an_end_at_once(void **state)
{
	(void)state;
	expect("", 0, "", 0, NULL, 0);
}

static void beginnings_of_magic_numbers_are_plain_bytes(void **state)
{
	static const struct {
		const char *data;
		size_t size;
	} cases[] = {{"\x1f", 1}, {"\x1f\x8a", 2},
		{"\xfd"
		 "7zXZ",
			5},
		{"\xfd"
		 "7zXZ\1",
			6},
		{"BZ", 2}, {"<", 1}, {"\0", 1}, {"\xff", 1}, {"\xfe\xfe", 2}, {"\x28\xb5\x2f", 3},
		{"\x04\x22\x4d", 3}, {"\0\0<", 3}, {"<\1", 2}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(cases[i].data, cases[i].size, cases[i].data, cases[i].size, NULL, 0);
}

static void plain_bytes_are_delivered_unchanged(void **state)
{
	static const char mark[] = "\xef\xbb\xbf<domain/>";
	char *text = make_text(200000);
	struct result result;

	(void)state;
	expect(text, 5000, text, 5000, NULL, 0);
	expect(mark, sizeof(mark) - 1, mark, sizeof(mark) - 1, NULL, 0);
	result = read_bytes(text, 200000, 65536);
	assert_int_equal(result.text.size, 200000);
	assert_memory_equal(result.text.data, text, 200000);
	assert_int_equal(result.bytes_read, 200000);
	assert_false(result.is_transcoded);
	drop(&result.text);
	free(text);
}

static void a_file_that_cannot_be_opened_is_reported(void **state)
{
	(void)state;
	save("file", "x", 1);
	assert_int_equal(mkdir("directory", 0777), 0);
	expect_refused("absent", "cannot open: No such file or directory");
	expect_refused("file/x", "cannot open: Not a directory");
	expect_refused("directory", "is a directory");
}

/** Each message names the compression, whether this build reads it or not. */
static void damage_of_other_compressions_names_them(void **state)
{
	static const struct {
		const char *data;
		size_t size;
		const char *name;
	} cases[] = {
		{"\xfd"
		 "7zXZ\0....",
			10, "xz"},
		{"\x28\xb5\x2f\xfd....", 8, "zstd"},
		{"BZh91AY", 7, "bzip2"},
		{"\x04\x22\x4d\x18zz", 6, "lz4"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct input_stream_options options = {0};
		struct input_stream *stream = NULL;
		struct ds_error error;
		char bytes[64];
		size_t size = 0;

		ds_limits_init(&options.limits, sizeof options.limits);
		save("file", cases[i].data, cases[i].size);
		if (input_stream_open(&stream, "file", &options, &error) == DS_OK)
			assert_int_equal(
				input_stream_read(stream, bytes, sizeof bytes, &size, &error),
				DS_DAMAGED);
		assert_non_null(strstr(error.text, cases[i].name));
		input_stream_free(stream);
	}
}

static void a_read_error_is_reported_while_reading(void **state)
{
	struct result result;

	(void)state;
	/* Reading fails, because nothing is mapped at address 0. */
	result = read_file("/proc/self/mem", 100);
	assert_int_equal(result.status, DS_DAMAGED);
	assert_string_equal(result.error.id, "DA908");
	assert_string_equal(result.error.text, "cannot read: Input/output error");
	assert_int_equal(result.text.size, 0);
}

static void size_is_known_for_regular_files_only(void **state)
{
	struct input_stream *stream;

	(void)state;
	save("file", "12345", 5);
	stream = must_open("file", RATIO, NULL);
	assert_int_equal(input_stream_size(stream), 5);
	input_stream_free(stream);
	stream = must_open("/dev/null", RATIO, NULL);
	assert_int_equal(input_stream_size(stream), 0);
	input_stream_free(stream);
	input_stream_free(NULL);
}

/* ---- gzip ---- */

static void members_are_read_one_after_another(void **state)
{
	struct buffer file = {0};

	(void)state;
	add_member(&file, "one ", 4, NULL);
	expect(file.data, file.size, "one ", 4, NULL, 0);
	add_member(&file, "", 0, NULL);
	add_member(&file, "two ", 4, NULL);
	add_member(&file, "three", 5, NULL);
	expect(file.data, file.size, "one two three", 13, NULL, 0);
	drop(&file);
	add_member(&file, "", 0, NULL);
	expect(file.data, file.size, "", 0, NULL, 0);
	drop(&file);
}

static void optional_header_fields_are_skipped(void **state)
{
	unsigned char extra[] = {'B', 'C', 2, 0, 0x12, 0x34}, name[] = "dump.xml",
		      comment[] = "nightly";
	gz_header header = {.text = 1,
		.extra = extra,
		.extra_len = sizeof(extra),
		.name = name,
		.comment = comment,
		.hcrc = 1};
	struct buffer file = {0};

	(void)state;
	add_member(&file, "first", 5, &header);
	add_member(&file, "second", 6, &header);
	expect(file.data, file.size, "firstsecond", 11, NULL, 0);
	file.data[12] ^= 1;
	expect(file.data, file.size, "", 0, "DA902",
		sizeof(extra) + sizeof(name) + sizeof(comment) + 14);
	drop(&file);
}

static void zeros_after_a_member_are_padding(void **state)
{
	static const char zeros[70000];
	struct buffer file = {0};
	size_t size;

	(void)state;
	add_member(&file, "one ", 4, NULL);
	size = file.size;
	add(&file, zeros, 1);
	expect(file.data, file.size, "one ", 4, NULL, 0);
	add(&file, zeros, sizeof(zeros));
	expect(file.data, file.size, "one ", 4, NULL, 0);
	add_member(&file, "two", 3, NULL);
	expect(file.data, file.size, "one ", 4, "DA904", size);
	drop(&file);
}

static void other_bytes_after_a_member_are_refused(void **state)
{
	static const char *const tails[] = {"x", "\x1fx", "\x1f\x1f\x8b", "(domain)", "<domain/>"};
	struct buffer file = {0};
	size_t size;

	(void)state;
	add_member(&file, "one", 3, NULL);
	size = file.size;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		file.size = size;
		add(&file, tails[i], strlen(tails[i]));
		expect(file.data, file.size, "one", 3, "DA904", size);
		file.size = size;
		add(&file, "\0\0", 2);
		add(&file, tails[i], strlen(tails[i]));
		expect(file.data, file.size, "one", 3, "DA904", size);
	}
	drop(&file);
}

static void a_file_truncated_anywhere_is_never_read_as_complete(void **state)
{
	static const char text[] =
		"(domain (name web01) (memory 512)) (domain (name web02) (memory 512))";
	struct buffer file = {0};
	size_t whole;

	(void)state;
	add_member(&file, text, sizeof(text) - 1, NULL);
	whole = file.size;
	add_member(&file, "second", 6, NULL);
	for (size_t size = 2; size < file.size; size++) {
		size_t delivered = 0;

		for (size_t capacity = 1; capacity < 100; capacity += 14) {
			struct result result = read_bytes(file.data, size, capacity);

			if (size == whole) {
				assert_int_equal(result.status, DS_OK);
			} else {
				assert_int_equal(result.status, DS_DAMAGED);
				assert_string_equal(result.error.id, "DA901");
				assert_int_equal(result.error.place.offset, size);
			}
			assert_true(result.text.size <= sizeof(text) - 1 + 6);
			/* All bytes that can be inflated are delivered, for every capacity. */
			if (capacity == 1)
				delivered = result.text.size;
			assert_int_equal(result.text.size, delivered);
			if (size >= whole)
				assert_memory_equal(result.text.data, text, sizeof(text) - 1);
			drop(&result.text);
		}
	}
	drop(&file);
}

static void any_wrong_bit_is_found_or_harmless(void **state)
{
	static const char text[] =
		"(domain (name web01) (memory 512)) (domain (name web02) (memory 512))";
	static const size_t capacities[] = {1, 7, 31, 4096};
	struct buffer file = {0};

	(void)state;
	add_member(&file, text, sizeof(text) - 1, NULL);
	for (size_t bit = 0; bit < file.size * 8; bit++) {
		struct result first = {0};

		file.data[bit / 8] = (char)(file.data[bit / 8] ^ 1 << bit % 8);
		for (size_t i = 0; i < sizeof(capacities) / sizeof(capacities[0]); i++) {
			struct result result = read_bytes(file.data, file.size, capacities[i]);

			/* With a wrong bit in the magic number it is a plain file, which is not a
			 * dump. */
			if (result.status == DS_OK && bit >= 16) {
				assert_int_equal(result.text.size, sizeof(text) - 1);
				assert_memory_equal(result.text.data, text, sizeof(text) - 1);
			}
			if (i == 0)
				first = result;
			assert_int_equal(result.status, first.status);
			assert_int_equal(result.text.size, first.text.size);
			assert_memory_equal(result.text.data, first.text.data, first.text.size);
			assert_string_equal(result.error.text, first.error.text);
			assert_int_equal(result.error.place.offset, first.error.place.offset);
			if (i > 0)
				drop(&result.text);
		}
		drop(&first.text);
		file.data[bit / 8] = (char)(file.data[bit / 8] ^ 1 << bit % 8);
	}
	drop(&file);
}

static void damage_is_reported_after_the_bytes_before_it(void **state)
{
	struct buffer file = {0};
	size_t whole;

	(void)state;
	add_member(&file, "one", 3, NULL);
	whole = file.size;
	add_member(&file, "two", 3, NULL);
	file.data[file.size - 8] ^= 1;
	expect(file.data, file.size, "onetwo", 6, "DA902", file.size - 4);
	file.data[file.size - 8] ^= 1;
	file.data[file.size - 1] ^= 1;
	expect(file.data, file.size, "onetwo", 6, "DA902", file.size);
	/* Method 8 is the only one that was ever defined. */
	file.data[whole + 2] = 7;
	expect(file.data, file.size, "one", 3, "DA902", whole + 4);
	drop(&file);
}

static void an_error_names_its_member(void **state)
{
	struct buffer file = {0};
	struct result result;
	char text[DS_ERROR_TEXT_SIZE];
	unsigned whole;

	(void)state;
	add_member(&file, "one", 3, NULL);
	whole = (unsigned)file.size;
	add_member(&file, "two", 3, NULL);
	file.data[file.size - 8] ^= 1;
	result = read_bytes(file.data, file.size, 100);
	snprintf(text, sizeof(text),
		"gzip member 2, which begins at byte %u, is corrupt: incorrect data check; the "
		"last %u bytes were skipped",
		whole, whole);
	assert_string_equal(result.error.text, text);
	drop(&result.text);
	result = read_bytes(file.data, whole + 1, 100);
	snprintf(text, sizeof(text),
		"gzip member 2, which begins at byte %u, is truncated: the file ends inside it",
		whole);
	assert_string_equal(result.error.text, text);
	drop(&result.text);
	drop(&file);
}

static void large_members_are_read_completely(void **state)
{
	static const size_t capacities[] = {1000, 65536, 65537, 3 << 20};
	size_t size = 3 * MIB + 17;
	char *text = make_text(size);
	struct buffer file = {0};

	(void)state;
	for (size_t begin = 0; begin < MIB; begin += 65280)
		add_member(&file, text + begin, MIB - begin < 65280 ? MIB - begin : 65280, NULL);
	add_member(&file, text + MIB, size - MIB, NULL);
	for (size_t i = 0; i < sizeof(capacities) / sizeof(capacities[0]); i++) {
		struct result result = read_bytes(file.data, file.size, capacities[i]);

		assert_int_equal(result.status, DS_OK);
		assert_int_equal(result.text.size, size);
		assert_memory_equal(result.text.data, text, size);
		assert_int_equal(result.bytes_read, file.size);
		drop(&result.text);
	}
	drop(&file);
	free(text);
}

static void a_member_inside_a_member_is_inflated_too(void **state)
{
	struct buffer inner = {0}, outer = {0};

	(void)state;
	add_member(&inner, "text", 4, NULL);
	add_member(&outer, inner.data, inner.size, NULL);
	expect(outer.data, outer.size, "text", 4, NULL, 0);
	drop(&inner);
	drop(&outer);
}

/** Reads a file of one member of `size` zeros. */
static struct result read_zeros(size_t size, unsigned ratio, size_t capacity)
{
	char *zeros = calloc(1, size);
	struct buffer file = {0};

	assert_non_null(zeros);
	add_member(&file, zeros, size, NULL);
	/* A second member: the ratio is that of the file. */
	add_member(&file, zeros, 1000, NULL);
	free(zeros);
	save("file", file.data, file.size);
	drop(&file);
	return drain(must_open("file", ratio, NULL), "file", capacity, false);
}

static void a_member_that_grows_too_much_is_refused(void **state)
{
	struct result result;

	(void)state;
	assert_int_equal(read_zeros(GZIP_GRACE - 1000, 1, 1 << 20).status, DS_OK);
	assert_int_equal(read_zeros(GZIP_GRACE - 999, 1, 1 << 20).status, DS_DAMAGED);
	result = read_zeros(GZIP_GRACE + 1, RATIO, 1 << 20);
	assert_int_equal(result.status, DS_DAMAGED);
	assert_string_equal(result.error.id, "DA905");
	assert_int_equal(result.text.size, GZIP_GRACE + 1);
	assert_int_equal(read_zeros(GZIP_GRACE + 1, 0, 1 << 20).status, DS_DAMAGED);

	/* The number of bytes that are delivered does not depend on the capacity. */
	result = read_zeros(GZIP_GRACE + 5 * MIB, RATIO, 700001);
	assert_int_equal(result.status, DS_DAMAGED);
	assert_int_equal(result.text.size, GZIP_GRACE + MIB);
	assert_int_equal(read_zeros(GZIP_GRACE + 5 * MIB, 900, 1 << 20).status, DS_DAMAGED);
	/* Deflate expands to at most 1032 times its size. */
	result = read_zeros(GZIP_GRACE + 5 * MIB, 1032, 1 << 20);
	assert_int_equal(result.status, DS_OK);
	assert_int_equal(result.text.size, GZIP_GRACE + 5 * MIB + 1000);
}

/* ---- UTF-16 ---- */

/** Adds the units, each of 16 bits. */
static void add_units(struct buffer *buffer, const uint16_t *units, size_t count, bool is_big)
{
	for (size_t i = 0; i < count; i++) {
		unsigned char high = (unsigned char)(units[i] >> 8),
			      low = (unsigned char)(units[i] & 0xff);
		unsigned char bytes[2] = {is_big ? high : low, is_big ? low : high};

		add(buffer, bytes, 2);
	}
}

static void utf16_becomes_utf8(void **state)
{
	static const uint16_t units[] = {0xfeff, '<', 'a', 0xe9, 0x20ac, 0xd83d, 0xde00, 0xd7ff,
		0xe000, 0xdbff, 0xdfff, 0xfeff, '>'};
	static const char text[] =
		"<a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"
		"\xef\xbb\xbf>";

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct buffer file = {0};
		struct buffer zipped = {0};
		size_t without_mark = (size_t)(i & 1);
		struct result result;

		add_units(&file, units + without_mark,
			sizeof(units) / sizeof(units[0]) - without_mark, i >= 2);
		expect(file.data, file.size, text, sizeof(text) - 1, NULL, 0);
		add_member(&zipped, file.data, 1, NULL);
		add_member(&zipped, file.data + 1, file.size - 1, NULL);
		expect(zipped.data, zipped.size, text, sizeof(text) - 1, NULL, 0);
		result = read_bytes(zipped.data, zipped.size, 5);
		assert_true(result.is_transcoded);
		drop(&result.text);
		drop(&zipped);
		drop(&file);
	}
	expect("\xff\xfe", 2, "", 0, NULL, 0);
	expect("\xfe\xff", 2, "", 0, NULL, 0);
}

static void utf16_that_ends_inside_a_character_is_damaged(void **state)
{
	(void)state;
	expect("\xff\xfe"
	       "a",
		3, "", 0, "DA903", 2);
	expect("<\0"
	       "a\0b",
		5, "<a", 2, "DA903", 4);
	expect("\xfe\xff\0<\0", 5, "<", 1, "DA903", 4);
	/* A high surrogate at the end, with and without one byte more. */
	expect("\xff\xfe<\0\x3d\xd8", 6, "<", 1, "DA903", 4);
	expect("\xff\xfe<\0\x3d\xd8\x00", 7, "<", 1, "DA903", 4);
}

static void invalid_characters_become_nul_bytes(void **state)
{
	(void)state;
	/* A high surrogate before something else, a low one alone, two high ones. */
	expect("\xff\xfe<\0\x3d\xd8"
	       "a\0b\0",
		10, "<\0ab", 4, NULL, 0);
	expect("\xff\xfe<\0\x00\xde"
	       "a\0",
		8, "<\0a", 3, NULL, 0);
	expect("\xfe\xff\0<\xd8\x3d\xd8\x3d\0>", 10, "<\0\0>", 4, NULL, 0);
	/* Beyond the last character of Unicode. */
	expect("\xff\xfe\0\0<\0\0\0\0\0\x11\0>\0\0\0", 16, "<\0>", 3, NULL, 0);
}

static void characters_are_resynchronized_after_damage(void **state)
{
	(void)state;
	/* An odd number of NUL bytes, in both byte orders. */
	expect("\xff\xfe<\0a\0>\0\0\0\0<\0b\0>\0", 17, "<a>\0\0<b>", 8, NULL, 0);
	expect("\xfe\xff\0<\0a\0>\0\0\0\0<\0/\0b\0>", 19, "<a>\0\0</b>", 9, NULL, 0);
	/* The text before the next tag is still read as other characters. */
	expect("\xff\xfe<\0a\0\0\0\0x\0<\0b\0", 15, "<a\0\xe7\xa0\x80\0<b", 9, NULL, 0);
	/* A single NUL byte, which is not a character, but is reported. */
	expect("\xfe\xff\0<\0>\0\0<\0b", 11, "<>\0<b", 5, NULL, 0);
	/* A byte was lost, and an invalid character shows it. */
	expect("\xff\xfe<\0\x3d\xd8\xff<\0b\0", 11, "<\0\0<b", 5, NULL, 0);
	/* An even number of NUL bytes moves nothing, and neither does a '<' that begins no tag. */
	expect("\xff\xfe<\0a\0\0\0\0\0<\0b\0", 14, "<a\0\0<b", 6, NULL, 0);
	expect("\xff\xfe<\0\0\0\0<\0\x03", 10, "<\0\xe3\xb0\x80\xcc\x80", 7, NULL, 0);
	/* No tag follows. */
	expect("\xff\xfe<\0a\0\0\0x\0", 10, "<a\0x", 4, NULL, 0);
	expect("\xff\xfe<\0a\0\0\0\0", 9, "<a\0", 3, "DA903", 8);
	/* Three of the four bytes of a character. */
	expect("\xff\xfe\0\0<\0\0\0a\0\0\0\0\0\0\0\0\0\0<\0\0\0b\0\0\0", 27, "<a\0\0<b", 6, NULL,
		0);
}

static void broken_gzip_around_utf16_is_reported_after_its_text(void **state)
{
	struct buffer file = {0};

	(void)state;
	add_member(&file, "\xff\xfe<\0a\0b", 7, NULL);
	expect(file.data, file.size - 1, "<a", 2, "DA901", file.size - 1);
	expect(file.data, file.size, "<a", 2, "DA903", 6);
	add_member(&file, "\0", 1, NULL);
	expect(file.data, file.size, "<ab", 3, NULL, 0);
	drop(&file);
}

static void long_utf16_is_read_across_buffers(void **state)
{
	struct buffer file = {0}, text = {0};
	static const size_t capacities[] = {1, 3, 4, 5, 4095, 65536};

	(void)state;
	add(&file, "\xff\xfe", 2);
	for (int i = 0; i < 30000; i++) {
		/* The surrogates are at the ends of buffers. */
		add(&file, "x\0\x3d\xd8\x00\xde", 6);
		add(&text, "x\xf0\x9f\x98\x80", 5);
	}
	for (size_t i = 0; i < sizeof(capacities) / sizeof(capacities[0]); i++) {
		struct result result = read_bytes(file.data, file.size, capacities[i]);

		assert_int_equal(result.status, DS_OK);
		assert_int_equal(result.text.size, text.size);
		assert_memory_equal(result.text.data, text.data, text.size);
		drop(&result.text);
	}
	drop(&file);
	drop(&text);
}

/* ---- pipes and standard input ---- */

static void nap(long milliseconds)
{
	struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};

	nanosleep(&time, NULL);
}

/** Waits until everything that was written to a pipe has been read. */
static void wait_until_read(int fd)
{
	int left = 1;

	while (ioctl(fd, FIONREAD, &left) == 0 && left > 0)
		nap(1);
}

struct canceller {
	/** The end of a pipe that must have been read before, or -1. */
	int fd;
	volatile int flag;
};

static void *set_flag(void *context)
{
	struct canceller *canceller = context;

	if (canceller->fd >= 0)
		wait_until_read(canceller->fd);
	else
		nap(150);
	__atomic_store_n(&canceller->flag, 1, __ATOMIC_RELAXED);
	return NULL;
}

/** Writes to a pipe in pieces, each of which is read before the next one is written. */
struct feeder {
	int fd;
	const char *data;
	size_t size;
	size_t piece;
};

static void *feed(void *context)
{
	struct feeder *feeder = context;

	for (size_t i = 0; i < feeder->size; i += feeder->piece) {
		size_t left = feeder->size - i;
		size_t size = left < feeder->piece ? left : feeder->piece;

		if (write(feeder->fd, feeder->data + i, size) != (ssize_t)size)
			abort();
		wait_until_read(feeder->fd);
	}
	close(feeder->fd);
	return NULL;
}

/** Replaces standard input by a descriptor, and returns the original. */
static int replace_input(int fd)
{
	int saved = dup(STDIN_FILENO);

	assert_true(saved >= 0);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	close(fd);
	return saved;
}

static void restore_input(int saved)
{
	/* It was not closed. */
	assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	close(saved);
}

static void read_fed(const char *data, size_t size, bool is_nonblocking)
{
	struct feeder feeder = {.data = data, .size = size, .piece = 1};
	pthread_t thread;
	struct result result;
	int ends[2], saved;

	assert_int_equal(pipe(ends), 0);
	if (is_nonblocking)
		assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	feeder.fd = ends[1];
	saved = replace_input(ends[0]);
	assert_int_equal(pthread_create(&thread, NULL, feed, &feeder), 0);
	result = read_file("-", 4096);
	pthread_join(thread, NULL);
	restore_input(saved);
	assert_int_equal(result.status, DS_OK);
	assert_int_equal(result.bytes_read, size);
	assert_int_equal(result.text.size, 12);
	assert_memory_equal(result.text.data, "<domain/>abc", 12);
	drop(&result.text);
}

static void a_pipe_may_give_one_byte_at_a_time(void **state)
{
	struct buffer file = {0};

	(void)state;
	read_fed("<domain/>abc", 12, false);
	read_fed("<domain/>abc", 12, true);
	add_member(&file, "<domain/>", 9, NULL);
	add_member(&file, "abc", 3, NULL);
	read_fed(file.data, file.size, true);
	drop(&file);
	read_fed("<\0d\0o\0m\0a\0i\0n\0/\0>\0a\0b\0c\0", 24, false);
}

/** Returns the size of each read of a stream, in `sizes`, until a read returns nothing. */
static size_t sizes_of_reads(const char *name, size_t capacity, size_t *sizes, size_t max)
{
	struct input_stream *stream = must_open(name, RATIO, NULL);
	char *piece = malloc(capacity);
	struct ds_error error;
	size_t count = 0;

	assert_non_null(piece);
	do {
		assert_true(count < max);
		assert_int_equal(input_stream_read(stream, piece, capacity, &sizes[count], &error),
			DS_OK);
	} while (sizes[count++] > 0);
	input_stream_free(stream);
	free(piece);
	return count;
}

/** Blocks of output must not depend on the sender. */
static void reads_of_a_pipe_are_those_of_a_file(void **state)
{
	static const size_t pieces[] = {1, 7, 1000, 4097};
	size_t expected[20], sizes[20];
	char text[5000];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 26);
	save("file", text, sizeof(text));
	for (size_t capacity = 300; capacity <= 6000; capacity += 1900) {
		size_t count = sizes_of_reads("file", capacity, expected, 20);

		for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
			struct feeder feeder = {.data = text,
				.size = sizeof(text),
				.piece = pieces[i]};
			pthread_t thread;
			int ends[2], saved;

			assert_int_equal(pipe(ends), 0);
			feeder.fd = ends[1];
			saved = replace_input(ends[0]);
			assert_int_equal(pthread_create(&thread, NULL, feed, &feeder), 0);
			assert_int_equal(sizes_of_reads("-", capacity, sizes, 20), count);
			pthread_join(thread, NULL);
			restore_input(saved);
			assert_memory_equal(sizes, expected, count * sizeof(sizes[0]));
		}
	}
}

static void standard_input_may_begin_in_the_middle_of_a_file(void **state)
{
	struct input_stream *stream;
	struct result result;
	int fd, saved;

	(void)state;
	save("file", "0123456789", 10);
	fd = open("file", O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(lseek(fd, 4, SEEK_SET), 4);
	saved = replace_input(fd);
	stream = must_open("-", RATIO, NULL);
	assert_int_equal(input_stream_size(stream), 6);
	result = drain(stream, "-", 100, true);
	restore_input(saved);
	assert_int_equal(result.text.size, 6);
	assert_memory_equal(result.text.data, "456789", 6);
	drop(&result.text);
}

static void waiting_can_be_cancelled(void **state)
{
	struct canceller canceller = {0};
	struct result result;
	pthread_t thread;
	int ends[2], saved;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	saved = replace_input(ends[0]);
	canceller.fd = ends[1];
	assert_int_equal(write(ends[1], "<domain", 7), 7);
	assert_int_equal(pthread_create(&thread, NULL, set_flag, &canceller), 0);
	result = drain(must_open("-", RATIO, &canceller.flag), "-", 100, true);
	pthread_join(thread, NULL);
	assert_int_equal(result.status, DS_STOPPED);
	assert_int_equal(result.text.size, 7);
	drop(&result.text);

	/* The flag is set from the beginning. */
	result = drain(must_open("-", RATIO, &canceller.flag), "-", 100, true);
	assert_int_equal(result.status, DS_STOPPED);
	assert_int_equal(result.text.size, 0);
	close(ends[1]);
	restore_input(saved);
}

static void waiting_for_a_writer_can_be_cancelled(void **state)
{
	struct canceller canceller = {.fd = -1};
	struct result result;
	pthread_t thread;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0666), 0);
	assert_int_equal(pthread_create(&thread, NULL, set_flag, &canceller), 0);
	result = drain(must_open("fifo", RATIO, &canceller.flag), "fifo", 100, true);
	pthread_join(thread, NULL);
	assert_int_equal(result.status, DS_STOPPED);
}

static void *write_fifo(void *context)
{
	struct feeder *feeder = context;

	nap(50);
	feeder->fd = open("fifo", O_WRONLY);
	if (feeder->fd < 0)
		abort();
	nap(50);
	return feed(feeder);
}

static void a_named_pipe_waits_for_its_writer(void **state)
{
	struct feeder feeder = {.data = "(domain)", .size = 8, .piece = 1};
	struct result result;
	pthread_t thread;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0666), 0);
	assert_int_equal(pthread_create(&thread, NULL, write_fifo, &feeder), 0);
	result = read_file("fifo", 100);
	pthread_join(thread, NULL);
	assert_int_equal(result.status, DS_OK);
	assert_int_equal(result.text.size, 8);
	drop(&result.text);
}

/* ---- lists of names ---- */

static void touch(const char *name)
{
	save(name, "", 0);
}

static void make_directory(const char *name)
{
	assert_int_equal(mkdir(name, 0777), 0);
}

/** Expects all names, with a space after each; an error is "!name". */
static void expect_names(const struct input_list_options *options, const char *expected)
{
	struct input_list *list = input_list_new(options);
	struct buffer all = {0};
	struct ds_error error;

	assert_non_null(list);
	for (;;) {
		const char *name = "unset";
		enum ds_status status = input_list_next(list, &name, &error);

		if (status == DS_OK && name == NULL)
			break;
		if (status != DS_OK) {
			assert_int_equal(status, DS_DAMAGED);
			assert_string_equal(error.id, "DA908");
			assert_string_not_equal(error.text, "");
			add(&all, "!", 1);
			name = error.place.name;
		}
		add(&all, name, strlen(name));
		add(&all, " ", 1);
	}
	add(&all, "", 1);
	assert_string_equal(all.data, expected);
	drop(&all);
	input_list_free(list);
}

static void no_names_are_standard_input(void **state)
{
	struct input_list_options options = {0};

	(void)state;
	expect_names(&options, "- ");
	input_list_free(NULL);
}

static void names_keep_their_order(void **state)
{
	const char *const names[] = {"b", "absent", "-", "a", "b"};
	struct input_list_options options = {.names = names, .name_count = 5};

	(void)state;
	touch("a");
	touch("b");
	expect_names(&options, "b absent - a b ");
	options.recursive = true;
	expect_names(&options, "b absent - a b ");
}

static void a_directory_needs_recursive(void **state)
{
	const char *const names[] = {"a", "directory", "b"};
	struct input_list_options options = {.names = names, .name_count = 3};
	struct input_list *list;
	struct ds_error error;
	const char *name;

	(void)state;
	make_directory("directory");
	expect_names(&options, "a !directory b ");
	options.names = names + 1;
	list = input_list_new(&options);
	assert_int_equal(input_list_next(list, &name, &error), DS_DAMAGED);
	assert_string_equal(error.text, "is a directory; use --recursive to walk it");
	input_list_free(list);
}

static void a_walk_is_sorted_and_follows_no_links(void **state)
{
	const char *const names[] = {"t/", "t", "link"};
	struct input_list_options options = {.names = names, .name_count = 1, .recursive = true};
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "t/socket"};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	make_directory("t");
	make_directory("t/a");
	make_directory("t/a/deep");
	make_directory("t/empty");
	touch("t/a.xml");
	touch("t/B");
	touch("t/.hidden");
	touch("t/\xc3\xa9");
	touch("t/z");
	touch("t/a/2");
	touch("t/a/10");
	touch("t/a/deep/x");
	touch("t/a/e");
	assert_int_equal(symlink("../t", "t/loop"), 0);
	assert_int_equal(symlink("z", "t/to-z"), 0);
	assert_int_equal(symlink("t/a", "link"), 0);
	assert_int_equal(mkfifo("t/fifo", 0666), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	expect_names(&options,
		"t/.hidden t/B t/a/10 t/a/2 t/a/deep/x t/a/e t/a.xml t/z t/\xc3\xa9 ");
	options.names = names + 1;
	options.name_count = 2;
	expect_names(&options,
		"t/.hidden t/B t/a/10 t/a/2 t/a/deep/x t/a/e t/a.xml t/z t/\xc3\xa9 "
		"link/10 link/2 link/deep/x link/e ");
}

static void a_walk_may_be_deep(void **state)
{
	const char *const names[] = {"."};
	struct input_list_options options = {.names = names, .name_count = 1, .recursive = true};
	char path[1200] = "./";
	size_t size = 2;

	(void)state;
	for (int i = 0; i < 500; i++) {
		memcpy(path + size, "d", 2);
		make_directory(path);
		memcpy(path + size + 1, "/", 2);
		size += 2;
	}
	memcpy(path + size, "f", 2);
	touch(path);
	memcpy(path + size + 1, " ", 2);
	expect_names(&options, path);
}

/** More names than two reads of a directory return, and some files after a directory in the middle
 * of them. */
static void a_walk_of_a_large_directory_is_sorted_too(void **state)
{
	enum { COUNT = 24000, LENGTH = 240 };
	const char *const names[] = {"t"};
	struct input_list_options options = {.names = names, .name_count = 1, .recursive = true};
	struct input_list *list = input_list_new(&options);
	struct ds_error error;
	const char *name;
	char expected[LENGTH + 16];

	(void)state;
	make_directory("t");
	/* Not in their order: 7919 and 24000 have no common divisor. */
	for (int i = 0; i < COUNT; i++) {
		snprintf(expected, sizeof(expected), "t/%0*d", LENGTH, (i * 7919) % COUNT);
		touch(expected);
	}
	snprintf(expected, sizeof(expected), "t/%0*d.d", LENGTH, COUNT / 2);
	make_directory(expected);
	snprintf(expected, sizeof(expected), "t/%0*d.d/inside", LENGTH, COUNT / 2);
	touch(expected);
	for (int i = 0; i < COUNT; i++) {
		assert_int_equal(input_list_next(list, &name, &error), DS_OK);
		snprintf(expected, sizeof(expected), "t/%0*d", LENGTH, i);
		assert_string_equal(name, expected);
		if (i != COUNT / 2)
			continue;
		assert_int_equal(input_list_next(list, &name, &error), DS_OK);
		snprintf(expected, sizeof(expected), "t/%0*d.d/inside", LENGTH, i);
		assert_string_equal(name, expected);
	}
	assert_int_equal(input_list_next(list, &name, &error), DS_OK);
	assert_null(name);
	input_list_free(list);
}

/** A new file appears for each that is read: the walk must end, and that must be reported. */
static void a_directory_that_grows_without_end_is_reported(void **state)
{
	enum { COUNT = 12000, LENGTH = 240 };
	const char *const names[] = {"t"};
	struct input_list_options options = {.names = names, .name_count = 1, .recursive = true};
	struct input_list *list = input_list_new(&options);
	struct ds_error error;
	const char *name = "";
	char added[LENGTH + 16];
	enum ds_status status = DS_OK;
	int count = 0;

	(void)state;
	make_directory("t");
	for (; count < COUNT; count++) {
		snprintf(added, sizeof(added), "t/%0*d", LENGTH, count);
		touch(added);
	}
	while (status == DS_OK && name != NULL && count < 10 * COUNT) {
		status = input_list_next(list, &name, &error);
		snprintf(added, sizeof(added), "t/%0*d", LENGTH, count++);
		touch(added);
	}
	assert_int_equal(status, DS_DAMAGED);
	assert_string_equal(error.id, "DA908");
	assert_string_equal(error.place.name, "t");
	assert_int_equal(input_list_next(list, &name, &error), DS_OK);
	assert_null(name);
	input_list_free(list);
}

static void a_walk_is_lazy_and_reports_what_it_cannot_read(void **state)
{
	const char *const names[] = {"t"};
	struct input_list_options options = {.names = names, .name_count = 1, .recursive = true};
	struct input_list *list;
	struct ds_error error;
	const char *name;

	(void)state;
	make_directory("t");
	touch("t/1");
	touch("t/2");
	make_directory("t/3");
	list = input_list_new(&options);
	assert_int_equal(input_list_next(list, &name, &error), DS_OK);
	assert_string_equal(name, "t/1");
	/* What was added to a directory that has not been reached is read; what was removed is
	 * still named. */
	touch("t/3/new");
	assert_int_equal(unlink("t/2"), 0);
	assert_int_equal(input_list_next(list, &name, &error), DS_OK);
	assert_string_equal(name, "t/2");
	assert_int_equal(input_list_next(list, &name, &error), DS_OK);
	assert_string_equal(name, "t/3/new");
	/* A list may be freed in the middle. */
	input_list_free(list);
}

static void an_unreadable_directory_is_reported_and_skipped(void **state)
{
	const char *const names[] = {"t", "after"};
	struct input_list_options options = {.names = names, .name_count = 2, .recursive = true};
	struct input_list *list = input_list_new(&options);
	struct rlimit limit, none;
	struct ds_error error;
	const char *name;

	(void)state;
	make_directory("t");
	make_directory("t/2");
	touch("t/1");
	touch("t/3");
	assert_int_equal(input_list_next(list, &name, &error), DS_OK);
	assert_string_equal(name, "t/1");
	/* Permissions do not stop root, but a limit on open files does. */
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(input_list_next(list, &name, &error), DS_DAMAGED);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_string_equal(error.id, "DA908");
	assert_string_equal(error.place.name, "t/2");
	assert_string_equal(error.text, "cannot read the directory: Too many open files");
	assert_int_equal(input_list_next(list, &name, &error), DS_OK);
	assert_string_equal(name, "t/3");
	assert_int_equal(input_list_next(list, &name, &error), DS_OK);
	assert_string_equal(name, "after");
	input_list_free(list);
}

static void names_come_from_a_file(void **state)
{
	const char *const names[] = {"first"};
	struct input_list_options options = {.names = names,
		.name_count = 1,
		.files_from = "list",
		.recursive = true};

	(void)state;
	make_directory("t");
	touch("t/x");
	save("list", "a\n\n\nb c\nt\n-\nlast", 16);
	expect_names(&options, "first a b c t/x - last ");
	options.recursive = false;
	expect_names(&options, "first a b c !t - last ");
	options.name_count = 0;
	save("list", "a\n", 2);
	expect_names(&options, "a ");
	save("list", "\n\n", 2);
	expect_names(&options, "");
	save("list", "", 0);
	expect_names(&options, "");
	options.files_from = "absent";
	expect_names(&options, "!absent ");
	options.files_from = "t";
	expect_names(&options, "!t ");
	options.files_from = "/proc/self/mem";
	expect_names(&options, "!/proc/self/mem ");
}

static void names_may_be_separated_by_nul(void **state)
{
	struct input_list_options options = {.files_from = "list", .files_from_nul = true};

	(void)state;
	save("list", "a\0\0b\nc\0last", 11);
	expect_names(&options, "a b\nc last ");
	save("list", "a\0", 2);
	expect_names(&options, "a ");
}

static void names_come_from_standard_input(void **state)
{
	struct input_list_options options = {.files_from = "-"};
	int saved;

	(void)state;
	save("list", "a\nb\n", 4);
	saved = replace_input(open("list", O_RDONLY));
	expect_names(&options, "a b ");
	restore_input(saved);
}

static void lines_that_are_not_names_are_reported(void **state)
{
	struct input_list_options options = {.files_from = "list"};
	struct input_list *list;
	struct ds_error error;
	struct buffer file = {0};
	char name[4096];
	const char *next;

	(void)state;
	memset(name, 'n', sizeof(name));
	add(&file, "\nx\0y\n", 5);
	add(&file, name, 4095);
	add(&file, "\n", 1);
	add(&file, name, 4096);
	add(&file, name, 4096);
	add(&file, "\nlast", 5);
	save("list", file.data, file.size);
	list = input_list_new(&options);
	assert_int_equal(input_list_next(list, &next, &error), DS_DAMAGED);
	assert_string_equal(error.place.name, "list");
	assert_int_equal(error.place.line, 2);
	assert_int_equal(error.place.offset, 1);
	assert_int_equal(input_list_next(list, &next, &error), DS_OK);
	assert_int_equal(strlen(next), 4095);
	assert_int_equal(input_list_next(list, &next, &error), DS_DAMAGED);
	assert_int_equal(error.place.line, 4);
	assert_int_equal(error.place.offset, 5 + 4096);
	assert_int_equal(input_list_next(list, &next, &error), DS_OK);
	assert_string_equal(next, "last");
	assert_int_equal(input_list_next(list, &next, &error), DS_OK);
	assert_null(next);
	assert_int_equal(input_list_next(list, &next, &error), DS_OK);
	assert_null(next);
	input_list_free(list);
	drop(&file);
}

/* ---- running ---- */

static char first_directory[4096];

static int enter_directory(void **state)
{
	char *directory = strdup("/tmp/test_input.XXXXXX");

	*state = directory;
	return directory == NULL || getcwd(first_directory, sizeof(first_directory)) == NULL ||
		mkdtemp(directory) == NULL || chdir(directory) != 0;
}

static int leave_directory(void **state)
{
	char command[100];
	int result;

	result = chdir(first_directory);
	snprintf(command, sizeof(command), "rm -rf '%s'", (const char *)*state);
	result |= system(command);
	free(*state);
	return result;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_directory, leave_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_file_is_an_end_at_once),
		TEST(beginnings_of_magic_numbers_are_plain_bytes),
		TEST(plain_bytes_are_delivered_unchanged),
		TEST(a_file_that_cannot_be_opened_is_reported),
		TEST(damage_of_other_compressions_names_them),
		TEST(a_read_error_is_reported_while_reading),
		TEST(size_is_known_for_regular_files_only),
		TEST(members_are_read_one_after_another),
		TEST(optional_header_fields_are_skipped),
		TEST(zeros_after_a_member_are_padding),
		TEST(other_bytes_after_a_member_are_refused),
		TEST(a_file_truncated_anywhere_is_never_read_as_complete),
		TEST(any_wrong_bit_is_found_or_harmless),
		TEST(damage_is_reported_after_the_bytes_before_it),
		TEST(an_error_names_its_member),
		TEST(large_members_are_read_completely),
		TEST(a_member_inside_a_member_is_inflated_too),
		TEST(a_member_that_grows_too_much_is_refused),
		TEST(utf16_becomes_utf8),
		TEST(utf16_that_ends_inside_a_character_is_damaged),
		TEST(invalid_characters_become_nul_bytes),
		TEST(characters_are_resynchronized_after_damage),
		TEST(broken_gzip_around_utf16_is_reported_after_its_text),
		TEST(long_utf16_is_read_across_buffers),
		TEST(a_pipe_may_give_one_byte_at_a_time),
		TEST(reads_of_a_pipe_are_those_of_a_file),
		TEST(standard_input_may_begin_in_the_middle_of_a_file),
		TEST(waiting_can_be_cancelled),
		TEST(waiting_for_a_writer_can_be_cancelled),
		TEST(a_named_pipe_waits_for_its_writer),
		TEST(no_names_are_standard_input),
		TEST(names_keep_their_order),
		TEST(a_directory_needs_recursive),
		TEST(a_walk_is_sorted_and_follows_no_links),
		TEST(a_walk_may_be_deep),
		TEST(a_walk_of_a_large_directory_is_sorted_too),
		TEST(a_directory_that_grows_without_end_is_reported),
		TEST(a_walk_is_lazy_and_reports_what_it_cannot_read),
		TEST(an_unreadable_directory_is_reported_and_skipped),
		TEST(names_come_from_a_file),
		TEST(names_may_be_separated_by_nul),
		TEST(names_come_from_standard_input),
		TEST(lines_that_are_not_names_are_reported),
	};

	return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
