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
	/** The number of the disk, from 0: xvda, sda, hda. */
	uint32_t disk;
	/** The number of the partition, from 1; 0 for the whole disk. */
	uint32_t partition;
	/** The name was written as a number. */
	bool is_number;
};

/** Parses a name, with or without "/dev/", or a number. Returns false when it is neither, or beyond
 * the limits of the interface: 2^20 disks of 255 partitions for xvd, 128 of 15 for sd, 20 of 63 for
 * hd. */
bool vdev_parse(struct ds_text name, struct vdev *vdev);

/** The size of the buffer for a name, with its NUL byte. The longest name needs 12 bytes. */
#define VDEV_NAME_SIZE 16

/** Writes the name, terminated by a NUL byte. Returns the length. */
size_t vdev_name(const struct vdev *vdev, char name[VDEV_NAME_SIZE]);

/* libvirt sorts the disks of a document in its own order: by bus, in the order in which the buses
 * are first used, and on each bus by the letters of the disks. A number counts as the name that is
 * written for it. */

/** Returns the first eight bytes of the bus or, if it is unset, those of libvirt's default for the
 * target, as a number. */
uint64_t vdev_bus(struct ds_text target, struct ds_text bus);

/** Returns the letters after the prefix as a number: 3 for "xvdc" and "51744", 27 for "sdaa", 0
 * without letters (libvirt's virDiskNameToIndex()). */
uint64_t vdev_letters(struct ds_text target);

/** Compares two targets as text_compare() does, a number as the name that it means. */
int vdev_compare(struct ds_text one, struct ds_text other);

#endif
