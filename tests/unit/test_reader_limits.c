/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/expat_feed.h" /* EXPAT_MARKUP_EXTRA */
#include "support.h"

/* Each limit at one less, at itself, and at one more. */

static void add_times(struct buffer *out, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		buffer_string(out, text);
}

/** A good domain before and one after: they are read whatever becomes of the one between them. */
static void expect(const struct ds_limits *limits, struct buffer *domain, bool is_good,
	const char *why)
{
	struct ds_reader_options options;
	struct buffer input = {0}, dump = {0};
	bool is_xml = domain->data[0] == '<';
	const char *good =
		is_xml ? "<domain><name>good</name></domain>\n" : "(domain (name good))\n";

	ds_reader_options_init(&options, sizeof options);
	options.limits = limits;
	buffer_string(&input, good);
	buffer_add(&input, domain->data, domain->size);
	buffer_string(&input, good);
	assert_int_equal(read_all(&options, input.data, input.size, 0, &dump),
		is_good ? DS_OK : DS_DAMAGED);
	if (is_good)
		assert_has(&dump, " name=\"x\"");
	else
		assert_has(&dump, "error DA905 - at ");
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

static void texts_of_xml(void **state)
{
	struct ds_limits limits = small();

	(void)state;
	for (size_t size = 49; size <= 51; size++) {
		struct buffer domain = {0};

		buffer_string(&domain, "<domain><name>x</name><description>");
		add_times(&domain, "t", size);
		buffer_string(&domain, "</description></domain>\n");
		expect(&limits, &domain, size <= 50, "a text is longer than the limit");
		buffer_string(&domain, "<domain><name>x</name><devices><disk><source file='");
		add_times(&domain, "t", size);
		buffer_string(&domain, "'/></disk></devices></domain>\n");
		expect(&limits, &domain, size <= 50, "an attribute is longer than the limit");
		/* Decoded bytes count, not those that spell them. */
		buffer_string(&domain, "<domain><name>x</name><description>");
		add_times(&domain, "&#65;", size);
		buffer_string(&domain, "</description></domain>\n");
		expect(&limits, &domain, size <= 50, "a text is longer than the limit");
	}
}

static void nesting_of_xml(void **state)
{
	struct ds_limits limits = small();

	(void)state;
	for (size_t depth = 19; depth <= 21; depth++) {
		struct buffer domain = {0};

		buffer_string(&domain, "<domain><name>x</name>");
		add_times(&domain, "<a>", depth - 1);
		add_times(&domain, "</a>", depth - 1);
		buffer_string(&domain, "</domain>\n");
		expect(&limits, &domain, depth <= 20, "the elements are nested too deeply");
		buffer_string(&domain, "<domain><name>x</name><metadata>");
		add_times(&domain, "<domain>", depth - 2);
		add_times(&domain, "</domain>", depth - 2);
		buffer_string(&domain, "</metadata></domain>\n");
		if (depth <= 20)
			expect(&limits, &domain, true, "");
		buffer_fini(&domain);
	}
}

static void attributes_of_xml(void **state)
{
	struct ds_limits limits = small();

	(void)state;
	for (size_t count = 4; count <= 6; count++) {
		struct buffer domain = {0};

		buffer_string(&domain, "<domain><name>x</name><devices><disk");
		for (size_t i = 0; i < count; i++)
			add_format(&domain, " a%zu=''", i);
		buffer_string(&domain, "/></devices></domain>\n");
		expect(&limits, &domain, count <= 5,
			"an element has more attributes than the limit");
	}
}

/** Tries markup of about the limit's size, which is `begin`, a filler and `end`, in a domain that
 * has `before` before it. */
static void expect_markup(const char *before, const char *begin, const char *end)
{
	struct ds_limits limits = small();
	size_t most = limits.token_size + EXPAT_MARKUP_EXTRA;

	for (size_t size = most - 1; size <= most + 1; size++) {
		struct buffer domain = {0};

		buffer_string(&domain, "<domain><name>x</name>");
		buffer_string(&domain, before);
		buffer_string(&domain, begin);
		add_times(&domain, "t", size - strlen(begin) - strlen(end));
		buffer_string(&domain, end);
		buffer_string(&domain, "</domain>\n");
		expect(&limits, &domain, size <= most,
			"a tag, comment or processing instruction is larger than the limit");
	}
}

static void markup_of_xml(void **state)
{
	(void)state;
	expect_markup("", "<x a='", "'/>");
	expect_markup("", "<x ", "='1'/>");
	expect_markup("", "<", "/>");
	/* These are for expat, which counts in the same way. */
	expect_markup("<!-- - -->", "<x a='", "'/>");
	expect_markup("", "<!--", "-->");
	expect_markup("", "<?", "?>");
	/* In these the framer looks for a second domain. */
	expect_markup("<metadata><domain/></metadata>", "<x a='", "'/>");
	expect_markup("<metadata><domain/></metadata>", "<!--<domain>", "-->");
	expect_markup("<!-- <domain> -->", "<?x ", "?>");
}

static void values_of_sexpr(void **state)
{
	struct ds_limits limits = small();
	static const char *const quotes[] = {"", "'", "\""};

	(void)state;
	for (size_t size = 49; size <= 51; size++) {
		for (size_t i = 0; i < COUNT(quotes); i++) {
			struct buffer domain = {0};

			add_format(&domain, "(domain (name x) (description %s", quotes[i]);
			add_times(&domain, "t", size);
			add_format(&domain, "%s))\n", quotes[i]);
			expect(&limits, &domain, size <= 50, "a value is longer than the limit");
			add_format(&domain, "(domain (name x) (device (vbd (uname (a %s",
				quotes[i]);
			add_times(&domain, "t", size);
			add_format(&domain, "%s)))))\n", quotes[i]);
			expect(&limits, &domain, size <= 50, "a value is longer than the limit");
		}
	}
}

static void nesting_of_sexpr(void **state)
{
	struct ds_limits limits = small();

	(void)state;
	for (size_t depth = 19; depth <= 21; depth++) {
		struct buffer domain = {0};

		buffer_string(&domain, "(domain (name x)");
		add_times(&domain, "(a ", depth - 1);
		add_times(&domain, ")", depth - 1);
		buffer_string(&domain, ")\n");
		expect(&limits, &domain, depth <= 20, "the lists are nested too deeply");
	}
}

static void sizes_of_domains(void **state)
{
	struct ds_limits limits = small();

	(void)state;
	limits.domain_size = 100;
	for (size_t size = 99; size <= 101; size++) {
		struct buffer domain = {0};

		buffer_string(&domain, "<domain><name>x</name>");
		add_times(&domain, " ", size - 31);
		buffer_string(&domain, "</domain>");
		assert_int_equal(domain.size, size);
		expect(&limits, &domain, size <= 100,
			"the domain is larger than the limit on its size");
		buffer_string(&domain, "(domain (name x)");
		add_times(&domain, " ", size - 17);
		buffer_string(&domain, ")");
		assert_int_equal(domain.size, size);
		expect(&limits, &domain, size <= 100,
			"the domain is larger than the limit on its size");
	}
}

/** A range of several MB comes back whole, though it comes in pieces. The dump's own checks see
 * that. */
static void every_byte_of_a_domain_over_the_limit_is_given_back(void **state)
{
	struct ds_reader_options options;
	struct ds_limits limits;
	struct buffer input = {0}, dump = {0}, part = {0};

	(void)state;
	ds_reader_options_init(&options, sizeof options);
	ds_limits_init(&limits, sizeof limits);
	limits.domain_size = 100000;
	options.limits = &limits;
	buffer_string(&input, "<domain><name>a</name></domain><domain><name>huge</name>");
	add_times(&input, "<a>0123456789</a>\n", 60000);
	buffer_string(&input, "</domain><domain><name>b</name></domain>");
	add_format(&part, "error DA905 - at 31 1:32 length=%zu domain=\"huge\"",
		(size_t)(25 + 60000 * 18 + 9));
	for (size_t piece = 0; piece < 200000; piece = piece * 7 + 1000) {
		assert_int_equal(read_all(&options, input.data, input.size, piece, &dump),
			DS_DAMAGED);
		assert_has(&dump, as_string(&part));
		assert_has(&dump, "xml name=\"b\"");
		buffer_fini(&dump);
	}
	buffer_fini(&input);
	buffer_fini(&part);
}

static void deep_nesting_needs_no_stack(void **state)
{
	struct ds_reader_options options;
	struct ds_limits limits;
	struct buffer input = {0}, dump = {0};

	(void)state;
	ds_reader_options_init(&options, sizeof options);
	ds_limits_init(&limits, sizeof limits);
	limits.depth = 2000000;
	options.limits = &limits;
	buffer_string(&input, "(domain (name x)");
	add_times(&input, "(", 1000000);
	add_times(&input, ")", 1000000);
	buffer_string(&input, ")");
	assert_int_equal(read_all(&options, input.data, input.size, 0, &dump), DS_OK);
	buffer_fini(&input);
	buffer_fini(&dump);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_of_xml),
		cmocka_unit_test(nesting_of_xml),
		cmocka_unit_test(attributes_of_xml),
		cmocka_unit_test(markup_of_xml),
		cmocka_unit_test(values_of_sexpr),
		cmocka_unit_test(nesting_of_sexpr),
		cmocka_unit_test(sizes_of_domains),
		cmocka_unit_test(every_byte_of_a_domain_over_the_limit_is_given_back),
		cmocka_unit_test(deep_nesting_needs_no_stack),
	};

	return cmocka_run_group_tests_name("reader_limits", tests, NULL, NULL);
}
