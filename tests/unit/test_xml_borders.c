/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frames.h"
#include "record/expat_feed.h"

#include <expat.h>

/* In well-formed input, the framer's borders are those that an XML parser sees: those of the
 * topmost <domain> elements. Text between domains is reported, and changes no border. */

#define DOCUMENTS 2000

/* ---- a made-up document ---- */

static void add_blank(struct buffer *out, uint64_t *seed)
{
	static const char *const blanks[] = {"", " ", "\n", "\n  ", "\t", "\r\n"};

	buffer_string(out, blanks[chance_below(seed, COUNT(blanks))]);
}

static void add_attributes(struct buffer *out, uint64_t *seed)
{
	static const char *const values[] = {"='1'", "=\"&lt;/domain>\"", "='>'", " = '/'",
		"=\"'\"", "='\"&gt;'", "=''", "='domain'"};

	for (size_t i = 0; i < chance_below(seed, 4); i++) {
		add_format(out, "%sa%zu%s", chance_below(seed, 3) ? " " : "\n\t", i,
			values[chance_below(seed, COUNT(values))]);
	}
	if (!chance_below(seed, 5))
		buffer_byte(out, ' ');
}

static void add_between(struct buffer *out, uint64_t *seed)
{
	static const char *const pieces[] = {
		"text",
		"]] > &amp; \"'",
		"<!-- </domain> <domain> -->",
		"<!---->",
		"<!-- - -> <a -->",
		"<![CDATA[</domain>]]>",
		"<![CDATA[<domain>]]]]>",
		"<![CDATA[]]>",
		"<?p <domain>?>",
		"<?p </domain> ? >?>",
		"<?q?>",
		"\n",
		"  ",
		"&#60;domain>",
		"\xc3\xa9",
	};

	buffer_string(out, pieces[chance_below(seed, COUNT(pieces))]);
}

/** Adds blanks, comments and instructions, which are allowed outside of any element. */
static void add_outside(struct buffer *out, uint64_t *seed)
{
	static const char *const pieces[] = {"\n", "<!-- <domain></domain> -->", "<?p <domain>?>",
		" ", "<!-- ' -->"};

	for (size_t i = chance_below(seed, 3); i; i--)
		buffer_string(out, pieces[chance_below(seed, COUNT(pieces))]);
}

struct open_element {
	const char *name;
	bool in_domain;
	bool in_metadata;
};

/** Inside a domain, another one is only allowed below its <metadata>. */
static const char *choose_name(const struct open_element *parent, uint64_t *seed)
{
	static const char *const names[] = {"domain", "domain", "domain", "name", "devices",
		"metadata", "metadata", "domainx", "x-domain", "d", "capabilities", "network",
		"domainsnapshot", "domainCapabilities", "domains", "domstatus", "disk"};
	const char *name = names[chance_below(seed, COUNT(names))];

	if (parent->in_domain && !parent->in_metadata && strcmp(name, "domain") == 0)
		return "metadata";
	return name;
}

static void add_document(struct buffer *out, uint64_t *seed)
{
	struct open_element open[12] = {{"", false, false}};
	size_t depth = 0;
	size_t left = 1 + chance_below(seed, 60);

	do {
		struct open_element *parent = &open[depth];

		if (depth && !chance_below(seed, 3)) {
			add_between(out, seed);
		} else if (left && depth + 1 < COUNT(open) && (!depth || chance_below(seed, 3))) {
			const char *name = choose_name(parent, seed);

			left--;
			add_format(out, "<%s", name);
			add_attributes(out, seed);
			if (!chance_below(seed, 5) && depth) {
				buffer_literal(out, "/>");
				continue;
			}
			buffer_byte(out, '>');
			depth++;
			open[depth] = (struct open_element){name,
				parent->in_domain || strcmp(name, "domain") == 0,
				parent->in_metadata ||
					(strcmp(parent->name, "domain") == 0 &&
						strcmp(name, "metadata") == 0)};
		} else {
			add_format(out, "</%s", parent->name);
			add_blank(out, seed);
			buffer_byte(out, '>');
			depth--;
		}
	} while (depth);
}

static void add_made_up(struct buffer *out, uint64_t *seed)
{
	static const char *const heads[] = {"", "", "<?xml version='1.0'?>",
		"<?xml version=\"1.0\" encoding='UTF-8'?>\n",
		"<?xml version='1.0'?><!DOCTYPE d SYSTEM \"<domain>\">"};

	buffer_string(out, heads[chance_below(seed, COUNT(heads))]);
	add_outside(out, seed);
	add_document(out, seed);
	add_outside(out, seed);
}

/* ---- borders by expat ---- */

struct seen {
	XML_Parser parser;
	unsigned depth;
	/** The depth of the topmost domain; 0 outside of any domain. */
	unsigned inside;
	struct buffer *out;
	size_t base;
};

static void XMLCALL on_start(void *context, const char *name, const char **attributes)
{
	struct seen *seen = context;

	(void)attributes;
	seen->depth++;
	if (seen->inside || strcmp(name, "domain") != 0)
		return;
	seen->inside = seen->depth;
	add_format(seen->out, "%zu-", seen->base + (size_t)expat_offset(seen->parser));
}

static void XMLCALL on_end(void *context, const char *name)
{
	struct seen *seen = context;

	(void)name;
	if (seen->inside == seen->depth) {
		add_format(seen->out, "%zu\n",
			seen->base + (size_t)expat_offset(seen->parser) +
				expat_event_size(seen->parser));
		seen->inside = 0;
	}
	seen->depth--;
}

static void add_seen(struct buffer *out, const char *data, size_t size, size_t base)
{
	struct seen seen = {.parser = XML_ParserCreate(NULL), .out = out, .base = base};

	assert_non_null(seen.parser);
	XML_SetUserData(seen.parser, &seen);
	XML_SetElementHandler(seen.parser, on_start, on_end);
	if (XML_Parse(seen.parser, data, (int)size, XML_TRUE) != XML_STATUS_OK)
		fail_msg("the document is not well-formed: %s\n%.*s",
			XML_ErrorString(XML_GetErrorCode(seen.parser)), (int)size, data);
	XML_ParserFree(seen.parser);
}

/* ---- comparing ---- */

static void add_framed(struct buffer *out, const char *data, size_t size, size_t piece)
{
	struct cuts cuts;

	cut_input(&cuts, DS_FORMAT_XML, NULL, data, size, piece);
	for (size_t i = 0; i < cuts.count; i++) {
		const struct cut *cut = &cuts.items[i];

		if (cut->frame.kind == FRAME_LIKEWISE ||
			(cut->frame.kind == FRAME_STRAY &&
				strcmp(cut->frame.why, "text between domains") == 0))
			continue;
		add_format(out, "%zu-%zu%s\n", (size_t)cut->frame.place.offset,
			(size_t)cut->frame.place.offset + cut->bytes.size,
			cut->frame.kind == FRAME_DOMAIN ? "" : " refused");
	}
	cuts_fini(&cuts);
}

static void compare(const char *data, size_t size, struct buffer *seen, size_t piece)
{
	struct buffer framed = {0};

	add_framed(&framed, data, size, piece);
	if (framed.size != seen->size ||
		memcmp(as_string(&framed), as_string(seen), seen->size) != 0)
		fail_msg("in pieces of %zu: expat saw\n%sthe framer\n%sin\n%.*s", piece,
			as_string(seen), as_string(&framed), (int)size, data);
	buffer_fini(&framed);
}

static void borders_are_those_that_a_parser_sees(void **state)
{
	uint64_t seed = 20061009;
	size_t domains = 0;

	(void)state;
	for (size_t round = 0; round < DOCUMENTS; round++) {
		struct buffer document = {0}, seen = {0};

		add_made_up(&document, &seed);
		add_seen(&seen, document.data, document.size, 0);
		compare(document.data, document.size, &seen, 0);
		compare(document.data, document.size, &seen, 1 + chance_below(&seed, 40));
		for (size_t i = 0; i < seen.size; i++)
			domains += seen.data[i] == '\n';
		buffer_fini(&document);
		buffer_fini(&seen);
	}
	/* Enough documents contain domains. */
	if (domains < DOCUMENTS / 2)
		fail_msg("only %zu domains were made up", domains);
}

static void borders_are_the_same_in_a_row_of_documents(void **state)
{
	uint64_t seed = 20160614;

	(void)state;
	for (size_t round = 0; round < DOCUMENTS / 10; round++) {
		struct buffer all = {0}, seen = {0};

		for (size_t i = 0; i < 10; i++) {
			size_t begin = all.size;

			add_made_up(&all, &seed);
			add_seen(&seen, all.data + begin, all.size - begin, begin);
		}
		compare(all.data, all.size, &seen, 0);
		compare(all.data, all.size, &seen, 1 + chance_below(&seed, 300));
		buffer_fini(&all);
		buffer_fini(&seen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(borders_are_those_that_a_parser_sees),
		cmocka_unit_test(borders_are_the_same_in_a_row_of_documents),
	};

	return cmocka_run_group_tests_name("xml_borders", tests, NULL, NULL);
}
