/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_XML_SCANNER_H
#define READ_XML_SCANNER_H

#include "read/xml_events.h"

/**
 * A source of XML events for plain domains, several times faster than expat. It never reports an
 * error: as soon as it sees anything that is not plain it abandons the domain, which must then be
 * read from its start by expat.
 *
 * For all bytes, either the scanner abandons them, or expat reads them to their end with the same
 * events.
 *
 * A domain is plain if it is one element in UTF-8, with names in ASCII, without comments, CDATA
 * sections, processing instructions and carriage returns. All its references are to the five
 * predefined entities. No value or text contains a `>`; no value contains a quote, a tab or a line
 * feed. The domain is within the limits below.
 */

/** The maximum number of open elements. */
#define XML_SCANNER_DEPTH 32
/** The maximum number of attributes of an element. Every pair of them is compared, so this must
 * stay small. */
#define XML_SCANNER_ATTRIBUTES 16
/** The number of bytes for attribute values of an element that contain references. */
#define XML_SCANNER_DECODED 1024

/** Only xml_scanner_read() uses the members. */
struct xml_scanner {
	void *context;
	/** The domain's bytes. */
	const unsigned char *begin, *end;
	/** A name that begins here or later may have fewer than KEY_NAME_HEAD bytes after it. */
	const unsigned char *last_head;
	/** The open elements. */
	struct {
		struct ds_text name;
		struct key_guess *key;
	} open[XML_SCANNER_DEPTH];
	size_t depth;
	/** The keys of a domain, and of the element after one that is unknown; where the key of the
	 * next element is predicted. */
	struct key_guess *first, *unknown, **next;
	/** The start tag that is being read, and its attributes. */
	struct xml_tag tag;
	struct xml_attribute attributes[XML_SCANNER_ATTRIBUTES];
	/** The values of these attributes that contain references, decoded. */
	char decoded[XML_SCANNER_DECODED];
	size_t decoded_size;
};

/**
 * Reads the bytes of one domain, which are borrowed. Names, texts and values point into them,
 * except for values and fragments of texts that replace references. The handlers get `context`.
 * Returns false if the domain was abandoned, by the scanner or by a handler.
 */
bool xml_scanner_read(struct xml_scanner *scanner, const struct xml_events *events, void *context,
	const char *data, size_t size);

#endif
