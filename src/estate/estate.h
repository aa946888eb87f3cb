/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ESTATE_ESTATE_H
#define ESTATE_ESTATE_H

#include "audit/view.h"
#include "record/siphash.h"

#include <stdbool.h>

/**
 * Collects the facts that depend on several domains: which domains share an image or have the same
 * UUID, and how many loop devices a host needs.
 *
 * The estate receives each domain in the order of the input, and creates the findings when it has
 * all of them. Only this component grows with the dumps: it needs about 120 bytes and the name for
 * each domain, and for each disk 100 bytes and the text of its source, unless another disk has the
 * same source.
 */

/** The relation between a disk and its source. */
enum {
	ESTATE_WRITABLE = 1,
	ESTATE_SHAREABLE = 2,
	/** The source is a backing file of the disk, and not its own image. */
	ESTATE_BACKING = 4,
	ESTATE_CDROM = 8,
	ESTATE_FLOPPY = 16,
	/** The domain also starts without the image. */
	ESTATE_OPTIONAL = 32,
	/** All flags. */
	ESTATE_FLAGS = 63,
};

struct estate_disk {
	struct ds_text source, target, format;
	/** The name of the domain that serves the disk; NULL for the host itself. */
	struct ds_text backend;
	struct ds_place place;
	/** The number of the disk in its domain, from 0. */
	uint32_t number;
	unsigned flags;
	/** The text_table_hash() of the source. */
	uint64_t hash;
};

/** The facts about one domain that the estate needs. */
struct estate_part {
	struct estate_disk *disks;
	size_t count;
	/** The number of disks that need a loop device of the host. */
	uint64_t loops;
	bool has_uuid;
	unsigned char uuid[UUID_BYTES];
	/** A hash of everything that is equal in two records of the same domain. */
	uint32_t content;
	/** Files that the domain uses other than as disks; only if there are lists of images. */
	struct ds_text *files;
	size_t file_count;
};

/** Fills a part. Its disks are in the view's arena; its texts are valid as long as those of the
 * domain. `key` is that of estate_key(). Returns false when out of memory. */
bool estate_part_fill(struct estate_part *part, const struct domain_view *view,
	struct siphash_key key);

/** Computes `content` from the other members. The result differs from the real value only for a few
 * domains, such as one with a disk whose source is unknown. */
uint32_t estate_part_usual_content(const struct estate_part *part, struct ds_text name);

/** Parses the UUID by which the estate identifies a domain. Returns false if the UUID is invalid or
 * all zeros, which some tools write for a missing UUID. */
bool estate_uuid(struct ds_text uuid, unsigned char bytes[UUID_BYTES]);

struct estate;

/** Creates an estate. The options are borrowed. Returns NULL when there is no memory. */
struct estate *estate_new(const struct ds_audit_options *options);

/** Returns the hash key for sources. */
struct siphash_key estate_key(const struct estate *estate);

/** Adds a domain. The part is borrowed for the call. Returns false when out of memory. */
bool estate_add(struct estate *estate, const struct ds_domain *domain,
	const struct estate_part *part);

/** Notes that something on a host could not be read, so that its images may have more users. NULL
 * is an unknown host. Returns false when out of memory. */
bool estate_note_unread(struct estate *estate, const char *host);

/**
 * Reports the findings, in an order that does not depend on that of the input. Returns DS_OK, the
 * status of the sink, or DS_NO_MEMORY.
 */
enum ds_status estate_finish(struct estate *estate, ds_finding_sink *sink, void *context,
	uint64_t *count);

/** Lists the images that several domains use, in the order of their sources. Returns the same
 * statuses as estate_finish(). */
enum ds_status estate_list_shared(struct estate *estate, ds_shared_image_sink *sink, void *context);

void estate_free(struct estate *estate);

#endif
