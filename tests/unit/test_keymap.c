/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/sexpr_reader.h"
#include "read/xml_reader.h"
#include "support.h"

#include <stdio.h>

static struct keymap map;

/** Each key is found; when a key is repeated in the table, the first one counts. */
static void check_map(struct keymap *filled)
{
	const struct key_guess *keys = filled->keys;

	assert_in_range(filled->count, 1, KEYMAP_KEYS);
	for (size_t i = 0; i < filled->count; i++)
		assert_ptr_equal(&keys[i],
			keymap_find(filled, keys[i].context, keys[i].key->name, keys[i].size));
	assert_null(keymap_find(filled, 255, keys[0].key->name, keys[0].size));
	assert_null(keymap_find(filled, keys[0].context, "no such name", 12));
}

static void every_key_of_the_readers_is_found_and_unique(void **state)
{
	static struct xml_keys xml;

	(void)state;
	xml_keys_init(&xml);
	check_map(&xml.elements);
	check_map(&xml.attributes);
	keymap_init(&map, sexpr_keys, sexpr_key_count);
	check_map(&map);
	/* Only a field that SEXPR does not have has no name. */
	for (size_t i = 0; i < sexpr_key_count; i++)
		assert_true(*sexpr_keys[i].name || !sexpr_keys[i].context);
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
