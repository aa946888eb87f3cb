/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/names.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *name;
	size_t size;
	const char *safe;
	unsigned changes;
} cases[] = {
#define CASE(name, safe, changes) \
	{ \
		name, sizeof name - 1, safe, changes \
	}
	CASE("web01", "web01", 0),
	CASE("a b", "a b", 0),
	CASE(" a", " a", 0),
	CASE("größe", "größe", 0),
	CASE("a-b.c", "a-b.c", 0),
	CASE("", "unnamed", NAME_ENCODED),
	CASE(".", "%2E", NAME_ENCODED),
	CASE("..", "%2E%2E", NAME_ENCODED),
	CASE("../x", "%2E.%2Fx", NAME_ENCODED),
	CASE("/", "%2F", NAME_ENCODED),
	CASE(".x", "%2Ex", NAME_ENCODED),
	CASE("-x", "%2Dx", NAME_ENCODED),
	CASE("x.", "x%2E", NAME_ENCODED),
	CASE("x. .", "x%2E%20%2E", NAME_ENCODED),
	CASE("x-", "x-", 0),
	CASE(" ", "%20", NAME_ENCODED),
	CASE("%", "%25", NAME_ENCODED),
	CASE("a%2Fb", "a%252Fb", NAME_ENCODED),
	CASE("a\0b", "a%00b", NAME_ENCODED),
	CASE("a\nb\x7f", "a%0Ab%7F", NAME_ENCODED),
	CASE("a\xe2\x80\xae"
	     "b\xe2\x80\x8d",
		"a%E2%80%AEb\xe2\x80\x8d", NAME_ENCODED),
	CASE("\xc2\x85", "%C2%85", NAME_ENCODED),
	CASE("\xff", "%FF", NAME_ENCODED),
	CASE("\xc3", "%C3", NAME_ENCODED),
	CASE("\xed\xa0\x80", "%ED%A0%80", NAME_ENCODED),
	CASE("\xc0\xaf", "%C0%AF", NAME_ENCODED),
#undef CASE
};

static void a_name_is_made_safe(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char out[NAME_FILE_SIZE];

		assert_int_equal(
			name_make_safe((struct ds_text){cases[i].name, cases[i].size}, out),
			cases[i].changes);
		assert_string_equal(out, cases[i].safe);
	}
}

static void no_name_is_like_an_empty_one(void **state)
{
	char out[NAME_FILE_SIZE];

	(void)state;
	assert_int_equal(name_make_safe((struct ds_text){NULL, 0}, out), NAME_ENCODED);
	assert_string_equal(out, "unnamed");
}

static void a_long_name_is_truncated_and_gets_a_hash(void **state)
{
	char name[400], out[NAME_FILE_SIZE], other[NAME_FILE_SIZE];

	(void)state;
	memset(name, 'n', sizeof name);
	assert_int_equal(name_make_safe((struct ds_text){name, NAME_MAX_SIZE - 1}, out), 0);
	assert_int_equal(name_make_safe((struct ds_text){name, NAME_MAX_SIZE}, out), 0);
	assert_int_equal(strlen(out), NAME_MAX_SIZE);
	assert_int_equal(name_make_safe((struct ds_text){name, NAME_MAX_SIZE + 1}, out), NAME_CUT);
	assert_int_equal(strlen(out), NAME_MAX_SIZE);
	assert_int_equal(name_make_safe((struct ds_text){name, NAME_MAX_SIZE + 2}, other),
		NAME_CUT);
	assert_memory_equal(out, other, NAME_MAX_SIZE - 16);
	assert_string_not_equal(out, other);
}

static void a_name_is_truncated_between_characters(void **state)
{
	static const char character[] = "\xe2\x82\xac";
	struct buffer name;
	char out[NAME_FILE_SIZE];

	(void)state;
	buffer_init(&name);
	for (size_t begin = 0; begin < 4; begin++) {
		buffer_clear(&name, SIZE_MAX);
		for (size_t i = 0; i < begin; i++)
			buffer_byte(&name, 'x');
		for (size_t i = 0; i < 80; i++)
			buffer_string(&name, i % 2 ? character : "\x01");
		assert_int_equal(name_make_safe((struct ds_text){name.data, name.size}, out),
			NAME_CUT | NAME_ENCODED);
		assert_true(strlen(out) <= NAME_MAX_SIZE);
		assert_int_equal(out[strlen(out) - 17], '~');
		/* Safe names are UTF-8, and change only in their percent signs. */
		for (size_t at = 0; out[at];) {
			size_t size = text_character((struct ds_text){out, strlen(out)}, at);

			assert_true(size > 0);
			at += size;
		}
	}
	buffer_fini(&name);
}

/** Every string of three of these bytes has another name. */
static void different_names_stay_different(void **state)
{
	static const char bytes[] = {'.', '/', '%', '2', 'E', 'F', '-', ' ', 0, '~', (char)0xff};
	static char seen[COUNT(bytes) * COUNT(bytes) * COUNT(bytes)][NAME_FILE_SIZE];
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(seen); i++) {
		const char name[3] = {bytes[i % COUNT(bytes)],
			bytes[i / COUNT(bytes) % COUNT(bytes)],
			bytes[i / COUNT(bytes) / COUNT(bytes)]};

		name_make_safe((struct ds_text){name, 3}, seen[count++]);
	}
	qsort(seen, count, sizeof seen[0], (int (*)(const void *, const void *))strcmp);
	for (size_t i = 1; i < count; i++)
		assert_string_not_equal(seen[i - 1], seen[i]);
}

static void names_that_are_in_use_get_numbers(void **state)
{
	static const struct {
		const char *name, *suffix, *file;
		unsigned changes;
	} steps[] = {
		{"web", ".xml", "web.xml", 0},
		{"web", ".sxp", "web.sxp", 0},
		{"Web", ".xml", "Web~2.xml", NAME_REPEATED},
		{"web~3", ".xml", "web~3.xml", 0},
		{"web", ".xml", "web~4.xml", NAME_REPEATED},
		{"WEB~3", ".xml", "WEB~3~2.xml", NAME_REPEATED},
		{"WEB.XML", "", "WEB.XML~5", NAME_REPEATED},
		{"größe", ".xml", "größe.xml", 0},
		{"GRÖSSE", ".xml", "GRÖSSE.xml", 0},
		{"a/b", ".xml", "a%2Fb.xml", NAME_ENCODED},
		{"a/B", ".xml", "a%2FB~2.xml", NAME_ENCODED | NAME_REPEATED},
	};
	struct value_set *names = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++) {
		struct ds_text name = {steps[i].name, strlen(steps[i].name)};
		char out[NAME_FILE_SIZE];
		unsigned changes;

		assert_int_equal(names_reserve(&names, name, steps[i].suffix, out, &changes),
			DS_OK);
		assert_string_equal(out, steps[i].file);
		assert_int_equal(changes, steps[i].changes);
	}
	value_set_free(names);
}

/** If every number were tried for each name, this would take hours. */
static void many_equal_names_take_linear_time(void **state)
{
	struct value_set *names = NULL;
	char out[NAME_FILE_SIZE], expected[NAME_FILE_SIZE];
	unsigned changes;

	(void)state;
	for (unsigned i = 1; i <= 200000; i++)
		assert_int_equal(names_reserve(&names, TEXT("same"), ".xml", out, &changes), DS_OK);
	snprintf(expected, sizeof expected, "same~%u.xml", 200000U);
	assert_string_equal(out, expected);
	value_set_free(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_made_safe),
		cmocka_unit_test(no_name_is_like_an_empty_one),
		cmocka_unit_test(a_long_name_is_truncated_and_gets_a_hash),
		cmocka_unit_test(a_name_is_truncated_between_characters),
		cmocka_unit_test(different_names_stay_different),
		cmocka_unit_test(names_that_are_in_use_get_numbers),
		cmocka_unit_test(many_equal_names_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
