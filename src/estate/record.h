/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ESTATE_RECORD_H
#define ESTATE_RECORD_H

#include "estate/estate.h"
#include "record/coding.h"

/**
 * What an audit needs of one domain, as bytes: for reports the domain and its disks, for the estate
 * its part of it, and its findings. A run over a part of the inputs writes them, and
 * ds_estate_add() reads them. domstream-part(5) describes them.
 *
 * The host and the name of the stream are not in it: they are decided when all parts are known.
 */

/** Adds the record. Passwords are masked. Findings of a domain have no `related`. On lack of memory
 * `out->failed` or the arena's is set. */
void estate_record_encode(struct buffer *out, struct arena *arena, const struct ds_domain *domain,
	const struct estate_part *part, const struct ds_finding *findings, size_t count);

/** A record that was decoded; it lives in the arena and in the record's bytes. */
struct estate_record {
	/** Only the members that reports use are set. */
	struct ds_domain domain;
	struct estate_part part;
	struct ds_finding *findings;
	size_t finding_count;
};

/** Decodes a record for a host and a stream. `base`: what to add to positions; its line and offset
 * count. Returns DS_OK, DS_DAMAGED: the bytes are malformed, DS_NO_MEMORY. */
enum ds_status estate_record_decode(struct estate_record *record, struct ds_text bytes,
	const struct ds_estate_input *input, struct sip_key key, struct arena *arena);

#endif
