/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ESTATE_RECORD_H
#define ESTATE_RECORD_H

#include "estate/estate.h"
#include "record/buffer.h"

/**
 * Encodes the facts about one domain that an audit needs, as bytes in columns: the domain and its
 * disks for reports, the struct estate_part for the estate, and the findings about the domain. A
 * run over a part of the inputs writes records, and ds_estate_add() reads them. domstream-part(5)
 * describes the bytes. A record does not contain the host and the position of the domain, which are
 * only known when all parts are known.
 */

/** The columns of the record that is being written. They keep their memory for the next record. */
struct record_columns {
	struct buffer of[DS_RECORD_COLUMNS];
};

void record_columns_init(struct record_columns *columns);
/** Returns the number of bytes that the columns have allocated. */
size_t record_columns_memory(const struct record_columns *columns);
void record_columns_fini(struct record_columns *columns);

/** Creates the record in the arena. Passwords are masked. Findings of a domain have no `related`.
 * Returns NULL when there is no memory. */
const struct ds_record *estate_record_encode(struct record_columns *columns, struct arena *arena,
	const struct ds_domain *domain, const struct estate_part *part,
	const struct ds_finding *findings, size_t count);

/** A decoded record; it is in the arena and points into the bytes of the columns. */
struct estate_record {
	/** Only the members that reports need are set. */
	struct ds_domain domain;
	struct estate_part part;
	struct ds_finding *findings;
	size_t finding_count;
};

/** Decodes the first record in the columns, and moves them after it. Returns DS_OK, DS_DAMAGED when
 * the bytes are malformed, or DS_NO_MEMORY. */
enum ds_status estate_record_decode(struct estate_record *record, struct ds_record *columns,
	const struct ds_estate_domain *where, struct siphash_key key, struct arena *arena);

#endif
