/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frames.h"

#define ONE "<domain type='xen'><name>one</name></domain>"
#define TWO "<domain type='xen'><name>two</name></domain>"
#define OPEN "<domain type='xen'><name>open</name>"

/* ---- documents ---- */

static void an_empty_input_has_no_domain(void **state)
{
	(void)state;
	EXPECT_NONE(DS_FORMAT_XML, "");
	EXPECT_NONE(DS_FORMAT_XML, " \t\r\n\xef\xbb\xbf");
	EXPECT_NONE(DS_FORMAT_XML, "<?xml version='1.0'?>\n<!-- nothing -->\n");
	EXPECT_NONE(DS_FORMAT_XML, "<domains/>");
	EXPECT_NONE(DS_FORMAT_XML, "<domains> text </domains>");
	EXPECT_NONE(DS_FORMAT_AUTO, "");
	EXPECT_NONE(DS_FORMAT_AUTO, " \n\xef\xbb\xbf \n");
}

static void several_documents_follow_one_another(void **state)
{
	(void)state;
	EXPECT_XML(ONE, DOMAIN(ONE));
	EXPECT_XML(ONE TWO, DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_XML("<?xml version='1.0' encoding='UTF-8'?>\n" ONE "\n\n<?xml version=\"1.0\"?>" TWO,
		DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_XML("\xef\xbb\xbf" ONE "\n\xef\xbb\xbf" TWO "\n", DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_XML("<!-- a --><?b c?>" ONE "<!-- <domain> --><?p <domain/>?>" TWO, DOMAIN(ONE),
		DOMAIN(TWO));
	EXPECT_XML("<domain/>" ONE "<domain />", DOMAIN("<domain/>"), DOMAIN(ONE),
		DOMAIN("<domain />"));
	EXPECT_XML("<domain\n>a</domain\n>" TWO, DOMAIN("<domain\n>a</domain\n>"), DOMAIN(TWO));
}

static void any_element_may_be_around_domains(void **state)
{
	(void)state;
	EXPECT_XML("<domains>" ONE " <!-- and --> " TWO "</domains>", DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_XML("<a><b x='>'><c/>" ONE "</b><b>" TWO "</b></a>", DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_XML("<domstatus state='running'><vcpus/>" ONE "</domstatus>", DOMAIN(ONE));
	EXPECT_XML("<domainsnapshot>" ONE "<disks><disk name='hda'/></disks></domainsnapshot>",
		DOMAIN(ONE));
	EXPECT_XML("<a><![CDATA[" ONE "]]>" TWO "</a>", DOMAIN(TWO));
	EXPECT_XML("<domains>" ONE "</domains><domains>" TWO "</domains>", DOMAIN(ONE),
		DOMAIN(TWO));
	/* Names with the same beginning are other names. */
	EXPECT_XML("<domainx>" ONE "</domainx><domain-x/><x:domain>" TWO "</x:domain>", DOMAIN(ONE),
		DOMAIN(TWO));
}

/** The reader decides later whether an element called domain is a guest. */
static void domains_of_other_documents_are_framed_too(void **state)
{
	(void)state;
	EXPECT_XML("<domainCapabilities><domain>xen</domain></domainCapabilities>",
		DOMAIN("<domain>xen</domain>"));
	EXPECT_XML("<network><name>n</name><domain name='example.org'/></network>",
		DOMAIN("<domain name='example.org'/>"));
	EXPECT_XML("<network>" ONE, DOMAIN(ONE), STRAY("DA901", ""));
}

static void a_snapshot_marks_its_domain(void **state)
{
	static const char *const names[] = {"domainsnapshot", "domaincheckpoint", "domains"};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct buffer input = {0};
		struct cuts cuts;

		add_format(&input, "<%s><a>" ONE "</a></%s>", names[i], names[i]);
		cut_input(&cuts, DS_FORMAT_XML, NULL, input.data, input.size, 0);
		assert_int_equal(cuts.count, 1);
		assert_int_equal(cuts.items[0].frame.may_be_reference, i < 2);
		cuts_fini(&cuts);
		buffer_fini(&input);
	}
}

static void each_document_has_its_encoding(void **state)
{
	static const struct {
		const char *declaration;
		/** Empty for UTF-8. */
		const char *encoding;
	} rows[] = {
		{"", ""},
		{"<?xml version='1.0'?>", ""},
		{"<?xml version='1.0' encoding='utf-8'?>", ""},
		{"<?xml version=\"1.0\" encoding = \"ISO-8859-1\" standalone='yes'?>",
			"ISO-8859-1"},
		{"<?xml version='1.0' encoding='us-ascii'?>", "us-ascii"},
		{"<?xml version='1.0' encoding='utf8'?>", ""},
		{"<?xml version='1.0' encoding='UTF_8'?>", ""},
		{"<?xml version='1.0' encoding='Latin1'?>", "Latin1"},
		{"<?xml version='1.0' encoding='windows-1252'?>", "windows-1252"},
		{"<?xml version='1.0' encoding='UTF-81'?>", "UTF-81"},
		{"<?xml version='1.0' encoding=''?>", ""},
		{"<?xml version='1.0' encoding='a\xe9\tb'?>", "a??b"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer input = {0};
		struct cuts cuts;

		add_format(&input, "%s<a>" ONE "</a><?xml version='1.0'?>" TWO,
			rows[i].declaration);
		for (size_t piece = 0; piece < 9; piece++) {
			cut_input(&cuts, DS_FORMAT_XML, NULL, input.data, input.size, piece);
			assert_int_equal(cuts.count, 2);
			assert_string_equal(cuts.items[0].encoding, rows[i].encoding);
			assert_string_equal(cuts.items[1].encoding, "");
			cuts_fini(&cuts);
		}
		buffer_fini(&input);
	}
}

static void a_document_type_with_declarations_is_refused(void **state)
{
	(void)state;
	EXPECT_XML("<!DOCTYPE domain>" ONE, DOMAIN(ONE));
	EXPECT_XML("<!DOCTYPE domain SYSTEM 'a]>b' \"<domain>\">" ONE, DOMAIN(ONE));
	EXPECT_XML("<!DOCTYPE d [<!ENTITY a \"]><domain/>\">]>" ONE, STRAY("DA906", ""),
		DOMAIN(ONE));
	EXPECT_XML("<?xml version='1.0'?>\n<!DOCTYPE d []>" ONE "<?xml version='1.0'?>" TWO,
		STRAY("DA906", ""), DOMAIN(ONE), DOMAIN(TWO));
	/* Without a domain in its document it is not an error. */
	EXPECT_NONE(DS_FORMAT_XML, "<!DOCTYPE d [<!ENTITY a 'b'>]><d/>\n");
	EXPECT_XML("<!DOCTYPE d [<!ENTITY a 'b'>]><d></d>" ONE, DOMAIN(ONE));
	EXPECT_XML("<?xml version='1.0'?><!DOCTYPE d []><d/><?xml version='1.0'?>" ONE,
		DOMAIN(ONE));
}

#define EXPECT_NUL(input, ...) \
	expect_cuts(DS_FORMAT_AUTO, NULL, input, sizeof input - 1, \
		(const struct expected[]){__VA_ARGS__}, \
		COUNT(((const struct expected[]){__VA_ARGS__})))

/* ---- what a domain may hold ---- */

#define HOLDS(inside) \
	EXPECT_XML("<a>" ONE "<domain>" inside "</domain>" TWO "</a>", DOMAIN(ONE), \
		DOMAIN("<domain>" inside "</domain>"), DOMAIN(TWO))

static void markup_hides_tags(void **state)
{
	(void)state;
	HOLDS("<!-- </domain> -->");
	HOLDS("<!-- <domain> -->");
	HOLDS("<!---->");
	HOLDS("<!-- - > ->-->");
	HOLDS("<![CDATA[</domain>]]>");
	HOLDS("<![CDATA[ <domain> ]] ]> ]]]>");
	HOLDS("<?p </domain> ?>");
	HOLDS("<?p <domain> ?\?>");
	HOLDS("<?xml-stylesheet </domain>?>");
	HOLDS("a > b ]] \" ' ");
	HOLDS("<a b='</domain' c=\"/>\"/>");
}

static void other_names_end_no_domain(void **state)
{
	(void)state;
	HOLDS("<domainx></domainx>");
	HOLDS("<x:domain></x:domain>");
	HOLDS("<d></d><dom></dom><domai></domai><do/>");
	HOLDS("<driver/><disk></disk>");
}

static void a_domain_may_be_nested_in_metadata(void **state)
{
	(void)state;
	HOLDS("<metadata><domain/></metadata>");
	HOLDS("<metadata><domain>x</domain></metadata>");
	HOLDS("<metadata><a><domain "
	      "x='>'><domain></domain></domain></a><domain/></metadata><devices></devices>");
	HOLDS("<metadata><domain><!-- </domain> --><![CDATA[</domain>]]><?p "
	      "</domain>?></domain></metadata>");
}

/* ---- damage ---- */

static void a_domain_without_its_end_is_rejected_alone(void **state)
{
	(void)state;
	EXPECT_XML(OPEN ONE TWO, REJECTED("DA903", OPEN), DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_XML("<domains>" OPEN ONE TWO "</domains>", REJECTED("DA903", OPEN), DOMAIN(ONE),
		DOMAIN(TWO));
	EXPECT_XML(ONE "<?xml version='1.0'?>" OPEN "<?xml version='1.0'?>" TWO, DOMAIN(ONE),
		REJECTED("DA903", OPEN), DOMAIN(TWO));
	EXPECT_XML(OPEN OPEN ONE, REJECTED(NULL, OPEN), REJECTED(NULL, OPEN), DOMAIN(ONE));
	EXPECT_XML(ONE OPEN, DOMAIN(ONE), REJECTED("DA901", OPEN));
	EXPECT_XML("<domains>" ONE OPEN "</domains>", DOMAIN(ONE),
		REJECTED(NULL, OPEN "</domains>"));
}

static void a_truncated_domain_ends_where_the_next_one_begins(void **state)
{
	(void)state;
	EXPECT_XML("<domain><na" ONE, REJECTED("DA903", "<domain><na"), DOMAIN(ONE));
	/* It cannot be known whether this was meant to be a domain. */
	EXPECT_XML("<domain" ONE, STRAY("DA903", "<domain"), DOMAIN(ONE));
	EXPECT_XML("<domain type='x" ONE, REJECTED("DA903", "<domain type='x"), DOMAIN(ONE));
	EXPECT_XML("<domain><a b='c" ONE, REJECTED("DA903", "<domain><a b='c"), DOMAIN(ONE));
	EXPECT_XML("<domain><a b='c'></domain>" ONE, DOMAIN("<domain><a b='c'></domain>"),
		DOMAIN(ONE));
	EXPECT_XML("<domain><a></b></a></domain>" ONE, DOMAIN("<domain><a></b></a></domain>"),
		DOMAIN(ONE));
	EXPECT_XML(ONE "<domain><!-- cut " TWO "<!-- other -->" ONE, DOMAIN(ONE),
		REJECTED("DA903", "<domain><!-- cut "), DOMAIN(TWO), DOMAIN(ONE));
	EXPECT_XML("<domain><metadata><domain/>" ONE, REJECTED(NULL, "<domain><metadata>"),
		DOMAIN("<domain/>"), DOMAIN(ONE));
}

static void the_end_of_the_input_is_an_error_inside_anything(void **state)
{
	(void)state;
	EXPECT_XML(ONE "<domain", DOMAIN(ONE), REJECTED("DA901", "<domain"));
	EXPECT_XML(ONE "<domain type='x", DOMAIN(ONE), REJECTED("DA901", "<domain type='x"));
	EXPECT_XML(ONE "<domain></domain", DOMAIN(ONE), REJECTED("DA901", "<domain></domain"));
	EXPECT_XML(ONE "<domain><!-- </domain>", DOMAIN(ONE),
		REJECTED("DA901", "<domain><!-- </domain>"));
	EXPECT_XML(ONE "<domain><![CDATA[ ]]", DOMAIN(ONE),
		REJECTED("DA901", "<domain><![CDATA[ ]]"));
	EXPECT_XML(ONE "<!-- ", DOMAIN(ONE), STRAY("DA901", "<!-- "));
	EXPECT_XML(ONE "<", DOMAIN(ONE), STRAY("DA901", "<"));
	EXPECT_XML(ONE "<?xml", DOMAIN(ONE), STRAY("DA901", "<?xml"));
	EXPECT_XML("<domains>" ONE "</domains", DOMAIN(ONE), STRAY("DA901", "</domains"));
	EXPECT_XML("<domains>" ONE, DOMAIN(ONE), STRAY("DA901", ""));
	EXPECT_XML("<a><b>" ONE "</b>\n", DOMAIN(ONE), STRAY("DA901", ""));
	EXPECT_XML("<domains>", STRAY("DA901", ""));
}

#define SWALLOWS(markup, end) \
	EXPECT_XML("<domains><domain><name>a</name><x y" markup "='1'/></domain>" ONE TWO \
		   "<domain>" end "</domain>" ONE "</domains>", \
		REJECTED("DA903", "<domain><name>a</name><x y" markup "='1'/></domain>"), \
		DOMAIN(ONE), DOMAIN(TWO), DOMAIN("<domain>" end "</domain>"), DOMAIN(ONE))

static void a_section_that_is_not_closed_affects_only_its_domain(void **state)
{
	(void)state;
	SWALLOWS("<?x", "<?p q?>");
	SWALLOWS("<![CDATA[", "<![CDATA[x]]>");
	SWALLOWS("<![CDATA[", "<x y=']]>'/>");
	SWALLOWS("<!--", "<!-- x -->");
	SWALLOWS("<!--", "<k>--></k>");
	/* The section is not closed. */
	EXPECT_XML("<domains><domain><![CDATA[" ONE TWO "</domains>",
		REJECTED("DA903", "<domain><![CDATA["), DOMAIN(ONE), DOMAIN(TWO));
	EXPECT_XML("<domain><?x " ONE "<domain><!-- " TWO, REJECTED("DA903", "<domain><?x "),
		DOMAIN(ONE), REJECTED("DA903", "<domain><!-- "), DOMAIN(TWO));
	EXPECT_XML("<domains><domain><<!DOCTYPE d [x/></domain>" ONE
		   "<domain><![CDATA[ ]]></domain></domains>",
		REJECTED("DA903", "<domain><<!DOCTYPE d [x/></domain>"), DOMAIN(ONE),
		DOMAIN("<domain><![CDATA[ ]]></domain>"));
	/* The next document keeps its declaration. */
	EXPECT_XML("<domain><![CDATA[ cut\n<?xml version='1.0'?>" ONE,
		REJECTED("DA903", "<domain><![CDATA[ cut\n"), DOMAIN(ONE));
}

static void a_section_that_is_closed_is_trusted(void **state)
{
	(void)state;
	HOLDS("<![CDATA[<![CDATA[]]>");
	HOLDS("<![CDATA[<?xml version='1.0'?>" ONE "]]>");
	HOLDS("<?p " ONE " ?>");
	HOLDS("<!-- " ONE " -->");
	HOLDS("<x/><?x </domain>\n<domain><name>b</name></domain>\n<domain><?p q?>");
	HOLDS("<metadata><domain/></metadata><!-- <domain> -->");
}

/** The remains of a broken domain are outside of domains, and a section there that hides the end of
 * one may hide other domains. */
static void a_section_in_the_remains_of_a_domain_hides_nothing(void **state)
{
	(void)state;
	EXPECT_XML("<domains><domain><domain/><![CDATA[</domain>" ONE "<x><![CDATA[]]></x>" TWO
		   "</domains>",
		REJECTED("DA903", "<domain>"), DOMAIN("<domain/>"),
		REJECTED("DA903", "<![CDATA[</domain>"), DOMAIN(ONE), DOMAIN(TWO));
	/* A section that hides whole domains is trusted, as is every section in a well-formed
	 * document. */
	EXPECT_XML("<domains></domain><!-- " ONE " -->" TWO "</domains>",
		REJECTED("DA903", "</domain>"), DOMAIN(TWO));
	EXPECT_XML("<domains><!-- </domain>" ONE " -->" TWO "</domains>", DOMAIN(TWO));
	EXPECT_XML("<domains>" ONE "text<!-- </domain>" ONE " -->" TWO "</domains>", DOMAIN(ONE),
		STRAY("DA904", "text"), DOMAIN(TWO));
}

static void an_extra_end_tag_is_not_a_domain(void **state)
{
	(void)state;
	EXPECT_XML(ONE "</domains>", DOMAIN(ONE), STRAY("DA903", "</domains>"));
	EXPECT_XML("<domains>" ONE "</domains></domains>\n</x>" TWO, DOMAIN(ONE),
		STRAY("DA903", "</domains>\n</x>"), DOMAIN(TWO));
	EXPECT_XML(ONE "</domain>\n</domain> " TWO, DOMAIN(ONE),
		REJECTED("DA903", "</domain>\n</domain>"), DOMAIN(TWO));
}

static void text_between_domains_is_damage(void **state)
{
	(void)state;
	EXPECT_XML("<domains>" ONE "\nerror: gone\n" TWO "</domains>", DOMAIN(ONE),
		STRAY("DA904", "error: gone\n"), DOMAIN(TWO));
	EXPECT_XML("<domains>\nerror: gone\n" TWO "</domains>", STRAY("DA904", "error: gone\n"),
		DOMAIN(TWO));
	EXPECT_XML("<domains>" ONE "error: gone</domains>", DOMAIN(ONE),
		STRAY("DA904", "error: gone"));
	EXPECT_XML("<a><b>text</b><b>" ONE "</b>\n</a>", DOMAIN(ONE));
	EXPECT_XML("<domainsnapshot><name>x</name><state>running</state>" ONE "</domainsnapshot>",
		DOMAIN(ONE));
	/* Other documents have elements of this name. */
	EXPECT_XML("<p>Our <domain>example.org</domain> is</p>",
		DOMAIN("<domain>example.org</domain>"));
	EXPECT_XML("<p>Our <domain/> is</p>", DOMAIN("<domain/>"));
	EXPECT_XML("</domain>x</domain>x</domain>" ONE, REJECTED("DA903", "</domain>"),
		STRAY("DA904", "x"), LIKEWISE("</domain>"), LIKEWISE("x"), LIKEWISE("</domain>"),
		DOMAIN(ONE));
	/* Equal damage is reported once. */
	EXPECT_XML("a<b/>c<b/>d" ONE "e", STRAY("DA904", "a"), LIKEWISE("c"), LIKEWISE("d"),
		DOMAIN(ONE), STRAY("DA904", "e"));
}

static void nul_bytes_are_damage(void **state)
{
	(void)state;
	EXPECT_XML(ONE "\0\0\0\n\0" TWO, DOMAIN(ONE), HOLE, DOMAIN(TWO));
	EXPECT_XML("<domains>" ONE "\0\0" TWO "</domains>\0", DOMAIN(ONE), HOLE, DOMAIN(TWO), HOLE);
	EXPECT_XML("<a>\0" ONE "\0</a>", HOLE, DOMAIN(ONE), HOLE);
	EXPECT_XML("<a>x\0y<b/></a>" ONE, HOLE, DOMAIN(ONE));
	EXPECT_NUL("\0\n\0" ONE, HOLE, DOMAIN(ONE));
	EXPECT_NUL("\0\0", HOLE);
}

static void bytes_outside_of_any_domain_are_reported(void **state)
{
	(void)state;
	EXPECT_XML("text" ONE, STRAY("DA904", "text"), DOMAIN(ONE));
	EXPECT_XML(ONE "\n text \n" TWO "x", DOMAIN(ONE), STRAY("DA904", "text \n"), DOMAIN(TWO),
		STRAY("DA904", "x"));
	EXPECT_XML(ONE "<![CDATA[x]]>" TWO, DOMAIN(ONE), STRAY("DA903", "<![CDATA[x]]>"),
		DOMAIN(TWO));
	EXPECT_XML(ONE "<!ENTITY x>" TWO, DOMAIN(ONE), STRAY("DA903", "<!ENTITY x>"), DOMAIN(TWO));
	EXPECT_XML(ONE "</domains>" TWO, DOMAIN(ONE), STRAY("DA903", "</domains>"), DOMAIN(TWO));
	EXPECT_XML(ONE "<name>x</name></domain>" TWO, DOMAIN(ONE), REJECTED("DA903", "</domain>"),
		DOMAIN(TWO));
	EXPECT_XML("<a>" ONE "<?xml version='1.0'?>" TWO, DOMAIN(ONE), STRAY("DA904", ""),
		DOMAIN(TWO));
}

/* ---- limits ---- */

static void limit_domain(struct buffer *out, size_t size)
{
	size_t end = out->size + size;

	add_format(out, "<domain>");
	while (out->size < end - 9)
		buffer_byte(out, out->size % 7 ? 'x' : '\n');
	add_format(out, "</domain>");
	assert_int_equal(out->size, end);
}

static void a_domain_may_be_as_large_as_the_limit(void **state)
{
	struct ds_limits limits;

	(void)state;
	ds_limits_init(&limits, sizeof limits);
	limits.domain_size = 100;
	for (size_t size = 99; size < 140; size++) {
		struct buffer input = {0}, whole = {0};
		struct cuts cuts;

		add_format(&input, ONE);
		limit_domain(&input, size);
		add_format(&input, TWO);
		for (size_t piece = 0; piece < 150; piece += 1 + piece / 20) {
			cut_input(&cuts, DS_FORMAT_XML, &limits, input.data, input.size, piece);
			assert_int_equal(cuts.count, 3);
			assert_int_equal(cuts.items[1].frame.place.offset, strlen(ONE));
			assert_int_equal(cuts.items[1].bytes.size, size);
			assert_int_equal(cuts.items[1].frame.kind,
				size <= 100 ? FRAME_DOMAIN : FRAME_REJECTED);
			if (size > 100)
				assert_string_equal(cuts.items[1].frame.id, "DA905");
			expect_whole(&cuts, piece, &whole);
			cuts_fini(&cuts);
		}
		buffer_fini(&whole);
		buffer_fini(&input);
	}
}

static void a_range_over_the_limit_is_the_same_for_all_chunks(void **state)
{
	static const char *const insides[] = {
		"<metadata><domain>x</domain></metadata>",
		"<!-- </domain> -->",
		"<![CDATA[</domain>]]>",
		"<a b='c'/>",
		"<!-- x --><?p ?>",
		"<metadata><domain/></metadata>",
	};
	struct ds_limits limits;
	uint64_t seed = 7;

	(void)state;
	ds_limits_init(&limits, sizeof limits);
	for (size_t round = 0; round < 300; round++) {
		struct buffer input = {0}, whole = {0};
		struct cuts cuts;

		limits.domain_size = 60 + chance_below(&seed, 100);
		for (size_t i = 0; i < 3; i++) {
			add_format(&input, "<domain>");
			for (size_t k = chance_below(&seed, 8); k; k--)
				add_format(&input, "%s",
					insides[chance_below(&seed, COUNT(insides))]);
			add_format(&input, "</domain>\n");
		}
		for (size_t piece = 0; piece < 40; piece++) {
			cut_input(&cuts, DS_FORMAT_XML, &limits, input.data, input.size, piece);
			expect_whole(&cuts, piece, &whole);
			cuts_fini(&cuts);
		}
		buffer_fini(&whole);
		buffer_fini(&input);
	}
}

static void wrappers_may_be_nested_to_the_limit(void **state)
{
	struct ds_limits limits;

	(void)state;
	ds_limits_init(&limits, sizeof limits);
	limits.depth = 3;
	expect_cuts(DS_FORMAT_XML, &limits, "<a><a><a>" ONE "</a></a></a>",
		strlen("<a><a><a>" ONE "</a></a></a>"), (const struct expected[]){DOMAIN(ONE)}, 1);
	expect_cuts(DS_FORMAT_XML, &limits, "<a><a><a><b>" ONE, strlen("<a><a><a><b>" ONE),
		(const struct expected[]){STRAY("DA905", "<b>"), DOMAIN(ONE)}, 2);
}

static void blanks_before_a_dump_are_not_kept(void **state)
{
	static char zeros[1000];
	struct block block;
	struct framer framer;
	struct ds_limits limits;

	(void)state;
	ds_limits_init(&limits, sizeof limits);
	block_init(&block);
	assert_true(framer_init(&framer, DS_FORMAT_AUTO, &limits));
	framer_begin(&framer, &block, "zeros", DS_FORMAT_AUTO, false);
	assert_true(block_reserve(&block, sizeof zeros));
	memcpy(block.data, zeros, sizeof zeros);
	block.size = sizeof zeros;
	assert_int_equal(framer_scan(&framer, &block), DS_OK);
	assert_int_equal(framer.start, block.size);
	block_fini(&block);
	framer_fini(&framer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_input_has_no_domain),
		cmocka_unit_test(several_documents_follow_one_another),
		cmocka_unit_test(any_element_may_be_around_domains),
		cmocka_unit_test(domains_of_other_documents_are_framed_too),
		cmocka_unit_test(a_snapshot_marks_its_domain),
		cmocka_unit_test(each_document_has_its_encoding),
		cmocka_unit_test(a_document_type_with_declarations_is_refused),
		cmocka_unit_test(markup_hides_tags),
		cmocka_unit_test(other_names_end_no_domain),
		cmocka_unit_test(a_domain_may_be_nested_in_metadata),
		cmocka_unit_test(a_domain_without_its_end_is_rejected_alone),
		cmocka_unit_test(a_truncated_domain_ends_where_the_next_one_begins),
		cmocka_unit_test(the_end_of_the_input_is_an_error_inside_anything),
		cmocka_unit_test(a_section_that_is_not_closed_affects_only_its_domain),
		cmocka_unit_test(a_section_that_is_closed_is_trusted),
		cmocka_unit_test(a_section_in_the_remains_of_a_domain_hides_nothing),
		cmocka_unit_test(an_extra_end_tag_is_not_a_domain),
		cmocka_unit_test(text_between_domains_is_damage),
		cmocka_unit_test(nul_bytes_are_damage),
		cmocka_unit_test(bytes_outside_of_any_domain_are_reported),
		cmocka_unit_test(a_domain_may_be_as_large_as_the_limit),
		cmocka_unit_test(a_range_over_the_limit_is_the_same_for_all_chunks),
		cmocka_unit_test(wrappers_may_be_nested_to_the_limit),
		cmocka_unit_test(blanks_before_a_dump_are_not_kept),
	};

	return cmocka_run_group_tests_name("xml_framer", tests, NULL, NULL);
}
