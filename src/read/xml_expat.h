/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_XML_EXPAT_H
#define READ_XML_EXPAT_H

#include "read/reader.h"
#include "read/xml_events.h"

/**
 * Expat as a source of XML events. It decides what well-formed XML is.
 */

struct xml_expat;

/** Creates a parser. `events` is borrowed, and its handlers get `context`. `limits` is copied; a
 * domain that exceeds `attributes` or `token_size` fails. Returns NULL when there is no memory. */
struct xml_expat *xml_expat_new(const struct xml_events *events, void *context,
	const struct ds_limits *limits);

/** Reads the bytes of one domain, which are UTF-8. Sets `failure` for XML_FAILED; the texts
 * are static, and do not matter if a handler stopped. */
enum xml_outcome xml_expat_read(struct xml_expat *expat, const char *data, size_t size,
	struct read_failure *failure);

void xml_expat_free(struct xml_expat *expat);

#endif
