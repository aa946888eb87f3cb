/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/sexpr_reader.h"
#include "record/source.h"
#include "record/text.h"
#include "record/words.h"

/*
 * Reads disks: (device (vbd|tap|tap2 …)), and floppies and xend 3.0.2's CD drive, which are in the
 * image. Sources: xend blkif.py, BlktapController.py; libvirt's first blktap change (October 2006)
 * and xen_sxpr.c.
 */

/** Parses `[ioemu:]NAME[:disk|:cdrom]`. Returns false when the suffix is another word. */
static bool set_dev(struct ds_disk *disk, struct ds_text value)
{
	struct ds_text suffix = {NULL, 0};

	if (text_starts(value, "ioemu:"))
		value = text_from(value, 6);
	for (size_t i = value.size; i && !suffix.data; i--)
		if (value.data[i - 1] == ':') {
			suffix = text_from(value, i);
			value.size = i - 1;
		}
	disk->target = value;
	if (text_is(suffix, "cdrom"))
		disk->device = DS_DEVICE_CDROM;
	return !suffix.data || text_is(suffix, "cdrom") || text_is(suffix, "disk");
}

/** Parses `TYPE:PARAMS` or, for tap and tap2, `TYPE:FORMAT:PATH` with any word as the format. */
bool sexpr_read_uname(struct sexpr_reader *reader, struct ds_text value)
{
	struct ds_disk *disk = reader->item;
	struct ds_text driver, rest;

	/* xend writes (uname ) for an empty CD drive. */
	if (!value.size)
		return true;
	disk->uname = value;
	driver = text_split(value, ':', &rest);
	if (!rest.data) {
		disk->source = value;
		return false;
	}
	disk->driver = driver;
	if (text_is(driver, "tap") || text_is(driver, "tap2")) {
		struct ds_text path;
		struct ds_text format = text_split(rest, ':', &path);

		/* The name of the list, not this word, decides which blktap runs the disk. */
		if (disk->klass == DS_CLASS_TAP2)
			disk->driver = TEXT("tap2");
		if (!path.data) {
			disk->source = rest;
			return false;
		}
		disk->format = format;
		rest = path;
	}
	disk->source = rest;
	disk->type = text_is(driver, "phy") ? DS_SOURCE_BLOCK : DS_SOURCE_FILE;
	return true;
}

/** Returns the mode that xend 3.x prints as two atoms, as `w !`, or NULL for any other atoms. */
static struct ds_text two_atoms(const struct sexpr_reader *reader, struct ds_text mode)
{
	if (reader->value_count != 2 || !text_is(reader->values[1].text, "!"))
		return (struct ds_text){NULL, 0};
	return text_is(mode, "w")     ? TEXT("w!")
		: text_is(mode, "rw") ? TEXT("rw!")
		: text_is(mode, "r")  ? TEXT("r!")
				      : TEXT("!");
}

/** Reads a mode as Xen's block script does (canonicalise_mode): without a `w` the disk is
 * read-only, and with one, a `!` makes it shareable. */
bool sexpr_read_mode(struct sexpr_reader *reader, struct ds_text value)
{
	struct ds_disk *disk = reader->item;

	if (value.data && reader->value_count > 1)
		value = two_atoms(reader, value);
	if (!value.size)
		return value.data != NULL;
	disk->mode = value;
	disk->readonly = !text_has(value, 'w');
	disk->shareable = text_has(value, 'w') && text_has(value, '!');
	return words_is_usual_mode(value);
}

bool sexpr_read_dev(struct sexpr_reader *reader, struct ds_text value)
{
	struct ds_disk *disk = reader->item;

	return !disk->target.data && set_dev(disk, value);
}

/** Sets the source of a disk of which only the path is known. */
static void set_path(struct ds_disk *disk, struct ds_text path, bool may_be_block)
{
	bool is_block = may_be_block && source_is_device(path);

	disk->source = path;
	disk->type = is_block ? DS_SOURCE_BLOCK : DS_SOURCE_FILE;
	disk->driver = is_block ? TEXT("phy") : TEXT("file");
}

/** Reads the path of a disk as xl prints it. xl does not print the format of the disk. */
bool sexpr_read_xl_path(struct sexpr_reader *reader, struct ds_text value)
{
	(void)value;
	value = sexpr_joined(reader);
	if (text_given(value))
		set_path(reader->item, value, true);
	return value.data != NULL;
}

/** Reads the name of a domain, or the number of a running one: 0 is the usual backend, and the
 * name of any other number is unknown. */
bool sexpr_read_backend(struct sexpr_reader *reader, struct ds_text value)
{
	struct ds_text *member = sexpr_member(reader, reader->item);
	uint64_t number;

	if (text_unsigned(value, &number))
		return !number;
	if (!words_is_usual_backend(value))
		*member = value;
	return true;
}

bool sexpr_read_bootable(struct sexpr_reader *reader, struct ds_text value)
{
	struct ds_disk *disk = reader->item;

	return sexpr_flag(value, &disk->bootable);
}

bool sexpr_read_xl_writable(struct sexpr_reader *reader, struct ds_text value)
{
	struct ds_disk *disk = reader->item;
	enum ds_flag flag = DS_FLAG_OFF;

	if (!sexpr_flag(value, &flag))
		return false;
	disk->readonly = flag == DS_FLAG_OFF;
	reader->has_readwrite = true;
	return true;
}

bool sexpr_read_xl_cdrom(struct sexpr_reader *reader, struct ds_text value)
{
	struct ds_disk *disk = reader->item;
	enum ds_flag flag = DS_FLAG_OFF;
	bool is_valid = sexpr_flag(value, &flag);

	if (flag == DS_FLAG_ON)
		disk->device = DS_DEVICE_CDROM;
	return is_valid;
}

/** Returns whether a disk has this name in the guest. */
static bool has_target(const struct builder *builder, const char *target)
{
	const struct builder_vector *vector = &builder->devices[DEVICES_DISK];
	const struct ds_disk *disks = vector->items;

	for (size_t i = 0; i < vector->count; i++)
		if (text_is(disks[i].target, target))
			return true;
	return false;
}

/** Adds the drives of the image, which only an HVM guest has. Its CD drive is hdc, unless a device
 * has that name. */
void sexpr_disks_end(struct sexpr_reader *reader)
{
	static const struct {
		const char *target, *path;
	} drives[] = {
		[SEXPR_FLOPPY_A] = {"fda", "image/fda"},
		[SEXPR_FLOPPY_B] = {"fdb", "image/fdb"},
		[SEXPR_CDROM] = {"hdc", "image/cdrom"},
	};
	struct builder *builder = &reader->state->builder;

	for (size_t i = 0; i < SEXPR_DRIVES; i++) {
		const struct sexpr_drive *drive = &reader->drives[i];
		bool is_cdrom = i == SEXPR_CDROM;
		struct ds_disk *disk;

		if (!drive->path.data)
			continue;
		if (!builder->domain.is_hvm || (is_cdrom && has_target(builder, "hdc"))) {
			read_extra(reader->state, DS_EXTRA_KNOWN, text_of_string(drives[i].path),
				drive->at, drive->path);
			continue;
		}
		disk = builder_device(builder, DEVICES_DISK, drive->at);
		disk->device = is_cdrom ? DS_DEVICE_CDROM : DS_DEVICE_FLOPPY;
		disk->klass = DS_CLASS_IMAGE;
		set_path(disk, drive->path, is_cdrom);
		disk->target = text_of_string(drives[i].target);
		disk->readonly = is_cdrom;
		builder_disk_end(builder);
	}
}
