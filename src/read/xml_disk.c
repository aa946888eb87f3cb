/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"
#include "record/text.h"
#include "record/words.h"

/* `<disk>`: only its direct children speak of it; <backingStore> and <mirror> have a <source> of
 * their own. */

enum ds_source xml_source_type(struct ds_text value)
{
	int index = words_find(source_words, value);

	return index < 0 ? DS_SOURCE_OTHER : (enum ds_source)index;
}

bool xml_disk_attribute(struct xml_reader *reader, const struct key *key, struct ds_text value)
{
	struct ds_disk *disk = reader->item;
	struct ds_disk_details *details;
	int index;

	switch ((enum xml_action)key->action) {
	case XML_DISK_TYPE:
		disk->type = xml_source_type(value);
		if (disk->type == DS_SOURCE_OTHER && (details = xml_details(reader)))
			details->type = xml_keep(reader, value);
		return disk->type <= DS_SOURCE_VOLUME;
	case XML_DISK_DEVICE:
		index = words_find(device_words, value);
		disk->device = index < 0 ? DS_DEVICE_DISK : (enum ds_device)index;
		/* What libvirt says of a CD drive, whether the XML says so or not. */
		disk->readonly |= disk->device == DS_DEVICE_CDROM;
		return index >= 0;
	case XML_DISK_SOURCE_PATH:
		if (disk->source.data)
			return text_same(disk->source, value);
		disk->source = xml_keep(reader, value);
		return true;
	case XML_DISK_TARGET_DEV:
		/* xend 3.0.2's prefix, which old XML holds too. */
		if (text_starts(value, "ioemu:"))
			value = text_from(value, 6);
		if (disk->target.data)
			return text_same(disk->target, value);
		disk->target = xml_keep(reader, value);
		return true;
	case XML_DISK_BOOT_ORDER:
		return scalar_order(&disk->boot_order, value);
	default:
		return false;
	}
}
