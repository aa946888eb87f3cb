/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_XML_NESTED_H
#define READ_XML_NESTED_H

#include "read/reader_private.h"

/**
 * Finds the virtual machines inside a `<domain>` of another kind while that is read, so that none
 * of its bytes is parsed once for each level. The list is read_state's `guests`.
 */

/** An open element. */
struct xml_nested_level {
	/** Where it begins in the frame. */
	size_t at;
	bool is_domain, is_listed;
};

struct xml_nested {
	/** By their depth; NULL until they are needed first. */
	struct xml_nested_level *levels;
};

/** Forgets what was found in the frame before. */
void xml_nested_begin(struct read_state *state);

/** An element begins at `at`, `depth` levels deep; the frame's own is level 1. `is_child`: a
 * virtual machine may have such a child. */
void xml_nested_start(struct xml_nested *nested, struct read_state *state, unsigned depth,
	size_t at, bool is_domain, bool is_child);

/** Sorts what was found. */
void xml_nested_end(struct read_state *state);

void xml_nested_fini(struct xml_nested *nested);

#endif
