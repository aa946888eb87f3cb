/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_EXPAT_FEED_H
#define RECORD_EXPAT_FEED_H

#include "domstream/domstream.h"

#include <expat.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * Giving a domain to expat so that it takes little memory. Expat holds the tag, comment or
 * processing instruction that it has not seen the end of, several times, and keeps what it has
 * allocated. So the bytes come in pieces, and markup that is too large is never given to it.
 */

/** A tag, comment or processing instruction may be so much larger than `token_size`, which its
 * values may have. */
#define EXPAT_MARKUP_EXTRA ((size_t)64 << 10)

/** Markup that exceeds a limit. */
struct expat_excess {
	/** Offsets of its first byte, and behind its last one. */
	size_t at, end;
	/** What it exceeds; a static text. */
	const char *why;
};

/** Finds the first tag, comment or processing instruction from `from` on that is larger than
 * `token_size` and EXPAT_MARKUP_EXTRA, or that has more than `attributes` attributes. Returns false
 * if there is none. */
bool expat_excess_find(const char *data, size_t size, size_t from, const struct ds_limits *limits,
	struct expat_excess *excess);

/** Gives expat bytes behind the `given` ones that it has got. Returns what XML_Parse() has
 * returned. */
enum XML_Status expat_feed(XML_Parser parser, size_t given, const char *data, size_t size);

#endif
