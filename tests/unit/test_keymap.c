/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/sexpr_reader.h"
#include "read/xml_reader.h"
#include "support.h"

#include <stdio.h>

/** Each key is found; when a key is repeated in the table, the first one counts. */
static void check_table(const struct key *keys, size_t count)
{
	struct keymap map;

	assert_true(count > 0 && count <= KEYMAP_KEYS);
	keymap_init(&map, keys, count);
	for (size_t i = 0; i < count; i++) {
		const struct key_guess *found =
			keymap_find(&map, keys[i].context, keys[i].name, strlen(keys[i].name));

		assert_non_null(found);
		assert_ptr_equal(found->key, &keys[i]);
	}
	assert_null(keymap_find(&map, 255, keys[0].name, strlen(keys[0].name)));
	assert_null(keymap_find(&map, keys[0].context, "no such name", 12));
}

/** A field without a name in one format is a key with an empty name in that table. Only such keys
 * repeat a name. */
static size_t without_unnamed(const struct key *keys, size_t count, struct key *named)
{
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		if (*keys[i].name)
			named[used++] = keys[i];
		else
			assert_int_equal(keys[i].context, 0);
	return used;
}

static void every_key_of_the_readers_is_found_and_unique(void **state)
{
	struct key named[KEYMAP_KEYS * 2];

	(void)state;
	check_table(named, without_unnamed(xml_element_keys, xml_element_count, named));
	check_table(named, without_unnamed(xml_attribute_keys, xml_attribute_count, named));
	check_table(named, without_unnamed(sexpr_keys, sexpr_key_count, named));
}

static void a_name_is_found_only_as_a_whole_and_in_its_context(void **state)
{
	static const struct key keys[] = {
		{"name", 1, 1, .field = 0},
		{"name", 2, 2, .field = 0},
		{"names", 1, 3, .field = 0},
		{"n", 1, 4, .field = 0},
		{"on_poweroff", 1, 5, .field = 0},
		{"on_poweron", 1, 6, .field = 0},
	};
	struct keymap map;

	(void)state;
	keymap_init(&map, keys, COUNT(keys));
	assert_int_equal(keymap_find(&map, 1, "name", 4)->key->action, 1);
	assert_int_equal(keymap_find(&map, 2, "name", 4)->key->action, 2);
	assert_int_equal(keymap_find(&map, 1, "names", 5)->key->action, 3);
	assert_int_equal(keymap_find(&map, 1, "names", 4)->key->action, 1);
	assert_int_equal(keymap_find(&map, 1, "name", 1)->key->action, 4);
	assert_int_equal(keymap_find(&map, 1, "on_poweron", 10)->key->action, 6);
	assert_null(keymap_find(&map, 3, "name", 4));
	assert_null(keymap_find(&map, 2, "names", 5));
	assert_null(keymap_find(&map, 1, "nam", 3));
	assert_null(keymap_find(&map, 1, "Name", 4));
	assert_null(keymap_find(&map, 1, "", 0));
	/* Names in the input may contain NUL bytes. */
	assert_null(keymap_find(&map, 1, "name\0", 5));
	assert_null(keymap_find(&map, 1, "n\0", 2));
	assert_null(keymap_find(&map, 1, "n\0me", 4));
}

static void a_full_table_still_ends_every_search(void **state)
{
	static char names[KEYMAP_KEYS][8];
	static struct key keys[KEYMAP_KEYS];
	struct keymap map;
	char other[8];

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		snprintf(names[i], sizeof names[i], "k%zu", i);
		keys[i].name = names[i];
		keys[i].context = 1;
	}
	keymap_init(&map, keys, COUNT(keys));
	for (size_t i = 0; i < COUNT(keys); i++)
		assert_ptr_equal(keymap_find(&map, 1, names[i], strlen(names[i]))->key, &keys[i]);
	for (size_t i = 0; i < 5000; i++) {
		int size = snprintf(other, sizeof other, "o%zu", i);

		assert_null(keymap_find(&map, 1, other, (size_t)size));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_of_the_readers_is_found_and_unique),
		cmocka_unit_test(a_name_is_found_only_as_a_whole_and_in_its_context),
		cmocka_unit_test(a_full_table_still_ends_every_search),
	};

	return cmocka_run_group_tests_name("keymap", tests, NULL, NULL);
}
