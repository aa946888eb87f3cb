/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef UNIT_RECORDS_H
#define UNIT_RECORDS_H

#include "record/arena.h"
#include "support.h"

/**
 * Made-up records that both formats can say in full, with values that are as awkward as values can
 * be.
 */

enum spelling {
	/** Any bytes. */
	AS_IT_IS,
	/** The values as XML has them: bytes that it cannot represent are written \xhh. */
	MASKED,
};

/** The record of this number; always the same one. It lives in the arena. */
const struct ds_domain *make_record(struct arena *arena, uint64_t number, enum spelling spelling);

/** Adds what a record says, without places, and without what only the input's own spelling says. */
void add_meaning(struct buffer *out, const struct ds_domain *domain);

#endif
