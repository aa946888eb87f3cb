/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef UNIT_RECORDS_H
#define UNIT_RECORDS_H

#include "record/arena.h"
#include "support.h"

/**
 * Invented records that both formats can express completely, with values that are as difficult as
 * possible.
 */

enum spelling {
	/** Values with any bytes. */
	AS_IT_IS,
	/** Values as XML represents them: bytes that XML cannot contain are written as \xhh. */
	MASKED,
};

/** Makes the record with this number, which is always the same. It is in the arena. */
const struct ds_domain *make_record(struct arena *arena, uint64_t number, enum spelling spelling);

/** Prints the meaning of a record, without positions, and without what depends on the spelling of
 * the input. */
void add_meaning(struct buffer *out, const struct ds_domain *domain);

#endif
