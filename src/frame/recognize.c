/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/framer_private.h"
#include "frame/xml_markup.h"

/*
 * The format of a stream is that of the first start of a domain or document in it. Anything that a
 * login, a shell or ssh prints may precede it, brackets included. SEXPR comments, and root's
 * prompts, are lines that begin with `#`; a start in such a line does not count.
 */

/** The number of bytes that are searched for a start. A stream without one is read in the format of
 * its first bracket. */
#define RECOGNIZED_SIZE ((size_t)1 << 20)

/** Returns whether a domain of XML starts here, or -1 when more bytes are needed. A list after the
 * name shows that the `<` was the parenthesis of a domain of SEXPR. */
static int xml_domain_starts(const struct block *block, size_t at)
{
	int is = markup_is_tag(block, at, "<domain");

	if (is <= 0)
		return is;
	for (at += sizeof "<domain" - 1; at < block->size && frame_is_blank(block->data[at]);)
		at++;
	return at == block->size ? -1 : block->data[at] != '(';
}

/** Returns whether a domain or a document of XML starts here, or -1 when more bytes are needed. */
static int xml_starts(const struct block *block, size_t at)
{
	static const char *const starts[] = {"<?xml", "<!DOCTYPE"};
	int result = xml_domain_starts(block, at);

	for (size_t i = 0; i < sizeof starts / sizeof *starts && result != 1; i++) {
		int is = markup_is_tag(block, at, starts[i]);

		result = is ? is : result;
	}
	return result;
}

/** Returns whether the line of `at` begins with a `#`, possibly after blanks. */
static bool in_comment(const char *data, size_t start, size_t at)
{
	while (at > start && data[at - 1] != '\n')
		at--;
	while (frame_is_blank(data[at]))
		at++;
	return data[at] == '#';
}

static enum ds_format by_first_bracket(const struct block *block, size_t start)
{
	for (size_t at = start; at < block->size; at++) {
		if (block->data[at] != '<' && block->data[at] != '(')
			continue;
		if (!in_comment(block->data, start, at))
			return block->data[at] == '<' ? DS_FORMAT_XML : DS_FORMAT_SEXPR;
	}
	return DS_FORMAT_SEXPR;
}

enum ds_format framer_recognize(const struct block *block, size_t start, size_t *from, bool is_all)
{
	size_t at = *from;

	for (; at < block->size && at - start < RECOGNIZED_SIZE; at++) {
		bool is_xml = block->data[at] == '<';
		int starts = 0;

		if (is_xml)
			starts = xml_starts(block, at);
		else if (block->data[at] == '(')
			starts = sexpr_framer_domain_begins(block, at);
		if (starts < 0 && !is_all)
			break;
		if (starts > 0 && !in_comment(block->data, start, at))
			return is_xml ? DS_FORMAT_XML : DS_FORMAT_SEXPR;
	}
	*from = at;
	if (is_all || at - start >= RECOGNIZED_SIZE)
		return by_first_bracket(block, start);
	return DS_FORMAT_AUTO;
}
