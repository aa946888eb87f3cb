/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"
#include "record/members.h"
#include "record/text.h"

/*
 * Details of a disk that SEXPR cannot express: cache modes, servers, <backingStore> … They fill
 * typed members of the record. Their bytes are extras as well, like everything that SEXPR cannot
 * express.
 */

void xml_details_begin(struct xml_reader *reader)
{
	struct builder *builder = &reader->state->builder;

	reader->details = NULL;
	reader->chain = 0;
	builder->hosts.count = 0;
	builder->backings.count = 0;
}

/** Returns cleared memory in the arena, or NULL when there is no memory. */
static void *new_part(struct xml_reader *reader, size_t size)
{
	void *detail = arena_alloc(reader->state->arena, size);

	return detail ? memset(detail, 0, size) : NULL;
}

struct ds_disk_details *xml_details(struct xml_reader *reader)
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
	struct ds_disk_details *details = reader->chain ? NULL : xml_details(reader);
	const struct ds_disk_location **slot = backing ? &backing->location
		: details                              ? &details->location
						       : NULL;

	if (slot && !*slot)
		*slot = new_part(reader, sizeof **slot);
	/* The location was created here; it is constant only for users of the record. */
	return slot ? (struct ds_disk_location *)(uintptr_t)*slot : NULL;
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

void xml_details_end(struct xml_reader *reader)
{
	struct builder *builder = &reader->state->builder;
	struct ds_disk_details *details = builder->backings.count ? xml_details(reader) : NULL;

	if (!details)
		return;
	details->backing = arena_copy(builder->arena, builder->backings.items,
		builder->backings.count, sizeof *details->backing);
	details->backing_count = details->backing ? builder->backings.count : 0;
}

/* ---- attributes ---- */

/** Notes whether a member that is compared has the whole value. Returns false, because every
 * detail is an extra as well. */
static bool note(struct xml_reader *reader, bool is_kept)
{
	reader->attribute_kind = is_kept ? DS_EXTRA_DETAIL : DS_EXTRA_KNOWN;
	return false;
}

/** Returns the struct with the member of the current attribute, or NULL if it does not exist. */
static void *holder(struct xml_reader *reader)
{
	const struct builder_vector *hosts = &reader->state->builder.hosts;

	switch (reader->attribute->inside) {
	case HOLDER_DETAILS:
		return xml_details(reader);
	case HOLDER_BACKING:
		return open_backing(reader);
	case HOLDER_HOST:
		return hosts->count ? (struct ds_disk_host *)hosts->items + hosts->count - 1 : NULL;
	default:
		return open_location(reader);
	}
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
		backing->type = xml_source_type(value);
	return note(reader, backing);
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

bool xml_set_nvme_managed(struct xml_reader *reader, struct ds_text value)
{
	struct ds_pci *pci = open_nvme(reader);

	if (pci)
		pci->managed = text_is(value, "yes");
	return note(reader, !reader->chain);
}

bool xml_set_nvme_address(struct xml_reader *reader, struct ds_text value)
{
	struct ds_pci *pci = open_nvme(reader);

	if (pci)
		scalar_pci(pci, reader->attribute->member, value);
	return note(reader, !reader->chain);
}

/* ---- elements ---- */

void xml_begin_host(struct xml_reader *reader)
{
	builder_host(&reader->state->builder, reader->at);
}

void xml_begin_transient(struct xml_reader *reader)
{
	struct ds_disk_details *details = xml_details(reader);

	if (details)
		details->transient = true;
}

void xml_end_serial(struct xml_reader *reader)
{
	struct ds_disk_details *details = xml_details(reader);
	struct ds_text serial = xml_collected(reader);

	if (details && !scalar_text(&details->serial, serial))
		reader->detail_kind = DS_EXTRA_KNOWN;
}

bool xml_has_backing(const struct xml_reader *reader)
{
	return reader->state->builder.backings.count > reader->chain;
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
		details = xml_details(reader);
		if (details)
			details->backing_ends = true;
	}
	reader->chain--;
	if (reader->is_empty && reader->detail_kind == DS_EXTRA_DETAIL)
		reader->detail_kind = DS_EXTRA_REDUNDANT;
}
