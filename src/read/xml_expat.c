/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_expat.h"

#include "record/array.h"
#include "record/expat_feed.h"
#include "record/siphash.h" /* siphash_random_key() */
#include "record/text.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

/*
 * Several domains in a row are children of one root that we supply, because resetting expat for
 * every domain costs a third of its speed. A document type cannot be declared inside an element, so
 * there are no entities to expand. Expat keeps every name that it has seen in a document, so a
 * document ends when it has become large. It also ends at the first domain that is not read to its
 * end. The domain after that one, which is probably broken too, is a document by itself, because
 * the root would be most of what is parsed when a million tiny domains are broken.
 */

static const char root[] = "<d>", root_end[] = "</d>";

/** The size at which a document ends. */
#define DOCUMENT_SIZE ((size_t)64 << 10)

struct xml_expat {
	const struct xml_events *events;
	void *context;
	XML_Parser parser;
	/** The key of the parser's hash tables. Expat would otherwise request a new one from the
	 * system after each reset, which costs more than reading a small domain. */
	struct siphash_key salt;
	/** The number of bytes that the parser was given since its last reset; 0 if it must be
	 * reset. */
	size_t given;
	/** The domain's bytes, and their position in the document. */
	const char *data;
	size_t size, base;
	/** The number of open elements of the domain, and the position after the last element that
	 * has ended. */
	size_t depth, end;
	/** The attributes of an element. */
	struct xml_attribute *attributes;
	size_t attribute_capacity;
	struct ds_limits limits;
	/** Whether the last domain was refused. */
	bool has_failed;
	bool no_memory;
};

/* ---- events ---- */

/** Returns the position of the event in the domain's bytes. */
static size_t position(const struct xml_expat *expat)
{
	return (size_t)expat_offset(expat->parser) - expat->base;
}

static void stop(struct xml_expat *expat)
{
	/* A stopped parser still reports the end of an empty element. */
	XML_SetElementHandler(expat->parser, NULL, NULL);
	XML_SetCharacterDataHandler(expat->parser, NULL);
	XML_StopParser(expat->parser, XML_FALSE);
}

/** Adds an attribute to those before it. Returns false when there is no memory. */
static bool add_attribute(struct xml_expat *expat, size_t count, const char *const pair[2])
{
	struct xml_attribute *attributes = array_room(expat->attributes, count,
		&expat->attribute_capacity, sizeof *attributes);

	if (!attributes)
		return false;
	attributes[count] =
		(struct xml_attribute){text_of_string(pair[0]), text_of_string(pair[1]), NULL};
	expat->attributes = attributes;
	return true;
}

static void XMLCALL on_start(void *context, const char *name, const char **pairs)
{
	struct xml_expat *expat = context;
	struct xml_tag tag = {.at = position(expat), .name = text_of_string(name)};

	while (pairs[2 * tag.count] && add_attribute(expat, tag.count, &pairs[2 * tag.count]))
		tag.count++;
	expat->no_memory = pairs[2 * tag.count] != NULL;
	tag.attributes = expat->attributes;
	expat->depth++;
	if (expat->no_memory || !expat->events->start(expat->context, &tag))
		stop(expat);
}

static void XMLCALL on_text(void *context, const char *data, int size)
{
	struct xml_expat *expat = context;
	struct ds_text text = {data, (size_t)size};
	size_t at = position(expat);

	if (at < expat->size && text.size <= expat->size - at &&
		memcmp(expat->data + at, data, text.size) == 0)
		text.data = expat->data + at;
	if (!expat->events->text(expat->context, at, text))
		stop(expat);
}

static void XMLCALL on_end(void *context, const char *name)
{
	struct xml_expat *expat = context;
	/* The end event of an empty element has no bytes, and its position is after the element. */
	size_t end = position(expat) + expat_event_size(expat->parser);

	(void)name;
	/* An end tag without a start tag may be that of our root, which no handler knows. It is an
	 * error, which expat finds in what follows. */
	if (!expat->depth)
		return;
	expat->depth--;
	expat->end = end;
	if (!expat->events->end(expat->context, end))
		stop(expat);
}

/* ---- documents ---- */

/** Begins the document of a domain. It has a root, which no handler sees, unless it is the domain
 * itself. */
static bool begin_document(struct xml_expat *expat, const char *data, size_t size)
{
	if (!expat->parser)
		expat->parser = XML_ParserCreate(NULL);
	else if (!XML_ParserReset(expat->parser, NULL))
		return false;
	if (!expat->parser)
		return false;
	expat_set_salt(expat->parser, expat->salt);
	XML_SetUserData(expat->parser, expat);
	expat->given = 0;
	/* A domain that begins like the root shows, as the root does, that the document is in
	 * UTF-8. */
	if (!expat->has_failed || size < 2 || memcmp(data, root, 2) != 0) {
		if (XML_Parse(expat->parser, root, sizeof root - 1, XML_FALSE) != XML_STATUS_OK)
			return false;
		expat->given = sizeof root - 1;
	}
	XML_SetElementHandler(expat->parser, on_start, on_end);
	XML_SetCharacterDataHandler(expat->parser, on_text);
	return true;
}

static enum xml_outcome outcome(struct xml_expat *expat, enum XML_Status status,
	struct read_failure *failure)
{
	enum XML_Error code = XML_GetErrorCode(expat->parser);
	size_t at = position(expat);

	if (expat->no_memory || code == XML_ERROR_NO_MEMORY)
		return XML_NO_MEMORY;
	*failure = (struct read_failure){.id = "DA903", .text = "the domain is not closed"};
	if (status != XML_STATUS_OK) {
		failure->text = XML_ErrorString(code);
		failure->at = at < expat->size ? at : 0;
	}
	return XML_FAILED;
}

enum xml_outcome xml_expat_read(struct xml_expat *expat, const char *data, size_t size,
	struct read_failure *failure)
{
	enum XML_Status status;
	struct expat_excess excess;
	bool is_excessive;

	if ((!expat->given || expat->given > DOCUMENT_SIZE) && !begin_document(expat, data, size)) {
		expat->given = 0;
		return XML_NO_MEMORY;
	}
	expat->data = data;
	expat->size = size;
	expat->base = expat->given;
	expat->depth = expat->end = 0;
	expat->no_memory = false;
	is_excessive = expat_excess_find(data, size, 0, &expat->limits, &excess);
	status = expat_feed(expat->parser, expat->given, data, is_excessive ? excess.at : size);
	expat->has_failed = status != XML_STATUS_OK || expat->depth || expat->end != size;
	if (!expat->has_failed) {
		/* If the domain itself is the document, the document has ended. */
		expat->given = expat->given ? expat->given + size : 0;
		return XML_READ;
	}
	if (status == XML_STATUS_OK && is_excessive) {
		expat->given = 0;
		*failure = (struct read_failure){"DA905", excess.why, excess.at, {NULL, 0}};
		return XML_FAILED;
	}
	/* An element that is not closed is only an error when the document ends. */
	if (status == XML_STATUS_OK)
		status = XML_Parse(expat->parser, root_end, sizeof root_end - 1, XML_TRUE);
	expat->given = 0;
	return outcome(expat, status, failure);
}

struct xml_expat *xml_expat_new(const struct xml_events *events, void *context,
	const struct ds_limits *limits)
{
	struct xml_expat *expat = calloc(1, sizeof *expat);

	if (!expat)
		return NULL;
	expat->events = events;
	expat->context = context;
	expat->limits = *limits;
	expat->salt = siphash_random_key(expat);
	return expat;
}

void xml_expat_free(struct xml_expat *expat)
{
	if (!expat)
		return;
	XML_ParserFree(expat->parser);
	free(expat->attributes);
	free(expat);
}
