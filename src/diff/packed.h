/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_PACKED_H
#define DIFF_PACKED_H

#include "diff/intern.h"
#include "record/buffer.h"
#include "record/compare.h"

#include <stdbool.h>

/**
 * Records in as few bytes as is reasonable. For each member that is set, its number and its value
 * are stored; words that many domains use are interned, and texts that are mostly unique are in the
 * record itself.
 */

/** An unpacked record. */
struct packed_domain {
	/** A canonical form without name, UUID and extras. The `at` of a device counts from the
	 * domain's first byte. */
	struct ds_domain record;
	/** The position of each device of each kind, except for the name of the file. */
	struct ds_place *places[DEVICES_COUNT];
};

/** Packs the canonical form of a record. `domain` is the record itself, whose bytes are needed for
 * the positions of its devices. Sets `out->failed` when there is no memory. */
void packed_put(struct buffer *out, struct intern *words, const struct ds_domain *form,
	const struct ds_domain *domain);

/** Unpacks it and moves `*at` behind it. Texts are those of the interned words and of the packed
 * bytes. Returns false when out of memory. */
bool packed_get(struct packed_domain *domain, const struct intern *words, const unsigned char **at,
	struct ds_place place, struct arena *arena);

#endif
