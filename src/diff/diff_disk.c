/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/diff_index.h"

#include "record/source.h"
#include "record/text.h"
#include "record/vdev.h"

/* A disk by its meaning, whatever format says it. */

static struct ds_text target_of(struct ds_text target, struct arena *arena)
{
	char name[VDEV_NAME_SIZE];
	struct vdev vdev;
	size_t size;

	if (!text_given(target))
		return (struct ds_text){NULL, 0};
	if (!vdev_parse(target, &vdev))
		return target;
	size = vdev_name(&vdev, name);
	if (size == target.size && memcmp(name, target.data, size) == 0)
		return target;
	return arena_text(arena, name, size);
}

/** Where nobody says the format, the one dump is no more raw than the other: raw is what is meant. */
static struct ds_text format_of(const struct ds_disk *disk)
{
	struct ds_text format = source_read_as(disk);

	return text_given(format) ? format : TEXT("raw");
}

void diff_disk_init(struct diff_disk *disk, const struct ds_disk *from, struct arena *arena)
{
	memset(disk, 0, sizeof *disk);
	disk->target = target_of(from->target, arena);
	disk->source = source_known(arena, from);
	if (disk->source.data) {
		disk->driver = source_backend(from);
		disk->format = format_of(from);
	}
	if (text_given(from->backend) && !text_is(from->backend, "0") && !text_is(from->backend, "Domain-0"))
		disk->backend = from->backend;
	disk->device = from->device;
	disk->access = from->readonly ? DIFF_READ : from->shareable ? DIFF_SHARED : DIFF_WRITE;
	disk->bootable = from->bootable;
}
