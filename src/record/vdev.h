/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_VDEV_H
#define RECORD_VDEV_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * A disk's name in the guest: xvda, hdc, sda1, /dev/xvdb, 51712 and 0xca00 (xen-vbd-interface(7);
 * blkdev_name_to_number() of xend's blkif.py). A number and a name may mean the same disk.
 */

enum vdev_kind { VDEV_XVD, VDEV_SD, VDEV_HD };

struct vdev {
	enum vdev_kind kind;
	/** From 0: xvda, sda, hda. */
	uint32_t disk;
	/** From 1; 0: the whole disk. */
	uint32_t partition;
	/** Said as a number. */
	bool is_number;
};

/** Understands a name, with or without "/dev/", or a number. Returns false when it is neither, or
 * beyond what the interface has: 2^20 disks of 255 partitions for xvd, 128 of 15 for sd, 20 of 63
 * for hd. */
bool vdev_parse(struct ds_text name, struct vdev *vdev);

/** "xvda" needs 5 bytes with its NUL, the longest name 12. */
#define VDEV_NAME_SIZE 16

/** Writes its name, NUL-terminated. Returns the length. */
size_t vdev_name(const struct vdev *vdev, char name[VDEV_NAME_SIZE]);

/* libvirt gives the disks of a document an order of its own: buses as they come first, on each the
 * disks by their letters. A number counts as the name that it is written as. */

/** The bus of a disk by its first bytes; if unset, libvirt's default for the name. */
uint64_t vdev_bus(const struct ds_disk *disk);

/** The letters after the prefix as a number: 3 for "xvdc" and "51744", 27 for "sdaa", 0 without
 * letters (libvirt's virDiskNameToIndex()). */
uint64_t vdev_letters(struct ds_text target);

#endif
