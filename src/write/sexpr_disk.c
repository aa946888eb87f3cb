/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

#include "record/source.h"
#include "record/vdev.h"
#include "record/words.h"

#include <stdlib.h>

/*
 * (device (vbd|tap|tap2 (dev …) (uname …) (mode …))).
 *
 *   no <driver>                        file: for type='file', phy: for type='block' (phy:/dev/ before a relative name)
 *   <driver name='tap'/>               tap:aio:
 *   <driver name='tap' type='qcow'/>   tap:qcow:    in (tap …); any type is passed through, `raw` is aio
 *   <driver name='tap2' …/>            tap2:…:      in (tap2 …)
 *   any other name                     name:        in (vbd …)
 *
 * HVM: xend 3.0.2 has ioemu: before the name, later ones :disk or :cdrom behind it. Floppies of HVM guests, and the CD drive
 * of 3.0.2, stand in the image.
 */

static int is_floppy_drive(struct ds_text target)
{
	return text_is(target, "fda") || text_is(target, "fdb");
}

static int is_in_image(const struct writing *writing, const struct ds_disk *disk)
{
	if (!writing->domain->is_hvm)
		return 0;
	if (disk->device == DS_DEVICE_FLOPPY)
		return is_floppy_drive(disk->target);
	return disk->device == DS_DEVICE_CDROM && writing->options->xend == DS_XEND_302 && text_is(disk->target, "hdc");
}

/** The first disk of that name that stands in the image; there is room for one. */
static int is_first_in_image(const struct writing *writing, const struct ds_disk *disk)
{
	const struct ds_disk *other = writing->domain->disks;

	while (other != disk && (!is_in_image(writing, other) || !text_same(other->target, disk->target) ||
				 !text_given(other->source)))
		other++;
	return other == disk;
}

static struct ds_text type_word(const struct ds_disk *disk)
{
	const char *word = disk->type > DS_SOURCE_VOLUME ? "" : source_words[disk->type];

	return (struct ds_text){word, strlen(word)};
}

/** What xend could not start is said not to be carried, and left out. A colon ends the words before the path. */
static int can_be_said(struct writing *writing, const struct ds_disk *disk)
{
	struct ds_text path = {"devices/disk", 12};

	if (!text_given(disk->target)) {
		lose(writing, LOSS_INCOMPLETE, "devices/disk/target", path, disk->at);
		return 0;
	}
	if (disk->type != DS_SOURCE_FILE && disk->type != DS_SOURCE_BLOCK && !text_given(disk->driver)) {
		if (disk->type <= DS_SOURCE_VOLUME)
			lose(writing, LOSS_NO_PLACE, "devices/disk@type", type_word(disk), disk->at);
		if (text_given(disk->source))
			lose(writing, LOSS_NO_PLACE, "devices/disk/source", disk->source, disk->at);
		return 0;
	}
	if (text_has(disk->driver, ':')) {
		lose(writing, LOSS_NO_PLACE, "devices/disk/driver@name", disk->driver, disk->at);
		return 0;
	}
	if (source_is_tap(disk->driver) && text_has(disk->format, ':')) {
		lose(writing, LOSS_NO_PLACE, "devices/disk/driver@type", disk->format, disk->at);
		return 0;
	}
	/* 3.0.2 has CD drives in the image alone. */
	if (!disk->source.data && (disk->device != DS_DEVICE_CDROM || writing->options->xend == DS_XEND_302)) {
		lose(writing, LOSS_INCOMPLETE, "devices/disk/source", disk->target, disk->at);
		return 0;
	}
	return 1;
}

/** A driver that is said tells the type, and that is all that SEXPR says of it. */
static enum ds_source type_said(const struct writing *writing, const struct ds_disk *disk)
{
	if (is_in_image(writing, disk))
		return disk->device == DS_DEVICE_CDROM && text_starts(disk->source, "/dev/") ? DS_SOURCE_BLOCK : DS_SOURCE_FILE;
	if (!disk->source.data)
		return DS_SOURCE_FILE;
	if (text_given(disk->driver))
		return text_is(disk->driver, "phy") ? DS_SOURCE_BLOCK : DS_SOURCE_FILE;
	return disk->type == DS_SOURCE_BLOCK ? DS_SOURCE_BLOCK : DS_SOURCE_FILE;
}

/** Other than 0, which is who serves all that nobody else does. */
static int is_number(struct ds_text text)
{
	uint64_t number;

	return text_unsigned(text, &number) && number;
}

/** What neither a device nor the image has a place for. What is of another type was noted by the reader. */
static void lose_common(struct writing *writing, const struct ds_disk *disk)
{
	const char *bus = disk->device == DS_DEVICE_FLOPPY && is_in_image(writing, disk) ? "fdc" : xml_bus_of(disk);

	if (disk->type <= DS_SOURCE_VOLUME && disk->type != type_said(writing, disk))
		lose(writing, LOSS_NO_PLACE, "devices/disk@type", type_word(disk), disk->at);
	if (text_given(disk->format) && (!source_is_tap(disk->driver) || !disk->source.data || is_in_image(writing, disk)))
		lose(writing, LOSS_NO_PLACE, "devices/disk/driver@type", disk->format, disk->at);
	if (text_given(disk->bus) && (!bus || !text_is(disk->bus, bus)))
		lose(writing, LOSS_NO_PLACE, "devices/disk/target@bus", disk->bus, disk->at);
}

static void lose_details(struct writing *writing, const struct ds_disk *disk)
{
	lose_common(writing, disk);
	if (!disk->source.data && text_given(disk->driver))
		lose(writing, LOSS_NO_PLACE, "devices/disk/driver@name", disk->driver, disk->at);
	/* xend takes a number for that of a running domain. */
	if (is_number(disk->backend))
		lose(writing, LOSS_NO_PLACE, "devices/disk/backenddomain@name", disk->backend, disk->at);
	if (disk->shareable && disk->readonly)
		lose(writing, LOSS_NO_PLACE, "devices/disk/shareable", disk->target, disk->at);
	if (disk->device == DS_DEVICE_LUN)
		lose(writing, LOSS_NO_PLACE, "devices/disk@device", TEXT("lun"), disk->at);
	if (disk->device == DS_DEVICE_FLOPPY)
		lose(writing, LOSS_NO_PLACE, "devices/disk@device", TEXT("floppy"), disk->at);
	if (disk->device == DS_DEVICE_CDROM && writing->options->xend == DS_XEND_302)
		lose(writing, LOSS_NO_PLACE, "devices/disk@device", TEXT("cdrom"), disk->at);
	/* blktap came with 3.0.3; what is written is still the nearest thing to say. */
	if (source_is_tap(disk->driver) && writing->options->xend == DS_XEND_302)
		lose(writing, LOSS_NO_PLACE, "devices/disk/driver@name", disk->driver, disk->at);
}

/** One value made of several, for it is quoted as a whole when any part of it needs that. In the arena. */
static struct ds_text join(struct writing *writing, const struct ds_text *parts, size_t count)
{
	size_t size = 0;
	char *text;

	for (size_t i = 0; i < count; i++)
		size += parts[i].size;
	text = arena_alloc(writing->losses->arena, size + 1);
	if (!text)
		return (struct ds_text){NULL, 0};
	size = 0;
	for (size_t i = 0; i < count; i++) {
		if (parts[i].size)
			memcpy(text + size, parts[i].data, parts[i].size);
		size += parts[i].size;
	}
	return (struct ds_text){text, size};
}

/** A prefix and a suffix of words; the name between them may need quotes, and then all of it does. Those that it has itself
 * are part of it only when others stand around it. */
static void write_dev(struct writing *writing, const struct ds_disk *disk)
{
	int is_old = writing->options->xend == DS_XEND_302;
	int is_hvm = writing->domain->is_hvm;
	int is_odd = text_has(disk->target, ':');
	struct ds_text prefix = (is_hvm && is_old) || text_starts(disk->target, "ioemu:") ? TEXT("ioemu:") : TEXT("");
	struct ds_text suffix = is_old && !is_odd		     ? TEXT("") :
				disk->device == DS_DEVICE_CDROM ? TEXT(":cdrom") :
				is_hvm || is_odd		     ? TEXT(":disk") :
								       TEXT("");
	struct ds_text parts[] = {prefix, disk->target, suffix};

	sexpr_text(writing, TEXT(" (dev "), join(writing, parts, 3));
}

static void write_uname(struct writing *writing, const struct ds_disk *disk)
{
	int is_phy = disk->type == DS_SOURCE_BLOCK;
	struct ds_text parts[5] = {{NULL, 0}};

	if (!disk->source.data)
		return;
	if (text_given(disk->driver)) {
		parts[0] = disk->driver;
		parts[1] = TEXT(":");
	} else {
		parts[0] = is_phy ? TEXT("phy:") : TEXT("file:");
		parts[1] = is_phy && !text_starts(disk->source, "/") ? TEXT("/dev/") : TEXT("");
	}
	if (source_is_tap(disk->driver)) {
		parts[2] = text_given(disk->format) && !text_is(disk->format, "raw") ? disk->format : TEXT("aio");
		parts[3] = TEXT(":");
	}
	parts[4] = disk->source;
	sexpr_text(writing, TEXT(" (uname "), join(writing, parts, 5));
}

static void write_mode(struct writing *writing, const struct ds_disk *disk)
{
	if (disk->readonly)
		sexpr_text(writing, TEXT(" (mode "), TEXT("r"));
	else
		sexpr_text(writing, TEXT(" (mode "), disk->shareable ? TEXT("w!") : TEXT("w"));
}

static void write_disk(struct writing *writing, const struct ds_disk *disk)
{
	if (is_in_image(writing, disk) || !can_be_said(writing, disk))
		return;
	lose_details(writing, disk);
	sexpr_open(writing, TEXT(" (device"));
	sexpr_open(writing, text_is(disk->driver, "tap")  ? TEXT(" (tap") :
			    text_is(disk->driver, "tap2") ? TEXT(" (tap2") :
							    TEXT(" (vbd"));
	write_dev(writing, disk);
	write_uname(writing, disk);
	write_mode(writing, disk);
	if (text_given(disk->backend) && !is_number(disk->backend))
		sexpr_text(writing, TEXT(" (backend "), disk->backend);
	sexpr_close(writing);
	sexpr_close(writing);
}

/* ---- order --------------------------------------------------------------------------------------------- */

struct place {
	const struct ds_disk *disk;
	size_t bus;
	uint64_t index;
	size_t at;
};

static int compare(const void *left, const void *right)
{
	const struct place *a = left;
	const struct place *b = right;

	if (a->bus != b->bus)
		return a->bus < b->bus ? -1 : 1;
	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	return a->at < b->at ? -1 : 1;
}

/**
 * The order that libvirt gives the disks of a document when it reads it: buses as they come first, on each the disks by
 * their names' letters. In XML the order of elements says nothing; in SEXPR the first disk is the one to start from.
 */
static struct place *order(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	struct place *places = arena_alloc(writing->losses->arena, (domain->disk_count + 1) * sizeof *places);
	uint64_t keys[16];
	size_t buses = 0;
	int is_sorted = 1;

	if (!places)
		return NULL;
	for (size_t i = 0; i < domain->disk_count; i++) {
		uint64_t key = vdev_bus(&domain->disks[i]);
		size_t bus = 0;

		while (bus < buses && keys[bus] != key)
			bus++;
		if (bus == buses && buses < sizeof keys / sizeof *keys)
			keys[buses++] = key;
		places[i] = (struct place){&domain->disks[i], bus, vdev_letters(domain->disks[i].target), i};
		is_sorted = is_sorted && (!i || compare(&places[i - 1], &places[i]) < 0);
	}
	if (!is_sorted)
		qsort(places, domain->disk_count, sizeof *places, compare);
	return places;
}

void sexpr_write_disks(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	struct place *places;

	if (domain->format != DS_FORMAT_XML || domain->disk_count < 2) {
		for (size_t i = 0; i < domain->disk_count; i++)
			write_disk(writing, &domain->disks[i]);
		return;
	}
	places = order(writing);
	for (size_t i = 0; places && i < domain->disk_count; i++)
		write_disk(writing, places[i].disk);
}

void sexpr_write_image_disks(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	for (size_t i = 0; i < domain->disk_count; i++) {
		const struct ds_disk *disk = &domain->disks[i];

		if (!is_in_image(writing, disk))
			continue;
		if (!is_first_in_image(writing, disk)) {
			lose(writing, LOSS_NO_PLACE, "devices/disk", disk->target, disk->at);
			continue;
		}
		/* The image has the path alone. */
		lose_common(writing, disk);
		if (disk->shareable)
			lose(writing, LOSS_NO_PLACE, "devices/disk/shareable", disk->target, disk->at);
		if (text_given(disk->backend))
			lose(writing, LOSS_NO_PLACE, "devices/disk/backenddomain@name", disk->backend, disk->at);
		if (text_given(disk->driver) && !text_is(disk->driver, "file") &&
		    !(text_is(disk->driver, "phy") && disk->device == DS_DEVICE_CDROM))
			lose(writing, LOSS_NO_PLACE, "devices/disk/driver@name", disk->driver, disk->at);
		if (disk->readonly && disk->device == DS_DEVICE_FLOPPY)
			lose(writing, LOSS_NO_PLACE, "devices/disk/readonly", disk->target, disk->at);
		if (!text_given(disk->source))
			lose(writing, LOSS_INCOMPLETE, "devices/disk/source", disk->target, disk->at);
		else if (disk->device == DS_DEVICE_CDROM)
			sexpr_text(writing, TEXT(" (cdrom "), disk->source);
		else
			sexpr_text(writing, text_is(disk->target, "fda") ? TEXT(" (fda ") : TEXT(" (fdb "), disk->source);
	}
}
