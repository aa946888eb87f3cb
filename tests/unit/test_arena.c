/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/arena.h"
#include "support.h"

#include <stdalign.h>
#include <stdlib.h>

/** The size of the blocks that an arena allocates. */
#define CHUNK ((size_t)64 << 10)

static void assert_aligned(const void *at)
{
	assert_int_equal((uintptr_t)at % alignof(max_align_t), 0);
}

static void allocations_are_aligned_and_do_not_overlap(void **state)
{
	static const size_t sizes[] = {1, 3, 8, 17, 100, 1000, CHUNK / 4 - 1, CHUNK / 4,
		CHUNK / 4 + 1, CHUNK, 3 * CHUNK, 1};
	struct arena arena;
	char *all[200];

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(all); i++) {
		all[i] = arena_alloc(&arena, sizes[i % COUNT(sizes)]);
		assert_non_null(all[i]);
		assert_aligned(all[i]);
		memset(all[i], (int)i, sizes[i % COUNT(sizes)]);
	}
	for (size_t i = 0; i < COUNT(all); i++)
		for (size_t k = 0; k < sizes[i % COUNT(sizes)]; k++)
			assert_int_equal((unsigned char)all[i][k], i);
	assert_false(arena.failed);
	arena_fini(&arena);
}

static void texts_and_items_can_be_mixed(void **state)
{
	struct arena arena;
	struct ds_text texts[3000];
	uint64_t *numbers[3000];
	char word[64];
	uint64_t seed = 1;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(texts); i++) {
		memset(word, (int)('a' + i % 26), sizeof word);
		texts[i] = arena_text(&arena, word, chance_below(&seed, sizeof word));
		numbers[i] = arena_alloc(&arena, sizeof *numbers[i]);
		assert_aligned(numbers[i]);
		*numbers[i] = i;
	}
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_int_equal(*numbers[i], i);
		for (size_t k = 0; k < texts[i].size; k++)
			assert_int_equal(texts[i].data[k], 'a' + i % 26);
	}
	arena_fini(&arena);
}

static void texts_of_every_size_fit_at_the_end_of_a_chunk(void **state)
{
	(void)state;
	for (size_t left = 0; left < 70; left++) {
		for (size_t size = 0; size < 70; size += 3) {
			struct arena arena;
			struct ds_text text;
			char word[70];
			void *next;

			memset(word, 'w', sizeof word);
			arena_init(&arena);
			for (size_t used = 0; used + CHUNK / 8 <= CHUNK - CHUNK / 8;
				used += CHUNK / 8)
				assert_non_null(arena_alloc(&arena, CHUNK / 8));
			assert_non_null(arena_alloc(&arena, CHUNK / 8 - left));
			text = arena_text(&arena, word, size);
			assert_non_null(text.data);
			assert_int_equal(text.size, size);
			next = arena_alloc(&arena, 16);
			assert_aligned(next);
			memset(next, 0, 16);
			assert_memory_equal(text.data, word, size);
			arena_fini(&arena);
		}
	}
}

static void a_null_text_stays_null(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_null(arena_text(&arena, NULL, 0).data);
	assert_null(arena.chunks);
	assert_non_null(arena_text(&arena, "", 0).data);
	assert_int_equal(arena_text(&arena, "", 0).size, 0);
	arena_fini(&arena);
}

static void copies_are_independent(void **state)
{
	struct arena arena;
	int numbers[] = {1, 2, 3};
	int *copy;

	(void)state;
	arena_init(&arena);
	assert_null(arena_copy(&arena, numbers, 0, sizeof *numbers));
	assert_false(arena.failed);
	copy = arena_copy(&arena, numbers, 3, sizeof *numbers);
	numbers[1] = 5;
	assert_int_equal(copy[1], 2);
	arena_fini(&arena);
}

static void impossible_sizes_fail_and_the_arena_stays_failed(void **state)
{
	struct arena arena;
	char byte = 0;

	(void)state;
	arena_init(&arena);
	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_true(arena.failed);
	assert_non_null(arena_alloc(&arena, 8));
	assert_true(arena.failed);
	arena_clear(&arena);
	assert_false(arena.failed);
	assert_null(arena_alloc(&arena, SIZE_MAX - alignof(max_align_t)));
	assert_true(arena.failed);
	arena_clear(&arena);
	assert_null(arena_copy(&arena, &byte, SIZE_MAX / 2, 3));
	assert_true(arena.failed);
	arena_fini(&arena);
	assert_false(arena.failed);
}

static void clearing_keeps_one_ordinary_chunk(void **state)
{
	struct arena arena;
	char *first;

	(void)state;
	arena_init(&arena);
	arena_clear(&arena);
	assert_null(arena.chunks);
	assert_non_null(arena_alloc(&arena, 10 * CHUNK));
	arena_clear(&arena);
	assert_null(arena.chunks);
	first = arena_alloc(&arena, 16);
	assert_non_null(arena_alloc(&arena, 10 * CHUNK));
	arena_clear(&arena);
	assert_ptr_equal(arena_alloc(&arena, 16), first);
	arena_fini(&arena);
	assert_null(arena.chunks);
}

static void memory_that_an_arena_owns_is_counted_and_freed(void **state)
{
	struct arena arena;
	char *memory = malloc(3 * CHUNK);

	(void)state;
	assert_non_null(memory);
	memset(memory, 'm', 3 * CHUNK);
	arena_init(&arena);
	assert_ptr_equal(arena_own(&arena, memory, 3 * CHUNK), memory);
	assert_non_null(arena_alloc(&arena, CHUNK / 8));
	assert_true(arena_memory(&arena) >= 4 * CHUNK);
	assert_int_equal(memory[3 * CHUNK - 1], 'm');
	/* A memory checker reports a block that is not freed, or freed twice. */
	arena_clear(&arena);
	assert_true(arena_memory(&arena) <= CHUNK);
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allocations_are_aligned_and_do_not_overlap),
		cmocka_unit_test(texts_and_items_can_be_mixed),
		cmocka_unit_test(texts_of_every_size_fit_at_the_end_of_a_chunk),
		cmocka_unit_test(a_null_text_stays_null),
		cmocka_unit_test(copies_are_independent),
		cmocka_unit_test(impossible_sizes_fail_and_the_arena_stays_failed),
		cmocka_unit_test(clearing_keeps_one_ordinary_chunk),
		cmocka_unit_test(memory_that_an_arena_owns_is_counted_and_freed),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
