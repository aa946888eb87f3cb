/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/keeper.h"
#include "report/made_up.h"
#include "report/markup.h"
#include "report/page_css.h"
#include "report/page_js.h"
#include "report/tally.h"
#include "support.h"
#include "write/json_text.h"

#include <stdio.h>

/* ---- complete reports ---- */

/** Replaces a text in a report by a word, wherever it occurs. */
static void hide(struct buffer *report, const char *text, const char *word)
{
	struct buffer hidden = {0};
	size_t size = strlen(text);

	for (size_t at = 0; at < report->size;) {
		if (report->size - at >= size && memcmp(report->data + at, text, size) == 0) {
			buffer_string(&hidden, word);
			at += size;
		} else {
			buffer_byte(&hidden, report->data[at++]);
		}
	}
	buffer_fini(report);
	*report = hidden;
}

/** Hides what does not depend on the input, so that a release, or a change of the page's look, does
 * not change the expected files. */
static void hide_constants(struct buffer *report)
{
	hide(report, ds_version(), "VERSION");
	hide(report, page_css, "STYLE");
	hide(report, PAGE_CSS_HASH, "STYLE-HASH");
	hide(report, page_js, "SCRIPT");
	hide(report, PAGE_JS_HASH, "SCRIPT-HASH");
}

/** tests/report/run --accept writes the files. */
static void each_report_has_the_expected_text(void **state)
{
	(void)state;
	for (int format = 0; format <= MADE_UP_LAST; format++) {
		struct buffer report = {0}, expected = {0};
		char path[4096];

		assert_int_equal(made_up_report((enum report_format)format, 0, &report), DS_OK);
		hide_constants(&report);
		snprintf(path, sizeof path, REPORT_DIR "/expected/%s", made_up_names[format]);
		load(&expected, path);
		assert_same(&report, &expected);
		buffer_fini(&report);
		buffer_fini(&expected);
	}
}

static void each_report_is_the_same_when_repeated(void **state)
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

/* ---- hostile names ---- */

/** No report contains a control character of a name, a byte that is not UTF-8, or a tag. */
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
			if (text_is_unsafe(text, at) && format != REPORT_TERMINAL)
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

static void expect_markup(const char *bytes, size_t size, const char *expected)
{
	struct buffer out = {0};

	markup_text(&out, (struct ds_text){bytes, size});
	assert_text(&out, expected);
	buffer_fini(&out);
}

#define EXPECT_MARKUP(bytes, expected) expect_markup(bytes, sizeof bytes - 1, expected)

static void markup_has_text_only(void **state)
{
	(void)state;
	EXPECT_MARKUP("gr\xc3\xbc\xc3\x9f \xf0\x9f\x96\xb4", "gr\xc3\xbc\xc3\x9f \xf0\x9f\x96\xb4");
	EXPECT_MARKUP("<a href=\"x\" b='y'>&amp;",
		"&lt;a href=&#34;x&#34; b=&#39;y&#39;&gt;&amp;amp;");
	EXPECT_MARKUP("]]>-->", "]]&gt;--&gt;");
	EXPECT_MARKUP("\0\t\n\r\x1b\x7f\xc2\x85", "\\x00\\x09\\x0a\\x0d\\x1b\\x7f\\xc2\\x85");
	/* Bytes that are not UTF-8; a surrogate. */
	EXPECT_MARKUP("a\xff\xc3(", "a\xef\xbf\xbd\xef\xbf\xbd(");
	EXPECT_MARKUP("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	/* U+FFFE, U+FFFF, U+FDD0, U+FDEF, U+1FFFE, U+10FFFF; and their neighbours U+FFFD, U+FDCF,
	 * U+FDF0, U+1FFFD. */
	EXPECT_MARKUP("\xef\xbf\xbe\xef\xbf\xbf", "\xef\xbf\xbd\xef\xbf\xbd");
	EXPECT_MARKUP("\xef\xb7\x90\xef\xb7\xaf", "\xef\xbf\xbd\xef\xbf\xbd");
	EXPECT_MARKUP("\xf0\x9f\xbf\xbe\xf4\x8f\xbf\xbf", "\xef\xbf\xbd\xef\xbf\xbd");
	EXPECT_MARKUP("\xef\xbf\xbd\xef\xb7\x8f\xef\xb7\xb0\xf0\x9f\xbf\xbd",
		"\xef\xbf\xbd\xef\xb7\x8f\xef\xb7\xb0\xf0\x9f\xbf\xbd");
	/* Directions of text. */
	EXPECT_MARKUP("a\xe2\x80\xae"
		      "b\xe2\x81\xa9",
		"a\\xe2\\x80\\xaeb\\xe2\\x81\\xa9");
}

/** A program that reads the markup gets every character that XML can contain unchanged. */
static void markup_has_data(void **state)
{
	struct buffer out = {0};

	(void)state;
	markup_data(&out,
		TEXT("a\xe2\x80\xae<\xd8\x9c\xe2\x80\xa8\xc2\x85\x7f\n\x01\xff\xef\xbf\xbe"));
	assert_text(&out,
		"a&#8238;&lt;&#1564;&#8232;&#133;&#127;\\x0a\\x01\xef\xbf\xbd\xef\xbf\xbd");
	buffer_fini(&out);
}

static enum ds_status collect(void *context, const char *data, size_t size)
{
	buffer_add(context, data, size);
	return DS_OK;
}

static void expect_message(const char *text, const char *expected)
{
	struct buffer out = {0}, message = {0};
	struct report_options options = {.format = REPORT_SARIF,
		.rules = made_up_rules,
		.rule_count = made_up_rule_count,
		.sink = collect,
		.context = &out};
	struct ds_finding finding = {.rule = &made_up_rules[0],
		.place = {"a", 0, 1, 1},
		.text = {text, strlen(text)}};
	struct report_totals totals = {0};
	struct report *report = report_new(&options);

	assert_int_equal(report_finding(report, &finding), DS_OK);
	assert_int_equal(report_finish(report, &totals), DS_OK);
	report_free(report);
	buffer_literal(&message, "\"message\":{\"text\":");
	json_text(&message, (struct ds_text){expected, strlen(expected)});
	buffer_literal(&message, "},\"locations\"");
	buffer_byte(&message, '\0');
	assert_has(&out, message.data);
	buffer_fini(&message);
	buffer_fini(&out);
}

/** SARIF 2.1.0, 3.11.5 and 3.11.6. */
static void messages_of_sarif_have_no_placeholders_and_no_links(void **state)
{
	(void)state;
	expect_message("{0} {{1}} }", "{{0}} {{{{1}}}} }}");
	expect_message("[a](1)", "\\[a\\](1)");
	/* A backslash is an escape only before a bracket. */
	expect_message("\\[a\\\\](1) b\\c\\", "\\\\\\[a\\\\\\\\\\](1) b\\c\\");
	expect_message("/srv/a.img", "/srv/a.img");
}

/** Three equal findings, and two domains of the same name without a UUID. */
static void each_case_of_junit_has_a_name_of_its_own(void **state)
{
	struct buffer out = {0};
	struct report_options options = {.format = REPORT_JUNIT,
		.rules = made_up_rules,
		.rule_count = made_up_rule_count,
		.sink = collect,
		.context = &out};
	struct ds_finding finding = {.rule = &made_up_rules[4],
		.place = {"a", 0, 1, 1},
		.domain = TEXT("web"),
		.disk = TEXT("xvda"),
		.text = TEXT("t"),
		.fingerprint = "0123456789abcdef0123456789abcdef"};
	struct ds_finding damage = {.rule = &made_up_rules[6],
		.place = {"dumps/b", 7, 2, 3},
		.text = TEXT("t"),
		.fingerprint = "0"};
	struct ds_domain domain = {.place = {"a", 0, 1, 1}, .host = "", .name = TEXT("web")};
	struct report_totals totals = {0};
	struct report *report = report_new(&options);

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(report_finding(report, &finding), DS_OK);
	assert_int_equal(report_finding(report, &damage), DS_OK);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(report_domain(report, &domain), DS_OK);
	assert_int_equal(report_finish(report, &totals), DS_OK);
	report_free(report);
	buffer_byte(&out, '\0');
	assert_has(&out,
		"name=\"DA301 shared-writable: web: xvda [0123456789ab]\" classname=\"several "
		"domains\"");
	assert_has(&out,
		"name=\"DA301 shared-writable: web: xvda [0123456789ab] (2)\" classname=\"several "
		"domains\"");
	assert_has(&out,
		"name=\"DA301 shared-writable: web: xvda [0123456789ab] (3)\" classname=\"several "
		"domains\"");
	assert_has(&out, "name=\"DA901 damaged-input: dumps/b [0]\" classname=\"input\"");
	assert_has(&out, "name=\"no findings\" classname=\"domain web\"");
	assert_has(&out, "name=\"no findings (2)\" classname=\"domain web\"");
	buffer_fini(&out);
}

/* ---- findings that are kept ---- */

static void put(struct keeper *keeper, enum ds_severity severity, char letter)
{
	static uint64_t number;
	struct kept_row row = {.severity = severity, .number = number++};

	buffer_byte(&row.text, letter);
	assert_true(keeper_take(keeper, KEEPER_NO_HOST, &row));
}

static void the_most_severe_are_kept_and_the_first_of_them(void **state)
{
	struct keeper keeper = {.limit = 3};
	struct kept_rows rows = {NULL, 0, 0};

	(void)state;
	put(&keeper, DS_SEVERITY_LOW, 'a');
	put(&keeper, DS_SEVERITY_LOW, 'b');
	put(&keeper, DS_SEVERITY_INFO, 'c');
	assert_false(keeper_wants(&keeper, KEEPER_NO_HOST, DS_SEVERITY_INFO));
	put(&keeper, DS_SEVERITY_INFO, 'd');
	put(&keeper, DS_SEVERITY_CRITICAL, 'e');
	put(&keeper, DS_SEVERITY_HIGH, 'f');
	assert_true(keeper_wants(&keeper, KEEPER_NO_HOST, DS_SEVERITY_HIGH));
	assert_false(keeper_wants(&keeper, KEEPER_NO_HOST, DS_SEVERITY_LOW));
	assert_true(keeper_finish(&keeper, &rows));
	assert_int_equal(rows.count, 3);
	for (size_t i = 0; i < rows.count; i++)
		assert_int_equal(rows.items[i].text.data[0], "efa"[i]);
	kept_rows_fini(&rows);
	keeper_fini(&keeper);
}

/** Adds images of 1 to 40 domains each, in another order, and then one that most domains share. */
static void the_page_lists_what_most_domains_share(void **state)
{
	struct buffer page = {0};
	struct report_options options = {.format = REPORT_HTML, .sink = collect, .context = &page};
	struct report *report = report_new(&options);
	struct report_totals totals = {0};
	char source[20], expected[80];

	(void)state;
	assert_non_null(report);
	for (unsigned i = 0; i < 40; i++) {
		struct ds_shared_image image = {.host = TEXT("h"),
			.domains = i * 7 % 40 + 2,
			.writers = 1,
			.is_cdrom = i % 2};

		image.source.data = source;
		image.source.size = (size_t)snprintf(source, sizeof source, "/%u", i * 7 % 40 + 2);
		assert_int_equal(report_shared_image(report, &image), DS_OK);
	}
	assert_int_equal(report_finish(report, &totals), DS_OK);
	buffer_byte(&page, '\0');
	/* Each table has its own limit, which is 20. */
	for (unsigned domains = 2; domains < 42; domains++) {
		snprintf(expected, sizeof expected,
			"<bdi>/%u</bdi></th><td><bdi>h</bdi></td><td class=\"number\">%u</td>",
			domains, domains);
		assert_non_null(strstr(page.data, expected));
	}
	assert_true(strstr(page.data, "<bdi>/40</bdi>") < strstr(page.data, "<bdi>/38</bdi>"));
	assert_true(strstr(page.data, "in most CD drives") < strstr(page.data, "<bdi>/41</bdi>"));
	assert_null(strstr(page.data, "other image"));
	report_free(report);
	buffer_fini(&page);
}

static void images_of_fewer_domains_are_left_out(void **state)
{
	struct buffer page = {0};
	struct report_options options = {.format = REPORT_HTML, .sink = collect, .context = &page};
	struct report *report = report_new(&options);
	struct report_totals totals = {0};
	char source[20];

	(void)state;
	assert_non_null(report);
	for (unsigned i = 0; i < 25; i++) {
		struct ds_shared_image image = {.domains = i + 2};

		image.source.data = source;
		image.source.size = (size_t)snprintf(source, sizeof source, "/%u", i + 2);
		assert_int_equal(report_shared_image(report, &image), DS_OK);
	}
	assert_int_equal(report_finish(report, &totals), DS_OK);
	buffer_byte(&page, '\0');
	assert_non_null(strstr(page.data, "<bdi>/26</bdi></th><td>all</td>"));
	assert_non_null(strstr(page.data, "<bdi>/7</bdi>"));
	assert_null(strstr(page.data, "<bdi>/6</bdi>"));
	assert_non_null(strstr(page.data, "and 5 other images"));
	report_free(report);
	buffer_fini(&page);
}

static void drivers_beyond_the_table_are_others(void **state)
{
	struct tally tally = {0};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (unsigned i = 0; i < 2 * TALLY_WORDS + 2; i++) {
		char name[20];
		struct ds_disk disk = {.driver = {name, 0}};
		struct ds_domain domain = {.place = {"a.xml", 0, 1, 1},
			.disks = &disk,
			.disk_count = 1};

		disk.driver.size =
			(size_t)snprintf(name, sizeof name, "d%u", i % (TALLY_WORDS + 1));
		assert_int_equal(tally_add(&tally, &arena, &domain), 1);
	}
	tally_sort(&tally);
	assert_int_equal(tally.drivers.word_count, TALLY_WORDS);
	assert_int_equal(tally.drivers.words[0].count, 2);
	assert_int_equal(tally.drivers.others, 2);
	assert_int_equal(tally.formats.unset_count, 2 * TALLY_WORDS + 2);
	arena_fini(&arena);
}

/* ---- errors ---- */

static enum ds_status refuse(void *context, const char *data, size_t size)
{
	(void)context;
	(void)data;
	(void)size;
	return DS_SYSTEM;
}

static void a_failing_sink_ends_the_report(void **state)
{
	struct report_totals totals = {0};

	(void)state;
	for (int format = 0; format <= MADE_UP_LAST; format++) {
		struct report_options options = {.format = (enum report_format)format,
			.rules = made_up_rules,
			.rule_count = made_up_rule_count,
			.sink = refuse,
			.context = NULL};
		struct ds_finding finding = {.rule = &made_up_rules[0],
			.place = {"a", 0, 1, 1},
			.text = TEXT("t")};
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
	struct report_options options = {.format = REPORT_TEXT,
		.rules = made_up_rules,
		.rule_count = 1,
		.sink = refuse,
		.context = NULL};
	struct ds_finding finding = {.rule = &made_up_rules[1],
		.place = {"a", 0, 1, 1},
		.text = TEXT("t")};
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
		cmocka_unit_test(each_report_has_the_expected_text),
		cmocka_unit_test(each_report_is_the_same_when_repeated),
		cmocka_unit_test(hostile_names_stay_names),
		cmocka_unit_test(markup_has_text_only),
		cmocka_unit_test(markup_has_data),
		cmocka_unit_test(messages_of_sarif_have_no_placeholders_and_no_links),
		cmocka_unit_test(each_case_of_junit_has_a_name_of_its_own),
		cmocka_unit_test(the_most_severe_are_kept_and_the_first_of_them),
		cmocka_unit_test(the_page_lists_what_most_domains_share),
		cmocka_unit_test(images_of_fewer_domains_are_left_out),
		cmocka_unit_test(drivers_beyond_the_table_are_others),
		cmocka_unit_test(a_failing_sink_ends_the_report),
		cmocka_unit_test(a_rule_of_another_catalogue_is_wrong_usage),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
