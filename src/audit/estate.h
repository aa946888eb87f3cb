/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef AUDIT_ESTATE_H
#define AUDIT_ESTATE_H

#include "audit/finding.h"
#include "audit/index.h"
#include "audit/view.h"

/**
 * All disks of a run by their sources: who shares an image with whom. It is the only thing that grows with the dumps; index.h
 * says by how much.
 */

/** A disk of the part. */
struct estate_disk {
	struct ds_text source, target, format;
	struct ds_place place;
	/** INDEX_WRITABLE, INDEX_SHAREABLE, INDEX_BACKING. */
	unsigned flags;
	/** Of the source. */
	uint64_t hash;
};

/** What the estate must know of one domain. */
struct estate_part {
	struct estate_disk *disks;
	size_t count;
	/** Disks that take a loop device of the host. */
	uint64_t loops;
	/** Zeros: none. */
	unsigned char uuid[PACK_UUID_SIZE];
	/** Of all that two records of one domain would agree in. */
	uint32_t content;
};

/** The key is that of the estate. Returns 0 when there is no memory. */
int estate_part_fill(struct estate_part *part, const struct domain_view *view, struct sip_key key);

struct estate;

/** The options are borrowed; NULL when there is no memory. */
struct estate *estate_new(const struct ds_audit_options *options);

/** What sources are hashed with. */
struct sip_key estate_key(const struct estate *estate);

/** A domain will be added. To say so of many, and then again of each, saves most of the time that estate_add() takes. */
void estate_expect(const struct estate *estate, const struct estate_part *part);
void estate_expect_soon(const struct estate *estate, const struct estate_part *part);

/** Adds a domain. The part is borrowed for the call. Returns 0 when there is no memory, or the index takes more than 8 GiB. */
int estate_add(struct estate *estate, const struct ds_domain *domain, const struct estate_part *part);

/**
 * Gives out what was found, in an order that does not depend on that of the input. Returns DS_OK, what the sink returned,
 * DS_NO_MEMORY.
 */
enum ds_status estate_finish(struct estate *estate, ds_finding_sink *sink, void *context, uint64_t *count);

void estate_free(struct estate *estate);

#endif
