/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/members.h"
#include "record/words.h"
#include "support.h"

/* Every member in the tables of records can be set, compared and printed. */

static void set_text(void *record, const struct member *member)
{
	struct ds_text value = {"x", 1};

	member_set_text(member, record, value);
}

/** Sets a member to a value that is not its default. */
static void set(void *record, const struct member *member)
{
	char *at = (char *)record + member->offset;

	if (member->type == MEMBER_TEXT) {
		set_text(record, member);
	} else if (member->type == MEMBER_BOOT) {
		*at = 'c';
		((struct ds_domain *)record)->boot_count = 1;
	} else {
		member_set_number(member, record, 1);
	}
}

static void check(const struct member *member, void *one, const void *other)
{
	char room[MEMBER_TEXT_SIZE];

	assert_false(member_is_set(member, one));
	assert_true(!member_text(member, one, room).data == (member->type < MEMBER_CLOCK));
	assert_true(member_same(member, one, other));
	set(one, member);
	assert_true(member_is_set(member, one));
	assert_true(member_text(member, one, room).size > 0);
	assert_false(member_same(member, one, other));
}

static void every_field_of_a_domain_is_compared(void **state)
{
	(void)state;
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		struct ds_domain one, other;

		memset(&one, 0, sizeof one);
		memset(&other, 0, sizeof other);
		one.id = other.id = -1;
		check(&domain_members[i], &one, &other);
	}
}

static void every_field_of_a_device_is_compared(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t kind = 0; kind < DEVICES_COUNT; kind++) {
		for (size_t i = 0; i < device_kinds[kind].member_count; i++) {
			uint64_t one[64] = {0}, other[64] = {0};

			assert_true(device_kinds[kind].size <= sizeof one);
			if (device_kinds[kind].members[i].holder != HOLDER_RECORD) {
				/* A disk without details is equal to one with empty details. */
				assert_true(member_add_holders((void *)one, &arena));
			}
			check(&device_kinds[kind].members[i], one, other);
		}
	}
	arena_fini(&arena);
}

static void devices_are_found_in_their_domain(void **state)
{
	const struct ds_disk disks[2] = {{.at = 1}, {.at = 2, .source = {"/b", 2}}};
	struct ds_domain domain;
	char room[MEMBER_TEXT_SIZE];
	struct ds_text source;

	(void)state;
	memset(&domain, 0, sizeof domain);
	domain.disks = disks;
	domain.disk_count = 2;
	assert_int_equal(device_count(&domain, DEVICES_DISK), 2);
	assert_int_equal(device_count(&domain, DEVICES_PIN), 0);
	assert_ptr_equal(device_at(&domain, DEVICES_DISK, 1), &disks[1]);
	source = member_text(&device_kinds[DEVICES_DISK].members[DISK_source], &disks[1], room);
	assert_int_equal(source.size, 2);
	assert_memory_equal(source.data, "/b", 2);
}

static void values_are_shown_as_the_formats_write_them(void **state)
{
	struct ds_graphics graphics = {.port = -1};
	struct ds_disk disk = {.device = DS_DEVICE_CDROM, .type = DS_SOURCE_OTHER};
	char room[MEMBER_TEXT_SIZE];

	(void)state;
	assert_string_equal(
		member_text(&device_kinds[DEVICES_GRAPHICS].members[GRAPHICS_port], &graphics, room)
			.data,
		"-1");
	assert_string_equal(
		member_text(&device_kinds[DEVICES_DISK].members[DISK_device], &disk, room).data,
		"cdrom");
	assert_string_equal(
		member_text(&device_kinds[DEVICES_DISK].members[DISK_type], &disk, room).data,
		"other");
}

static void words_of_the_boot_order_are_letters(void **state)
{
	static const char letters[] = "acdn";

	(void)state;
	for (size_t i = 0; letters[i]; i++) {
		const char *word = words_boot_word(letters[i]);

		assert_int_equal(words_boot_letter((struct ds_text){word, strlen(word)}),
			letters[i]);
	}
	assert_int_equal(words_boot_letter((struct ds_text){"x", 1}), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_of_a_domain_is_compared),
		cmocka_unit_test(every_field_of_a_device_is_compared),
		cmocka_unit_test(devices_are_found_in_their_domain),
		cmocka_unit_test(values_are_shown_as_the_formats_write_them),
		cmocka_unit_test(words_of_the_boot_order_are_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
