/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

static void bytes_are_kept_in_order(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer);
	for (int i = 0; i < 1000; i++) {
		buffer_byte(&buffer, (char)i);
		buffer_add(&buffer, "abc", 3);
		buffer_literal(&buffer, "<>");
		buffer_string(&buffer, "");
		buffer_string(&buffer, "x");
	}
	assert_int_equal(buffer.size, 7000);
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(buffer.data[i * 7], (char)i);
		assert_memory_equal(buffer.data + i * 7 + 1, "abc<>x", 6);
	}
	assert_false(buffer.failed);
	buffer_fini(&buffer);
	assert_null(buffer.data);
}

static void zero_bytes_can_be_added(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer);
	buffer_add(&buffer, NULL, 0);
	assert_int_equal(buffer.size, 0);
	assert_false(buffer.failed);
	buffer_fini(&buffer);
	buffer_fini(&buffer);
}

static void numbers_are_decimal(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer);
	buffer_unsigned(&buffer, 0);
	buffer_byte(&buffer, ' ');
	buffer_unsigned(&buffer, UINT64_MAX);
	buffer_byte(&buffer, ' ');
	buffer_signed(&buffer, INT64_MIN);
	buffer_byte(&buffer, ' ');
	buffer_signed(&buffer, INT64_MAX);
	buffer_byte(&buffer, ' ');
	buffer_signed(&buffer, -1);
	assert_text(&buffer, "0 18446744073709551615 -9223372036854775808 9223372036854775807 -1");
	buffer_fini(&buffer);
}

static void an_impossible_size_fails_and_the_buffer_stays_failed(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer);
	buffer_add(&buffer, "abc", 3);
	assert_null(buffer_room(&buffer, SIZE_MAX));
	assert_true(buffer.failed);
	/* Even a byte that fits is not added, because bytes before it are missing. */
	buffer_add(&buffer, "d", 1);
	buffer_byte(&buffer, 'd');
	buffer_unsigned(&buffer, 1);
	assert_null(buffer_room(&buffer, 0));
	assert_int_equal(buffer.size, 3);
	assert_memory_equal(buffer.data, "abc", 3);
	buffer_clear(&buffer, 1000);
	assert_false(buffer.failed);
	buffer_add(&buffer, "d", 1);
	assert_int_equal(buffer.size, 1);
	buffer_fini(&buffer);
}

static void clearing_keeps_memory_up_to_a_limit(void **state)
{
	struct buffer buffer;
	char *data;

	(void)state;
	buffer_init(&buffer);
	assert_non_null(buffer_room(&buffer, 1000));
	buffer.size = 1000;
	data = buffer.data;
	buffer_clear(&buffer, buffer.capacity);
	assert_ptr_equal(buffer.data, data);
	assert_int_equal(buffer.size, 0);
	buffer_clear(&buffer, buffer.capacity - 1);
	assert_null(buffer.data);
	assert_int_equal(buffer.capacity, 0);
	buffer_fini(&buffer);
}

static void room_follows_the_bytes_and_is_not_counted(void **state)
{
	struct buffer buffer;
	char *room;

	(void)state;
	buffer_init(&buffer);
	buffer_add(&buffer, "ab", 2);
	room = buffer_room(&buffer, 500);
	assert_ptr_equal(room, buffer.data + 2);
	memset(room, 'x', 500);
	assert_int_equal(buffer.size, 2);
	buffer_fini(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_kept_in_order),
		cmocka_unit_test(zero_bytes_can_be_added),
		cmocka_unit_test(numbers_are_decimal),
		cmocka_unit_test(an_impossible_size_fails_and_the_buffer_stays_failed),
		cmocka_unit_test(clearing_keeps_memory_up_to_a_limit),
		cmocka_unit_test(room_follows_the_bytes_and_is_not_counted),
	};

	return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
