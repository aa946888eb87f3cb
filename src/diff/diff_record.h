/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_DIFF_RECORD_H
#define DIFF_DIFF_RECORD_H

#include "diff/intern.h"
#include "record/buffer.h"
#include "record/compare.h"

#include <stdbool.h>

/**
 * Encodes records in few bytes. For each member that is set, its number and its value are stored;
 * words that many domains use are interned, and texts that are mostly unique are in the record
 * itself.
 */

/** A decoded record. */
struct diff_record {
	/** A canonical form without name, UUID and extras. The `at` of a device counts from the
	 * domain's first byte. */
	struct ds_domain record;
	/** The position of each device of each kind. */
	struct ds_place *places[DEVICES_COUNT];
};

/** Encodes the canonical form of a record. `domain` is the record itself, whose bytes are needed
 * for the positions of its devices. Sets `out->failed` when there is no memory. */
void diff_record_encode(struct buffer *out, struct intern *words, const struct ds_domain *form,
	const struct ds_domain *domain);

/** Decodes a record and moves `*at` after it. Its texts point to the interned words and into the
 * encoded bytes. Returns false when out of memory. */
bool diff_record_decode(struct diff_record *domain, const struct intern *words,
	const unsigned char **at, struct ds_place place, struct arena *arena);

#endif
