/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/cpuset.h"
#include "support.h"

#include <stdio.h>

static void sets_are_written_as_sorted_ranges(void **state)
{
	static const struct {
		const char *set, *canonical;
	} rows[] = {
		{"3", "3"},
		{"0-3", "0-3"},
		{"0,1,2", "0-2"},
		{"3,0-2,^1", "0,2-3"},
		{"^1", ""},
		{"007", "7"},
		{"1 , 2", "1-2"},
		{"0-1,3,4-5", "0-1,3-5"},
		{"4095", "4095"},
		{"4096,1", "4096,1"},
		{"3-1", "3-1"},
		{"all", "all"},
		{"1,,2", "1,,2"},
		{"1-", "1-"},
		{"", ""},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ds_text set = cpuset_canonical(&arena,
			(struct ds_text){rows[i].set, strlen(rows[i].set)});

		assert_int_equal(set.size, strlen(rows[i].canonical));
		assert_memory_equal(set.data, rows[i].canonical, set.size);
	}
	assert_null(cpuset_canonical(&arena, (struct ds_text){NULL, 0}).data);
	arena_fini(&arena);
}

static void every_other_processor_fits(void **state)
{
	static char text[5 * 2048 + 1];
	struct ds_text set;
	struct arena arena;
	size_t used = 0;

	(void)state;
	arena_init(&arena);
	for (int cpu = 4094; cpu >= 0; cpu -= 2)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%d", used ? "," : "",
			cpu);
	set = cpuset_canonical(&arena, (struct ds_text){text, used});
	assert_int_equal(set.size, used);
	assert_memory_equal(set.data, "0,2,4,", 6);
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_are_written_as_sorted_ranges),
		cmocka_unit_test(every_other_processor_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
