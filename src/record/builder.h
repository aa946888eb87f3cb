/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_BUILDER_H
#define RECORD_BUILDER_H

#include "record/arena.h"

#include <stdbool.h>

/**
 * A domain record in the making. Keys of a domain come in any order and its devices in any number,
 * so a reader collects into this and takes the finished record, flat and of the right size, when
 * the domain closes.
 *
 * The arrays here are kept from one domain to the next; the record and its texts live in the
 * batch's arena.
 */

/** An array that grows. `items` is typed by its user. */
struct vector {
	void *items;
	size_t count;
	size_t capacity;
};

struct builder {
	struct arena *arena;
	struct ds_domain domain;
	struct vector disks, interfaces, graphics, chars, pcis, sounds, inputs, pins, extras;
	/** Of the disk at hand: servers of one source, and images below the disk's own. The reader
	 * copies them into the arena. */
	struct vector hosts, backings;
	/** Where an item goes that there is no room for; nobody reads it. A disk is the largest. */
	struct ds_disk spare;
	/** Number of the disk that is being read, from 1; 0: none is. */
	uint32_t disk_number;
	/** Items of all arrays together, and how many there may be. */
	size_t parts, parts_max;
	/** Sticky: there was no memory for something of this domain, or there were too many
	 * parts. */
	bool failed, is_over;
};

void builder_init(struct builder *builder);

/** Begins the next domain, of at most `parts_max` parts; what is left of an earlier one is
 * forgotten. */
void builder_begin(struct builder *builder, struct arena *arena, struct ds_place place,
	struct ds_text raw, enum ds_format format, size_t parts_max);

/** Each adds one cleared item whose `at` is set, valid until the next one of its kind. When there
 * is no memory, or there are too many, they return a spare one, and builder_finish() fails. */
struct ds_disk *builder_disk(struct builder *builder, size_t at);
/** The extras that are added from builder_disk() to this call are part of that disk. */
static inline void builder_disk_end(struct builder *builder)
{
	builder->disk_number = 0;
}
struct ds_interface *builder_interface(struct builder *builder, size_t at);
struct ds_graphics *builder_graphics(struct builder *builder, size_t at);
struct ds_char *builder_char(struct builder *builder, size_t at);
struct ds_pci *builder_pci(struct builder *builder, size_t at);
struct ds_word *builder_sound(struct builder *builder, size_t at);
struct ds_word *builder_input(struct builder *builder, size_t at);
struct ds_pin *builder_pin(struct builder *builder, size_t at);
struct ds_extra *builder_extra(struct builder *builder, size_t at);
struct ds_disk_host *builder_host(struct builder *builder, size_t at);
struct ds_disk_backing *builder_backing(struct builder *builder, size_t at);

/** Drops the last item of one of the arrays. */
void builder_drop(struct builder *builder, struct vector *vector);

/** Copies text into the arena. */
struct ds_text builder_text(struct builder *builder, const char *data, size_t size);

/** The finished record in the arena; NULL when there was no memory. */
const struct ds_domain *builder_finish(struct builder *builder);

/** The domain was finished or given up: gives back the arrays that it made unusually long. */
void builder_end(struct builder *builder);

void builder_fini(struct builder *builder);

#endif
