/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/expat_feed.h" /* EXPAT_MARKUP_EXTRA */
#include "support.h"

/* Each limit at one less, at itself, and at one more. */

/** Reads the input with these limits, in chunks of `piece` bytes, and expects this status. Replaces
 * the content of `dump`. */
static void read_limited(const struct ds_limits *limits, const struct buffer *input, size_t piece,
	enum ds_status status, struct buffer *dump)
{
	struct ds_reader_options options;

	ds_reader_options_init(&options, sizeof options);
	options.limits = limits;
	dump->size = 0;
	assert_int_equal(read_all(&options, input->data, input->size, piece, dump), status);
}

/** Expects that the valid domains before and after a domain are read, whether or not that one
 * is. */
static void expect(const struct ds_limits *limits, struct buffer *domain, bool is_good,
	const char *why)
{
	struct buffer input = {0}, dump = {0};
	bool is_xml = domain->data[0] == '<';
	const char *good =
		is_xml ? "<domain><name>good</name></domain>\n" : "(domain (name good))\n";

	buffer_string(&input, good);
	buffer_add(&input, domain->data, domain->size);
	buffer_string(&input, good);
	read_limited(limits, &input, 0, is_good ? DS_OK : DS_DAMAGED, &dump);
	assert_has(&dump, is_good ? " name=\"x\"" : "error DA905 - at ");
	if (!is_good)
		assert_has(&dump, why);
	assert_has(&dump, " at 0 1:1 ");
	assert_has(&dump, is_xml ? "size=34 xml name=\"good\"" : "size=20 sexpr name=\"good\"");
	as_string(&dump);
	assert_non_null(strstr(strstr(dump.data, "name=\"good\"") + 1, "name=\"good\""));
	buffer_fini(&input);
	buffer_fini(&dump);
	buffer_fini(domain);
}

static struct ds_limits small(void)
{
	struct ds_limits limits;

	ds_limits_init(&limits, sizeof limits);
	limits.token_size = 50;
	limits.depth = 20;
	limits.attributes = 5;
	return limits;
}

/** A domain in which `filler` and `closer` are repeated. */
struct pattern {
	const char *begin, *filler, *closer, *end;
};

static void add_pattern(struct buffer *out, const struct pattern *pattern, size_t count)
{
	buffer_string(out, pattern->begin);
	for (size_t i = 0; i < count; i++)
		buffer_string(out, pattern->filler);
	for (size_t i = 0; i < count; i++)
		buffer_string(out, pattern->closer);
	buffer_string(out, pattern->end);
}

/** Tries a domain whose filler is repeated once less than allowed, as often, and once more. */
static void expect_most(const struct ds_limits *limits, size_t most, const char *why,
	struct pattern pattern)
{
	for (size_t count = most - 1; count <= most + 1; count++) {
		struct buffer domain = {0};

		add_pattern(&domain, &pattern, count);
		expect(limits, &domain, count <= most, why);
	}
}

#define XML(begin, filler, end) \
	((struct pattern){"<domain><name>x</name>" begin, filler, "", end "</domain>"})
#define SEXPR(begin, filler, end) ((struct pattern){"(domain (name x)" begin, filler, "", end ")"})

static void values_are_limited(void **state)
{
	static const char too_long[] = "a value is longer than the limit (--max-token)";
	struct ds_limits limits = small();

	(void)state;
	expect_most(&limits, 50, "a text is longer than the limit (--max-token)",
		XML("<description>", "t", "</description>"));
	/* The decoded bytes are counted, not their escapes. */
	expect_most(&limits, 50, "a text is longer than the limit (--max-token)",
		XML("<description>", "&#65;", "</description>"));
	expect_most(&limits, 50, "an attribute is longer than the limit (--max-token)",
		XML("<devices><disk><source file='", "t", "'/></disk></devices>"));
	expect_most(&limits, 50, too_long, SEXPR("(description ", "t", ")"));
	expect_most(&limits, 50, too_long, SEXPR("(description '", "t", "')"));
	expect_most(&limits, 50, too_long, SEXPR("(description \"", "t", "\")"));
	expect_most(&limits, 50, too_long, SEXPR("(device (vbd (uname (a ", "t", "))))"));
	expect_most(&limits, 50, too_long, SEXPR("(device (vbd (uname (a '", "t", "'))))"));
	expect_most(&limits, 50, too_long, SEXPR("(device (vbd (uname (a \"", "t", "\"))))"));
}

static void nesting_is_limited(void **state)
{
	static const struct pattern metadata = {"<domain><name>x</name><metadata>", "<domain>",
		"</domain>", "</metadata></domain>"};
	struct ds_limits limits = small();
	struct buffer domain = {0};

	(void)state;
	/* The domain itself is the first level. */
	expect_most(&limits, 19, "the elements are nested too deeply (--max-depth)",
		(struct pattern){"<domain><name>x</name>", "<a>", "</a>", "</domain>"});
	expect_most(&limits, 19, "the lists are nested too deeply (--max-depth)",
		(struct pattern){"(domain (name x)", "(a ", ")", ")"});
	add_pattern(&domain, &metadata, 18);
	expect(&limits, &domain, true, "");
}

static void attributes_are_limited(void **state)
{
	static const char why[] =
		"an element has more attributes than the limit (--max-attributes)";
	struct ds_limits limits = small();

	(void)state;
	/* No two attributes of an element have the same name. */
	for (size_t count = 4; count <= 6; count++) {
		struct buffer domain = {0};

		buffer_string(&domain, "<domain><name>x</name><devices><disk");
		for (size_t i = 0; i < count; i++)
			add_format(&domain, " a%zu=''", i);
		buffer_string(&domain, "/></devices></domain>");
		expect(&limits, &domain, count <= 5, why);
	}
}

static void markup_is_limited(void **state)
{
	static const struct {
		const char *before, *begin, *end;
	} rows[] = {
		{"", "<x a='", "'/>"},
		{"", "<x ", "='1'/>"},
		{"", "<", "/>"},
		/* Expat reads these, and counts in the same way. */
		{"<!-- - -->", "<x a='", "'/>"},
		{"", "<!--", "-->"},
		{"", "<?", "?>"},
		/* The framer searches these for a second domain. */
		{"<metadata><domain/></metadata>", "<x a='", "'/>"},
		{"<metadata><domain/></metadata>", "<!--<domain>", "-->"},
		{"<!-- <domain> -->", "<?x ", "?>"},
	};
	struct ds_limits limits = small();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer begin = {0}, end = {0};

		add_format(&begin, "<domain><name>x</name>%s%s", rows[i].before, rows[i].begin);
		add_format(&end, "%s</domain>", rows[i].end);
		expect_most(&limits,
			limits.token_size + EXPAT_MARKUP_EXTRA - strlen(rows[i].begin) -
				strlen(rows[i].end),
			"a tag, comment or processing instruction is larger than the limit "
			"(--max-token)",
			(struct pattern){as_string(&begin), "t", "", as_string(&end)});
		buffer_fini(&begin);
		buffer_fini(&end);
	}
}

static void sizes_of_domains_are_limited(void **state)
{
	static const char why[] = "the domain is larger than the limit (--max-domain)";
	struct ds_limits limits = small();

	(void)state;
	limits.domain_size = 100;
	expect_most(&limits, 100 - strlen("<domain><name>x</name></domain>"), why,
		XML("", " ", ""));
	expect_most(&limits, 100 - strlen("(domain (name x))"), why, SEXPR("", " ", ""));
}

/** A domain whose start tag is larger than the limit is rejected as a domain. */
static void a_start_tag_may_exceed_the_limit(void **state)
{
	struct ds_limits limits = small();
	struct buffer input = {0}, dump = {0};

	(void)state;
	buffer_string(&input, "<domain type='xen'><name>x</name></domain>\n");
	for (limits.domain_size = strlen("<domain"); limits.domain_size < 42; limits.domain_size++)
		for (size_t piece = 0; piece < 10; piece++) {
			read_limited(&limits, &input, piece, DS_DAMAGED, &dump);
			assert_has(&dump, "domain=\"x\"");
			assert_has(&dump, "the domain is larger than the limit (--max-domain)");
			assert_lacks(&dump, "outside");
		}
	buffer_fini(&input);
	buffer_fini(&dump);
}

/** A domain in another encoding than UTF-8 has 100 bytes, and so has its conversion. */
static void a_domain_and_its_conversion_are_limited_together(void **state)
{
	static const char declaration[] = "<?xml version='1.0' encoding='ISO-8859-1'?>";
	struct ds_limits limits = small();
	struct pattern pattern = XML("", " ", "");
	struct buffer input = {0}, dump = {0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		buffer_string(&input, declaration);
		add_pattern(&input, &pattern, 100 - strlen("<domain><name>x</name></domain>"));
	}
	for (limits.domain_size = 100; limits.domain_size <= 200; limits.domain_size++) {
		bool is_good = limits.domain_size == 200;

		read_limited(&limits, &input, 0, is_good ? DS_OK : DS_DAMAGED, &dump);
		assert_has(&dump,
			is_good ? " name=\"x\""
				: "the domain, together with its conversion to UTF-8, is larger "
				  "than the limit (--max-domain)");
	}
	buffer_fini(&input);
	buffer_fini(&dump);
}

/** A range of several MB is returned completely, although it arrives in chunks. The function that
 * prints the results checks that. */
static void every_byte_of_a_domain_over_the_limit_is_returned(void **state)
{
	struct ds_limits limits;
	struct buffer input = {0}, dump = {0}, part = {0};
	struct pattern huge = {"<domain><name>a</name></domain><domain><name>huge</name>",
		"<a>0123456789</a>\n", "", "</domain><domain><name>b</name></domain>"};

	(void)state;
	ds_limits_init(&limits, sizeof limits);
	limits.domain_size = 100000;
	add_pattern(&input, &huge, 60000);
	add_format(&part, "error DA905 - at 31 1:32 length=%zu domain=\"huge\"",
		(size_t)(25 + 60000 * 18 + 9));
	for (size_t piece = 0; piece < 200000; piece = piece * 7 + 1000) {
		read_limited(&limits, &input, piece, DS_DAMAGED, &dump);
		assert_has(&dump, as_string(&part));
		assert_has(&dump, "xml name=\"b\"");
	}
	buffer_fini(&input);
	buffer_fini(&dump);
	buffer_fini(&part);
}

static void deep_nesting_needs_no_stack(void **state)
{
	struct ds_limits limits;
	struct buffer input = {0}, dump = {0};
	struct pattern deep = {"(domain (name x)", "(", ")", ")"};

	(void)state;
	ds_limits_init(&limits, sizeof limits);
	limits.depth = 2000000;
	add_pattern(&input, &deep, 1000000);
	read_limited(&limits, &input, 0, DS_OK, &dump);
	buffer_fini(&input);
	buffer_fini(&dump);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_limited),
		cmocka_unit_test(nesting_is_limited),
		cmocka_unit_test(attributes_are_limited),
		cmocka_unit_test(markup_is_limited),
		cmocka_unit_test(sizes_of_domains_are_limited),
		cmocka_unit_test(a_start_tag_may_exceed_the_limit),
		cmocka_unit_test(a_domain_and_its_conversion_are_limited_together),
		cmocka_unit_test(every_byte_of_a_domain_over_the_limit_is_returned),
		cmocka_unit_test(deep_nesting_needs_no_stack),
	};

	return cmocka_run_group_tests_name("reader_limits", tests, NULL, NULL);
}
