/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

/* Records, errors and positions do not depend on the sizes in which the input arrives. */

static size_t records, errors;

static size_t count(struct buffer *dump, const char *word)
{
	size_t found = 0;

	for (const char *at = as_string(dump); (at = strstr(at, word)); at++)
		found++;
	return found;
}

/** Reads the bytes in pieces of 1 to `most` bytes. */
static void compare(const char *path, const char *data, size_t size, size_t most)
{
	struct buffer whole = {0}, pieces = {0};
	enum ds_status status = read_all(NULL, data, size, 0, &whole);

	records += count(&whole, "domain at ");
	errors += count(&whole, "error DA");
	for (size_t piece = 1; piece <= most; piece++) {
		if (read_all(NULL, data, size, piece, &pieces) != status ||
			!is_same(&pieces, &whole))
			fail_msg("%s in pieces of %zu bytes: %s\ninstead of %s", path, piece,
				as_string(&pieces), as_string(&whole));
		buffer_fini(&pieces);
	}
	buffer_fini(&whole);
}

static void check(const char *path, const char *name, struct buffer *bytes)
{
	(void)name;
	compare(path, bytes->data, bytes->size, 31);
}

static void every_sample_is_read_the_same_in_pieces(void **state)
{
	(void)state;
	assert_true(each_dump(SAMPLES_DIR, check) >= 8);
	assert_true(records >= 20);
}

static void every_test_file_is_read_the_same_in_pieces(void **state)
{
	(void)state;
	assert_true(each_dump(DATA_DIR, check) >= 10);
	assert_true(errors >= 10);
}

static void pieces_of_every_size_give_the_same(void **state)
{
	static const char *const dumps[] = {
		"<?xml version='1.0'?>\n<domains><domain id='1'><name>a&amp;b</name><!-- </domain> "
		"--></domain>\n text "
		"<domain><name>cut<domain><name>c</name><metadata><domain/></metadata></domain></"
		"domains>\n<x>",
		"# c\nUsing config file \"x\".\n(domain (name 'a\\'(b') # )\n)\n(domain (name "
		"cut\n(vm (name c) (device (pci (dev (domain 0x0000)))))(domain (name d))\n(device "
		"(vbd (dev a)))\n)\n) (xend.err 'x')(domain",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(dumps); i++)
		compare(dumps[i], dumps[i], strlen(dumps[i]), strlen(dumps[i]) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sample_is_read_the_same_in_pieces),
		cmocka_unit_test(every_test_file_is_read_the_same_in_pieces),
		cmocka_unit_test(pieces_of_every_size_give_the_same),
	};

	return cmocka_run_group_tests_name("chunks", tests, NULL, NULL);
}
