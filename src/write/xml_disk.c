/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

#include "record/vdev.h"
#include "record/words.h"

/*
 * <disk>: `tap:aio:/x` becomes <driver name='tap' type='aio'/> and <source file='/x'/>. Every disk that has a source has
 * a <driver>.
 */

/* How the source of each type is written. Disks of SEXPR have none of the types behind DS_SOURCE_DIR. */
static const char *const source_begins[] = {" file='",	 " dev='",  " dir='",  " name='", " volume='",
					    " file='", " file='", " file='", " file='"};
static const enum schema source_places[] = {SCHEMA_PATH, SCHEMA_HOST_DEVICE, SCHEMA_PATH, SCHEMA_TEXT, SCHEMA_TEXT,
					    SCHEMA_PATH, SCHEMA_PATH,	     SCHEMA_PATH, SCHEMA_PATH};

/** To xend, 51712 and /dev/xvda are xvda; libvirt knows names alone. */
static struct ds_text name_of(const struct ds_disk *disk, char name[VDEV_NAME_SIZE])
{
	struct vdev vdev;

	if (schema_allows(SCHEMA_TARGET, disk->target) || !vdev_parse(disk->target, &vdev))
		return disk->target;
	return (struct ds_text){name, vdev_name(&vdev, name)};
}

const char *xml_bus_of(const struct ds_disk *disk)
{
	char name[VDEV_NAME_SIZE];
	struct ds_text target = name_of(disk, name);

	if (text_starts(target, "xvd"))
		return "xen";
	if (text_starts(target, "hd"))
		return "ide";
	return text_starts(target, "sd") ? "scsi" : NULL;
}

static void write_driver(struct writing *writing, const struct ds_disk *disk)
{
	struct ds_text driver = disk->driver;

	if (!driver.data)
		driver = disk->type == DS_SOURCE_BLOCK ? TEXT("phy") : TEXT("file");
	buffer_literal(writing->out, "      <driver");
	xml_attribute(writing, TEXT(" name='"), driver, SCHEMA_WORD, "devices/disk/driver@name", disk->at);
	xml_attribute(writing, TEXT(" type='"), disk->format, SCHEMA_FORMAT, "devices/disk/driver@type", disk->at);
	buffer_literal(writing->out, "/>\n      <source");
	xml_attribute(writing, (struct ds_text){source_begins[disk->type], strlen(source_begins[disk->type])}, disk->source,
		      source_places[disk->type], "devices/disk/source", disk->at);
	buffer_literal(writing->out, "/>\n");
}

static void write_target(struct writing *writing, const struct ds_disk *disk)
{
	char name[VDEV_NAME_SIZE];
	struct ds_text target = name_of(disk, name);
	struct ds_text bus = disk->bus;
	const char *word = disk->device == DS_DEVICE_FLOPPY ? "fdc" : xml_bus_of(disk);

	if (!bus.data && word)
		bus = (struct ds_text){word, strlen(word)};
	buffer_literal(writing->out, "      <target");
	xml_attribute(writing, TEXT(" dev='"), target, SCHEMA_TARGET, "devices/disk/target@dev", disk->at);
	xml_attribute(writing, TEXT(" bus='"), bus, SCHEMA_BUS, "devices/disk/target@bus", disk->at);
	buffer_literal(writing->out, "/>\n");
}

/** libvirt refuses a domain of which a disk has no name, or no source and is not removable: such a disk is left out. */
static int can_be_said(struct writing *writing, const struct ds_disk *disk)
{
	if (!text_given(disk->target))
		lose(writing, LOSS_INCOMPLETE, "devices/disk/target", disk->uname, disk->at);
	else if (!disk->source.data && disk->device != DS_DEVICE_CDROM && disk->device != DS_DEVICE_FLOPPY)
		lose(writing, LOSS_INCOMPLETE, "devices/disk/source", disk->target, disk->at);
	else
		return 1;
	return 0;
}

static void write_disk(struct writing *writing, const struct ds_disk *disk)
{
	const char *type = disk->type > DS_SOURCE_VOLUME ? "file" : source_words[disk->type];
	struct buffer *out = writing->out;

	if (!can_be_said(writing, disk))
		return;
	buffer_literal(out, "    <disk type='");
	buffer_string(out, type);
	buffer_literal(out, "' device='");
	buffer_string(out, device_words[disk->device]);
	buffer_literal(out, "'>\n");
	/* Of a disk on the network or in a pool, the name alone is known here. A lun is a device of the host. */
	if (disk->type > DS_SOURCE_DIR)
		lose(writing, LOSS_SCHEMA, "devices/disk@type",
		     (struct ds_text){type, strlen(type)}, disk->at);
	if (disk->device == DS_DEVICE_LUN && disk->type != DS_SOURCE_BLOCK)
		lose(writing, LOSS_SCHEMA, "devices/disk@device", TEXT("lun"), disk->at);
	if (disk->source.data)
		write_driver(writing, disk);
	write_target(writing, disk);
	if (disk->readonly)
		buffer_literal(out, "      <readonly/>\n");
	if (disk->shareable)
		buffer_literal(out, "      <shareable/>\n");
	if (text_given(disk->backend)) {
		xml_attribute(writing, TEXT("      <backenddomain name='"), disk->backend, SCHEMA_LINE,
			      "devices/disk/backenddomain@name", disk->at);
		buffer_literal(out, "/>\n");
	}
	buffer_literal(out, "    </disk>\n");
}

/** libvirt starts a guest from its first disk, xend from the one that is bootable: that one goes first. Otherwise the
 * order stays. */
static size_t first_disk(const struct ds_domain *domain)
{
	if (domain->format != DS_FORMAT_SEXPR || !domain->disk_count || domain->disks[0].bootable == DS_FLAG_ON)
		return 0;
	for (size_t i = 1; i < domain->disk_count; i++)
		if (domain->disks[i].bootable == DS_FLAG_ON)
			return i;
	return 0;
}

void xml_write_disks(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;
	size_t first = first_disk(domain);

	if (domain->disk_count)
		write_disk(writing, &domain->disks[first]);
	for (size_t i = 0; i < domain->disk_count; i++)
		if (i != first)
			write_disk(writing, &domain->disks[i]);
}
