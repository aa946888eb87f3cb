/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

#include <stdio.h>

#include "report/made_up.h"

/* ---- what is expected, whole --------------------------------------------------------------------------- */

/** The version of the program stands in some reports. */
static void hide_version(struct buffer *report)
{
	struct buffer hidden = {0};
	const char *version = ds_version();
	size_t size = strlen(version);

	for (size_t at = 0; at < report->size;) {
		if (report->size - at >= size && memcmp(report->data + at, version, size) == 0) {
			buffer_literal(&hidden, "VERSION");
			at += size;
		} else {
			buffer_byte(&hidden, report->data[at++]);
		}
	}
	buffer_fini(report);
	*report = hidden;
}

/** tests/report/run --accept writes the files. */
static void each_report_is_what_is_expected(void **state)
{
	(void)state;
	for (int format = 0; format <= MADE_UP_LAST; format++) {
		struct buffer report = {0}, expected = {0};
		char path[4096];

		assert_int_equal(made_up_report((enum report_format)format, 0, &report), DS_OK);
		hide_version(&report);
		snprintf(path, sizeof path, REPORT_DIR "/expected/%s", made_up_names[format]);
		load(&expected, path);
		assert_same(&report, &expected);
		buffer_fini(&report);
		buffer_fini(&expected);
	}
}

static void each_report_is_the_same_again(void **state)
{
	(void)state;
	for (int format = 0; format <= MADE_UP_LAST; format++) {
		struct buffer one = {0}, two = {0};

		assert_int_equal(made_up_report((enum report_format)format, 5000, &one), DS_OK);
		assert_int_equal(made_up_report((enum report_format)format, 5000, &two), DS_OK);
		assert_same(&one, &two);
		buffer_fini(&one);
		buffer_fini(&two);
	}
}

/* ---- names that mean harm ------------------------------------------------------------------------------ */

/** In no report is there a control byte of a stranger's, nor a byte that is not UTF-8, nor a tag. */
static void hostile_names_stay_names(void **state)
{
	(void)state;
	for (int format = 0; format <= MADE_UP_LAST; format++) {
		struct buffer report = {0};
		struct ds_text text;

		assert_int_equal(made_up_report((enum report_format)format, 0, &report), DS_OK);
		text = (struct ds_text){report.data, report.size};
		for (size_t at = 0; at < text.size;) {
			size_t size = text_character(text, at);

			assert_true(size > 0);
			if (text_is_control(text, at) && format != REPORT_TERMINAL)
				assert_true(text.data[at] == '\n' || text.data[at] == '\t');
			at += size;
		}
		if (format == REPORT_TERMINAL)
			assert_lacks(&report, "\033[31m\\x00");
		if (format == REPORT_JUNIT || format == REPORT_HTML) {
			assert_lacks(&report, "<img");
			assert_lacks(&report, "<evil>");
			assert_lacks(&report, "<!--");
		}
		buffer_fini(&report);
	}
}

/* ---- errors -------------------------------------------------------------------------------------------- */

static enum ds_status refuse(void *context, const char *data, size_t size)
{
	(void)context;
	(void)data;
	(void)size;
	return DS_SYSTEM;
}

static void a_refusing_sink_ends_it(void **state)
{
	struct report_totals totals = {0};

	(void)state;
	for (int format = 0; format <= MADE_UP_LAST; format++) {
		struct report_options options = {(enum report_format)format, made_up_rules, made_up_rule_count, refuse, NULL};
		struct ds_finding finding = {.rule = &made_up_rules[0], .place = {"a", 0, 1, 1}, .text = TEXT("t")};
		struct report *report = report_new(&options);

		assert_non_null(report);
		assert_int_equal(report_finding(report, &finding), DS_OK);
		assert_int_equal(report_finish(report, &totals), DS_SYSTEM);
		assert_int_equal(report_finding(report, &finding), DS_SYSTEM);
		report_free(report);
	}
}

static void a_rule_of_another_catalogue_is_wrong_usage(void **state)
{
	struct report_options options = {REPORT_TEXT, made_up_rules, 1, refuse, NULL};
	struct ds_finding finding = {.rule = &made_up_rules[1], .place = {"a", 0, 1, 1}, .text = TEXT("t")};
	struct report *report = report_new(&options);

	(void)state;
	assert_int_equal(report_finding(report, &finding), DS_USAGE);
	report_free(report);
	options.format = (enum report_format)(REPORT_HTML + 1);
	assert_null(report_new(&options));
	report_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_report_is_what_is_expected),
		cmocka_unit_test(each_report_is_the_same_again),
		cmocka_unit_test(hostile_names_stay_names),
		cmocka_unit_test(a_refusing_sink_ends_it),
		cmocka_unit_test(a_rule_of_another_catalogue_is_wrong_usage),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
