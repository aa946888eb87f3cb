/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domstream/domstream.h"
#include "support.h"

static void the_ids_ascend_and_the_names_differ(void **state)
{
	size_t count;
	const struct ds_rule *rules = ds_rules(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		assert_non_null(rules[i].id);
		assert_int_equal(strlen(rules[i].id), 5);
		if (i)
			assert_true(strcmp(rules[i - 1].id, rules[i].id) < 0);
		assert_ptr_equal(ds_rule_find(rules[i].id), &rules[i]);
		assert_ptr_equal(ds_rule_find(rules[i].name), &rules[i]);
		assert_true(strspn(rules[i].name, "abcdefghijklmnopqrstuvwxyz-") ==
			strlen(rules[i].name));
	}
	assert_string_equal(rules[0].id, "DA101");
	assert_string_equal(rules[count - 1].id, "DA910");
	assert_null(ds_rule_find(""));
	assert_null(ds_rule_find("DA1"));
	assert_null(ds_rule_find("da101"));
}

/* Expects printable ASCII and line feeds, of which none is doubled or at an end, and no line of
 * more than `width` bytes. */
static void check_text(const char *id, const char *text, size_t width)
{
	size_t length = 0;

	if (!*text)
		fail_msg("%s: a text is missing", id);
	for (const char *at = text; *at; at++) {
		if (*at == '\n' ? length == 0 || !at[1] : *at < ' ' || *at > '~')
			fail_msg("%s: byte %d of: %s", id, (int)(at - text), text);
		length = *at == '\n' ? 0 : length + 1;
		if (length > width)
			fail_msg("%s: too long: %s", id, text);
		if (*at == ' ' && (!at[1] || at[1] == '\n'))
			fail_msg("%s: a blank at the end of a line of: %s", id, text);
	}
}

static void every_rule_is_explained(void **state)
{
	size_t count;
	const struct ds_rule *rules = ds_rules(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct ds_rule *rule = &rules[i];

		check_text(rule->id, rule->title, 62);
		check_text(rule->id, rule->why, 1000);
		assert_true(rule->title[strlen(rule->title) - 1] != '.');
		assert_true(rule->why[strlen(rule->why) - 1] == '.');
		if (rule->scope == DS_SCOPE_INPUT) {
			assert_string_equal(rule->bad, "");
			continue;
		}
		check_text(rule->id, rule->bad, 74);
		check_text(rule->id, rule->good, 74);
		check_text(rule->id, rule->source, 1000);
		assert_int_equal(strstr(rule->bad, "\n--- new\n") != NULL,
			rule->scope == DS_SCOPE_DIFF);
		assert_int_equal(strstr(rule->good, "\n--- new\n") != NULL,
			rule->scope == DS_SCOPE_DIFF);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ids_ascend_and_the_names_differ),
		cmocka_unit_test(every_rule_is_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
