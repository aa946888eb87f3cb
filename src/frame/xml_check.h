/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FRAME_XML_CHECK_H
#define FRAME_XML_CHECK_H

#include "domstream/domstream.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Lets expat check whether some bytes are one well-formed element. The framer only needs this for
 * the few frames that contain what looks like the start of another domain.
 */

struct xml_check;

/** Returns NULL when there is no memory. */
struct xml_check *xml_check_new(void);

/** Returns 1 when the bytes are well-formed, 0 when they are not, -1 when there is no memory. If
 * they are not, `*why` gets a static text and `*at` the offset of the first wrong byte. Of markup
 * that exceeds the limits, only the name is checked. */
int xml_check_bytes(struct xml_check *check, const struct ds_limits *limits, bool is_utf8,
	const char *data, size_t size, const char **why, size_t *at);

void xml_check_free(struct xml_check *check);

#endif
