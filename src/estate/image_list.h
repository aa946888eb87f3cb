/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ESTATE_IMAGE_LIST_H
#define ESTATE_IMAGE_LIST_H

#include "estate/text_table.h"
#include "record/arena.h"

/**
 * A list of images that exist, and whether it knows an image to exist or to be missing; of some
 * images it knows neither.
 *
 * A list covers the directories that its paths are in, and everything below a directory that it
 * names: one with a slash at its end, or one that other paths of the list are in. Of an rbd pool it
 * covers all when it names one of the pool's images. Other images are unknown.
 */

/** Flags of an entry. */
enum {
	/** A domain uses it. */
	IMAGE_IS_USED = 1,
	IMAGE_IS_DIRECTORY = 2,
};

/** Flags of a directory or pool. */
enum {
	/** What is below it is covered, at any depth. */
	DIRECTORY_IS_WHOLE = 1,
};

struct image_list {
	const struct ds_image_list *given;
	/** The entries in canonical form as TEXT_SOURCE, numbered in the order of the list: `value`
	 * is the line, `more` the offset. Directories and pools that they are in as TEXT_WORD. */
	struct text_table names;
	/** The number of its host in the estate; 0: all hosts. */
	uint32_t host;
	/** It names images of rbd without their pool. */
	bool has_bare_names;
	/** It covers a pool whose images it names so. */
	bool covers_bare_names;
};

/** Reads a list. Returns false when out of memory; the list can be freed then, too. */
bool image_list_init(struct image_list *list, const struct ds_image_list *given,
	struct sip_key key);
void image_list_fini(struct image_list *list);

/**
 * The name that a source of the estate would have in a list, in the arena:
 *
 *   /srv/a.img                          /srv/a.img
 *   /dev/mapper/vg0-web--data           /dev/vg0/web-data
 *   [datastore1] web/web.vmdk           /vmfs/volumes/datastore1/web/web.vmdk
 *   rbd://mon1,mon2/vms/web@snapshot    vms/web
 *
 * NULL: lists do not have such images, or there is no memory.
 */
struct ds_text image_name(struct arena *arena, struct ds_text source);

/** The last component of a name. */
struct ds_text image_base_name(struct ds_text name);

/** The pool of an rbd image; NULL: the name is a path. */
struct ds_text image_pool(struct ds_text name);

/** Finds an image by its name. Returns its number, 0 when the list does not have it. */
uint32_t image_list_find(const struct image_list *list, struct ds_text name);

/** Sets that a domain uses an image, if the list has it. Returns false when out of memory. */
bool image_list_use(struct image_list *list, struct ds_text name);

/** Adds a pool that the names without a pool belong to. Returns false when out of memory. */
bool image_list_add_pool(struct image_list *list, struct ds_text pool);

/** Whether the list would have an image of this name, if it were there. */
bool image_list_covers(const struct image_list *list, struct ds_text name);

/** Whether an entry is an image that no domain uses, as far as the list knows. */
bool image_list_is_unused(const struct image_list *list, uint32_t number);

#endif
