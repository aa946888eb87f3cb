/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/table.h"
#include "support.h"

/* What was put into the table is found in it, at every size, and nothing else is. */

#define ITEMS 200000

/** How the hash of an item is made of its number. */
static uint64_t (*hash_of)(uint32_t item);

static uint64_t good_hash(uint32_t item)
{
	uint64_t hash = (item + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15);

	hash = (hash ^ hash >> 31) * UINT64_C(0xbf58476d1ce4e5b9);
	return hash ^ hash >> 29;
}

static uint64_t same_hash(uint32_t item)
{
	(void)item;
	return 12345;
}

/** Differs in bits that the table does not keep, or that it does not look at. */
static uint64_t poor_hash(uint32_t item)
{
	return (item & 1023) | (uint64_t)(item >> 10) << 40;
}

static uint64_t hash(const void *keeper, uint32_t item)
{
	(void)keeper;
	return hash_of(item);
}

/** Of numbers that are 4 bytes of text. */
static bool is(const void *keeper, uint32_t item, struct ds_text text)
{
	(void)keeper;
	assert_int_equal(text.size, sizeof item);
	return memcmp(text.data, &item, sizeof item) == 0;
}

static const struct table_items items = {hash, is};

static uint32_t find(const struct table *table, uint32_t item)
{
	return table_find(table, &items, NULL, (struct ds_text){(const char *)&item, sizeof item},
		hash_of(item));
}

/** All are looked for at each power of two, and some at each size. */
static void fill(struct table *table, uint32_t count)
{
	for (uint32_t item = 1; item <= count; item++) {
		assert_int_equal(find(table, item), 0);
		assert_true(table_add(table, &items, NULL, item, hash_of(item)));
		assert_int_equal(find(table, item), item);
		assert_int_equal(find(table, item / 2 + 1), item / 2 + 1);
		for (uint32_t known = 1; (item & (item - 1)) == 0 && known <= item; known++)
			assert_int_equal(find(table, known), known);
	}
	for (uint32_t item = 1; item <= count; item++)
		assert_int_equal(find(table, item), item);
	assert_int_equal(find(table, count + 1), 0);
}

static void what_was_added_is_found(void **state)
{
	struct table table;

	(void)state;
	hash_of = good_hash;
	table_init(&table);
	assert_int_equal(find(&table, 1), 0);
	assert_int_equal(table_guess(&table, good_hash(1)), 0);
	fill(&table, ITEMS);
	table_fini(&table);
	/* It can be used again. */
	assert_int_equal(find(&table, 1), 0);
	fill(&table, 100);
	table_fini(&table);
}

static void poor_hashes_only_make_it_slow(void **state)
{
	struct table table;

	(void)state;
	hash_of = same_hash;
	table_init(&table);
	fill(&table, 3000);
	table_fini(&table);
	hash_of = poor_hash;
	fill(&table, 20000);
	table_fini(&table);
}

/** Each line of memory is one bucket, whatever the system's malloc() does. */
static void a_bucket_is_a_cache_line(void **state)
{
	struct table table;

	(void)state;
	hash_of = good_hash;
	table_init(&table);
	fill(&table, ITEMS);
	for (uint32_t i = 0; i < table.buckets.count; i++)
		assert_int_equal((uintptr_t)store_at(&table.buckets, i) % STORE_LINE, 0);
	table_fini(&table);
}

/** Also when it is about to double: half of the buckets then have to hold twice as many as the
 * others. */
static void an_item_takes_less_than_12_bytes(void **state)
{
	struct table table;

	(void)state;
	hash_of = good_hash;
	table_init(&table);
	for (uint32_t item = 1; item <= ITEMS; item++) {
		assert_true(table_add(&table, &items, NULL, item, good_hash(item)));
		if (item > 1000)
			assert_in_range(table_size(&table) * 10 / item, 91, 119);
	}
	table_fini(&table);
}

/** It asks for memory ahead, so it must be right nearly always. */
static void a_guess_is_nearly_always_right(void **state)
{
	struct table table;
	uint32_t right = 0, vain = 0;

	(void)state;
	hash_of = good_hash;
	table_init(&table);
	for (uint32_t item = 1; item <= ITEMS; item++)
		assert_true(table_add(&table, &items, NULL, item, good_hash(item)));
	for (uint32_t item = 1; item <= ITEMS; item++) {
		right += table_guess(&table, good_hash(item)) == item;
		vain += table_guess(&table, good_hash(item + ITEMS)) != 0;
	}
	/* What a bucket did not hold is not looked for. */
	assert_true(right > ITEMS / 10 * 9);
	assert_true(vain < ITEMS / 50);
	table_fini(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_added_is_found),
		cmocka_unit_test(poor_hashes_only_make_it_slow),
		cmocka_unit_test(a_bucket_is_a_cache_line),
		cmocka_unit_test(an_item_takes_less_than_12_bytes),
		cmocka_unit_test(a_guess_is_nearly_always_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
