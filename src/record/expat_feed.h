/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_EXPAT_FEED_H
#define RECORD_EXPAT_FEED_H

#include "domstream/domstream.h"
#include "record/siphash.h"

#include <expat.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * Feeds a domain to expat with a bound on its memory. Expat buffers an unfinished tag, comment or
 * processing instruction several times over, and keeps the memory that it has allocated. The domain
 * is therefore fed in chunks, and markup that is too large is not fed at all.
 */

/** A tag, comment or processing instruction may be this much larger than `token_size`, the limit on
 * a single value in it. */
#define EXPAT_MARKUP_EXTRA ((size_t)64 << 10)

/** Markup that exceeds a limit. */
struct expat_excess {
	/** The offset of its first byte, and the offset after its last byte. */
	size_t at, end;
	/** A static text that names the exceeded limit. */
	const char *why;
};

/** Finds the first tag, comment or processing instruction from `from` on that is larger than
 * `token_size` and EXPAT_MARKUP_EXTRA, or that has more than `attributes` attributes. Returns false
 * if all are within the limits. */
bool expat_excess_find(const char *data, size_t size, size_t from, const struct ds_limits *limits,
	struct expat_excess *excess);

/** Feeds expat the bytes after the first `given` ones, which it already has. Returns the result of
 * XML_Parse(). */
enum XML_Status expat_feed(XML_Parser parser, size_t given, const char *data, size_t size);

/** Returns the offset of the current event, or of an error, in all that the parser was fed since
 * its last reset; -1 before it was fed anything. */
int64_t expat_offset(XML_Parser parser);

/** Returns the number of bytes of the current event; 0 for the end of an empty element. */
size_t expat_event_size(XML_Parser parser);

/** Sets the key of the parser's hash tables, which expat otherwise requests from the system after
 * each reset. */
void expat_set_salt(XML_Parser parser, struct siphash_key key);

#endif
