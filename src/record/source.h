/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_SOURCE_H
#define RECORD_SOURCE_H

#include "record/arena.h"
#include "record/text.h"

#include <stdbool.h>

/**
 * Identifies a disk's source in all of its spellings: two disks on one host that have the same
 * canonical source use the same image.
 */

/**
 * Returns the canonical source of a disk, in the arena:
 *
 *   file:/srv//a.img, tap:aio:/srv/./a.img             /srv/a.img
 *   tap:tapdisk:aio:/srv/a.img                         /srv/a.img
 *   <source file='/srv/x/../a.img'/>                   /srv/a.img
 *   phy:vg/root, phy:/dev/vg/root                      /dev/vg/root
 *   drbd:r0                                            drbd:r0
 *
 * A password in it is masked. Returns NULL if the disk has no source, or one that the record does
 * not contain completely (on the network, in a storage pool), or when there is no memory.
 */
struct ds_text source_canonical(struct arena *arena, const struct ds_disk *disk);

/**
 * Returns what identifies a disk's image: its canonical source or, if it has no path:
 *
 *   <source protocol='rbd' name='vms/web'> with monitors    rbd://mon1,mon2/vms/web
 *   the same without monitors, or on the host itself        rbd:/vms/web
 *   <source pool='default' volume='web'/>                   volume:default/web
 *   an NVMe namespace                                       nvme:0000:01:00.0/1
 *   the socket of vhost-user                                socket:/run/web.sock
 *
 * Returns NULL as source_canonical() does, and for an unknown kind of source.
 */
struct ds_text source_identity(struct arena *arena, const struct ds_disk *disk);

/** Returns what identifies a backing image, or NULL as source_identity() does. */
struct ds_text source_of_backing(struct arena *arena, const struct ds_disk_backing *backing);

/** Returns libvirt's word for the type of a disk's source: "file", "network" …; for an unknown
 * type, the word of the input. */
struct ds_text source_type_word(const struct ds_disk *disk);

/** Returns whether the identity of an image is the same on all hosts: images on the network, and
 * paths that the user declares as shared. */
static inline bool source_is_everywhere(const struct ds_audit_options *options,
	struct ds_text source)
{
	for (size_t i = 0; i < options->shared_count; i++)
		if (text_starts(source, options->shared[i]))
			return true;
	return source.size && source.data[0] != '/' && text_has_word(source, "://");
}

/** Returns whether a path that is set without a backend is that of a device of the host. */
static inline bool source_is_device(struct ds_text path)
{
	return text_starts(path, "/dev/");
}

/** Returns whether a backend is one of the two blktaps, whose sources begin with a format. */
static inline bool source_is_tap(struct ds_text backend)
{
	return text_is(backend, "tap") || text_is(backend, "tap2");
}

/** Returns the backend that a disk requests: its driver, or "file" or "phy" for a disk without a
 * driver. NULL if the disk has no backend. */
struct ds_text source_backend(const struct ds_disk *disk);

/** Returns the format of a tap disk's image; in `tap:tapdisk:aio:/x` and `tap:ioemu:aio:/x` it is
 * the second word. NULL if it is unset. */
struct ds_text source_format(const struct ds_disk *disk);

/**
 * Returns the format in which the image is read: "raw", "qcow", "qcow2", "vhd", "vmdk" …; an
 * unknown word is returned as it is. NULL if it is unset, so that the host may probe the image (an
 * XML disk of qemu without a type).
 *
 *   raw   loop-backed files and block devices, since xend's file: and phy: ignore the format (xend
 *         blkif.py); aio and sync, the two ways of blktap to read a raw image (xend
 *         BlktapController.py), and a tap disk without any word (libvirt xen_sxpr.c writes tap:aio:
 *         for it); iso, which libvirt lists as a format of storage (storage_file_probe.c) and qemu
 *         has no driver for: an ISO image has no header before its data
 *   vhd   also for vpc, which is the name that qemu and libvirt have for xend's vhd
 */
struct ds_text source_read_as(const struct ds_disk *disk);

/** Returns the source without the words that a nested tap disk has before its path. */
struct ds_text source_inner(const struct ds_disk *disk);

/** Returns whether the source of a disk contains a secret: one that record/secret.h knows, or the
 * password in a uname without a backend, such as joe:password@host. */
bool source_has_secret(const struct ds_disk *disk);

/** Returns the disk's source with its secrets hidden: the source itself if it has none, or a copy
 * in the arena. */
struct ds_text source_masked(struct arena *arena, const struct ds_disk *disk);

/** Returns the canonical form of a disk's source or, for a disk on the network or in a pool, which
 * has no path, its name as in source_masked(). NULL if it has none, or when there is no memory. */
struct ds_text source_known(struct arena *arena, const struct ds_disk *disk);

#endif
