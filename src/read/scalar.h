/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_SCALAR_H
#define READ_SCALAR_H

#include "read/keymap.h"
#include "record/builder.h"

/** What setting a member did. */
enum scalar_result {
	SCALAR_SET = 0,
	/** It was set before, to the same. */
	SCALAR_AGAIN,
	/** It was set before, to something else: the first one counts. */
	SCALAR_CONTRADICTS,
	/** The value is none of this kind. */
	SCALAR_INVALID,
};

/**
 * Sets a scalar member. `value` must live as long as the record. `unit`: a factor to KiB for KEY_MEMORY, in bytes
 * (1024: KiB; 1048576: MiB).
 */
enum scalar_result scalar_set(struct builder *builder, void *item, const struct key *key, struct ds_text value,
			      uint64_t unit);

/** Sets a text member when it is not set yet. */
enum scalar_result scalar_text(struct ds_text *member, struct ds_text value);

#endif
