/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

/*
 * Writes <disk>. `tap:aio:/x` becomes <driver name='tap' type='aio'/> and <source file='/x'/>.
 * Every disk with a source has a <driver>.
 */

/* How the source of each type is written. SEXPR disks have none of the types after
 * DS_SOURCE_DIR. */
static const char *const source_begins[] = {" file='", " dev='", " dir='", " name='", " volume='",
	" file='", " file='", " file='", " file='"};
static const enum schema source_places[] = {SCHEMA_PATH, SCHEMA_HOST_DEVICE, SCHEMA_PATH,
	SCHEMA_TEXT, SCHEMA_TEXT, SCHEMA_PATH, SCHEMA_PATH, SCHEMA_PATH, SCHEMA_PATH};

struct ds_text xml_disk_name(const struct ds_disk *disk, char name[VDEV_NAME_SIZE])
{
	struct vdev vdev;

	if (schema_allows(SCHEMA_TARGET, disk->target) || !vdev_parse(disk->target, &vdev))
		return disk->target;
	return (struct ds_text){name, vdev_name(&vdev, name)};
}

static const char *bus_of_name(struct ds_text target)
{
	if (text_starts(target, "xvd"))
		return "xen";
	if (text_starts(target, "hd"))
		return "ide";
	return text_starts(target, "sd") ? "scsi" : NULL;
}

const char *xml_bus_of(const struct ds_disk *disk)
{
	char name[VDEV_NAME_SIZE];

	return bus_of_name(xml_disk_name(disk, name));
}

static void write_driver(struct writing *writing, const struct ds_disk *disk)
{
	struct ds_text driver = disk->driver;

	if (!driver.data)
		driver = disk->type == DS_SOURCE_BLOCK ? TEXT("phy") : TEXT("file");
	buffer_literal(writing->out, "      <driver");
	xml_attribute(writing, TEXT(" name='"), driver, SCHEMA_WORD, "devices/disk/driver@name",
		disk->at);
	xml_attribute(writing, TEXT(" type='"), disk->format, SCHEMA_FORMAT,
		"devices/disk/driver@type", disk->at);
	buffer_literal(writing->out, "/>\n      <source");
	xml_attribute(writing,
		(struct ds_text){source_begins[disk->type], strlen(source_begins[disk->type])},
		disk->source, source_places[disk->type], "devices/disk/source", disk->at);
	buffer_literal(writing->out, "/>\n");
}

static void write_target(struct writing *writing, const struct ds_disk *disk)
{
	char name[VDEV_NAME_SIZE];
	struct ds_text target = xml_disk_name(disk, name);
	struct ds_text bus = disk->bus;
	const char *word = disk->device == DS_DEVICE_FLOPPY ? "fdc" : bus_of_name(target);

	if (!bus.data && word)
		bus = (struct ds_text){word, strlen(word)};
	buffer_literal(writing->out, "      <target");
	/* Readers of both formats remove one prefix. */
	xml_attribute(writing,
		text_starts(target, "ioemu:") ? TEXT(" dev='ioemu:") : TEXT(" dev='"), target,
		SCHEMA_TARGET, "devices/disk/target@dev", disk->at);
	xml_attribute(writing, TEXT(" bus='"), bus, SCHEMA_BUS, "devices/disk/target@bus",
		disk->at);
	buffer_literal(writing->out, "/>\n");
}

bool xml_can_express_disk(const struct ds_disk *disk)
{
	return text_given(disk->target) &&
		(disk->source.data || disk->device == DS_DEVICE_CDROM ||
			disk->device == DS_DEVICE_FLOPPY);
}

/** Returns whether the disk can be written; otherwise it is left out, which is a loss of the whole
 * disk. */
static bool can_be_expressed(struct writing *writing, const struct ds_disk *disk)
{
	bool is_xml = writing->domain->format == DS_FORMAT_XML;

	if (xml_can_express_disk(disk))
		return true;
	lose_device(writing, LOSS_INCOMPLETE, DEVICES_DISK, disk,
		text_given(disk->target) ? is_xml ? "source" : "uname"
			: is_xml         ? "target"
					 : "dev");
	return false;
}

/** Returns whether the output expresses the flag `bootable`. If several disks have it, xend boots
 * from the first one. */
static bool writes_bootable(const struct writing *writing, const struct ds_disk *disk)
{
	return disk->bootable != DS_FLAG_ON || disk == writing->boot_flagged ||
		disk == writing->boot_disk;
}

/** Returns whether the output contains this field of a disk that is written. */
FIELD_SWITCH writes_field(const struct writing *writing, const struct ds_disk *disk,
	enum disk_field field)
{
	switch (field) {
	case DISK_device:
	case DISK_type:
	case DISK_source:
	case DISK_target:
	case DISK_bus:
	case DISK_readonly:
	case DISK_shareable:
	case DISK_backend:
	case DISK_boot_order:
		return true;
	case DISK_driver:
	case DISK_format:
		return disk->source.data != NULL;
	case DISK_bootable:
		return writes_bootable(writing, disk);
	case DISK_mode:
	case DISK_klass:
	case DISK_uname:
		/* Their meaning is in other fields, which are written. */
		return true;
	}
	return true;
}

/** Adds a loss for a CD drive of SEXPR that is writable: libvirt makes every CD drive read-only. If
 * the mode is an unusual one, the reader has added the loss. */
static void lose_access(struct writing *writing, const struct ds_disk *disk)
{
	if (disk->device != DS_DEVICE_CDROM || disk->readonly)
		return;
	if (!disk->mode.data && disk->klass)
		lose_device_value(writing, LOSS_NO_PLACE, DEVICES_DISK, disk, "readwrite",
			TEXT("1"));
	else if (words_is_usual_mode(disk->mode))
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_DISK, disk, DISK_mode);
}

static void lose_fields(struct writing *writing, const struct ds_disk *disk)
{
	lose_disk_details(writing, disk);
	lose_access(writing, disk);
#define DS_DISK_FIELD(member, type, xml, sexpr) \
	if (!writes_field(writing, disk, DISK_##member)) \
		lose_device_field(writing, LOSS_NO_PLACE, DEVICES_DISK, disk, DISK_##member);
#include "record/devices.def"
}

/** Adds losses for a disk that libvirt's schema does not allow. Of a disk on the network or in a
 * pool, only the name is known here. A lun must be a device of the host. */
static void check_schema(struct writing *writing, const struct ds_disk *disk, const char *type)
{
	if (disk->type > DS_SOURCE_DIR)
		lose(writing, LOSS_SCHEMA, "devices/disk@type",
			(struct ds_text){type, strlen(type)}, disk->at);
	if (disk->device == DS_DEVICE_LUN && disk->type != DS_SOURCE_BLOCK)
		lose(writing, LOSS_SCHEMA, "devices/disk@device", TEXT("lun"), disk->at);
}

static void write_disk(struct writing *writing, const struct ds_disk *disk)
{
	const char *type = disk->type > DS_SOURCE_VOLUME ? "file" : source_words[disk->type];
	struct buffer *out = writing->out;

	if (!can_be_expressed(writing, disk))
		return;
	lose_fields(writing, disk);
	check_schema(writing, disk, type);
	buffer_literal(out, "    <disk type='");
	buffer_string(out, type);
	buffer_literal(out, "' device='");
	buffer_string(out, device_words[disk->device]);
	buffer_literal(out, "'>\n");
	if (disk->source.data)
		write_driver(writing, disk);
	write_target(writing, disk);
	if (disk->readonly)
		buffer_literal(out, "      <readonly/>\n");
	if (disk->shareable)
		buffer_literal(out, "      <shareable/>\n");
	if (text_given(disk->backend)) {
		xml_attribute(writing, TEXT("      <backenddomain name='"), disk->backend,
			SCHEMA_LINE, "devices/disk/backenddomain@name", disk->at);
		buffer_literal(out, "/>\n");
	}
	xml_write_disk_order(writing, disk);
	buffer_literal(out, "    </disk>\n");
}

void xml_write_disks(struct writing *writing)
{
	const struct ds_domain *domain = writing->domain;

	for (size_t i = 0; i < domain->disk_count; i++)
		write_disk(writing, &domain->disks[i]);
}
