/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/boot.h"

#include "record/text.h"
#include "record/vdev.h"

#include <stdbool.h>

/** Floppies, and the CD drive of xend 3.0.2, are in the image, so no boot loader boots from them.
 * Both formats ignore a disk without a target or a source. */
bool boot_is_candidate(const struct ds_domain *domain, const struct ds_disk *disk)
{
	bool is_drive = disk->device == DS_DEVICE_CDROM || disk->device == DS_DEVICE_FLOPPY;

	/* The boot order decides from which drive an HVM guest boots. */
	return text_given(disk->target) && disk->klass != DS_CLASS_IMAGE &&
		!(is_drive && domain->is_hvm) &&
		(disk->source.data || disk->device == DS_DEVICE_CDROM);
}

size_t boot_bus(struct boot_buses *buses, struct ds_text target, struct ds_text word)
{
	uint64_t key = vdev_bus(target, word);
	size_t bus = 0;

	while (bus < buses->count && buses->keys[bus] != key)
		bus++;
	if (bus == buses->count && bus < BOOT_BUSES)
		buses->keys[buses->count++] = key;
	return bus;
}

/** The sort key of a disk. */
struct rank {
	size_t bus;
	uint64_t letters;
	/** In an HVM guest, the name decides between partitions of one disk. In any other guest,
	 * their order does, and the name is NULL. */
	struct ds_text name;
};

static bool is_before(const struct rank *one, const struct rank *other)
{
	if (one->bus != other->bus)
		return one->bus < other->bus;
	if (one->letters != other->letters)
		return one->letters < other->letters;
	return vdev_compare(one->name, other->name) < 0;
}

/** Returns the sort key of a disk. The firmware of an HVM guest knows disks only by their names.
 * Their buses and their order, which a conversion may lose, do not count there. */
static struct rank rank_of(const struct ds_domain *domain, struct boot_buses *buses,
	const struct ds_disk *disk)
{
	const struct ds_text none = {NULL, 0};

	return (struct rank){boot_bus(buses, disk->target, domain->is_hvm ? none : disk->bus),
		vdev_letters(disk->target), domain->is_hvm ? disk->target : none};
}

const struct ds_disk *boot_disk_unflagged(const struct ds_domain *domain)
{
	/* The buses of hda, sda, xvda, vda and fda. */
	static const char firmware[][sizeof(uint64_t)] = {"ide", "scsi", "xen", "virtio", "fdc"};
	struct boot_buses buses = {.count = 0};
	const struct ds_disk *first = NULL;
	struct rank first_rank = {0, 0, {NULL, 0}};

	if (domain->is_hvm) {
		memcpy(buses.keys, firmware, sizeof firmware);
		buses.count = sizeof firmware / sizeof *firmware;
	}
	for (size_t i = 0; i < domain->disk_count; i++) {
		const struct ds_disk *disk = &domain->disks[i];
		struct rank rank;

		if (!boot_is_candidate(domain, disk))
			continue;
		rank = rank_of(domain, &buses, disk);
		if (first && !is_before(&rank, &first_rank))
			continue;
		first = disk;
		first_rank = rank;
	}
	return first;
}

static const struct ds_disk *first_candidate(const struct ds_domain *domain)
{
	for (size_t i = 0; i < domain->disk_count; i++)
		if (boot_is_candidate(domain, &domain->disks[i]))
			return &domain->disks[i];
	return NULL;
}

/** Returns whether a device with this boot order comes before the one that was found so far, which
 * is 0 at the beginning. */
static bool comes_before(uint32_t order, uint32_t found)
{
	return order && (!found || order < found);
}

/** The kinds of devices in xend's boot order. */
enum { BOOT_FLOPPY, BOOT_DISK, BOOT_CDROM, BOOT_NETWORK, BOOT_KINDS };

static int kind_of(const struct ds_disk *disk)
{
	return disk->device == DS_DEVICE_FLOPPY   ? BOOT_FLOPPY
		: disk->device == DS_DEVICE_CDROM ? BOOT_CDROM
						  : BOOT_DISK;
}

static bool uses_device_order(const struct ds_domain *domain)
{
	return domain->is_hvm && !domain->boot_count;
}

/** Returns whether a <boot order> of disks counts. libvirt refuses it together with an order of the
 * kinds of devices. */
static bool has_disk_order(const struct ds_domain *domain)
{
	return !domain->is_hvm || uses_device_order(domain);
}

const struct ds_disk *boot_disk(const struct ds_domain *domain)
{
	const struct ds_disk *found = NULL, *last = NULL;
	uint32_t order = 0;
	size_t candidates = 0;

	for (size_t i = 0; i < domain->disk_count; i++) {
		const struct ds_disk *disk = &domain->disks[i];

		if (!boot_is_candidate(domain, disk))
			continue;
		last = disk;
		candidates++;
		if (disk->bootable == DS_FLAG_ON)
			return disk;
		if (has_disk_order(domain) && comes_before(disk->boot_order, order)) {
			found = disk;
			order = disk->boot_order;
		}
	}
	if (found || candidates < 2)
		return found ? found : last;
	/* The firmware of an HVM guest knows its disks by their names. */
	return domain->format == DS_FORMAT_XML || domain->is_hvm ? boot_disk_unflagged(domain)
								 : first_candidate(domain);
}

size_t boot_letters(const struct ds_domain *domain, boot_filter *counts, const void *context,
	char letters[BOOT_LETTERS])
{
	uint32_t orders[BOOT_KINDS] = {0};
	size_t count = 0;

	for (size_t i = 0; i < domain->disk_count; i++) {
		const struct ds_disk *disk = &domain->disks[i];
		uint32_t *order = &orders[kind_of(disk)];

		if (comes_before(disk->boot_order, *order) && (!counts || counts(context, disk)))
			*order = disk->boot_order;
	}
	for (size_t i = 0; i < domain->interface_count; i++)
		if (comes_before(domain->interfaces[i].boot_order, orders[BOOT_NETWORK]))
			orders[BOOT_NETWORK] = domain->interfaces[i].boot_order;
	for (;;) {
		int next = -1;

		for (int kind = 0; kind < BOOT_KINDS; kind++)
			if (orders[kind] && (next < 0 || orders[kind] < orders[next]))
				next = kind;
		if (next < 0)
			break;
		letters[count++] = "acdn"[next];
		orders[next] = 0;
	}
	if (!count)
		letters[count++] = 'c';
	return count;
}

bool boot_has_device(const struct ds_domain *domain, char letter)
{
	enum ds_device device = letter == 'a' ? DS_DEVICE_FLOPPY : DS_DEVICE_CDROM;

	if (letter == 'n')
		return domain->interface_count;
	for (size_t i = 0; letter != 'c' && i < domain->disk_count; i++)
		if (domain->disks[i].device == device)
			return true;
	return letter == 'c';
}

bool boot_has_disk_order(const struct ds_domain *domain, const struct ds_disk *disk,
	const struct ds_disk *boot)
{
	if (!disk->boot_order)
		return true;
	/* libvirt refuses a <boot order> together with an order of the kinds of devices, and SEXPR
	 * has the latter. */
	if (domain->is_hvm && !uses_device_order(domain))
		return false;
	if (disk == boot)
		return true;
	if (!domain->is_hvm || kind_of(disk) == BOOT_DISK)
		return false;
	for (const struct ds_disk *other = domain->disks; other != disk; other++)
		if (other->device == disk->device)
			return false;
	return true;
}

bool boot_has_interface_order(const struct ds_domain *domain, const struct ds_interface *interface)
{
	return !interface->boot_order ||
		(uses_device_order(domain) && interface == domain->interfaces);
}
