/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_XML_NESTED_H
#define READ_XML_NESTED_H

#include "read/reader_private.h"

/**
 * Finds the virtual machines inside a `<domain>` of another kind while that is being read, so that
 * no byte has to be parsed once for each level. The list is `guests` in struct read_state.
 */

/** An open element. */
struct xml_nested_level {
	/** The position in the frame at which it begins. */
	size_t at;
	bool is_domain, is_listed;
};

struct xml_nested {
	/** By their depth; NULL until they are first needed. */
	struct xml_nested_level *levels;
};

/** Discards the results of the previous frame. */
void xml_nested_begin(struct read_state *state);

/** An element begins at `at`, `depth` levels deep; the frame's own element is level 1. `is_child`
 * is set if a virtual machine may have such a child. */
void xml_nested_start(struct xml_nested *nested, struct read_state *state, unsigned depth,
	size_t at, bool is_domain, bool is_child);

/** Sorts the results. */
void xml_nested_end(struct read_state *state);

void xml_nested_fini(struct xml_nested *nested);

#endif
