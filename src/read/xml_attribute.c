/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"

#include "record/text.h"

/* Attributes of the elements that are known. */

void xml_extra_attribute(struct xml_reader *reader, enum ds_extra_kind kind, const struct xml_attribute *attribute)
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
	return key->member == XML_USUAL_ANY || !value.size || text_is_one_of(value, xml_usual_words[key->member]);
}

static bool set_text(struct xml_reader *reader, const struct key *key, struct ds_text value)
{
	struct ds_text *member = (struct ds_text *)(void *)((char *)reader->item + key->member);

	if (member->data)
		return text_same(*member, value);
	*member = xml_keep(reader, value);
	return true;
}

static void handle(struct xml_reader *reader, const struct key *key, const struct xml_attribute *attribute)
{
	struct ds_text value = attribute->value;
	int is_known;

	if (key->action == XML_TEXT) {
		if (!set_text(reader, key, value))
			xml_extra_attribute(reader, DS_EXTRA_INVALID, attribute);
		return;
	}
	if (key->action >= XML_DETAIL_TEXT) {
		xml_detail_set(reader, key, xml_keep(reader, value));
		xml_extra_attribute(reader, DS_EXTRA_KNOWN, attribute);
		return;
	}
	if (key->action == XML_KNOWN)
		is_known = 0;
	else if (key->action == XML_IGNORE)
		is_known = is_usual(key, value);
	else if (key->action < XML_DISK_TYPE)
		is_known = xml_domain_attribute(reader, key, value);
	else if (key->action < XML_INTERFACE_TYPE)
		is_known = xml_disk_attribute(reader, key, value);
	else
		is_known = xml_device_attribute(reader, key, value);
	if (!is_known)
		xml_extra_attribute(reader, DS_EXTRA_KNOWN, attribute);
}

bool xml_attributes(struct xml_reader *reader, enum xml_context context, const struct xml_attribute *attributes,
		    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct xml_attribute *attribute = &attributes[i];
		const struct key *key =
			keymap_find(&reader->attributes, context, attribute->name.data, attribute->name.size);

		if (attribute->value.size > reader->state->limits.token_size)
			return xml_give_up(reader, "DA905", "an attribute is longer than the limit", reader->at);
		if (key)
			handle(reader, key, attribute);
		else if (!xml_is_namespace(attribute->name))
			xml_extra_attribute(reader, DS_EXTRA_UNKNOWN, attribute);
	}
	return true;
}
