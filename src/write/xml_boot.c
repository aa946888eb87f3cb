/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/boot.h"
#include "write/writer_private.h"

/*
 * The <boot order> of devices. XML input has its own. A SEXPR domain needs it only when libvirt,
 * which sorts the disks of a document, would boot from another disk than xend. libvirt refuses it
 * together with <os><boot dev>, so in an HVM guest the first device of each kind then gets its
 * number, in xend's boot order.
 */

static const struct ds_disk *first_disk(const struct ds_domain *domain, enum ds_device device)
{
	for (size_t i = 0; i < domain->disk_count; i++)
		if (domain->disks[i].device == device)
			return &domain->disks[i];
	return NULL;
}

/** Returns whether there is a device of each kind in the boot order, so that devices can have
 * numbers instead. */
static bool has_all_kinds(const struct ds_domain *domain, struct ds_text letters)
{
	if (!text_has(letters, 'c'))
		return false;
	for (size_t i = 0; i < letters.size; i++) {
		char letter = letters.data[i];

		if (memchr(letters.data, letter, i) != NULL)
			return false;
		if ((letter == 'a' && !first_disk(domain, DS_DEVICE_FLOPPY)) ||
			(letter == 'd' && !first_disk(domain, DS_DEVICE_CDROM)) ||
			(letter == 'n' && !domain->interface_count))
			return false;
	}
	return true;
}

static bool is_drive(const struct ds_disk *disk)
{
	return disk->device == DS_DEVICE_CDROM || disk->device == DS_DEVICE_FLOPPY;
}

void xml_plan_boot(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	struct ds_text letters = TEXT("c");
	const struct ds_disk *disk;

	if (domain->format != DS_FORMAT_SEXPR || domain->disk_count < 2)
		return;
	disk = boot_disk(domain);
	if (!disk || disk == boot_disk_unflagged(domain))
		return;
	if (domain->is_hvm && domain->boot_count)
		letters = (struct ds_text){domain->boot, domain->boot_count};
	if (domain->is_hvm && !has_all_kinds(domain, letters)) {
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_DISK, disk, DISK_bootable);
		return;
	}
	writing->boot_flagged = disk;
	writing->device_order = letters;
}

/** Returns the number of a kind of device in the boot order, from 1, or 0 when it has none. */
static uint32_t order_of(const struct writing *writing, char letter)
{
	struct ds_text letters = writing->device_order;

	for (size_t i = 0; i < letters.size; i++)
		if (letters.data[i] == letter)
			return (uint32_t)i + 1;
	return 0;
}

static void write_order(struct writing *writing, uint32_t order)
{
	if (!order)
		return;
	buffer_literal(writing->out, "      <boot");
	xml_number(writing, TEXT(" order='"), order);
	buffer_literal(writing->out, "/>\n");
}

void xml_write_disk_order(struct writing *writing, const struct ds_disk *disk)
{
	uint32_t order = disk->boot_order;

	if (writing->device_order.data) {
		if (disk == writing->boot_flagged)
			order = order_of(writing, 'c');
		else if (is_drive(disk) && disk == first_disk(writing->domain, disk->device))
			order = order_of(writing, disk->device == DS_DEVICE_CDROM ? 'd' : 'a');
	}
	write_order(writing, order);
}

void xml_write_interface_order(struct writing *writing, const struct ds_interface *interface)
{
	uint32_t order = interface->boot_order;

	if (writing->device_order.data && interface == writing->domain->interfaces)
		order = order_of(writing, 'n');
	write_order(writing, order);
}
