/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

#include <stdio.h>

#include "report/made_up.h"
#include "report/markup.h"
#include "report/shelf.h"
#include "report/tally.h"
#include "write/json_text.h"

/* ---- what is expected, whole ---- */

/** Some reports contain the version of the program. */
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

/* ---- names that mean harm ---- */

/** In no report is there a control byte of a stranger's, nor a byte that is not UTF-8, nor a
 * tag. */
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

static void markup_holds_text_alone(void **state)
{
	(void)state;
	EXPECT_MARKUP("gr\xc3\xbc\xc3\x9f \xf0\x9f\x96\xb4", "gr\xc3\xbc\xc3\x9f \xf0\x9f\x96\xb4");
	EXPECT_MARKUP("<a href=\"x\" b='y'>&amp;",
		"&lt;a href=&#34;x&#34; b=&#39;y&#39;&gt;&amp;amp;");
	EXPECT_MARKUP("]]>-->", "]]&gt;--&gt;");
	EXPECT_MARKUP("\0\t\n\r\x1b\x7f\xc2\x85", "\\x00\\x09\\x0a\\x0d\\x1b\\x7f\\xc2\\x85");
	/* Not UTF-8; a surrogate. */
	EXPECT_MARKUP("a\xff\xc3(", "a\xef\xbf\xbd\xef\xbf\xbd(");
	EXPECT_MARKUP("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	/* U+FFFE, U+FFFF, U+FDD0, U+FDEF, U+1FFFE, U+10FFFF; and their neighbours U+FFFD, U+FDCF,
	 * U+FDF0, U+1FFFD. */
	EXPECT_MARKUP("\xef\xbf\xbe\xef\xbf\xbf", "\xef\xbf\xbd\xef\xbf\xbd");
	EXPECT_MARKUP("\xef\xb7\x90\xef\xb7\xaf", "\xef\xbf\xbd\xef\xbf\xbd");
	EXPECT_MARKUP("\xf0\x9f\xbf\xbe\xf4\x8f\xbf\xbf", "\xef\xbf\xbd\xef\xbf\xbd");
	EXPECT_MARKUP("\xef\xbf\xbd\xef\xb7\x8f\xef\xb7\xb0\xf0\x9f\xbf\xbd",
		"\xef\xbf\xbd\xef\xb7\x8f\xef\xb7\xb0\xf0\x9f\xbf\xbd");
	/* Directions. */
	EXPECT_MARKUP("a\xe2\x80\xae"
		      "b\xe2\x81\xa9",
		"a\\xe2\\x80\\xaeb\\xe2\\x81\\xa9");
}

/** What XML can hold, a program gets as it is. */
static void markup_holds_data(void **state)
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
	/* A backslash counts only before a bracket. */
	expect_message("\\[a\\\\](1) b\\c\\", "\\\\\\[a\\\\\\\\\\](1) b\\c\\");
	expect_message("/srv/a.img", "/srv/a.img");
}

/** Three times the same finding, and two domains of the same name without any. */
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

/* ---- what is kept ---- */

static void put(struct shelf *shelf, enum ds_severity severity, char letter)
{
	struct buffer piece = {0};

	buffer_byte(&piece, letter);
	assert_int_equal(shelf_take(shelf, severity, &piece), 1);
	assert_int_equal(piece.size, 0);
}

static void the_gravest_are_kept_and_the_first_of_them(void **state)
{
	struct shelf shelf = {.limit = 3};
	struct buffer all = {0};

	(void)state;
	put(&shelf, DS_SEVERITY_LOW, 'a');
	put(&shelf, DS_SEVERITY_LOW, 'b');
	put(&shelf, DS_SEVERITY_INFO, 'c');
	assert_false(shelf_wants(&shelf, DS_SEVERITY_INFO));
	put(&shelf, DS_SEVERITY_INFO, 'd');
	put(&shelf, DS_SEVERITY_CRITICAL, 'e');
	put(&shelf, DS_SEVERITY_HIGH, 'f');
	assert_true(shelf_wants(&shelf, DS_SEVERITY_HIGH));
	assert_false(shelf_wants(&shelf, DS_SEVERITY_LOW));
	for (int i = DS_SEVERITY_CRITICAL; i >= 0; i--) {
		for (size_t j = 0; j < shelf.levels[i].count; j++)
			buffer_byte(&all, shelf.levels[i].pieces[j].data[0]);
	}
	assert_text(&all, "efa");
	buffer_fini(&all);
	shelf_fini(&shelf);
}

static void count_domain(struct tally *tally, const char *argument, const char *one,
	const char *two)
{
	struct ds_disk disks[] = {{.source = {one, strlen(one)}},
		{.source = {two, strlen(two)}, .readonly = 1}};
	struct ds_domain domain = {.place = {"a.xml", 0, 1, 1},
		.host = argument,
		.disks = disks,
		.disk_count = COUNT(disks)};

	assert_int_equal(tally_add(tally, &domain), 1);
}

static void shared_images_are_counted_by_domain_and_argument(void **state)
{
	struct tally tally;

	(void)state;
	assert_int_equal(tally_init(&tally, NULL), 1);
	/* Twice in one domain is once. */
	count_domain(&tally, "one", "/a", "/a");
	count_domain(&tally, "one", "/b", "/a");
	count_domain(&tally, "one", "/b", "/a");
	count_domain(&tally, "two", "/a", "/b");
	tally_sort(&tally);
	assert_int_equal(tally.image_count, 4);
	assert_int_equal(tally.lost, 0);
	assert_memory_equal(tally.images[0]->source, "/a", 2);
	assert_int_equal(tally.images[0]->domains, 3);
	assert_int_equal(tally.images[0]->writers, 1);
	assert_memory_equal(tally.images[1]->source, "/b", 2);
	assert_int_equal(tally.images[1]->domains, 2);
	assert_int_equal(tally.images[1]->writers, 2);
	assert_int_equal(tally.images[2]->domains, 1);
	tally_fini(&tally);
}

/** Domains of two hosts, and how many the one image of them all is then seen to have. */
static void expect_most(const char *shared, const char *source, uint64_t most)
{
	const char *const prefixes[] = {"/iso/", shared};
	struct ds_audit_options audit = {.size = sizeof audit,
		.shared = prefixes,
		.shared_count = shared ? 2 : 1};
	static const char *const hosts[] = {"one", "one", "one", "two", "two"};
	struct ds_disk disk = {.driver = TEXT("file"), .source = {source, strlen(source)}};
	struct tally tally;

	assert_int_equal(tally_init(&tally, &audit), 1);
	for (size_t i = 0; i < COUNT(hosts); i++) {
		struct ds_domain domain = {.place = {"a", 0, 1, 1},
			.host = hosts[i],
			.disks = &disk,
			.disk_count = 1};

		assert_int_equal(tally_add(&tally, &domain), 1);
	}
	tally_sort(&tally);
	assert_int_equal(tally.images[0]->domains, most);
	tally_fini(&tally);
}

static void shared_images_are_those_of_one_host(void **state)
{
	(void)state;
	expect_most(NULL, "/srv/a", 3);
	expect_most("/srv/", "/srv/a", 5);
	expect_most("/srv/b", "/srv/a", 3);
	/* In its canonical form. */
	expect_most("/srv/", "/mnt/..//srv/./a", 5);
}

/** One image, however it is written; and no password. */
static void images_are_told_by_what_they_are(void **state)
{
	const struct ds_disk disks[] = {
		{.type = DS_SOURCE_BLOCK, .driver = TEXT("phy"), .source = TEXT("vg/a")},
		{.type = DS_SOURCE_BLOCK, .driver = TEXT("phy"), .source = TEXT("/dev//vg/a")},
		{.type = DS_SOURCE_BLOCK,
			.driver = TEXT("drbd"),
			.source = TEXT("joe:secret@r0"),
			.uname = TEXT("drbd:joe:secret@r0")},
		{.type = DS_SOURCE_NETWORK, .source = TEXT("joe:secret@host/a")},
	};
	struct tally tally;

	(void)state;
	assert_int_equal(tally_init(&tally, NULL), 1);
	for (size_t i = 0; i < COUNT(disks); i++) {
		struct ds_domain domain = {.place = {"a", 0, 1, 1},
			.host = "a",
			.disks = &disks[i],
			.disk_count = 1};

		assert_int_equal(tally_add(&tally, &domain), 1);
	}
	tally_sort(&tally);
	assert_int_equal(tally.image_count, 3);
	assert_int_equal(tally.images[0]->domains, 2);
	assert_memory_equal(tally.images[0]->source, "/dev/vg/a", 9);
	assert_memory_equal(tally.images[1]->source, "drbd:joe:***@r0", tally.images[1]->size);
	assert_memory_equal(tally.images[2]->source, "joe:***@host/a", tally.images[2]->size);
	tally_fini(&tally);
}

/** Many more images than there are counters, and one that every hundredth domain has. */
static void what_many_share_is_found_among_a_multitude(void **state)
{
	enum { DOMAINS = 10 * TALLY_IMAGES };
	struct tally tally;

	(void)state;
	assert_int_equal(tally_init(&tally, NULL), 1);
	for (unsigned i = 0; i < DOMAINS; i++) {
		char source[20];

		snprintf(source, sizeof source, "/%u", i);
		count_domain(&tally, "one", source, i % 100 ? "" : "/shared");
	}
	tally_sort(&tally);
	assert_true(tally.image_count <= TALLY_IMAGES);
	assert_true(tally.lost > 0 && tally.lost <= DOMAINS / TALLY_IMAGES + 1);
	assert_int_equal(tally.images[0]->size, strlen("/shared"));
	assert_true(tally.images[0]->domains <= DOMAINS / 100 + 1);
	assert_true(tally.images[0]->domains + tally.lost >= DOMAINS / 100);
	tally_fini(&tally);
}

static void drivers_beyond_the_table_are_others(void **state)
{
	struct tally tally;

	(void)state;
	assert_int_equal(tally_init(&tally, NULL), 1);
	for (unsigned i = 0; i < 2 * TALLY_WORDS + 2; i++) {
		char name[20];
		struct ds_disk disk = {.driver = {name, 0}};
		struct ds_domain domain = {.place = {"a.xml", 0, 1, 1},
			.disks = &disk,
			.disk_count = 1};

		disk.driver.size =
			(size_t)snprintf(name, sizeof name, "d%u", i % (TALLY_WORDS + 1));
		assert_int_equal(tally_add(&tally, &domain), 1);
	}
	tally_sort(&tally);
	assert_int_equal(tally.drivers.word_count, TALLY_WORDS);
	assert_int_equal(tally.drivers.words[0].count, 2);
	assert_int_equal(tally.drivers.others, 2);
	assert_int_equal(tally.formats.unsaid, 2 * TALLY_WORDS + 2);
	tally_fini(&tally);
}

/* ---- errors ---- */

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
		cmocka_unit_test(each_report_is_what_is_expected),
		cmocka_unit_test(each_report_is_the_same_again),
		cmocka_unit_test(hostile_names_stay_names),
		cmocka_unit_test(markup_holds_text_alone),
		cmocka_unit_test(markup_holds_data),
		cmocka_unit_test(messages_of_sarif_have_no_placeholders_and_no_links),
		cmocka_unit_test(each_case_of_junit_has_a_name_of_its_own),
		cmocka_unit_test(the_gravest_are_kept_and_the_first_of_them),
		cmocka_unit_test(shared_images_are_counted_by_domain_and_argument),
		cmocka_unit_test(shared_images_are_those_of_one_host),
		cmocka_unit_test(images_are_told_by_what_they_are),
		cmocka_unit_test(what_many_share_is_found_among_a_multitude),
		cmocka_unit_test(drivers_beyond_the_table_are_others),
		cmocka_unit_test(a_refusing_sink_ends_it),
		cmocka_unit_test(a_rule_of_another_catalogue_is_wrong_usage),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
