/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ESTATE_IMAGE_LIST_H
#define ESTATE_IMAGE_LIST_H

#include "estate/text_table.h"
#include "record/arena.h"

/**
 * A list of existing images. An image that is not in the list is missing if the list covers its
 * directory or pool; otherwise it is unknown whether the image exists.
 *
 * A list covers the directories of its paths, and everything below a directory that it names. An
 * entry is a directory if it ends with a slash or contains other entries. The list also covers the
 * whole rbd pool of each of its images.
 */

/** Flags of an entry. */
enum {
	/** A domain uses the image. */
	IMAGE_IS_USED = 1,
	IMAGE_IS_DIRECTORY = 2,
};

/** Flags of a directory or pool. */
enum {
	/** Everything below it is covered, at any depth. */
	DIRECTORY_IS_WHOLE = 1,
};

struct image_list {
	const struct ds_image_list *given;
	/** The entries in canonical form are of the kind TEXT_SOURCE, numbered in the order of the
	 * list: `value` is the line, and `more` the offset. The directories and pools that contain
	 * them are of the kind TEXT_WORD. */
	struct text_table names;
	/** The number of its host in the estate; 0 for all hosts. */
	uint32_t host;
	/** The list names rbd images without their pool. */
	bool has_bare_names;
	/** The list covers a pool whose images it names without the pool. */
	bool covers_bare_names;
};

/** Reads a list. Returns false when out of memory; the list can be freed then, too. */
bool image_list_init(struct image_list *list, const struct ds_image_list *given,
	struct siphash_key key);
void image_list_fini(struct image_list *list);

/**
 * Returns the name that a source of the estate would have in a list, in the arena:
 *
 *   /srv/a.img                          /srv/a.img
 *   /dev/mapper/vg0-web--data           /dev/vg0/web-data
 *   [datastore1] web/web.vmdk           /vmfs/volumes/datastore1/web/web.vmdk
 *   rbd://mon1,mon2/vms/web@snapshot    vms/web
 *
 * Returns NULL if lists do not contain such images, or when there is no memory.
 */
struct ds_text image_name(struct arena *arena, struct ds_text source);

/** Returns the last component of a name. */
struct ds_text image_base_name(struct ds_text name);

/** Returns the pool of an rbd image, or NULL if the name is a path. */
struct ds_text image_pool(struct ds_text name);

/** Finds an image by its name. Returns its number, or 0 if the list does not contain it. */
uint32_t image_list_find(const struct image_list *list, struct ds_text name);

/** Notes that a domain uses an image, if the list contains the image. Returns false when out of
 * memory. */
bool image_list_use(struct image_list *list, struct ds_text name);

/** Adds a pool that the names without a pool belong to. Returns false when out of memory. */
bool image_list_add_pool(struct image_list *list, struct ds_text pool);

/** Returns whether the list would contain an image of this name if it existed. */
bool image_list_covers(const struct image_list *list, struct ds_text name);

/** Returns whether an entry is an image that no domain uses, as far as the list shows. */
bool image_list_is_unused(const struct image_list *list, uint32_t number);

#endif
