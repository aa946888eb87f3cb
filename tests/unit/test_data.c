/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

/* The expected result of each file in tests/data. The README there explains each file. */

static const struct row {
	const char *name;
	unsigned domains, rejected, stream_errors, disks;
	/** Ids of the errors in order. */
	const char *ids;
} rows[] = {
	{"banner-and-prompts.sxp", 2, 0, 2, 0, "DA904 DA904 "},
	{"bad-encoding.xml", 1, 2, 0, 0, "DA903 DA903 "},
	{"cut-at-end.sxp", 1, 1, 0, 0, "DA901 "},
	{"cut-at-end.xml", 1, 1, 0, 0, "DA901 "},
	{"cut-attribute.xml", 2, 1, 0, 0, "DA903 "},
	{"cut-in-quote.sxp", 1, 1, 0, 0, "DA903 "},
	{"doctype.xml", 1, 1, 1, 0, "DA906 DA903 "},
	{"empty-values.sxp", 1, 0, 0, 1, ""},
	{"hidden-tags.xml", 2, 0, 0, 0, ""},
	{"mismatched-tags.xml", 1, 1, 0, 0, "DA903 "},
	{"nested-in-metadata.xml", 1, 0, 0, 1, ""},
	{"no-name.sxp", 1, 2, 0, 0, "DA903 DA903 "},
	{"other-domains.xml", 1, 0, 0, 0, ""},
	{"outer-list.sxp", 3, 0, 0, 0, ""},
	{"save-file.sxp", 1, 0, 0, 1, ""},
	{"several-documents.xml", 3, 0, 1, 0, "DA904 "},
	{"stray-text.xml", 2, 0, 3, 0, "DA904 DA904 DA903 "},
	{"strings-and-comments.sxp", 1, 0, 0, 0, ""},
	{"too-many-parentheses.sxp", 2, 0, 2, 0, "DA903 DA903 "},
	{"unclosed-domain.xml", 2, 1, 0, 0, "DA903 "},
	{"xend-error.sxp", 1, 0, 1, 0, "DA904 "},
	{"xl-pv.sxp", 2, 0, 1, 1, "DA903 "},
};

static const struct row *find_row(const char *name)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	fail_msg("nothing says what must happen with %s", name);
	return NULL;
}

static void check(const char *path, const char *name, struct buffer *bytes)
{
	const struct row *row = find_row(name);
	struct ds_run_options options;
	struct run_result result;
	struct buffer ids = {0};

	(void)bytes;
	ds_run_options_init(&options, sizeof options);
	options.jobs = 1;
	options.check_only = true;
	run_file(&options, path, &result);
	for (const char *at = as_string(&result.errors); *at; at = strchr(at, '\n') + 1)
		add_format(&ids, "%.5s ", at + strlen("error "));
	if (result.counts.domains - result.counts.rejected != row->domains ||
		result.counts.rejected != row->rejected ||
		result.counts.stream_errors != row->stream_errors ||
		result.counts.disks != row->disks || strcmp(as_string(&ids), row->ids) != 0)
		fail_msg("%s: %u domains, %u rejected, %u other errors, %u disks\n%s", name,
			(unsigned)(result.counts.domains - result.counts.rejected),
			(unsigned)result.counts.rejected, (unsigned)result.counts.stream_errors,
			(unsigned)result.counts.disks, result.errors.data);
	assert_int_equal(result.status, *row->ids ? DS_DAMAGED : DS_OK);
	buffer_fini(&ids);
	run_result_fini(&result);
}

static void each_file_has_the_expected_result(void **state)
{
	(void)state;
	assert_int_equal(each_dump(DATA_DIR, check), COUNT(rows));
}

/** The README has a line for each file. */
static void the_readme_names_every_file(void **state)
{
	struct buffer readme = {0};

	(void)state;
	load(&readme, DATA_DIR "/README.md");
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer line = {0};

		add_format(&line, "\n| `%s` | ", rows[i].name);
		assert_has(&readme, as_string(&line));
		buffer_fini(&line);
	}
	buffer_fini(&readme);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_file_has_the_expected_result),
		cmocka_unit_test(the_readme_names_every_file),
	};

	return cmocka_run_group_tests_name("data", tests, NULL, NULL);
}
