/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"
#include "record/text.h"
#include "record/words.h"

#include <stddef.h>

/*
 * Reads `<disk>`. Only its direct children describe it; <backingStore> and <mirror> have a <source>
 * of their own.
 *
 * Details are what SEXPR cannot express: cache modes, servers, <backingStore> … They fill typed
 * members of the record. Their bytes are extras as well, like everything that SEXPR cannot express.
 */

void xml_begin_disk(struct xml_reader *reader)
{
	xml_begin_device(reader);
	reader->details = NULL;
	reader->chain = 0;
	reader->state->builder.hosts.count = 0;
	reader->state->builder.backings.count = 0;
}

/* ---- the structs of details ---- */

/** Returns cleared memory in the arena, or NULL when there is no memory. */
static void *new_part(struct xml_reader *reader, size_t size)
{
	void *detail = arena_alloc(reader->state->arena, size);

	return detail ? memset(detail, 0, size) : NULL;
}

/** Returns the details of the current disk, which are created when they are first needed, or NULL
 * when there is no memory. */
static struct ds_disk_details *open_details(struct xml_reader *reader)
{
	struct ds_disk *disk = reader->item;

	if (!reader->details)
		disk->details = reader->details = new_part(reader, sizeof *reader->details);
	return reader->details;
}

/** Returns the innermost open image below the disk's own. Returns NULL when only the disk's own is
 * open, or when there was no room for it. */
static struct ds_disk_backing *open_backing(struct xml_reader *reader)
{
	const struct builder_vector *backings = &reader->state->builder.backings;

	if (!reader->chain || reader->chain > backings->count)
		return NULL;
	return (struct ds_disk_backing *)backings->items + reader->chain - 1;
}

/** Returns the location of the innermost open image, which is created when it is first needed.
 * Returns NULL when there is no memory. */
static struct ds_disk_location *open_location(struct xml_reader *reader)
{
	struct ds_disk_backing *backing = open_backing(reader);
	struct ds_disk_details *details = reader->chain ? NULL : open_details(reader);
	const struct ds_disk_location **slot = backing ? &backing->location
		: details                              ? &details->location
						       : NULL;

	if (slot && !*slot)
		*slot = new_part(reader, sizeof **slot);
	/* The location was created here; it is constant only for users of the record. */
	return slot ? (struct ds_disk_location *)(uintptr_t)*slot : NULL;
}

/** Returns the address of the NVMe controller, which is created when it is first needed, or NULL
 * when there is no memory. */
static struct ds_pci *open_nvme(struct xml_reader *reader)
{
	struct ds_disk_location *location = open_location(reader);
	struct ds_pci *pci;

	if (location && !location->nvme)
		location->nvme = new_part(reader, sizeof *location->nvme);
	pci = location ? (struct ds_pci *)(uintptr_t)location->nvme : NULL;
	if (pci)
		pci->at = reader->at;
	return pci;
}

/** Returns the struct with the member of the current attribute, or NULL if it does not exist. */
static void *holder(struct xml_reader *reader)
{
	const struct builder_vector *hosts = &reader->state->builder.hosts;

	switch (reader->attribute->inside) {
	case HOLDER_DETAILS:
		return open_details(reader);
	case HOLDER_BACKING:
		return open_backing(reader);
	case HOLDER_HOST:
		return hosts->count ? (struct ds_disk_host *)hosts->items + hosts->count - 1 : NULL;
	default:
		return open_location(reader);
	}
}

/* ---- attributes ---- */

/** Returns the type for libvirt's word for a disk or an image below one. */
static enum ds_source source_type(struct ds_text value)
{
	int index = words_find(source_words, value);

	return index < 0 ? DS_SOURCE_OTHER : (enum ds_source)index;
}

bool xml_set_disk_type(struct xml_reader *reader, struct ds_text value)
{
	struct ds_disk *disk = reader->item;
	struct ds_disk_details *details;

	disk->type = source_type(value);
	if (disk->type == DS_SOURCE_OTHER && (details = open_details(reader)))
		details->type = xml_keep(reader, value);
	return disk->type <= DS_SOURCE_VOLUME;
}

bool xml_set_disk_device(struct xml_reader *reader, struct ds_text value)
{
	struct ds_disk *disk = reader->item;
	int index = words_find(device_words, value);

	disk->device = index < 0 ? DS_DEVICE_DISK : (enum ds_device)index;
	/* libvirt makes every CD drive read-only, with or without <readonly/>. */
	disk->readonly |= disk->device == DS_DEVICE_CDROM;
	return index >= 0;
}

bool xml_set_disk_target(struct xml_reader *reader, struct ds_text value)
{
	/* This is the prefix of xend 3.0.2, which old XML has too. */
	return xml_set_text(reader, text_starts(value, "ioemu:") ? text_from(value, 6) : value);
}

/** Notes whether a member that is compared has the whole value. Returns false, because every
 * detail is an extra as well. */
static bool note(struct xml_reader *reader, bool is_kept)
{
	reader->attribute_kind = is_kept ? DS_EXTRA_DETAIL : DS_EXTRA_KNOWN;
	return false;
}

bool xml_set_detail(struct xml_reader *reader, struct ds_text value)
{
	void *owner = holder(reader);
	bool is_set = owner && scalar_text(xml_member(reader, owner), xml_keep(reader, value));

	/* Of the location of an image below the disk's own, only the path matters. */
	return note(reader,
		is_set && (!reader->chain || reader->attribute->inside == HOLDER_BACKING));
}

bool xml_set_backing_type(struct xml_reader *reader, struct ds_text value)
{
	struct ds_disk_backing *backing = open_backing(reader);

	if (backing)
		backing->type = source_type(value);
	return note(reader, backing);
}

bool xml_set_nvme(struct xml_reader *reader, struct ds_text value)
{
	struct ds_pci *pci = open_nvme(reader);

	if (pci && reader->attribute->member == offsetof(struct ds_pci, managed))
		pci->managed = text_is(value, "yes");
	else if (pci)
		scalar_pci(pci, reader->attribute->member, value);
	return note(reader, !reader->chain);
}

/* ---- elements ---- */

void xml_begin_disk_flag(struct xml_reader *reader)
{
	*(bool *)((char *)reader->item + xml_open(reader)->member) = true;
}

void xml_begin_host(struct xml_reader *reader)
{
	builder_host(&reader->state->builder, reader->at);
}

void xml_end_source(struct xml_reader *reader)
{
	struct builder *builder = &reader->state->builder;
	struct ds_disk_location *location = builder->hosts.count ? open_location(reader) : NULL;

	if (location && !location->hosts) {
		location->hosts = arena_copy(builder->arena, builder->hosts.items,
			builder->hosts.count, sizeof *location->hosts);
		location->host_count = location->hosts ? builder->hosts.count : 0;
	}
	builder->hosts.count = 0;
}

void xml_begin_transient(struct xml_reader *reader)
{
	struct ds_disk_details *details = open_details(reader);

	if (details)
		details->transient = true;
}

void xml_end_serial(struct xml_reader *reader)
{
	struct ds_disk_details *details = open_details(reader);
	struct ds_text serial = xml_collected(reader);

	if (details && !scalar_text(&details->serial, serial))
		reader->extra_kind = DS_EXTRA_KNOWN;
}

void xml_begin_backing(struct xml_reader *reader)
{
	builder_backing(&reader->state->builder, reader->at);
	reader->chain++;
}

/** <backingStore/> means that there is no image below. If the disk has no other image in its chain,
 * nothing is lost. */
void xml_end_backing(struct xml_reader *reader)
{
	struct builder *builder = &reader->state->builder;
	const struct ds_disk_backing *backing = open_backing(reader);
	struct ds_disk_details *details;

	if (backing && !backing->source.data && !backing->format.data && !backing->location &&
		reader->chain == builder->backings.count) {
		builder->backings.count--;
		details = open_details(reader);
		if (details)
			details->backing_ends = true;
	}
	reader->chain--;
	if (reader->is_empty && reader->extra_kind == DS_EXTRA_DETAIL)
		reader->extra_kind = DS_EXTRA_REDUNDANT;
}

void xml_end_disk(struct xml_reader *reader)
{
	struct builder *builder = &reader->state->builder;
	struct ds_disk_details *details = builder->backings.count ? open_details(reader) : NULL;

	if (details) {
		details->backing = arena_copy(builder->arena, builder->backings.items,
			builder->backings.count, sizeof *details->backing);
		details->backing_count = details->backing ? builder->backings.count : 0;
	}
	builder_disk_end(builder);
	xml_end_device(reader);
}
