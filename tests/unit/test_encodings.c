/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/encodings.h"
#include "support.h"

#include <errno.h>
#include <iconv.h>
#include <pthread.h>
#include <stdlib.h>

/* The result is always that of iconv for the whole text: bytes, positions and errors. */

/** Encodings with one byte for each character, with several, with accents that combine, and with
 * characters that are not in ASCII where others have punctuation. */
static const char *const names[] = {"ISO-8859-1", "latin1", "windows-1252", "ISO-8859-15", "KOI8-R",
	"CP437", "CP850", "CP1251", "MACINTOSH", "HP-ROMAN8", "ARMSCII-8", "GEORGIAN-PS", "VISCII",
	"TIS-620", "ISO-8859-8", "us-ascii", "TCVN", "CP1255", "CP1258", "TSCII", "GBK", "GB18030",
	"BIG5", "BIG5-HKSCS", "EUC-JP", "EUC-KR", "EUC-TW", "EUC-JISX0213", "Shift_JIS", "CP932",
	"JOHAB", "UHC", "T.61-8BIT", "ISO_6937", "UTF-8"};

/** Converts by one call of iconv. Returns whether all of the input is valid. */
static bool expected(iconv_t converter, struct ds_text input, char *text, size_t *size, size_t *at)
{
	char *in = (char *)(uintptr_t)input.data, *out = text;
	size_t in_left = input.size, out_left = 16 * input.size + 16, room = out_left;
	bool is_valid;

	is_valid = iconv(converter, &in, &in_left, &out, &out_left) != (size_t)-1 &&
		iconv(converter, NULL, NULL, &out, &out_left) != (size_t)-1;
	*size = room - out_left;
	*at = input.size - in_left;
	return is_valid;
}

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/** Fills bytes with text that is valid for a while in most encodings. */
static void fill(char *bytes, size_t size, uint32_t *seed)
{
	uint32_t kind = next(seed) % 4;

	for (size_t i = 0; i < size; i++) {
		uint32_t random = next(seed);

		bytes[i] = (char)(kind == 0  ? random
				: kind == 1  ? 0x20 + random % 0x5f
				: kind == 2  ? 0xa1 + random % 0x5e
				: random % 3 ? 'a' + random % 26
					     : random);
	}
}

static void check(struct encodings *encodings, const char *name, struct ds_text input)
{
	char text[16 * 64 + 16];
	struct buffer result = {0};
	iconv_t converter = iconv_open("UTF-8", name);
	size_t size, at, expected_at;
	bool is_valid;

	/* Some systems have the less common encodings in a package of their own. */
	if (converter == (iconv_t)-1) {
		assert_int_equal(encodings_convert(encodings, name, input, SIZE_MAX, &result, &at),
			ENCODING_UNKNOWN);
		buffer_fini(&result);
		return;
	}
	is_valid = expected(converter, input, text, &size, &expected_at);
	iconv_close(converter);
	assert_int_equal(encodings_convert(encodings, name, input, SIZE_MAX, &result, &at),
		is_valid ? ENCODING_OK : ENCODING_INVALID);
	assert_int_equal(at, expected_at);
	assert_int_equal(result.size, size);
	assert_memory_equal(result.data, text, size);
	/* With a limit, the text ends after a whole character. */
	if (size) {
		assert_int_equal(encodings_convert(encodings, name, input, size - 1, &result, &at),
			ENCODING_TOO_LARGE);
		assert_true(at <= expected_at && result.size < size);
		assert_memory_equal(result.data, text, result.size);
	}
	buffer_fini(&result);
}

/** Converts random bytes in random encodings. */
static void *check_many(void *encodings)
{
	uint32_t seed = 1;

	for (int i = 0; i < 20000; i++) {
		char bytes[64];
		size_t size = next(&seed) % sizeof bytes;

		fill(bytes, size, &seed);
		check(encodings, names[next(&seed) % COUNT(names)], (struct ds_text){bytes, size});
	}
	return NULL;
}

static void the_result_is_that_of_iconv(void **state)
{
	struct encodings *encodings = encodings_new();

	(void)state;
	assert_non_null(encodings);
	check_many(encodings);
	encodings_free(encodings);
}

static void threads_share_encodings(void **state)
{
	struct encodings *encodings = encodings_new();
	pthread_t threads[3];

	(void)state;
	assert_non_null(encodings);
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, check_many, encodings), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	encodings_free(encodings);
}

/** Writes a name with nothing, a hyphen or an underscore between its letters. */
static void spell(char *spelling, const char *name, unsigned number)
{
	for (; *name; name++, number /= 3) {
		*spelling++ = *name;
		if (number % 3)
			*spelling++ = number % 3 == 1 ? '-' : '_';
	}
	*spelling = 0;
}

/** There are more spellings of names than are kept. */
static void any_number_of_names_is_known(void **state)
{
	struct encodings *encodings = encodings_new();
	struct buffer text = {0};
	char name[64];
	size_t at;

	(void)state;
	assert_non_null(encodings);
	for (unsigned i = 0; i < 5000; i++) {
		spell(name, i % 2 ? "csISOLatin1" : "csShiftJIS", i);
		assert_int_equal(encodings_convert(encodings, name,
					 (struct ds_text){i % 2 ? "\xe9" : "\x92\x86", 2 - i % 2},
					 SIZE_MAX, &text, &at),
			ENCODING_OK);
		assert_memory_equal(text.data, i % 2 ? "\xc3\xa9" : "\xe4\xb8\xad", text.size);
		assert_int_equal(text.size, i % 2 ? 2 : 3);
	}
	buffer_fini(&text);
	encodings_free(encodings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_result_is_that_of_iconv),
		cmocka_unit_test(threads_share_encodings),
		cmocka_unit_test(any_number_of_names_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
