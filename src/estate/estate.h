/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ESTATE_ESTATE_H
#define ESTATE_ESTATE_H

#include "audit/finding.h"
#include "audit/view.h"
#include "record/sip.h"

#include <stdbool.h>

/**
 * What several domains decide: who shares an image with whom, which domains have one UUID, how many
 * loop devices a host needs.
 *
 * The estate receives each domain in the order of the input, and makes findings when it has all of
 * them. It is the only part of the program that grows with the dumps: some 120 bytes and the name
 * for each domain, 100 and the text of a source that no other disk has for each disk.
 */

/** What a disk is to its source. */
enum {
	ESTATE_WRITABLE = 1,
	ESTATE_SHAREABLE = 2,
	/** Not a disk: the image is based on the source. */
	ESTATE_BACKING = 4,
	ESTATE_CDROM = 8,
	ESTATE_FLOPPY = 16,
	/** The domain starts without the image. */
	ESTATE_OPTIONAL = 32,
	/** All of them. */
	ESTATE_FLAGS = 63,
};

struct estate_disk {
	struct ds_text source, target, format;
	/** Name of the domain that serves it; NULL: the host itself. */
	struct ds_text backend;
	struct ds_place place;
	/** Of the disk among those of the domain, from 0. */
	uint32_t number;
	unsigned flags;
	/** text_table_hash() of the source. */
	uint64_t hash;
};

/** What the estate must know of one domain. */
struct estate_part {
	struct estate_disk *disks;
	size_t count;
	/** Disks that take a loop device of the host. */
	uint64_t loops;
	bool has_uuid;
	unsigned char uuid[UUID_PACKED_SIZE];
	/** Hash of all that two records of one domain would agree in. */
	uint32_t content;
	/** Files that the domain names elsewhere than as a disk; only when there are lists of
	 * images. */
	struct ds_text *files;
	size_t file_count;
};

/** Fills a part; its disks live in the view's arena, its texts where those of the domain do. `key`:
 * estate_key(). Returns false when out of memory. */
bool estate_part_fill(struct estate_part *part, const struct domain_view *view, struct sip_key key);

/** What `content` is of nearly every domain, computed from the part itself: drives without a known
 * image, and values that were masked, make a difference. */
uint32_t estate_part_usual_content(const struct estate_part *part, struct ds_text name);

/** Packs the UUID that the estate knows a domain by. Returns false when it has none: some tools
 * write zeros for no UUID. */
bool estate_uuid(struct ds_text uuid, unsigned char packed[UUID_PACKED_SIZE]);

struct estate;

/** The options are borrowed; NULL when there is no memory. */
struct estate *estate_new(const struct ds_audit_options *options);

/** The key that sources are hashed with. */
struct sip_key estate_key(const struct estate *estate);

/** Adds a domain. The part is borrowed for the call. Returns false when out of memory. */
bool estate_add(struct estate *estate, const struct ds_domain *domain,
	const struct estate_part *part);

/** Notes that something of a host could not be read, so that its images may have more users.
 * NULL: of some host. Returns false when out of memory. */
bool estate_note_unread(struct estate *estate, const char *host);

/**
 * Gives out what was found, in an order that does not depend on that of the input. Returns DS_OK,
 * what the sink returned, DS_NO_MEMORY.
 */
enum ds_status estate_finish(struct estate *estate, ds_finding_sink *sink, void *context,
	uint64_t *count);

/** Lists the images that several domains have, in the order of their sources. Returns as
 * estate_finish(). */
enum ds_status estate_list_shared(struct estate *estate, ds_shared_image_sink *sink, void *context);

void estate_free(struct estate *estate);

#endif
