/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memmem() */
#include "frame/framer.h"
#include "record/expat_feed.h"
#include "transcript.h"

#include <expat.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/*
 * In every input that expat finds well-formed, the frames are the outermost <domain> elements that
 * expat sees, and only text between them is refused. Not compared are documents in which a domain
 * might enclose one that has a name, because the framer separates these.
 *
 * An input that does not begin with `<` is a program: each byte adds some markup to a document, in
 * which all elements are closed. Most documents are therefore well-formed.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEPTH 100
#define DOMAINS 512

/* ---- documents ---- */

static const char *const names[] = {"domain", "domains", "metadata", "devices", "domainsnapshot",
	"capabilities", "network", "domainCapabilities", "d", "domain:x", "do", "domain-x",
	"domain.x", "disk"};

static const char *const samples[] = {
	"<!-- <domain> -->",
	"<!-- </domain> -->",
	"<![CDATA[<domain>]]>",
	"<![CDATA[</domain>]]]]>",
	"<?x <domain> ?>",
	"<?x </domain> ?\x3f>",
	"<?domain?>",
	"\n",
	" ",
	"text",
	"]]",
	">",
	"\"",
	"'",
	"&lt;domain&gt;",
	"&#60;/domain&#62;",
	"<!---->",
	"<!-- - -->",
	"<![CDATA[]]>",
	"<![CDATA[]]]>",
	"<?xmlish </domain>?>",
	"--",
	"->",
	"?>",
	"/>",
	"<!-- ' -->",
	"<!-- \" -->",
	"<![CDATA[-->]]>",
	"<![CDATA[<!--]]>",
	"<!-- <![CDATA[ -->",
	"\r\n",
	"\xc3\xa9",
};

static const char *const attributes[] = {
	"",
	" type='xen'",
	" a=\"</domain>\"",
	" a='&lt;domain>'",
	" a='>'",
	" a='/>'",
	" a='\"' b=\"'\"",
	"\n",
	"\t",
	" a = '1'",
	" a='/'",
	" a='&#60;'",
	" domain='0'",
	" a='-->'",
	" a=']]>'",
	" a='(domain ('",
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void add(struct transcript *text, const char *string)
{
	transcript_add(text, string, strlen(string));
}

/** An attribute's value may not contain `<`, which the vocabulary above uses for brevity. */
static void add_attribute(struct transcript *text, const char *string)
{
	for (; *string; string++)
		if (*string == '<')
			add(text, "&lt;");
		else
			transcript_add(text, string, 1);
}

static void close_element(struct transcript *text, const char *name, uint8_t byte)
{
	add(text, "</");
	add(text, name);
	add(text, byte & 1 ? ">" : " \n>");
}

/** Builds a document with one root from a program. */
static void build(struct transcript *text, const uint8_t *data, size_t size)
{
	const char *open[DEPTH];
	size_t depth = 0;

	if (size && data[0] & 1)
		add(text, "<?xml version='1.0'?>\n");
	open[depth++] = "root";
	add(text, "<root>");
	for (size_t i = 0; i + 1 < size; i += 2) {
		uint8_t what = data[i], which = data[i + 1];
		const char *name = names[which % COUNT(names)];

		switch (what % 8) {
		case 0:
		case 1:
			if (depth == DEPTH)
				break;
			add(text, "<");
			add(text, name);
			add_attribute(text, attributes[what / 8 % COUNT(attributes)]);
			add(text, ">");
			open[depth++] = name;
			break;
		case 2:
			add(text, "<");
			add(text, name);
			add_attribute(text, attributes[what / 8 % COUNT(attributes)]);
			add(text, what & 128 ? " />" : "/>");
			break;
		case 3:
		case 4:
			if (depth > 1)
				close_element(text, open[--depth], which);
			break;
		default:
			add(text, samples[which % COUNT(samples)]);
		}
	}
	while (depth)
		close_element(text, open[--depth], 1);
}

/* ---- borders by expat ---- */

struct borders {
	XML_Parser parser;
	size_t depth, deepest;
	/** The depth at which the present domain was opened; 0 outside of domains. */
	size_t inside;
	/** A domain contains an element `<name>` that is not its child. */
	bool has_inner_name;
	struct {
		size_t from, end;
	} all[DOMAINS];
	size_t count;
};

static void XMLCALL on_start(void *context, const char *name, const char **pairs)
{
	struct borders *borders = context;

	(void)pairs;
	if (++borders->depth > borders->deepest)
		borders->deepest = borders->depth;
	if (borders->inside) {
		borders->has_inner_name |=
			borders->depth > borders->inside + 1 && strcmp(name, "name") == 0;
		return;
	}
	if (strcmp(name, "domain") == 0) {
		borders->inside = borders->depth;
		if (borders->count < DOMAINS)
			borders->all[borders->count].from = (size_t)expat_offset(borders->parser);
	}
}

static void XMLCALL on_end(void *context, const char *name)
{
	struct borders *borders = context;

	(void)name;
	if (borders->inside == borders->depth) {
		if (borders->count < DOMAINS)
			borders->all[borders->count].end = (size_t)expat_offset(borders->parser) +
				expat_event_size(borders->parser);
		borders->count++;
		borders->inside = 0;
	}
	borders->depth--;
}

/** Returns whether the document is well-formed. */
static int find_borders(struct borders *borders, const char *data, size_t size)
{
	int result;

	memset(borders, 0, sizeof *borders);
	borders->parser = XML_ParserCreate(NULL);
	if (!borders->parser)
		abort();
	XML_SetUserData(borders->parser, borders);
	XML_SetElementHandler(borders->parser, on_start, on_end);
	result = XML_Parse(borders->parser, data, (int)size, XML_TRUE) == XML_STATUS_OK;
	XML_ParserFree(borders->parser);
	return result;
}

/* ---- borders by the framer ---- */

static void compare(const struct borders *borders, const struct block *block)
{
	size_t count = 0;

	for (size_t i = 0; i < block->frame_count; i++) {
		const struct frame *frame = &block->frames[i];

		/* Text between domains is reported. */
		if (frame->kind == FRAME_LIKEWISE ||
			(frame->kind == FRAME_STRAY &&
				strcmp(frame->why, "text between domains") == 0))
			continue;
		if (frame->kind != FRAME_DOMAIN)
			finding("a range at %zu is refused: %s", frame->at, frame->why);
		if (count >= borders->count || frame->at != borders->all[count].from ||
			frame->at + frame->size != borders->all[count].end)
			finding("expat sees no domain from %zu to %zu", frame->at,
				frame->at + frame->size);
		count++;
	}
	if (count != borders->count)
		finding("expat sees %zu domains, the framer %zu", borders->count, count);
}

static void frame_all(const struct borders *borders, const char *data, size_t size)
{
	struct ds_limits limits;
	struct framer framer;
	struct block block;

	ds_limits_init(&limits, sizeof limits);
	block_init(&block);
	if (!framer_init(&framer, DS_FORMAT_XML, &limits) || !block_reserve(&block, size))
		abort();
	framer_begin(&framer, &block, "-", DS_FORMAT_XML, 0);
	/* All frames have to be in one block. */
	framer.frames_max = SIZE_MAX;
	memcpy(block.data, data, size);
	block.size = size;
	if (framer_scan(&framer, &block) != DS_OK || framer_finish(&framer, &block) != DS_OK)
		finding("the framer fails");
	compare(borders, &block);
	block_fini(&block);
	framer_fini(&framer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transcript text = {0};
	struct borders borders;

	if (size && data[0] != '<')
		build(&text, data, size);
	else
		transcript_add(&text, (const char *)data, size);
	/* The framer does not read UTF-16, and may refuse a document type. */
	if (text.size && !memchr(text.data, 0, text.size) && text.data[0] == '<' &&
		!memmem(text.data, text.size, "<!DOCTYPE", 9) &&
		find_borders(&borders, text.data, text.size) && borders.deepest < DS_LIMIT_DEPTH &&
		borders.count <= DOMAINS && !borders.has_inner_name)
		frame_all(&borders, text.data, text.size);
	transcript_fini(&text);
	return 0;
}
