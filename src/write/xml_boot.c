/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

/*
 * Writes the <boot order> of devices. XML input has one already. A SEXPR domain needs it only when
 * libvirt, which sorts the disks of a document, would boot from another disk than xend. libvirt
 * refuses it together with <os><boot dev>, so in an HVM guest the first device of each kind then
 * gets its number, in xend's boot order. A kind without a device has no number, and is lost.
 */

/** Returns the first disk of a kind in the output. */
static const struct ds_disk *first_disk(const struct ds_domain *domain, enum ds_device device)
{
	for (size_t i = 0; i < domain->disk_count; i++)
		if (domain->disks[i].device == device && xml_can_express_disk(&domain->disks[i]))
			return &domain->disks[i];
	return NULL;
}

static bool has_device(const struct ds_domain *domain, char letter)
{
	switch (letter) {
	case 'a':
		return first_disk(domain, DS_DEVICE_FLOPPY) != NULL;
	case 'd':
		return first_disk(domain, DS_DEVICE_CDROM) != NULL;
	case 'n':
		return domain->interface_count;
	default:
		return true;
	}
}

/** Returns the letters of the boot order that have an effect: each letter for which there is a
 * device, once. Returns NULL if there is no memory. */
static struct ds_text effective_letters(struct writing *writing, struct ds_text letters)
{
	char *effective = arena_alloc(writing->losses->arena, letters.size);
	size_t count = 0;

	for (size_t i = 0; effective && i < letters.size; i++)
		if (has_device(writing->domain, letters.data[i]) &&
			!memchr(effective, letters.data[i], count))
			effective[count++] = letters.data[i];
	return (struct ds_text){effective, effective ? count : 0};
}

static bool is_drive(const struct ds_disk *disk)
{
	return disk->device == DS_DEVICE_CDROM || disk->device == DS_DEVICE_FLOPPY;
}

void xml_plan_boot(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	struct ds_text letters = TEXT("c"), effective = letters;
	const struct ds_disk *disk = writing->boot_disk;

	if (domain->format != DS_FORMAT_SEXPR || domain->disk_count < 2)
		return;
	if (!disk || disk == boot_disk_unflagged(domain))
		return;
	if (domain->is_hvm && domain->boot_count) {
		letters = (struct ds_text){domain->boot, domain->boot_count};
		effective = effective_letters(writing, letters);
	}
	if (!text_has(effective, 'c')) {
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_DISK, disk, DISK_bootable);
		return;
	}
	if (!text_same(effective, letters))
		lose_field(writing, LOSS_NO_PLACE, FIELD_boot);
	writing->boot_flagged = disk;
	writing->device_order = effective;
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
