/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/error.h"
#include "record/mask.h"
#include "support.h"
#include "write/json_text.h"

static struct ds_text text(const char *string)
{
	return (struct ds_text){string, strlen(string)};
}

#define NOTHING ((struct ds_text){NULL, 0})

static void assert_is(struct ds_text got, const char *expected)
{
	assert_non_null(got.data);
	assert_int_equal(got.size, strlen(expected));
	assert_memory_equal(got.data, expected, got.size);
}

static void a_text_that_is_not_set_differs_from_an_empty_one(void **state)
{
	(void)state;
	assert_true(text_is(text(""), ""));
	assert_false(text_is(NOTHING, ""));
	assert_false(text_same(text(""), NOTHING));
	assert_true(text_same(NOTHING, NOTHING));
	assert_true(text_same(text(""), text("")));
	assert_false(text_given(text("")));
	assert_false(text_given(NOTHING));
	assert_true(text_given(text("a")));
	assert_false(text_starts(NOTHING, ""));
	assert_true(text_starts(text(""), ""));
}

static void a_beginning_ends_between_characters(void **state)
{
	/* One character of each size, and then bytes that are not UTF-8. */
	static const char bytes[] = "a\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80\x80\x80\x80\x80\x80";
	static const size_t sizes[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 12, 13, 14, 15};

	(void)state;
	for (size_t most = 1; most < sizeof sizes / sizeof *sizes; most++) {
		struct ds_text beginning = text_beginning(text(bytes), most);

		assert_ptr_equal(beginning.data, bytes);
		assert_int_equal(beginning.size, sizes[most]);
	}
	assert_int_equal(text_beginning(text(bytes), 100).size, sizeof bytes - 1);
	assert_int_equal(text_beginning(text("\x80\x80\x80\x80"), 2).size, 2);
}

static void texts_are_compared_as_a_whole(void **state)
{
	(void)state;
	assert_true(text_is(text("tap2"), "tap2"));
	assert_false(text_is(text("tap2"), "tap"));
	assert_false(text_is(text("tap"), "tap2"));
	assert_false(text_is(text("tap"), "tbp"));
	assert_true(text_same(text("tap"), text("tap")));
	assert_false(text_same(text("tap"), text("tap2")));
	assert_false(text_same(text("tap"), text("tbp")));
	assert_true(text_starts(text("tap2"), "tap"));
	assert_false(text_starts(text("ta"), "tap"));
	assert_false(text_is((struct ds_text){"a\0b", 3}, "a"));
	assert_true(text_same((struct ds_text){"a\0b", 3}, (struct ds_text){"a\0b", 3}));
	assert_false(text_same((struct ds_text){"a\0b", 3}, (struct ds_text){"a\0c", 3}));
}

static void trimming_removes_blanks_at_both_ends(void **state)
{
	(void)state;
	assert_is(text_trim(text(" \t\r\n a b \n\t")), "a b");
	assert_is(text_trim(text("a")), "a");
	assert_is(text_trim(text(" \n")), "");
	assert_is(text_trim(text("")), "");
	assert_null(text_trim(NOTHING).data);
	/* Other white space is part of the value. */
	assert_is(text_trim(text("\va\f")), "\va\f");
}

static void splitting_is_at_the_first_byte(void **state)
{
	struct ds_text rest;

	(void)state;
	assert_is(text_split(text("tap:aio:/x"), ':', &rest), "tap");
	assert_is(rest, "aio:/x");
	assert_is(text_split(rest, ':', &rest), "aio");
	assert_is(rest, "/x");
	assert_is(text_split(rest, ':', &rest), "/x");
	assert_null(rest.data);
	assert_is(text_split(text("file:"), ':', &rest), "file");
	assert_is(rest, "");
	assert_is(text_split(text(":x"), ':', &rest), "");
	assert_is(rest, "x");
	assert_is(text_split(text(""), ':', &rest), "");
	assert_null(rest.data);
	assert_null(text_split(NOTHING, ':', &rest).data);
	assert_null(rest.data);
}

/* ---- numbers ---- */

static void expect_unsigned(const char *string, uint64_t expected)
{
	uint64_t value = 77;

	assert_true(text_unsigned(text(string), &value));
	assert_int_equal(value, expected);
}

static void expect_no_unsigned(struct ds_text string)
{
	uint64_t value = 77;

	assert_false(text_unsigned(string, &value));
	assert_int_equal(value, 77);
}

static void decimal_numbers_are_read_to_their_limit(void **state)
{
	static const char *const bad[] = {"", " 1", "1 ", "-1", "+1", "1.0", "0x1", "1a", "a",
		"18446744073709551616", "18446744073709551620", "99999999999999999999",
		"184467440737095516150"};

	(void)state;
	expect_unsigned("0", 0);
	expect_unsigned("9", 9);
	expect_unsigned("00012", 12);
	expect_unsigned("18446744073709551614", UINT64_MAX - 1);
	expect_unsigned("18446744073709551615", UINT64_MAX);
	expect_unsigned("000000000000000000000000018446744073709551615", UINT64_MAX);
	for (size_t i = 0; i < COUNT(bad); i++)
		expect_no_unsigned(text(bad[i]));
	expect_no_unsigned(NOTHING);
	expect_no_unsigned((struct ds_text){"1\0", 2});
}

static void signed_numbers_are_read_to_their_limits(void **state)
{
	static const char *const bad[] = {"", "-", "+", "--1", "+-1", "- 1", "1-",
		"9223372036854775808", "-9223372036854775809", "18446744073709551615"};
	int64_t value = 77;

	(void)state;
	assert_true(text_signed(text("-0"), &value));
	assert_int_equal(value, 0);
	assert_true(text_signed(text("+12"), &value));
	assert_int_equal(value, 12);
	assert_true(text_signed(text("-3600"), &value));
	assert_int_equal(value, -3600);
	assert_true(text_signed(text("9223372036854775807"), &value));
	assert_true(value == INT64_MAX);
	assert_true(text_signed(text("-9223372036854775807"), &value));
	assert_true(value == -INT64_MAX);
	value = 77;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_false(text_signed(text(bad[i]), &value));
		assert_int_equal(value, 77);
	}
	assert_false(text_signed(NOTHING, &value));
}

static void numbers_may_be_hexadecimal(void **state)
{
	static const char *const bad[] = {"", "0x", "x1", "1f", "0xg", "0x10000000000000000",
		"0x 1", "-0x1"};
	uint64_t value = 77;

	(void)state;
	assert_true(text_number(text("0x1F"), &value));
	assert_int_equal(value, 31);
	assert_true(text_number(text("0XfF"), &value));
	assert_int_equal(value, 255);
	assert_true(text_number(text("0xffffffffffffffff"), &value));
	assert_true(value == UINT64_MAX);
	/* A leading zero does not mean octal. */
	assert_true(text_number(text("010"), &value));
	assert_int_equal(value, 10);
	value = 77;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_false(text_number(text(bad[i]), &value));
		assert_int_equal(value, 77);
	}
}

static void every_byte_has_its_hexadecimal_value(void **state)
{
	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		const char *digits = "0123456789abcdef";
		const char *lower = byte
			? strchr(digits, byte >= 'A' && byte <= 'Z' ? byte + 'a' - 'A' : byte)
			: NULL;

		assert_int_equal(byte_hex((char)byte), lower ? lower - digits : -1);
		assert_int_equal(byte_is_digit((char)byte), byte >= '0' && byte <= '9');
		assert_int_equal(byte_is_blank((char)byte),
			byte && strchr(" \t\r\n", byte) != NULL);
	}
}

/* ---- UUIDs ---- */

static void a_uuid_may_be_written_with_or_without_hyphens(void **state)
{
	static const char *const same[] = {
		"b5d70dd2-75cd-aca5-1776-9660b059d8bc",
		"b5d70dd275cdaca517769660b059d8bc",
		"B5D70DD2-75CD-ACA5-1776-9660B059D8BC",
		"B5D70DD275CDACA517769660B059D8BC",
	};
	char uuid[UUID_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(same); i++) {
		memset(uuid, '?', sizeof uuid);
		assert_true(text_uuid(text(same[i]), uuid));
		assert_memory_equal(uuid, same[0], UUID_TEXT_SIZE);
	}
}

static void other_words_are_not_a_uuid(void **state)
{
	static const char *const bad[] = {
		"",
		"-",
		"None",
		"<unknown>",
		"b5d70dd275cdaca517769660b059d8b",
		"b5d70dd275cdaca517769660b059d8bcc",
		"b5d70dd2-75cd-aca5-1776-9660b059d8b",
		"b5d70dd2-75cd-aca5-1776-9660b059d8bc0",
		"b5d70dd2-75cd-aca5-1776-9660b059d8bg",
		" b5d70dd2-75cd-aca5-1776-9660b059d8bc",
		"{b5d70dd2-75cd-aca5-1776-9660b059d8bc}",
		"b5d70dd275cdaca517769660b059d8bcb5d70dd275cdaca517769660b059d8bc",
	};
	char uuid[UUID_TEXT_SIZE];

	(void)state;
	memset(uuid, '?', sizeof uuid);
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_false(text_uuid(text(bad[i]), uuid));
		/* The result is written on success only. */
		for (size_t k = 0; k < sizeof uuid; k++)
			assert_int_equal(uuid[k], '?');
	}
	assert_false(text_uuid(NOTHING, uuid));
}

static void a_uuid_in_its_usual_form_is_recognized(void **state)
{
	(void)state;
	assert_true(text_is_uuid(TEXT("5f8c2d4e-1b0a-4c1d-9e2f-3a4b5c6d7e8f")));
	assert_false(text_is_uuid(TEXT("5F8c2d4e-1b0a-4c1d-9e2f-3a4b5c6d7e8f")));
	assert_false(text_is_uuid(TEXT("5f8c2d4e1b0a4c1d9e2f3a4b5c6d7e8f")));
	assert_false(text_is_uuid(TEXT("5f8c2d4e-1b0a-4c1d-9e2f-3a4b5c6d7e8")));
	assert_false(text_is_uuid(TEXT("5f8c2d4e-1b0a-4c1d-9e2f-3a4b5c6d7e8g")));
	assert_false(text_is_uuid(TEXT("5f8c2d4-e1b0a-4c1d-9e2f-3a4b5c6d7e8f")));
	assert_false(text_is_uuid((struct ds_text){NULL, 0}));
}

/* ---- characters that affect a terminal ---- */

static struct ds_text encode(unsigned code, char room[4])
{
	if (code < 0x80) {
		room[0] = (char)code;
		return (struct ds_text){room, 1};
	}
	if (code < 0x800) {
		room[0] = (char)(0xc0 | code >> 6);
		room[1] = (char)(0x80 | (code & 0x3f));
		return (struct ds_text){room, 2};
	}
	room[0] = (char)(0xe0 | code >> 12);
	room[1] = (char)(0x80 | (code >> 6 & 0x3f));
	room[2] = (char)(0x80 | (code & 0x3f));
	return (struct ds_text){room, 3};
}

static bool is_power(unsigned code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c || code == 0x200e ||
		code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
		(code >= 0x2066 && code <= 0x2069);
}

/** The first and the last code point of each size, and surrogates, which are written too. */
static void code_points_are_read_as_written(void **state)
{
	static const struct {
		unsigned code;
		const char *bytes;
	} points[] = {{1, "\x01"}, {0x7f, "\x7f"}, {0x80, "\xc2\x80"}, {0x7ff, "\xdf\xbf"},
		{0x800, "\xe0\xa0\x80"}, {0xd800, "\xed\xa0\x80"}, {0xffff, "\xef\xbf\xbf"},
		{0x10000, "\xf0\x90\x80\x80"}, {0x10ffff, "\xf4\x8f\xbf\xbf"}};

	(void)state;
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		char bytes[5] = "";
		size_t size = (size_t)(text_put_code_point(bytes, points[i].code) - bytes);

		assert_string_equal(bytes, points[i].bytes);
		assert_int_equal(size, strlen(points[i].bytes));
		assert_int_equal(text_code_point(bytes, size), points[i].code);
	}
}

/** Of all characters of the first plane these, and no others. */
static void characters_that_turn_or_end_a_line_are_masked(void **state)
{
	(void)state;
	for (unsigned code = 0; code < 0x10000; code++) {
		struct buffer masked = {0}, escaped = {0};
		char room[4];
		struct ds_text text = encode(code, room);
		size_t width;

		if (code >= 0xd800 && code < 0xe000)
			continue;
		width = mask_text(&masked, text);
		json_text(&escaped, text);
		if (is_power(code) != text_is_unsafe(text, 0) ||
			width != (is_power(code) ? 4 * text.size : 1) ||
			(masked.data[0] == '\\') != (is_power(code) || code == '\\') ||
			(escaped.data[1] == '\\') !=
				(is_power(code) || code == '\\' || code == '"'))
			fail_msg("U+%04X", code);
		buffer_fini(&masked);
		buffer_fini(&escaped);
	}
}

static void masked_and_escaped_text_can_be_read(void **state)
{
	struct buffer masked = {0}, escaped = {0};
	struct ds_text text = TEXT("a\xe2\x80\xae"
				   "b\xd8\x9c\xe2\x80");
	struct ds_error error;
	char name[200];

	(void)state;
	assert_int_equal(mask_text(&masked, text), 30);
	assert_text(&masked, "a\\xe2\\x80\\xaeb\\xd8\\x9c\\xe2\\x80");
	json_text(&escaped, text);
	assert_text(&escaped, "\"a\\u202Eb\\u061C\xef\xbf\xbd\xef\xbf\xbd\"");
	buffer_fini(&masked);
	buffer_fini(&escaped);
	error_domain(&error, text);
	assert_string_equal(error.domain, "a\\xe2\\x80\\xaeb\\xd8\\x9c\\xe2\\x80");
	/* Never writes more bytes than there is room for. */
	for (size_t i = 0; i + 3 <= sizeof name; i += 3)
		memcpy(name + i, "\xe2\x80\xae", 3);
	for (size_t i = 0; i < 100; i++) {
		error_domain(&error, (struct ds_text){name, 198 - i});
		assert_true(strlen(error.domain) < sizeof error.domain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_uuid_in_its_usual_form_is_recognized),
		cmocka_unit_test(characters_that_turn_or_end_a_line_are_masked),
		cmocka_unit_test(masked_and_escaped_text_can_be_read),
		cmocka_unit_test(a_text_that_is_not_set_differs_from_an_empty_one),
		cmocka_unit_test(a_beginning_ends_between_characters),
		cmocka_unit_test(code_points_are_read_as_written),
		cmocka_unit_test(texts_are_compared_as_a_whole),
		cmocka_unit_test(trimming_removes_blanks_at_both_ends),
		cmocka_unit_test(splitting_is_at_the_first_byte),
		cmocka_unit_test(decimal_numbers_are_read_to_their_limit),
		cmocka_unit_test(signed_numbers_are_read_to_their_limits),
		cmocka_unit_test(numbers_may_be_hexadecimal),
		cmocka_unit_test(every_byte_has_its_hexadecimal_value),
		cmocka_unit_test(a_uuid_may_be_written_with_or_without_hyphens),
		cmocka_unit_test(other_words_are_not_a_uuid),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
