/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

/** Prints differences as text, one per line. */
static enum ds_status take_difference(void *context, const struct ds_difference *difference)
{
	struct buffer *out = context;

	add_format(out, "%d %s %d ", (int)difference->kind,
		difference->rule ? difference->rule->id : "-", (int)difference->severity);
	add_quoted(out, difference->domain);
	buffer_byte(out, ' ');
	add_quoted(out, difference->disk);
	add_format(out, " %s ", difference->field ? difference->field : "-");
	add_quoted(out, difference->before);
	buffer_byte(out, ' ');
	add_quoted(out, difference->after);
	add_format(out, " %llu:%llu\n", (unsigned long long)difference->old_place.line,
		(unsigned long long)difference->new_place.line);
	return DS_OK;
}

struct side {
	struct ds_diff *diff;
	bool is_new;
};

static enum ds_status take_domain(void *context, const struct ds_domain *domain)
{
	struct side *side = context;

	return side->is_new ? ds_diff_compare(side->diff, domain) : ds_diff_old(side->diff, domain);
}

static void read_side(struct ds_diff *diff, bool is_new, const char *dump)
{
	struct side side = {diff, is_new};
	struct ds_reader_events events = {sizeof events, &side, take_domain, NULL};
	struct ds_reader_options options;
	struct ds_reader *reader;

	ds_reader_options_init(&options, sizeof options);
	assert_int_equal(ds_reader_new(&options, &events, &reader), DS_OK);
	assert_int_equal(ds_reader_feed(reader, dump, strlen(dump)), DS_OK);
	assert_int_equal(ds_reader_finish(reader), DS_OK);
	ds_reader_free(reader);
}

static void expect(const char *old, const char *new, const char *expected)
{
	struct buffer out = {0};
	struct ds_diff *diff;

	assert_int_equal(ds_diff_new(take_difference, &out, &diff), DS_OK);
	read_side(diff, false, old);
	read_side(diff, true, new);
	assert_int_equal(ds_diff_finish(diff), DS_OK);
	ds_diff_free(diff);
	assert_text(&out, expected);
	buffer_fini(&out);
}

#define DISK(target, uname, mode) \
	"(device (vbd (dev " target ") (uname " uname ") (mode " mode ")))"

static void domains_are_matched(void **state)
{
	(void)state;
	expect("(domain (name a))\n(domain (name b))", "(domain (name b))\n(domain (name c))",
		"0 DA404 0 \"c\" - - - - 0:2\n1 DA404 0 \"a\" - - - - 1:0\n");
	expect("(domain (name a) (uuid b5d70dd275cdaca517769660b059d8bc))",
		"(domain (name b) (uuid B5D70DD2-75CD-ACA5-1776-9660B059D8BC))",
		"2 - 0 \"b\" - name \"a\" \"b\" 1:1\n");
	/* An invalid UUID is compared as text. */
	expect("(domain (name a) (uuid odd))", "(domain (name b) (uuid odd))",
		"2 - 0 \"b\" - name \"a\" \"b\" 1:1\n");
	expect("(domain (name a) (uuid odd))", "(domain (name a))", "");
	expect("(domain (name a))", "(domain (name a) (uuid odd))", "");
	expect("(domain (name a) (uuid odd))", "(domain (name a) (uuid other))",
		"0 DA404 0 \"a\" - - - - 0:1\n1 DA404 0 \"a\" - - - - 1:0\n");
}

/** A domain that was matched by name is not matched a second time by UUID, and vice versa. */
static void a_domain_is_matched_once(void **state)
{
	(void)state;
	expect("(domain (name a) (uuid odd))", "(domain (name a))\n(domain (name a) (uuid odd))",
		"0 DA404 0 \"a\" - - - - 0:2\n");
	expect("(domain (name a) (uuid odd))", "(domain (name a) (uuid odd))\n(domain (name a))",
		"0 DA404 0 \"a\" - - - - 0:2\n");
	expect("(domain (name a) (uuid odd))\n(domain (name a) (uuid even))",
		"(domain (name a) (uuid odd))\n(domain (name a))", "");
}

static void repeated_domains_are_paired_in_their_order(void **state)
{
	(void)state;
	expect("(domain (name a)" DISK("xvda", "file:/1", "w") ")\n(domain (name a)" DISK("xvda",
		       "file:/2", "w") ")",
		"(domain (name a)" DISK("xvda", "file:/1", "w") ")\n(domain (name a)" DISK("xvda",
			"file:/3", "w") ")\n"
					"(domain (name a))",
		"6 - 0 \"a\" - name - - 2:0\n6 - 0 \"a\" - name - - 0:2\n"
		"5 DA403 3 \"a\" \"xvda\" source \"/2\" \"/3\" 2:2\n6 - 0 \"a\" - name - - 0:3\n0 "
		"DA404 0 \"a\" - - - - 0:3\n");
}

static void disks_are_matched_by_target_then_by_source(void **state)
{
	(void)state;
	expect("(domain (name a)" DISK("xvda", "phy:x", "w") DISK("xvdb", "phy:y", "w")
			DISK("xvdc", "phy:z", "w") ")",
		"(domain (name a)" DISK("51712", "phy:/dev/x", "w") DISK("xvdd", "phy:y", "r")
			DISK("xvde", "phy:v", "w") ")",
		"5 - 0 \"a\" \"xvdd\" target \"xvdb\" \"xvdd\" 1:1\n5 - 0 \"a\" \"xvdd\" access "
		"\"w\" \"r\" 1:1\n"
		"3 DA404 0 \"a\" \"xvde\" source - \"/dev/v\" 1:1\n4 DA404 0 \"a\" \"xvdc\" source "
		"\"/dev/z\" - 1:1\n");
	/* Two disks that have changed places are two changed disks. */
	expect("(domain (name a)" DISK("xvda", "phy:x", "w") DISK("xvdb", "phy:y", "w") ")",
		"(domain (name a)" DISK("xvdb", "phy:x", "w") DISK("xvda", "phy:y", "w") ")",
		"5 DA403 3 \"a\" \"xvdb\" source \"/dev/y\" \"/dev/x\" 1:1\n"
		"5 - 0 \"a\" \"xvdb\" bootable \"no\" \"yes\" 1:1\n"
		"5 DA403 3 \"a\" \"xvda\" source \"/dev/x\" \"/dev/y\" 1:1\n"
		"5 - 0 \"a\" \"xvda\" bootable \"yes\" \"no\" 1:1\n");
}

static void the_two_formats_disagree(void **state)
{
	static const char xml[] = "<domain><name>a</name><devices>\n<disk type='network' "
				  "device='lun'><source name='pool/b'/>"
				  "<target dev='xvda'/></disk>\n<disk type='block'><source "
				  "dev='/dev/y'/><target dev='xvdb'/>"
				  "<shareable/></disk></devices></domain>";

	(void)state;
	expect(xml, xml, "");
	expect("(domain (name a)" DISK("xvda", "phy:/dev/x", "w") DISK("xvdb", "phy:y", "w") ")",
		xml,
		"5 DA401 3 \"a\" \"xvda\" type \"file\" \"network\" 1:2\n5 DA401 3 \"a\" \"xvda\" "
		"driver \"phy\" - 1:2\n5 DA401 3 \"a\" \"xvda\" source \"/dev/x\" \"pool/b\" 1:2\n"
		"5 DA401 3 \"a\" \"xvdb\" access \"w\" \"w!\" 1:3\n");
}

static void the_old_dump_comes_first(void **state)
{
	struct buffer out = {0};
	struct ds_diff *diff;
	struct ds_domain domain = {.size = sizeof domain,
		.place = {"x", 0, 1, 1},
		.host = "",
		.name = TEXT("a")};

	(void)state;
	assert_int_equal(ds_diff_new(take_difference, &out, &diff), DS_OK);
	assert_int_equal(ds_diff_compare(diff, &domain), DS_OK);
	assert_int_equal(ds_diff_old(diff, &domain), DS_USAGE);
	assert_int_equal(ds_diff_finish(diff), DS_OK);
	assert_text(&out, "0 DA404 0 \"a\" - - - - 0:1\n");
	ds_diff_free(diff);
	ds_diff_free(NULL);
	buffer_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domains_are_matched),
		cmocka_unit_test(a_domain_is_matched_once),
		cmocka_unit_test(repeated_domains_are_paired_in_their_order),
		cmocka_unit_test(disks_are_matched_by_target_then_by_source),
		cmocka_unit_test(the_two_formats_disagree),
		cmocka_unit_test(the_old_dump_comes_first),
	};

	return cmocka_run_group_tests_name("diff", tests, NULL, NULL);
}
