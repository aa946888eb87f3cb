/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_BOOT_H
#define RECORD_BOOT_H

#include "domstream/domstream.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Finds the disk that a guest boots from. Each format has its own rules:
 *
 *   SEXPR   the first disk with (bootable 1), otherwise the first disk, which xend flags itself;
 *           for an HVM guest, whose firmware knows disks by their names, otherwise the same disk
 *           as in XML
 *   XML     the disk with the lowest <boot order>, otherwise the first one in libvirt's order; for
 *           an HVM guest, otherwise the first one by name: hd before sd, xvd and vd
 *
 * libvirt sorts disks when it reads a document: by bus, in the order in which the buses are first
 * used, and on each bus by the letters of their names. The first <disk> is therefore not always the
 * first disk.
 */

/** Returns whether a guest can boot from the disk. */
bool boot_is_candidate(const struct ds_domain *domain, const struct ds_disk *disk);

/** Returns the boot disk, or NULL when the domain has no disk with a name. */
const struct ds_disk *boot_disk(const struct ds_domain *domain);

/** Returns the boot disk that the domain would have if no disk were bootable, or NULL when there is
 * no disk with a name. */
const struct ds_disk *boot_disk_unflagged(const struct ds_domain *domain);

/** libvirt knows ten buses. If there are more, the last one represents all others. */
#define BOOT_BUSES 16

/** The buses of a domain's disks, in the order in which they are first used. */
struct boot_buses {
	uint64_t keys[BOOT_BUSES];
	size_t count;
};

/** Returns the number of the bus of a disk with the target `target` and the bus `word`, in the
 * order of `buses`. Must be called for the candidates of a domain in their order. */
size_t boot_bus(struct boot_buses *buses, struct ds_text target, struct ds_text word);

/** The maximum size of a boot order: one letter for each kind of device. */
#define BOOT_LETTERS 4

/** Selects disks of a domain. */
typedef bool boot_filter(const void *context, const struct ds_disk *disk);

/** Writes xend's boot order for the <boot order> of network interfaces and of the disks for which
 * `counts` returns true (NULL: all), or "c" when none has one. Returns its size. */
size_t boot_letters(const struct ds_domain *domain, boot_filter *counts, const void *context,
	char letters[BOOT_LETTERS]);

/** Returns whether a domain has a device for a letter of xend's boot order. Hard disks are not
 * counted. */
bool boot_has_device(const struct ds_domain *domain, char letter);

/** Returns whether SEXPR can express a device's <boot order>. It can for `boot`, the boot disk,
 * and, if an HVM guest has no order of the kinds of devices, for the first CD drive, floppy drive
 * and network interface. */
bool boot_has_disk_order(const struct ds_domain *domain, const struct ds_disk *disk,
	const struct ds_disk *boot);
bool boot_has_interface_order(const struct ds_domain *domain, const struct ds_interface *interface);

#endif
