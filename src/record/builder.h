/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_BUILDER_H
#define RECORD_BUILDER_H

#include "record/members.h"

#include <stdbool.h>

/**
 * A domain record under construction. The keys of a domain come in any order, and its devices in
 * any number. A reader therefore collects them here and fetches the finished record, flat and of
 * the right size, when the domain ends. The arrays are reused for the next domain; the record and
 * its texts are in the batch's arena.
 */

/** A growing array. Its user knows the type of `items`. */
struct builder_vector {
	void *items;
	size_t count;
	size_t capacity;
};

struct builder {
	struct arena *arena;
	struct ds_domain domain;
	struct builder_vector devices[DEVICES_COUNT];
	struct builder_vector extras;
	/** The servers of the current disk's source, and the images below its own. The reader
	 * copies them into the arena. */
	struct builder_vector hosts, backings;
	/** The destination of an item for which there is no room; it is never read. A disk is the
	 * largest item. */
	struct ds_disk spare;
	/** The number of the disk that is being read, from 1; 0 when none is. */
	uint32_t disk_number;
	/** The number of items in all arrays, and its limit. */
	size_t item_count, items_max;
	/** There was no memory for some item of this domain, or it has too many items. Both stay
	 * set until the next domain begins. */
	bool failed, is_over;
};

void builder_init(struct builder *builder);

/** Begins the next domain, with at most `items_max` items, and discards what is left of an earlier
 * one. */
void builder_begin(struct builder *builder, struct arena *arena, struct ds_place place,
	struct ds_text raw, enum ds_format format, size_t items_max);

/** Adds a cleared device whose `at` is set. It is valid until the next one of its kind. When there
 * is no memory, or there are too many items, it returns a spare item, and builder_finish()
 * fails. */
void *builder_device(struct builder *builder, enum devices kind, size_t at);
/** Drops the last device of a kind. */
void builder_drop(struct builder *builder, enum devices kind);
/** Extras that were added between a disk and this call belong to that disk. */
static inline void builder_disk_end(struct builder *builder)
{
	builder->disk_number = 0;
}

/** These add other items, as builder_device() does. */
struct ds_extra *builder_extra(struct builder *builder, size_t at);
struct ds_disk_host *builder_host(struct builder *builder, size_t at);
struct ds_disk_backing *builder_backing(struct builder *builder, size_t at);

/** Copies text into the arena. */
struct ds_text builder_text(struct builder *builder, const char *data, size_t size);

/** Returns the finished record in the arena, or NULL when there was no memory, or when the domain
 * has too many items. */
const struct ds_domain *builder_finish(struct builder *builder);

/** Called when the domain was finished or abandoned: frees arrays that have become unusually
 * long. */
void builder_end(struct builder *builder);

void builder_fini(struct builder *builder);

#endif
