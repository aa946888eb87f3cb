/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"
#include "record/text.h"

/* Attributes of the elements that are known. */

void xml_extra_attribute(struct xml_reader *reader, enum ds_extra_kind kind,
	const struct xml_attribute *attribute)
{
	read_extra(reader->state, kind, xml_path(reader, attribute->name), reader->at,
		xml_keep(reader, attribute->value));
}

bool xml_is_namespace(struct ds_text name)
{
	return text_starts(name, "xmlns") && (name.size == 5 || name.data[5] == ':');
}

static bool is_usual(const struct key *key, struct ds_text value)
{
	return key->member == XML_USUAL_ANY || !value.size ||
		text_is_one_of(value, xml_usual_words[key->member]);
}

static bool set_text(struct xml_reader *reader, const struct key *key, struct ds_text value)
{
	struct ds_text *member = (struct ds_text *)(void *)((char *)reader->item + key->member);

	if (member->data)
		return text_same(*member, value);
	*member = xml_keep(reader, value);
	return true;
}

/** Handles an attribute; returns what became of its value. */
static int set(struct xml_reader *reader, const struct key *key, struct ds_text value)
{
	switch ((enum xml_group)key->group) {
	case XML_OF_DEFAULT:
		if (!is_usual(key, value))
			return XML_VALUE_LOST;
		/* What of these is usual has another word in the output, or none, as it is there
		 * without one. */
		return value.size &&
				(key->member == XML_USUAL_ON || key->member == XML_USUAL_ARCH ||
					key->member == XML_USUAL_MACHINE)
			? XML_VALUE_DEFAULT
			: XML_VALUE_KNOWN;
	case XML_OF_DOMAIN:
		return xml_domain_attribute(reader, key, value);
	case XML_OF_DISK:
		return xml_disk_attribute(reader, key, value);
	case XML_OF_INTERFACE:
		return xml_interface_attribute(reader, key, value);
	case XML_OF_GRAPHICS:
		return xml_graphics_attribute(reader, key, value);
	case XML_OF_CHAR:
		return xml_char_attribute(reader, key, value);
	case XML_OF_HOSTDEV:
		return xml_hostdev_attribute(reader, key, value);
	case XML_OF_DETAIL:
	case XML_OF_NVME:
		xml_detail_set(reader, key, xml_keep(reader, value));
		return 0;
	default:
		return 0;
	}
}

static inline void handle(struct xml_reader *reader, const struct key *key,
	const struct xml_attribute *attribute)
{
	uint32_t *field_at = &reader->state->builder.domain.field_at[key->field];

	if (!*field_at)
		*field_at = (uint32_t)reader->at;
	if (key->group == XML_OF_TEXT) {
		if (!set_text(reader, key, attribute->value))
			xml_extra_attribute(reader, DS_EXTRA_INVALID, attribute);
	} else {
		int result = set(reader, key, attribute->value);

		if (result != XML_VALUE_KNOWN)
			xml_extra_attribute(reader,
				result == XML_VALUE_DEFAULT ? DS_EXTRA_DEFAULT : DS_EXTRA_KNOWN,
				attribute);
	}
}

bool xml_attributes(struct xml_reader *reader, enum xml_context context,
	const struct xml_attribute *attributes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct xml_attribute *attribute = &attributes[i];
		const struct key *key = keymap_find(&reader->attributes, context,
			attribute->name.data, attribute->name.size);

		if (attribute->value.size > reader->state->limits.token_size)
			return xml_give_up(reader, "DA905", "an attribute is longer than the limit",
				reader->at);
		if (key)
			handle(reader, key, attribute);
		else if (!xml_is_namespace(attribute->name))
			xml_extra_attribute(reader, DS_EXTRA_UNKNOWN, attribute);
	}
	return true;
}
