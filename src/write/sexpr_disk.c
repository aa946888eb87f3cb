/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/source.h"
#include "write/writer_private.h"

#include <stdlib.h>

/*
 * Writes disks: (device (vbd|tap|tap2 (dev …) (uname …) (mode …))).
 *
 *   no <driver>                        file: for type='file'; for type='block' phy: or, before a
 *                                      relative name, phy:/dev/
 *   <driver name='tap'/>               tap:aio: in (tap …)
 *   <driver name='tap' type='qcow'/>   tap:qcow: in (tap …); any type is passed through, except
 *                                      that `raw` becomes aio
 *   <driver name='tap2' …/>            tap2:…: in (tap2 …)
 *   any other name                     name: in (vbd …)
 *
 * HVM: xend 3.0.2 has ioemu: before the name, later ones :disk or :cdrom after it. Floppies of HVM
 * guests, and the CD drive of 3.0.2, are in the image.
 */

static bool is_floppy_drive(struct ds_text target)
{
	return text_is(target, "fda") || text_is(target, "fdb");
}

static bool is_in_image(const struct writing *writing, const struct ds_disk *disk)
{
	if (!writing->domain->is_hvm)
		return false;
	if (disk->device == DS_DEVICE_FLOPPY)
		return is_floppy_drive(disk->target);
	return disk->device == DS_DEVICE_CDROM && writing->options->xend == DS_XEND_302 &&
		text_is(disk->target, "hdc");
}

/** Returns whether the disk is the first one with its name in the image, which can only contain
 * one. */
static bool is_first_in_image(const struct writing *writing, const struct ds_disk *disk)
{
	const struct ds_disk *other = writing->domain->disks;

	while (other != disk &&
		(!is_in_image(writing, other) || !text_same(other->target, disk->target) ||
			!text_given(other->source)))
		other++;
	return other == disk;
}

/** Returns whether the driver is qemu. xend has no `qemu:`, but it can use the same images with
 * blktap, as files or as devices. */
static bool is_qemu(const struct ds_disk *disk)
{
	return text_is(disk->driver, "qemu");
}

/** Returns the word before the first colon of a uname. */
static struct ds_text driver_word(const struct ds_disk *disk)
{
	if (is_qemu(disk) && text_given(disk->format) && !text_is(disk->format, "raw"))
		return TEXT("tap");
	if (text_given(disk->driver) && !is_qemu(disk))
		return disk->driver;
	return disk->type == DS_SOURCE_BLOCK ? TEXT("phy") : TEXT("file");
}

/** Returns NULL if the disk can be written as a device. Otherwise returns what it lacks, or "" if
 * SEXPR cannot express it. A colon ends the words before the path. In 3.0.2, CD drives are only in
 * the image. */
static const char *obstacle_as_device(const struct writing *writing, const struct ds_disk *disk)
{
	if (!text_given(disk->target) || words_is_unset(disk->target))
		return "target";
	if (disk->type != DS_SOURCE_FILE && disk->type != DS_SOURCE_BLOCK &&
		(!text_given(disk->driver) || is_qemu(disk)))
		return "";
	if (text_has(disk->driver, ':') ||
		(source_is_tap(driver_word(disk)) && text_has(disk->format, ':')))
		return "";
	if (!disk->source.data &&
		(disk->device != DS_DEVICE_CDROM || writing->options->xend == DS_XEND_302))
		return "source";
	return NULL;
}

/** Returns whether a device has the name of the CD drive in the image. A reader of the output then
 * ignores the drive. */
static bool is_hidden_by_device(const struct writing *writing, const struct ds_disk *disk)
{
	const struct ds_domain *domain = writing->domain;
	char name[VDEV_NAME_SIZE];

	for (size_t i = 0; disk->device == DS_DEVICE_CDROM && i < domain->disk_count; i++) {
		const struct ds_disk *other = &domain->disks[i];

		if (!is_in_image(writing, other) && !obstacle_as_device(writing, other) &&
			text_is(xml_disk_name(other, name), "hdc"))
			return true;
	}
	return false;
}

/** Like obstacle_as_device(), for a disk that is written in the image. */
static const char *obstacle_in_image(const struct writing *writing, const struct ds_disk *disk)
{
	if (!is_first_in_image(writing, disk) || is_hidden_by_device(writing, disk))
		return "";
	return text_given(disk->source) ? NULL : "source";
}

static const char *obstacle(const struct writing *writing, const struct ds_disk *disk)
{
	return is_in_image(writing, disk) ? obstacle_in_image(writing, disk)
					  : obstacle_as_device(writing, disk);
}

/** Returns whether xend could start the disk; otherwise the disk is left out, which is a loss of
 * the whole disk, and of its position in the boot order. */
static bool can_be_expressed(struct writing *writing, const struct ds_disk *disk)
{
	const char *lacks = obstacle(writing, disk);

	if (!lacks)
		return true;
	lose_device(writing, *lacks ? LOSS_INCOMPLETE : LOSS_NO_PLACE, DEVICES_DISK, disk, lacks);
	lose_device_field(writing, LOSS_NO_PLACE, DEVICES_DISK, disk, DISK_boot_order);
	return false;
}

/** Returns the driver that the reader finds in the output. The image only contains a path: that of
 * a file or, for a CD drive, of a device below /dev. */
static struct ds_text expressed_driver(const struct ds_disk *disk, bool is_image)
{
	if (!is_image)
		return driver_word(disk);
	return disk->device == DS_DEVICE_CDROM && source_is_device(disk->source) ? TEXT("phy")
										 : TEXT("file");
}

/** Returns the type that the reader finds in the output: SEXPR only has the word of the driver. */
static enum ds_source expressed_type(const struct ds_disk *disk, bool is_image)
{
	return disk->source.data && text_is(expressed_driver(disk, is_image), "phy")
		? DS_SOURCE_BLOCK
		: DS_SOURCE_FILE;
}

static bool writes_device(const struct writing *writing, const struct ds_disk *disk, bool is_image)
{
	switch (disk->device) {
	case DS_DEVICE_DISK:
		return true;
	case DS_DEVICE_CDROM:
		return is_image || writing->options->xend != DS_XEND_302;
	case DS_DEVICE_FLOPPY:
		return is_image;
	case DS_DEVICE_LUN:
		break;
	}
	return false;
}

/** Returns whether a disk has a position in xend's order of the kinds of devices. A drive has none
 * if it is not written, or if it is written as a disk. */
static bool has_boot_letter(const void *context, const struct ds_disk *disk)
{
	const struct writing *writing = context;
	bool is_drive = disk->device == DS_DEVICE_CDROM || disk->device == DS_DEVICE_FLOPPY;

	return !is_drive ||
		(!obstacle(writing, disk) &&
			writes_device(writing, disk, is_in_image(writing, disk)));
}

size_t sexpr_boot_letters(const struct writing *writing, char letters[BOOT_LETTERS])
{
	return boot_letters(writing->domain, has_boot_letter, writing, letters);
}

/** Returns whether the driver is in the output. blktap was added in 3.0.3; for 3.0.2, the output is
 * the best approximation. */
static bool writes_driver(const struct writing *writing, const struct ds_disk *disk, bool is_image)
{
	if (is_image)
		return !text_given(disk->driver) ||
			text_same(disk->driver, expressed_driver(disk, true));
	return disk->source.data && !is_qemu(disk) &&
		!(source_is_tap(disk->driver) && writing->options->xend == DS_XEND_302);
}

static bool writes_bus(const struct ds_disk *disk, bool is_image)
{
	const char *bus;

	if (!text_given(disk->bus))
		return true;
	bus = disk->device == DS_DEVICE_FLOPPY && is_image ? "fdc" : xml_bus_of(disk);
	return bus && text_is(disk->bus, bus);
}

/** Returns whether the output contains this field of a disk that is written. `is_image` is set for
 * a disk in the image, which only has a path. */
FIELD_SWITCH writes_field(const struct writing *writing, const struct ds_disk *disk, bool is_image,
	enum disk_field field)
{
	switch (field) {
	case DISK_device:
		return writes_device(writing, disk, is_image);
	case DISK_type:
		/* The reader has added a loss for a value of another type. */
		return disk->type > DS_SOURCE_VOLUME ||
			disk->type == expressed_type(disk, is_image);
	case DISK_driver:
		return writes_driver(writing, disk, is_image);
	case DISK_format:
		return !is_image && disk->source.data && source_is_tap(driver_word(disk));
	case DISK_bus:
		return writes_bus(disk, is_image);
	case DISK_readonly:
		return !is_image || disk->device != DS_DEVICE_FLOPPY;
	case DISK_shareable:
		return !is_image && !disk->readonly;
	case DISK_backend:
		return !is_image && sexpr_can_express_backend(disk->backend);
	case DISK_boot_order:
		return boot_has_disk_order(writing->domain, disk, writing->boot_disk) &&
			(!writing->domain->is_hvm || has_boot_letter(writing, disk));
	case DISK_source:
	case DISK_target:
	case DISK_bootable:
	case DISK_mode:
	case DISK_klass:
	case DISK_uname:
		return true;
	}
	return true;
}

static void lose_fields(struct writing *writing, const struct ds_disk *disk, bool is_image)
{
	lose_disk_details(writing, disk);
#define DS_DISK_FIELD(member, type, xml, sexpr) \
	if (!writes_field(writing, disk, is_image, DISK_##member)) \
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_DISK, disk, DISK_##member);
#include "record/devices.def"
}

/** Writes the name of a disk with its prefix and suffix. If the name needs quotes, the whole value
 * is quoted; a quote in an unquoted value would not be part of it. */
static void write_dev(struct writing *writing, const struct ds_disk *disk)
{
	bool is_old = writing->options->xend == DS_XEND_302;
	bool is_hvm = writing->domain->is_hvm;
	char name[VDEV_NAME_SIZE];
	struct ds_text target =
		writing->domain->format == DS_FORMAT_XML ? xml_disk_name(disk, name) : disk->target;
	/* The name of a disk may look like a prefix, or like a name with a suffix. */
	bool is_odd = text_has(target, ':') || text_is(target, "ioemu");
	struct ds_text suffix = disk->device == DS_DEVICE_CDROM && !is_old ? TEXT(":cdrom")
		: is_odd || (is_hvm && !is_old)                            ? TEXT(":disk")
									   : TEXT("");
	struct ds_text prefix =
		(is_hvm && is_old) || text_starts(target, "ioemu:") || text_is(target, "ioemu")
		? TEXT("ioemu:")
		: TEXT("");
	struct ds_text texts[] = {prefix, target, suffix};

	sexpr_text(writing, TEXT(" (dev "), writing_join(writing, texts, 3));
}

static void write_uname(struct writing *writing, const struct ds_disk *disk)
{
	bool is_named = text_given(disk->driver) && !is_qemu(disk);
	struct ds_text texts[5] = {driver_word(disk), TEXT(":"), {NULL, 0}, {NULL, 0},
		disk->source};

	if (!disk->source.data)
		return;
	if (source_is_tap(texts[0])) {
		texts[2] = text_given(disk->format) && !text_is(disk->format, "raw") ? disk->format
										     : TEXT("aio");
		texts[3] = TEXT(":");
	} else if (!is_named && disk->type == DS_SOURCE_BLOCK && !text_starts(disk->source, "/")) {
		texts[2] = TEXT("/dev/");
	}
	sexpr_text(writing, TEXT(" (uname "), writing_join(writing, texts, 5));
}

static void write_mode(struct writing *writing, const struct ds_disk *disk)
{
	if (disk->readonly)
		sexpr_text(writing, TEXT(" (mode "), TEXT("r"));
	else
		sexpr_text(writing, TEXT(" (mode "), disk->shareable ? TEXT("w!") : TEXT("w"));
}

/** A disk in the order of the output. */
struct sort_key {
	const struct ds_disk *disk;
	size_t bus;
	uint64_t index;
	size_t at;
};

/** Returns whether the output has this as a disk, which a drive may become, and not as a drive. */
static bool becomes_disk(const struct writing *writing, const struct ds_disk *disk)
{
	return disk->device == DS_DEVICE_DISK ||
		!writes_device(writing, disk, is_in_image(writing, disk));
}

/** Returns whether an HVM guest would boot from this disk if no disk in the output were bootable.
 * `keys` has the disks in an order in which those of one name are as in the output, or is NULL if
 * that is the order of the input. */
static bool is_first_by_name(const struct writing *writing, const struct sort_key *keys,
	const struct ds_disk *disk)
{
	const struct ds_domain *domain = writing->domain;
	struct ds_domain output = *domain;
	size_t count = 0, number = 0;
	struct ds_disk *disks =
		arena_alloc(writing->losses->arena, domain->disk_count * sizeof *disks);

	for (size_t i = 0; disks && i < domain->disk_count; i++) {
		const struct ds_disk *other = keys ? keys[i].disk : &domain->disks[i];

		if (obstacle(writing, other))
			continue;
		if (other == disk)
			number = count;
		disks[count] = *other;
		if (becomes_disk(writing, other))
			disks[count].device = DS_DEVICE_DISK;
		count++;
	}
	output.disks = disks;
	output.disk_count = count;
	return disks && boot_disk_unflagged(&output) == &disks[number];
}

/** Returns whether the guest would boot from another disk if this one were not flagged: xend uses
 * the first disk, and the firmware of an HVM guest knows disks by their names. */
static bool needs_boot_flag(const struct writing *writing, const struct sort_key *keys,
	const struct ds_disk *disk, bool is_first)
{
	return writing->domain->is_hvm ? disk->boot_order && !is_first_by_name(writing, keys, disk)
				       : !is_first;
}

/** Writes whether a disk is bootable. A flag of SEXPR input is written unchanged. */
static void write_bootable(struct writing *writing, const struct sort_key *keys,
	const struct ds_disk *disk, bool is_first)
{
	if (disk->bootable != DS_FLAG_UNSET)
		sexpr_number(writing, TEXT(" (bootable "), disk->bootable == DS_FLAG_ON);
	else if (writing->domain->format == DS_FORMAT_XML && disk == writing->boot_disk &&
		boot_has_disk_order(writing->domain, disk, disk) &&
		needs_boot_flag(writing, keys, disk, is_first))
		sexpr_number(writing, TEXT(" (bootable "), 1);
}

/** Writes a disk. Returns whether it is written. `is_first` is set if none was written before
 * it. */
static bool write_disk(struct writing *writing, const struct sort_key *keys,
	const struct ds_disk *disk, bool is_first)
{
	struct ds_text driver;

	if (is_in_image(writing, disk) || !can_be_expressed(writing, disk))
		return false;
	lose_fields(writing, disk, false);
	driver = disk->source.data ? driver_word(disk) : (struct ds_text){NULL, 0};
	sexpr_open(writing, TEXT(" (device"));
	sexpr_open(writing,
		text_is(driver, "tap")            ? TEXT(" (tap")
			: text_is(driver, "tap2") ? TEXT(" (tap2")
						  : TEXT(" (vbd"));
	write_dev(writing, disk);
	write_uname(writing, disk);
	write_mode(writing, disk);
	write_bootable(writing, keys, disk, is_first);
	sexpr_write_backend(writing, disk->backend);
	sexpr_close(writing);
	sexpr_close(writing);
	return true;
}

/* ---- order ---- */

static int compare(const void *left, const void *right)
{
	const struct sort_key *a = left;
	const struct sort_key *b = right;

	if (a->bus != b->bus)
		return a->bus < b->bus ? -1 : 1;
	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	return a->at < b->at ? -1 : 1;
}

static void sort(struct sort_key *keys, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (compare(&keys[i - 1], &keys[i]) > 0) {
			qsort(keys, count, sizeof *keys, compare);
			return;
		}
}

/** Returns whether the output has two disks under the same name. */
static bool has_same_name(const struct ds_disk *one, const struct ds_disk *other)
{
	char names[2][VDEV_NAME_SIZE];

	return text_same(xml_disk_name(one, names[0]), xml_disk_name(other, names[1]));
}

/** Returns the position of keys[at] by which disks with the same bus and letters are ordered: its
 * index, except that the boot disk of an HVM guest comes before all disks of the same name. Drives
 * are not moved, as the guest does not boot from them as disks. */
static size_t position(const struct writing *writing, const struct sort_key *keys, size_t at)
{
	const struct ds_disk *disk = keys[at].disk;
	size_t first = 0;

	if (!writing->domain->is_hvm || disk != writing->boot_disk ||
		needs_boot_flag(writing, keys, disk, false))
		return 2 * at + 1;
	while (first < at &&
		!(has_same_name(keys[first].disk, disk) && becomes_disk(writing, keys[first].disk)))
		first++;
	return 2 * first;
}

/**
 * Returns the disks in the order of libvirt, which sorts the disks of a document when it reads it:
 * by bus, in the order in which the buses are first used, and on each bus by the letters of their
 * names. The order of elements has no meaning in XML, but in SEXPR the first disk is the boot disk.
 *
 * SEXPR only has the bus that a name implies, so the disks are sorted once more by these. Then they
 * keep their order when the output is converted back. Of several disks with one name, an HVM guest
 * boots from the first one.
 */
static struct sort_key *order(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	struct sort_key *keys =
		arena_alloc(writing->losses->arena, (domain->disk_count + 1) * sizeof *keys);
	struct boot_buses buses = {.count = 0}, implied = {.count = 0};

	if (!keys)
		return NULL;
	for (size_t i = 0; i < domain->disk_count; i++) {
		const struct ds_disk *disk = &domain->disks[i];

		/* A disk of a PV guest that is not written must not affect the order of the
		 * buses. */
		bool counts = domain->is_hvm || boot_is_candidate(domain, disk);

		keys[i] = (struct sort_key){disk,
			counts ? boot_bus(&buses, disk->target, disk->bus) : BOOT_BUSES,
			vdev_letters(disk->target), i};
	}
	sort(keys, domain->disk_count);
	for (size_t i = 0; i < domain->disk_count; i++) {
		const struct ds_disk *disk = keys[i].disk;
		bool counts = !is_in_image(writing, disk) && !obstacle(writing, disk);

		keys[i].bus = counts ? boot_bus(&implied, disk->target, (struct ds_text){NULL, 0})
				     : BOOT_BUSES;
		keys[i].at = position(writing, keys, i);
	}
	sort(keys, domain->disk_count);
	return keys;
}

void sexpr_write_disks(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	bool is_sorted = domain->format == DS_FORMAT_XML && domain->disk_count > 1;
	struct sort_key *keys = is_sorted ? order(writing) : NULL;
	bool is_first = true;

	if (is_sorted && !keys)
		return;
	for (size_t i = 0; i < domain->disk_count; i++)
		if (write_disk(writing, keys, keys ? keys[i].disk : &domain->disks[i], is_first))
			is_first = false;
}

void sexpr_write_image_disks(struct writing *writing)
{
	static const struct {
		const char *target;
		struct ds_text key;
	} drives[] = {{"fda", TEXT(" (fda ")}, {"fdb", TEXT(" (fdb ")}, {"hdc", TEXT(" (cdrom ")}};
	const struct ds_domain *domain = writing->domain;

	for (size_t i = 0; i < sizeof drives / sizeof *drives; i++)
		for (size_t k = 0; k < domain->disk_count; k++) {
			const struct ds_disk *disk = &domain->disks[k];

			if (!is_in_image(writing, disk) ||
				!text_is(disk->target, drives[i].target) ||
				!can_be_expressed(writing, disk))
				continue;
			lose_fields(writing, disk, true);
			sexpr_text(writing, drives[i].key, disk->source);
		}
}
