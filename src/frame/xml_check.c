/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/xml_check.h"

#include "frame/xml_markup.h"
#include "record/expat_feed.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

/** The largest element that is given to expat at once. */
#define SMALL_SIZE ((size_t)4 << 10)

struct xml_check {
	XML_Parser expat;
	/** The number of bytes of the present element that expat was given; and, of the last chunk,
	 * the offset in the element minus the offset among the bytes that were given. */
	size_t given, shift;
	/** The number of open elements. */
	size_t depth;
	/** The depths of the innermost open `<domain>`, and of the open `<metadata>` of the
	 * outermost one; 0 if no such element is open. */
	size_t domain, metadata;
	/** The offset of the first `<domain>` inside the element, or 0. */
	size_t inside;
	/** The outermost domain has a type or a name, as a virtual machine has. */
	bool is_guest;
	/** A domain inside it has a name. */
	bool is_named_inside;
};

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
	struct xml_check *check = context;

	if (++check->depth == 1)
		for (; *attributes; attributes += 2)
			check->is_guest |= strcmp(*attributes, "type") == 0;
	if (check->metadata)
		return;
	if (strcmp(name, "domain") == 0) {
		check->domain = check->depth;
		if (check->depth > 1 && !check->inside)
			check->inside = (size_t)expat_offset(check->expat) + check->shift;
	} else if (strcmp(name, "name") == 0) {
		check->is_guest |= check->depth == 2;
		check->is_named_inside |= check->depth > 2 && check->depth == check->domain + 1;
	} else if (check->depth == 2 && strcmp(name, "metadata") == 0) {
		check->metadata = check->depth;
	}
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
	struct xml_check *check = context;

	(void)name;
	if (check->depth == check->metadata)
		check->metadata = 0;
	if (check->depth == check->domain)
		check->domain = 0;
	check->depth--;
}

struct xml_check *xml_check_new(void)
{
	struct xml_check *check = calloc(1, sizeof *check);

	if (!check)
		return NULL;
	check->expat = XML_ParserCreate(NULL);
	if (check->expat)
		return check;
	free(check);
	return NULL;
}

void xml_check_free(struct xml_check *check)
{
	if (!check)
		return;
	XML_ParserFree(check->expat);
	free(check);
}

/** Gives expat a chunk, which is at the offset `at` in the element. */
static enum XML_Status feed(struct xml_check *check, size_t at, const char *data, size_t size)
{
	size_t given = check->given;

	check->given += size;
	check->shift = at - given;
	return expat_feed(check->expat, given, data, size);
}

/** Gives expat a tag without its attributes. */
static enum XML_Status feed_tag(struct xml_check *check, size_t at, const struct markup_tag *tag)
{
	enum XML_Status status = feed(check, at, "</", tag->closes ? 2 : 1);

	if (status == XML_STATUS_OK)
		status = feed(check, at, tag->name.data, tag->name.size);
	if (status == XML_STATUS_OK)
		status = feed(check, at, tag->is_empty ? "/>" : ">", tag->is_empty ? 2 : 1);
	return status;
}

/** Handles markup that is too large for expat: gives it only what decides where the element ends.
 * Returns false if the markup is not well-formed. */
static bool feed_excess(struct xml_check *check, const struct ds_limits *limits,
	const struct block *block, const struct expat_excess *excess, enum XML_Status *status)
{
	struct markup_tag tag;

	if (block->data[excess->end - 1] != '>')
		return false;
	if (block->data[excess->at + 1] == '!' || block->data[excess->at + 1] == '?')
		return true;
	tag = markup_tag(block, excess->at);
	*status = feed_tag(check, excess->at, &tag);
	return tag.name.size <= limits->token_size;
}

enum xml_check_result xml_check_bytes(struct xml_check *check, const struct ds_limits *limits,
	bool is_utf8, const char *data, size_t size, const char **why, size_t *at)
{
	/* All other encodings are supersets of ASCII, and which character a byte from 0x80 on
	 * belongs to changes no border. */
	const char *name = is_utf8 ? "UTF-8" : "ISO-8859-1";
	const struct block block = {.data = (char *)(uintptr_t)data, .size = size};
	enum XML_Status status = XML_STATUS_OK;
	struct expat_excess excess;
	size_t begin = 0;

	check->given = check->shift = check->depth = check->domain = check->metadata = 0;
	check->inside = 0;
	check->is_guest = check->is_named_inside = false;
	if (!XML_ParserReset(check->expat, NULL) ||
		XML_SetEncoding(check->expat, name) != XML_STATUS_OK)
		return XML_CHECK_NO_MEMORY;
	XML_SetElementHandler(check->expat, on_start, on_end);
	XML_SetUserData(check->expat, check);
	while (status == XML_STATUS_OK && expat_excess_find(data, size, begin, limits, &excess)) {
		status = feed(check, begin, data + begin, excess.at - begin);
		begin = excess.end;
		if (status == XML_STATUS_OK &&
			!feed_excess(check, limits, &block, &excess, &status)) {
			*why = excess.why;
			*at = excess.at;
			return XML_CHECK_BROKEN;
		}
	}
	/* Most elements are small, and it saves time to end the document at once. */
	if (status == XML_STATUS_OK && size - begin <= SMALL_SIZE) {
		check->shift = begin - check->given;
		status = XML_Parse(check->expat, data + begin, (int)(size - begin), XML_TRUE);
	} else if (status == XML_STATUS_OK) {
		status = feed(check, begin, data + begin, size - begin);
		if (status == XML_STATUS_OK)
			status = XML_Parse(check->expat, "", 0, XML_TRUE);
	}
	*at = check->inside;
	if (status == XML_STATUS_OK)
		return check->is_guest && check->is_named_inside ? XML_CHECK_SEVERAL
								 : XML_CHECK_ONE;
	if (XML_GetErrorCode(check->expat) == XML_ERROR_NO_MEMORY)
		return XML_CHECK_NO_MEMORY;
	*why = XML_ErrorString(XML_GetErrorCode(check->expat));
	*at = (size_t)expat_offset(check->expat) + check->shift;
	return XML_CHECK_BROKEN;
}
