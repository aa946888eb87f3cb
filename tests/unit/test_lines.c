/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/lines.h"
#include "support.h"

static void check(const char *data, size_t size)
{
	uint64_t expected = 0;
	size_t behind = 0, last = 77;

	for (size_t i = 0; i < size; i++) {
		if (data[i] != '\n')
			continue;
		expected++;
		behind = i + 1;
	}
	assert_int_equal(lines_count(data, size, &last), expected);
	assert_int_equal(last, behind);
}

static void short_runs_are_counted(void **state)
{
	(void)state;
	check("", 0);
	check("\n", 1);
	check("\n\n", 2);
	check("a\n", 2);
	check("\na", 2);
	check("a\r\nb\r", 5);
	check("no line feed", 12);
	check("\0\n\0", 3);
}

static void any_length_and_any_place_is_counted(void **state)
{
	char data[200];
	uint64_t seed = 3;

	(void)state;
	for (size_t size = 0; size <= sizeof data; size++) {
		for (size_t every = 1; every < 40; every += 3) {
			for (size_t i = 0; i < size; i++)
				data[i] = chance_below(&seed, every) ? (char)chance(&seed) : '\n';
			check(data, size);
		}
	}
}

static void no_sum_overflows(void **state)
{
	static char data[100000];

	(void)state;
	memset(data, '\n', sizeof data);
	check(data, sizeof data);
	for (size_t size = 255 * 16 - 17; size < 255 * 16 + 17; size++)
		check(data, size);
	for (size_t size = 256 * 16 - 17; size < 256 * 16 + 17; size++)
		check(data + 1, size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_runs_are_counted),
		cmocka_unit_test(any_length_and_any_place_is_counted),
		cmocka_unit_test(no_sum_overflows),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
