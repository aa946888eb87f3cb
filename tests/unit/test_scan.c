/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/bytes.h"
#include "record/scan.h"
#include "support.h"

#include <ctype.h>
#include <stdlib.h>

/* Functions that look at sixteen bytes at once give the same result as looking at each byte. */

static bool is_structure(unsigned char byte)
{
	return byte && strchr("()'\"#", byte);
}

static bool is_quote(unsigned char byte)
{
	return byte && strchr("'\"#", byte);
}

static bool is_end(unsigned char byte)
{
	return byte <= ' ' || strchr("()\"#", byte);
}

static bool is_low(unsigned char byte)
{
	return byte <= ')';
}

static bool is_token(unsigned char byte)
{
	return byte != ' ';
}

static bool is_json_special(unsigned char byte)
{
	return byte < ' ' || byte >= 0x7f || byte == '"' || byte == '\\';
}

static bool is_markup(unsigned char byte)
{
	return byte < ' ' || byte >= 0x80 || strchr("&'\"<>", byte);
}

static bool is_no_name_byte(unsigned char byte)
{
	return byte >= 0x80 || (!isalnum(byte) && !(byte && strchr("-._:", byte)));
}

static bool is_sign(unsigned char byte)
{
	return byte && strchr("<='%(\"@", byte);
}

static bool is_string_end(unsigned char byte)
{
	return byte == '\'' || byte == '\\';
}

static size_t find(const unsigned char *data, size_t at, size_t size,
	bool (*is)(unsigned char byte))
{
	while (at < size && !is(data[at]))
		at++;
	return at;
}

static size_t find_border(const unsigned char *data, size_t at, size_t size)
{
	static const char *const borders[] = {"<!", "<?", "<do", "</do"};

	for (; at < size; at++) {
		if (data[at] == '<' && size - at < 4)
			return at;
		for (size_t i = 0; i < COUNT(borders); i++)
			if (size - at >= strlen(borders[i]) &&
				memcmp(data + at, borders[i], strlen(borders[i])) == 0)
				return at;
	}
	return at;
}

static size_t count_lines(const unsigned char *data, size_t size)
{
	size_t lines = 0;

	for (size_t at = 0; at < size; at++)
		lines += data[at] == '\n';
	return lines;
}

/** Finds the next ( that begins a line; `at` is not 0. */
static void check_line_list(const unsigned char *data, size_t at, size_t size)
{
	size_t found = at;

	while (found < size && (data[found] != '(' || data[found - 1] != '\n'))
		found++;
	assert_int_equal(scan_line_list(data, at, size), found);
}

static bool is_bare(const unsigned char *data, size_t size)
{
	static const char bare[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:/~";
	size_t at = 0;

	while (at < size && data[at] && strchr(bare, data[at]))
		at++;
	return size && at == size;
}

static void check(const unsigned char *data, size_t at, size_t size)
{
	assert_int_equal(scan_find(data, at, size, scan_structure),
		find(data, at, size, is_structure));
	assert_int_equal(scan_find(data, at, size, scan_quote), find(data, at, size, is_quote));
	assert_int_equal(scan_find(data, at, size, scan_end), find(data, at, size, is_end));
	assert_int_equal(scan_find(data, at, size, scan_low), find(data, at, size, is_low));
	assert_int_equal(scan_find(data, at, size, scan_no_blank), find(data, at, size, is_token));
	assert_int_equal(scan_lines(data + at, size - at), count_lines(data + at, size - at));
	assert_int_equal(scan_is_bare(data + at, size - at), is_bare(data + at, size - at));
	assert_int_equal(scan_find(data, at, size, scan_json),
		find(data, at, size, is_json_special));
	assert_int_equal(scan_border(data, at, size), find_border(data, at, size));
	assert_int_equal(scan_has_none(data + at, size - at, scan_json),
		find(data, at, size, is_json_special) == size);
	assert_int_equal(scan_has_none(data + at, size - at, scan_sign),
		find(data, at, size, is_sign) == size);
	assert_int_equal(scan_find(data, at, size, scan_markup), find(data, at, size, is_markup));
	assert_int_equal(scan_has_none(data + at, size - at, scan_markup),
		find(data, at, size, is_markup) == size);
	assert_int_equal(scan_find(data, at, size, scan_no_name),
		find(data, at, size, is_no_name_byte));
	assert_int_equal(scan_string(data, at, size, '\''), find(data, at, size, is_string_end));
	if (at)
		check_line_list(data, at, size);
}

static void every_byte_is_classified_at_every_offset(void **state)
{
	static const char fillers[] = {'a', ' ', 'z', '>', '\x7f', '\xff'};

	/* The size is not known at compile time; otherwise compilers warn of iterations that never
	 * happen. */
	volatile size_t given = 36;
	const size_t all = given;

	(void)state;
	for (size_t f = 0; f < COUNT(fillers); f++) {
		for (unsigned byte = 0; byte < 256; byte++) {
			for (size_t place = 0; place < all; place++) {
				/* The allocation has exactly this size, so that a sanitizer detects
				 * reads beyond its end. */
				unsigned char *data = malloc(all);

				assert_non_null(data);
				memset(data, fillers[f], all);
				data[place] = (unsigned char)byte;
				check(data, 0, all);
				check(data, place, all);
				for (size_t size = place + 1; size < all; size++)
					assert_int_equal(scan_is_bare(data + place, size - place),
						is_bare(data + place, size - place));
				check(data, all, all);
				free(data);
			}
		}
	}
}

static void any_bytes_give_the_same(void **state)
{
	uint64_t seed = 13;

	(void)state;
	for (size_t round = 0; round < 20000; round++) {
		size_t size = chance_below(&seed, 70);
		unsigned char *data = malloc(size ? size : 1);

		assert_non_null(data);
		for (size_t i = 0; i < size; i++)
			data[i] = chance_below(&seed, 6) ? (unsigned char)(chance(&seed) | 0x40)
							 : (unsigned char)chance(&seed);
		check(data, chance_below(&seed, size + 1), size);
		free(data);
	}
}

/** One in `usual` bytes is not one of the usual ones. */
static void check_pieces(const char *pieces, uint64_t usual)
{
	uint64_t seed = 17;

	for (size_t round = 0; round < 20000; round++) {
		size_t size = chance_below(&seed, 170);
		unsigned char *data = malloc(size ? size : 1);

		assert_non_null(data);
		for (size_t i = 0; i < size; i++)
			data[i] = chance_below(&seed, usual)
				? 'x'
				: (unsigned char)pieces[chance_below(&seed, strlen(pieces))];
		check(data, chance_below(&seed, size + 1), size);
		free(data);
	}
}

static void pieces_of_tags_give_the_same(void **state)
{
	(void)state;
	check_pieces("<<<<!?/dodoma >-", 3);
}

static void pieces_of_lists_give_the_same(void **state)
{
	(void)state;
	check_pieces("\n(\n(\n () \"#", 3);
	check_pieces("\n(", 9);
}

static void pieces_of_paths_and_strings_give_the_same(void **state)
{
	(void)state;
	check_pieces("/.\\'", 9);
	check_pieces("\"\\\x7f\xc3\n", 30);
}

static void hexadecimal_digits_are_parsed_and_others_refused(void **state)
{
	static const char known[] = "0123456789abcdef";
	uint64_t seed = 19;

	(void)state;
	for (size_t round = 0; round < 32 * 256; round++) {
		unsigned char digits[32], compressed[16], wanted[16];
		uint64_t words[4];
		const unsigned char byte = (unsigned char)(round / 32);
		bool is_hex = byte && strchr(known, byte) != NULL;

		for (size_t i = 0; i < sizeof digits; i++)
			digits[i] = (unsigned char)known[chance_below(&seed, 16)];
		digits[round % 32] = byte;
		for (size_t i = 0; i < 4; i++)
			words[i] = bytes_word(digits + i * 8);
		assert_int_equal(scan_hex(words, compressed) != 0, is_hex);
		for (size_t i = 0; i < sizeof wanted && is_hex; i++)
			wanted[i] = (unsigned char)((strchr(known, digits[2 * i]) - known) << 4 |
				(strchr(known, digits[2 * i + 1]) - known));
		if (is_hex)
			assert_memory_equal(compressed, wanted, sizeof wanted);
	}
}

static void many_lines_are_counted(void **state)
{
	size_t size = 20000;
	unsigned char *data = malloc(size);

	(void)state;
	assert_non_null(data);
	memset(data, '\n', size);
	for (size_t from = 0; from < size; from += 61)
		assert_int_equal(scan_lines(data + from, size - from), size - from);
	free(data);
}

/** The lists are also far from each other, and close together. */
static void lists_that_begin_lines_are_found(void **state)
{
	uint64_t seed = 5;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		size_t size = 2 + chance_below(&seed, 9000), feeds = 1 + chance_below(&seed, 100);
		unsigned char *data = malloc(size);

		assert_non_null(data);
		for (size_t i = 0; i < size; i++)
			data[i] = chance_below(&seed, feeds) ? 'a' : '\n';
		data[1 + chance_below(&seed, size - 1)] = '(';
		data[chance_below(&seed, size)] = '\n';
		data[1 + chance_below(&seed, size - 1)] = '(';
		for (int i = 0; i < 5; i++)
			check_line_list(data, 1 + chance_below(&seed, size), size);
		free(data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_classified_at_every_offset),
		cmocka_unit_test(any_bytes_give_the_same),
		cmocka_unit_test(pieces_of_tags_give_the_same),
		cmocka_unit_test(pieces_of_lists_give_the_same),
		cmocka_unit_test(pieces_of_paths_and_strings_give_the_same),
		cmocka_unit_test(hexadecimal_digits_are_parsed_and_others_refused),
		cmocka_unit_test(many_lines_are_counted),
		cmocka_unit_test(lists_that_begin_lines_are_found),
	};

	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
