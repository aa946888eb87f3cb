/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_BOOT_H
#define RECORD_BOOT_H

#include "domstream/domstream.h"

/**
 * Which disk a guest boots from, in either format.
 *
 *   SEXPR   the first one with (bootable 1), else the first one, which xend marks itself; of an HVM
 *           guest, whose firmware knows disks by their names, the first one as in XML
 *   XML     the one with the lowest <boot order>, else the first one in libvirt's order
 *
 * libvirt sorts disks when it reads a document: by bus, in the order in which the buses come first,
 * and on each bus by the letters of their names. So the first <disk> need not be the first disk.
 */

/** Returns the boot disk, NULL when the domain has no disk with a name. */
const struct ds_disk *boot_disk(const struct ds_domain *domain);

/** Returns the disk that libvirt would put first, whatever is marked; NULL when there is no disk
 * with a name. */
const struct ds_disk *boot_disk_unmarked(const struct ds_domain *domain);

/** Room for one letter of each kind of device. */
#define BOOT_LETTERS 4

/** Writes xend's boot order for the <boot order> of disks and network interfaces; "c" when there is
 * none of these. Returns its size. */
size_t boot_letters(const struct ds_domain *domain, char letters[BOOT_LETTERS]);

/** Whether a device's <boot order> has its place in SEXPR: it is that of the boot disk; or, as long
 * as an HVM guest has no order of kinds, that of the first CD drive, floppy drive or network
 * interface. */
int boot_says_disk_order(const struct ds_domain *domain, const struct ds_disk *disk);
int boot_says_interface_order(const struct ds_domain *domain, const struct ds_interface *interface);

#endif
