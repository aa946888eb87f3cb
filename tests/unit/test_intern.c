/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/intern.h"
#include "support.h"

/* Each word has one number, in the order of insertion, and can be looked up by it. */

#define WORDS 3000
#define ASKED 200000

/** Makes words of all small sizes, many of which have the same end or the same beginning. */
static struct ds_text word_of(uint32_t number, char room[64])
{
	static const size_t sizes[] = {0, 1, 2, 3, 6, 7, 8, 9, 15, 16, 17, 40};
	size_t size = sizes[number % COUNT(sizes)];

	for (size_t i = 0; i < size; i++)
		room[i] = (char)('a' +
			(i == size / 2                  ? number / COUNT(sizes) % 26
					: i == size / 3 ? number / 26 % 13
							: i % 3));
	return (struct ds_text){size ? room : NULL, size};
}

static bool is_word(const struct intern *intern, uint32_t number, struct ds_text word)
{
	struct ds_text text = intern_text(intern, number);

	return text.size == word.size &&
		(!word.size || memcmp(text.data, word.data, word.size) == 0);
}

/** Finds the number of a word by comparing it with all words. */
static uint32_t naive(const struct intern *intern, uint32_t count, struct ds_text word)
{
	for (uint32_t i = 0; i < count; i++)
		if (is_word(intern, i, word))
			return i;
	return count;
}

static void each_word_has_one_number(void **state)
{
	struct intern intern;
	struct texts texts;
	char room[64];
	uint64_t seed = 7;

	(void)state;
	texts_init(&texts);
	intern_init(&intern, &texts, (struct siphash_key){1, 2});
	for (int i = 0; i < ASKED; i++) {
		struct ds_text word = word_of(
			(uint32_t)chance_below(&seed, chance_below(&seed, 2) ? WORDS : 20), room);
		uint32_t count = intern_count(&intern),
			 expected = i < 20000 ? naive(&intern, count, word) : INTERN_NONE;
		uint32_t number = intern_add(&intern, word);

		if (i < 20000)
			assert_int_equal(number, expected);
		assert_true(is_word(&intern, number, word));
		assert_true(intern_count(&intern) == count || number == count);
	}
	assert_in_range(intern_count(&intern), 500, WORDS);
	intern_fini(&intern);
	texts_fini(&texts);
}

/** The empty word, too, is a word of its own. */
static void the_first_word_is_no_other_one(void **state)
{
	struct intern intern;
	struct texts texts;

	(void)state;
	texts_init(&texts);
	intern_init(&intern, &texts, (struct siphash_key){1, 2});
	assert_int_equal(intern_add(&intern, TEXT("raw")), 0);
	assert_int_equal(intern_add(&intern, (struct ds_text){NULL, 0}), 1);
	assert_int_equal(intern_add(&intern, TEXT("raw")), 0);
	assert_int_equal(intern_add(&intern, (struct ds_text){NULL, 0}), 1);
	assert_int_equal(intern_count(&intern), 2);
	intern_fini(&intern);
	texts_fini(&texts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_word_has_one_number),
		cmocka_unit_test(the_first_word_is_no_other_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
