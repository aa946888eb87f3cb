/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FRAME_XML_CHECK_H
#define FRAME_XML_CHECK_H

#include "domstream/domstream.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Lets expat check whether some bytes are one well-formed domain. The framer only needs this for
 * the few frames that contain what looks like the start of another domain.
 */

struct xml_check;

/** Returns NULL when there is no memory. */
struct xml_check *xml_check_new(void);

enum xml_check_result {
	XML_CHECK_ONE,
	/** The bytes are well-formed, but are several domains, because a domain with a name is
	 * inside another one, and not in its metadata, where programs may keep anything: an end tag
	 * is missing, and there is one too many later. */
	XML_CHECK_SEVERAL,
	XML_CHECK_BROKEN,
	XML_CHECK_NO_MEMORY,
};

/** Checks a `<domain>` element. If it is not well-formed, `*why` gets a static text and `*at` the
 * offset of the first wrong byte; if it is, `*at` gets the offset of the first domain inside it, or
 * 0. Of markup that exceeds the limits, only the name is checked. */
enum xml_check_result xml_check_bytes(struct xml_check *check, const struct ds_limits *limits,
	bool is_utf8, const char *data, size_t size, const char **why, size_t *at);

void xml_check_free(struct xml_check *check);

#endif
