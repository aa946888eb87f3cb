/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"
#include "record/text.h"
#include "record/words.h"

/* Reads `<disk>`. Only its direct children describe it; <backingStore> and <mirror> have a
 * <source> of their own. */

void xml_begin_disk(struct xml_reader *reader)
{
	xml_begin_device(reader);
	xml_details_begin(reader);
}

void xml_end_disk(struct xml_reader *reader)
{
	xml_details_end(reader);
	builder_disk_end(&reader->state->builder);
	xml_end_device(reader);
}

void xml_begin_disk_flag(struct xml_reader *reader)
{
	bool *flag = (bool *)((char *)reader->item + xml_open(reader)->member);

	*flag = true;
}

enum ds_source xml_source_type(struct ds_text value)
{
	int index = words_find(source_words, value);

	return index < 0 ? DS_SOURCE_OTHER : (enum ds_source)index;
}

bool xml_set_disk_type(struct xml_reader *reader, struct ds_text value)
{
	struct ds_disk *disk = reader->item;
	struct ds_disk_details *details;

	disk->type = xml_source_type(value);
	if (disk->type == DS_SOURCE_OTHER && (details = xml_details(reader)))
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
