/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../bench/gen.h"
#include "frames.h"
#include "read/xml_scanner.h"
#include "support.h"
#include "xml_sources.h"

#include <stdlib.h>

static enum sources_result compare(const char *data, size_t size)
{
	/* A copy of exactly this size lets a sanitizer detect reads beyond its end. */
	char *copy = malloc(size ? size : 1);
	enum sources_result result;

	assert_non_null(copy);
	memcpy(copy, data, size);
	result = compare_sources(copy, size);
	free(copy);
	return result;
}

static void expect(const char *const *inputs, size_t count, enum sources_result expected)
{
	for (size_t i = 0; i < count; i++)
		if (compare(inputs[i], strlen(inputs[i])) != expected)
			fail_msg("%s is %sexpected to be plain", inputs[i],
				expected == SOURCES_SAME ? "" : "not ");
}

static void plain_domains_are_read_as_expat_reads_them(void **state)
{
	static const char *const inputs[] = {"<d/>", "<d />", "<d\n\t/>", "<d></d>", "<d></d \n>",
		"<d>\n</d>", "<d>\n\t \n</d>", "<_:a-b.c9/>", "<:/>", "<d a='1'/>",
		"<d a=\"1\" b=''/>", "<d\na = '1'\tb\n=\n\"2\" ></d>", "<d a=' x  y '/>",
		"<d xmlns='urn:a' xmlns:b='urn:b' b:c='d'/>", "<d a='&lt;&gt;&amp;&apos;&quot;'/>",
		"<d a='x&amp;y' b='&lt;z'/>", "<d>text</d>", "<d> \"a\" 'b' ] ]] ]&gt; </d>",
		"<d>a&amp;b&lt;&gt;&apos;&quot;c</d>", "<d>&amp;</d>", "<d>\na\tb\n</d>",
		"<d a='\xc3\xa9\xe2\x82\xac'>\xf0\x9f\x92\xbb</d>", "<d a='\x7f'>\x7f\xc2\x80</d>",
		"<d>\xef\xbf\xbd\xf4\x8f\xbf\xbf</d>", "<d><a>1</a><a b='2'/>3<a></a></d>",
		"<d>]]&gt;</d>", "<domain><name/><name/><names/><nam/><name\n/></domain>",
		"<domain><disk type='' device=''/><disk device='' type=''/>"
		"<disk type=''\tdevices=''/><disk typ='' device =''/></domain>",
		"<domain><name>a name of more than sixteen bytes</name>"
		"<a-name.of-more_than:16.bytes x='of more than sixteen bytes'/>\n"
		"                                        </domain>"};

	(void)state;
	expect(inputs, COUNT(inputs), SOURCES_SAME);
}

static void everything_else_is_abandoned(void **state)
{
	static const char *const well_formed[] = {"<d><!-- --></d>", "<d><![CDATA[]]></d>",
		"<d><?a b?></d>", "<d>\r\n</d>", "<d\r/>", "<d a='\r'/>", "<d a='\t'/>",
		"<d a='\n'/>", "<d a='>'/>", "<d a='\"'/>", "<d a=\"'\"/>", "<d>a > b</d>",
		"<d>&#65;</d>", "<d a='&#x41;'/>", "<\xc3\xa9/>", "<d \xc3\xa9=''/>",
		"<d><a></a\r></d>"};
	static const char *const malformed[] = {"", "<", "<>", "</>", "</d>", "< d/>", "<d", "<d>",
		"<d/", "<d/ >", "<d></d", "<d></e>", "<d></dd>", "<d></ d>", "<d></d/>",
		"<d></d x>", "<d><a></d></a>", "<1/>", "<-/>", "<./>", "<d 1=''/>", "<d a/>",
		"<d a=/>", "<d a=b/>", "<d a='/>", "<d a='\"/>", "<d a=''b=''/>", "<d a='' a=''/>",
		"<d a='<'/>", "<d a='&'/>", "<d a='&lt'/>", "<d a='&LT;'/>", "<d>&</d>",
		"<d>&nbsp;</d>", "<d>& amp;</d>", "<d>]]></d>", "<d>a]]>b</d>", "<d>\x01</d>",
		"<d a='\x1f'/>", "<d>\x80</d>", "<d>\xc0\x80</d>", "<d>\xed\xa0\x80</d>",
		"<d>\xef\xbf\xbe</d>", "<d a='\xef\xbf\xbf'/>", "<d>\xf4\x90\x80\x80</d>",
		"<d>\xc3</d>", "<d a='\xe2\x82'/>", "<d>\xf0\x9f\x92</d>", "<d/>x", "<d/> ",
		"<d/><d/>", "<d></d>>", "x<d/>", " <d/>", "<d/>\n", "<d a='1' / >", "<d,/>",
		"<d@/>", "<d[/>", "<d`/>", "<d{/>", "<domain><name/><name,/></domain>",
		"<domain><name></names></domain>", "<domain><name></nam></domain>",
		("<domain><disk type='' device=''/><disk device='' type=''/>"
		 "<disk type='' device='' type=''/></domain>")};

	(void)state;
	expect(well_formed, COUNT(well_formed), SOURCES_ABANDONED);
	expect(malformed, COUNT(malformed), SOURCES_ABANDONED);
}

/** A domain is read with `most` repetitions of a filler, and abandoned with one more. */
static void expect_most(size_t most, const char *begin, const char *filler, const char *end,
	const char *closer)
{
	for (size_t count = most; count <= most + 1; count++) {
		struct buffer input = {0};

		buffer_string(&input, begin);
		for (size_t i = 0; i < count; i++)
			buffer_string(&input, filler);
		buffer_string(&input, end);
		for (size_t i = 0; i < count; i++)
			buffer_string(&input, closer);
		assert_int_equal(compare(input.data, input.size),
			count == most ? SOURCES_SAME : SOURCES_ABANDONED);
		buffer_fini(&input);
	}
}

static void limits_are_kept(void **state)
{
	/* XML_SCANNER_ATTRIBUTES of them */
	static const char attributes[] = "<d a='' b='' c='' d='' e='' f='' g='' h='' i='' j='' "
					 "k='' l='' m='' n='' o='' p=''";

	(void)state;
	expect_most(XML_SCANNER_DEPTH, "", "<d>", "", "</d>");
	/* The reference becomes one byte. */
	expect_most(XML_SCANNER_DECODED - 1, "<d a='&amp;", "x", "'/>", "");
	expect_most(0, attributes, " q=''", "/>", "");
}

#define CHANGES 60000

/** One byte or a few bytes of a plain domain change: the scanner reads it as expat does, or
 * abandons it. */
static void changed_domains_are_read_alike_or_abandoned(void **state)
{
	static const char bytes[] = "<>&;'\"/= \n\t\r]!?-:.a1\xc3\xa9\xef\xbf\xbe\x01";
	struct buffer domain = {0};
	uint64_t seed = 15;
	size_t same = 0;

	(void)state;
	add_domain_xml(&domain, 1);
	domain.size--;
	assert_int_equal(compare(domain.data, domain.size), SOURCES_SAME);
	for (size_t i = 0; i < CHANGES; i++) {
		size_t at = chance_below(&seed, domain.size), size = 1 + chance_below(&seed, 3);
		char old[4];
		enum sources_result result;

		size = size < domain.size - at ? size : domain.size - at;
		memcpy(old, domain.data + at, size);
		for (size_t k = 0; k < size; k++)
			domain.data[at + k] = bytes[chance_below(&seed, sizeof bytes - 1)];
		result = compare(domain.data, domain.size);
		assert_int_not_equal(result, SOURCES_DIFFER);
		same += result == SOURCES_SAME;
		memcpy(domain.data + at, old, size);
	}
	/* Both cases occur. */
	assert_in_range(same, CHANGES / 20, CHANGES * 19 / 20);
	buffer_fini(&domain);
}

/** The number of domains that were compared, and the number that the scanner reads. */
static size_t compared, plain;

static void count_domain(const char *data, size_t size)
{
	enum sources_result result = compare(data, size);

	if (result == SOURCES_DIFFER)
		fail_msg("the parsers differ in %.*s", (int)size, data);
	compared++;
	plain += result == SOURCES_SAME;
}

static void expect_nearly_all(size_t least)
{
	if (compared < least || plain * 100 < compared * 95)
		fail_msg("the scanner reads %zu of %zu domains", plain, compared);
	compared = plain = 0;
}

#define GENERATED 5000

static void nearly_all_generated_domains_are_plain(void **state)
{
	static struct gen_domain domain;
	struct text xml = {NULL, 0, 0};

	(void)state;
	for (size_t i = 0; i < GENERATED; i++) {
		xml.size = 0;
		gen_domain_init(&domain, 1, i);
		gen_xml(&xml, &domain);
		/* A line feed follows the domain. */
		count_domain(xml.data, xml.size - 1);
	}
	expect_nearly_all(GENERATED);
	free(xml.data);
}

static void add_domains(const char *path, const char *name, struct buffer *bytes)
{
	struct cuts cuts = {0};

	(void)path;
	if (!strstr(name, ".xml"))
		return;
	cut_input(&cuts, DS_FORMAT_XML, NULL, bytes->data, bytes->size, 0);
	for (size_t i = 0; i < cuts.count; i++)
		if (cuts.items[i].frame.kind == FRAME_DOMAIN)
			count_domain(cuts.items[i].bytes.data, cuts.items[i].bytes.size);
	cuts_fini(&cuts);
}

/** The samples, and the domains with which the writers are tested, which libvirt has written. */
static void nearly_all_written_domains_are_plain(void **state)
{
	static const char *const directories[] = {SAMPLES_DIR, GOLDEN_DIR "/devices",
		GOLDEN_DIR "/disks", GOLDEN_DIR "/domain"};

	(void)state;
	for (size_t i = 0; i < COUNT(directories); i++)
		each_dump(directories[i], add_domains);
	expect_nearly_all(50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_domains_are_read_as_expat_reads_them),
		cmocka_unit_test(everything_else_is_abandoned),
		cmocka_unit_test(limits_are_kept),
		cmocka_unit_test(nearly_all_generated_domains_are_plain),
		cmocka_unit_test(nearly_all_written_domains_are_plain),
		cmocka_unit_test(changed_domains_are_read_alike_or_abandoned),
	};

	return cmocka_run_group_tests_name("xml_scanner", tests, NULL, NULL);
}
