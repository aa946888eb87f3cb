/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/estate.h"

#include "record/source.h"
#include "record/text.h"

static uint32_t mix(uint32_t hash, struct ds_text text)
{
	for (size_t i = 0; i < text.size; i++)
		hash = (hash ^ (unsigned char)text.data[i]) * 0x01000193u;
	return (hash ^ 0xff) * 0x01000193u;
}

/** Order does not count, for the two formats may differ in it. */
static uint32_t content_of(const struct domain_view *view)
{
	uint32_t content = mix(0x811c9dc5u, view->domain->name);

	for (size_t i = 0; i < view->count; i++)
		content += mix(mix(0x811c9dc5u, view->disks[i].disk->target), view->disks[i].canonical);
	return content;
}

int estate_part_fill(struct estate_part *part, const struct domain_view *view)
{
	memset(part, 0, sizeof *part);
	part->content = content_of(view);
	part->disks = arena_alloc(view->arena, (view->count * 2 + 1) * sizeof *part->disks);
	if (!part->disks)
		return 0;
	for (size_t i = 0; i < view->count; i++) {
		const struct disk_view *disk = &view->disks[i];
		unsigned flags = (disk->is_writable ? ESTATE_WRITABLE : 0) | (disk->is_shareable ? ESTATE_SHAREABLE : 0);

		part->loops += view->is_xen && text_is(disk->backend, "file") && !disk->is_floppy;
		if (text_given(disk->canonical))
			part->disks[part->count++] = (struct estate_disk){disk->canonical, disk->disk->target, source_read_as(disk->disk),
									  disk->place, flags};
		if (text_given(disk->details.backing_source))
			part->disks[part->count++] = (struct estate_disk){disk->details.backing_source, disk->disk->target,
									  disk->details.backing_format, disk->place,
									  ESTATE_BACKING};
	}
	return 1;
}
