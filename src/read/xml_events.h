/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_XML_EVENTS_H
#define READ_XML_EVENTS_H

#include "read/keymap.h"

/**
 * The events that a source of XML reports while it reads the bytes of one domain. All positions are
 * offsets in those bytes, so that handlers do not depend on the source. A name, value or text is
 * valid until the handler returns, except when it points into the domain's own bytes: then it is
 * valid as long as these are. A handler returns false to stop the source.
 */

struct xml_attribute {
	struct ds_text name;
	/** References are decoded and white space is normalized. */
	struct ds_text value;
	/** A key with this name, which the source predicts, or NULL. Its context may be wrong. */
	struct key_guess *key;
};

/** A start tag, or an empty element. */
struct xml_tag {
	/** Where it begins. */
	size_t at;
	struct ds_text name;
	/** Like that of an attribute. The handler replaces it by the right key, or NULL, from which
	 * the source predicts what follows. */
	struct key_guess *key;
	const struct xml_attribute *attributes;
	size_t count;
};

/** The handlers. A source calls each of them with the context that was passed with them. */
struct xml_events {
	bool (*start)(void *context, struct xml_tag *tag);
	/** A fragment of a text, which is never empty. A source may split a text between any two
	 * characters. `at` is where the fragment begins, or where its reference begins. */
	bool (*text)(void *context, size_t at, struct ds_text text);
	/** White space between two tags. A source may report it as text instead. */
	bool (*blanks)(void *context, size_t at, struct ds_text text);
	/** An element has ended; `end` is the position after its end tag, or after the empty
	 * element. */
	bool (*end)(void *context, size_t end);
};

/** The result of reading a domain. */
enum xml_outcome {
	/** All bytes were read, and every element that was opened has ended. */
	XML_READ = 0,
	/** The domain is not well-formed, or a handler stopped the source. */
	XML_FAILED,
	XML_NO_MEMORY,
};

#endif
