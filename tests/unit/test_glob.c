/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/glob.h"
#include "support.h"

#include <time.h>

static void patterns_match_whole_texts(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool matches;
	} rows[] = {
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "a/b.img", true},
		{"web01", "web01", true},
		{"web01", "web011", false},
		{"web01", "web0", false},
		{"web01", "Web01", false},
		{"web*", "web01", true},
		{"*01", "web01", true},
		{"*01", "web010", false},
		{"*b*1", "web01", true},
		{"w**1", "web01", true},
		{"*a*b*c", "aabbcc", true},
		{"*a*b*c", "aabbccd", false},
		{"web?", "web1", true},
		{"web?", "web", false},
		{"web?", "web12", false},
		{"web[12]", "web1", true},
		{"web[12]", "web3", false},
		{"web[!12]", "web3", true},
		{"web[^12]", "web1", false},
		{"web[0-9]", "web7", true},
		{"web[0-9]", "weba", false},
		{"[]]", "]", true},
		{"[!]]", "]", false},
		{"[a-]", "-", true},
		{"[web", "[web", true},
		{"\\*", "*", true},
		{"\\*", "a", false},
		{"\\[a]", "[a]", true},
		{"a\\", "a\\", true},
		{"?", "\xc3\xa9", true},
		{"??", "\xc3\xa9", false},
		{"[\xc3\xa9]", "\xc3\xa9", true},
		{"[\xc3\xa9]", "\xc3\xa8", false},
		{"[\xc3\xa0-\xc3\xbf]", "\xc3\xa9", true},
		{"?", "\xff", true},
		{"*\xa9", "\xc3\xa9", false},
		{".*", ".hidden", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (glob_match(rows[i].pattern,
			    (struct ds_text){rows[i].text, strlen(rows[i].text)}) !=
			rows[i].matches)
			fail_msg("'%s' and '%s'", rows[i].pattern, rows[i].text);
	assert_true(glob_match("*", (struct ds_text){NULL, 0}));
	assert_true(glob_match("", (struct ds_text){NULL, 0}));
	assert_false(glob_match("?", (struct ds_text){NULL, 0}));
	assert_true(glob_match("a?b", (struct ds_text){"a\0b", 3}));
}

static void many_stars_do_not_take_exponential_time(void **state)
{
	char text[20001];
	clock_t begin = clock();

	(void)state;
	memset(text, 'a', sizeof text);
	assert_false(glob_match("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b",
		(struct ds_text){text, sizeof text}));
	assert_true(clock() - begin < 5 * CLOCKS_PER_SEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_match_whole_texts),
		cmocka_unit_test(many_stars_do_not_take_exponential_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
