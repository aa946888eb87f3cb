/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/sexpr_reader.h"
#include "record/text.h"

/*
 * Disks: (device (vbd|tap|tap2 …)), and floppies and xend 3.0.2's CD drive, which are in the
 * image. Sources: xend blkif.py, BlktapController.py; libvirt's first blktap change (October 2006)
 * and xen_sxpr.c.
 */

/** `[ioemu:]NAME[:disk|:cdrom]`. Returns false when the suffix is another word. */
static bool set_dev(struct ds_disk *disk, struct ds_text value)
{
	const char *colon;
	struct ds_text suffix;

	if (text_starts(value, "ioemu:"))
		value = text_from(value, 6);
	colon = NULL;
	for (size_t i = value.size; i && !colon; i--)
		if (value.data[i - 1] == ':')
			colon = value.data + i - 1;
	if (colon) {
		suffix = text_from(value, (size_t)(colon - value.data) + 1);
		value.size = (size_t)(colon - value.data);
		if (text_is(suffix, "cdrom"))
			disk->device = DS_DEVICE_CDROM;
		else if (!text_is(suffix, "disk")) {
			disk->target = value;
			return false;
		}
	}
	disk->target = value;
	return true;
}

/** `TYPE:PARAMS`; for tap and tap2 `TYPE:FORMAT:PATH`, any word for a format. */
static bool set_uname(struct ds_disk *disk, struct ds_text value)
{
	struct ds_text rest;
	struct ds_text driver;

	/* (uname ) is what xend writes of an empty CD drive. */
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

		/* The list says which blktap runs the disk; the word does so only outside of it. */
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

/** Whether every letter of a mode is one that xend and libvirt write: r, w, ro, rw, and ! behind
 * them. */
static bool is_usual_mode(struct ds_text mode)
{
	static const char *const usual[] = {"r", "ro", "w", "rw", "r!", "ro!", "w!", "rw!", NULL};

	return text_is_one_of(mode, usual);
}

/** xend 3.x prints `w!` as two atoms. */
static struct ds_text two_atoms(const struct sexpr_reader *reader, struct ds_text mode)
{
	if (reader->value_count != 2 || !text_is(reader->values[1].text, "!"))
		return (struct ds_text){NULL, 0};
	return text_is(mode, "w")     ? TEXT("w!")
		: text_is(mode, "rw") ? TEXT("rw!")
		: text_is(mode, "r")  ? TEXT("r!")
				      : TEXT("!");
}

/** What Xen's block script makes of a mode (canonicalise_mode): read-only without a `w`, and with
 * one, shared by a `!`. */
static bool set_mode(struct sexpr_reader *reader, struct ds_disk *disk)
{
	struct ds_text value = sexpr_single(reader);

	if (!value.data)
		return false;
	if (reader->value_count > 1)
		value = two_atoms(reader, value);
	if (!value.data)
		return false;
	if (!value.size)
		return true;
	disk->mode = value;
	disk->readonly = !text_has(value, 'w');
	disk->shareable = text_has(value, 'w') && text_has(value, '!');
	return is_usual_mode(value);
}

/** xl says where a disk is, and by which backend it is served, but not its format. */
static bool set_xl_path(struct ds_disk *disk, struct ds_text value)
{
	if (!text_given(value))
		return value.data != NULL;
	disk->source = value;
	disk->type = text_starts(value, "/dev/") ? DS_SOURCE_BLOCK : DS_SOURCE_FILE;
	disk->driver = disk->type == DS_SOURCE_BLOCK ? TEXT("phy") : TEXT("file");
	return true;
}

/** A name, or the number of a running domain: 0 is the usual one, and the name of any other number
 * is unknown. */
bool sexpr_backend(struct ds_text *member, struct ds_text value)
{
	uint64_t number;

	if (text_is(value, "0"))
		return true;
	if (!value.data || (text_unsigned(value, &number) && number))
		return false;
	if (value.size && !text_is(value, "Domain-0"))
		*member = value;
	return true;
}

bool sexpr_disk_value(struct sexpr_reader *reader, const struct key *key)
{
	struct ds_disk *disk = reader->item;
	struct ds_text value = sexpr_single(reader);
	bool is_on = false;

	if (key->action == SEXPR_MODE)
		return set_mode(reader, disk);
	if (key->action == SEXPR_XL_PATH)
		return set_xl_path(disk, sexpr_joined(reader));
	if (!value.data || reader->value_count > 1)
		return false;
	switch ((enum sexpr_action)key->action) {
	case SEXPR_DEV:
		return !disk->target.data && set_dev(disk, value);
	case SEXPR_UNAME:
		return !disk->uname.data && set_uname(disk, value);
	case SEXPR_BACKEND:
		return sexpr_backend(&disk->backend, value);
	case SEXPR_BOOTABLE:
		if (!sexpr_flag(value, &is_on))
			return false;
		disk->bootable = is_on ? DS_FLAG_ON : DS_FLAG_OFF;
		return true;
	case SEXPR_XL_WRITABLE:
		if (!sexpr_flag(value, &is_on))
			return false;
		disk->readonly = !is_on;
		return true;
	default:
		if (!sexpr_flag(value, &is_on))
			return false;
		if (is_on)
			disk->device = DS_DEVICE_CDROM;
		return true;
	}
}

static void add_floppy(struct builder *builder, struct ds_text path, size_t at,
	struct ds_text target)
{
	struct ds_disk *disk;

	if (!text_given(path))
		return;
	disk = builder_disk(builder, at);
	disk->device = DS_DEVICE_FLOPPY;
	disk->klass = DS_CLASS_IMAGE;
	disk->driver = TEXT("file");
	disk->source = path;
	disk->target = target;
	builder_disk_end(builder);
}

/** The image's CD drive is hdc, unless a device has taken that. */
static void add_cdrom(struct read_state *state, struct ds_text path, size_t at)
{
	struct builder *builder = &state->builder;
	const struct ds_disk *disks = builder->disks.items;
	struct ds_disk *disk;

	if (!text_given(path))
		return;
	for (size_t i = 0; i < builder->disks.count; i++)
		if (text_is(disks[i].target, "hdc")) {
			read_extra(state, DS_EXTRA_KNOWN, TEXT("image/cdrom"), at, path);
			return;
		}
	disk = builder_disk(builder, at);
	disk->device = DS_DEVICE_CDROM;
	disk->klass = DS_CLASS_IMAGE;
	disk->type = text_starts(path, "/dev/") ? DS_SOURCE_BLOCK : DS_SOURCE_FILE;
	disk->driver = disk->type == DS_SOURCE_BLOCK ? TEXT("phy") : TEXT("file");
	disk->source = path;
	disk->target = TEXT("hdc");
	disk->readonly = true;
	builder_disk_end(builder);
}

/** Only an HVM guest has drives in its image. */
static void lose_drive(struct sexpr_reader *reader, struct ds_text path, struct ds_text value,
	size_t at)
{
	if (text_given(value))
		read_extra(reader->state, DS_EXTRA_KNOWN, path, at, value);
}

void sexpr_disks_end(struct sexpr_reader *reader)
{
	struct builder *builder = &reader->state->builder;

	if (!builder->domain.is_hvm) {
		lose_drive(reader, TEXT("image/fda"), reader->floppy_a, reader->floppy_a_at);
		lose_drive(reader, TEXT("image/fdb"), reader->floppy_b, reader->floppy_b_at);
		lose_drive(reader, TEXT("image/cdrom"), reader->cdrom, reader->cdrom_at);
		return;
	}
	add_floppy(builder, reader->floppy_a, reader->floppy_a_at, TEXT("fda"));
	add_floppy(builder, reader->floppy_b, reader->floppy_b_at, TEXT("fdb"));
	add_cdrom(reader->state, reader->cdrom, reader->cdrom_at);
}
