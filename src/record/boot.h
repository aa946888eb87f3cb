/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_BOOT_H
#define RECORD_BOOT_H

#include "domstream/domstream.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Which disk a guest boots from, in either format.
 *
 *   SEXPR   the first one with (bootable 1), else the first one, which xend marks itself; of an HVM
 *           guest, whose firmware knows disks by their names, the first one as in XML
 *   XML     the one with the lowest <boot order>, else the first one in libvirt's order; of an HVM
 *           guest the first one by name: hd before sd, xvd and vd
 *
 * libvirt sorts disks when it reads a document: by bus, in the order in which the buses come first,
 * and on each bus by the letters of their names. So the first <disk> need not be the first disk.
 */

/** Whether a guest can boot from the disk. */
bool boot_is_candidate(const struct ds_domain *domain, const struct ds_disk *disk);

/** Returns the boot disk, NULL when the domain has no disk with a name. */
const struct ds_disk *boot_disk(const struct ds_domain *domain);

/** Returns the boot disk as if no disk were marked; NULL when there is no disk with a name. */
const struct ds_disk *boot_disk_unmarked(const struct ds_domain *domain);

/** libvirt knows ten buses. Any that are more are the last one together. */
#define BOOT_BUSES 16

/** The buses of a domain's disks, in the order in which they come first. */
struct boot_buses {
	uint64_t keys[BOOT_BUSES];
	size_t count;
};

/** Returns the number of a disk's bus in this order. The candidates of a domain are to be asked for
 * in their order. */
size_t boot_bus(struct boot_buses *buses, const struct ds_disk *disk);

/** Room for one letter of each kind of device. */
#define BOOT_LETTERS 4

/** Writes xend's boot order for the <boot order> of disks and network interfaces; "c" when there is
 * none of these. Returns its size. */
size_t boot_letters(const struct ds_domain *domain, char letters[BOOT_LETTERS]);

/** Whether a device's <boot order> has its place in SEXPR: it is that of the boot disk; or, as long
 * as an HVM guest has no order of kinds, that of the first CD drive, floppy drive or network
 * interface. */
bool boot_says_disk_order(const struct ds_domain *domain, const struct ds_disk *disk);
bool boot_says_interface_order(const struct ds_domain *domain,
	const struct ds_interface *interface);

#endif
