/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"
#include "record/text.h"

#include <string.h>

/* Handles the attributes of known elements. */

/** Adds an attribute of the open element as an extra, unless it is part of one. */
static void add_extra(struct xml_reader *reader, enum ds_extra_kind kind, struct ds_text name,
	struct ds_text value)
{
	if (!reader->detail_level)
		read_extra(reader->state, kind, xml_path(reader, name), reader->at,
			xml_keep(reader, value));
	else if (kind != DS_EXTRA_DETAIL)
		reader->detail_kind = DS_EXTRA_KNOWN;
}

bool xml_set_default(struct xml_reader *reader, struct ds_text value)
{
	const char *name = reader->attribute->name;

	add_extra(reader, DS_EXTRA_DEFAULT, (struct ds_text){name, strlen(name)}, value);
	return true;
}

/** Returns whether this is the declaration of a namespace, which has no meaning of its own. */
static bool is_namespace(struct ds_text name)
{
	return text_starts(name, "xmlns") && (name.size == 5 || name.data[5] == ':');
}

bool xml_set_usual(struct xml_reader *reader, struct ds_text value)
{
	struct ds_text rest = text_of_string(reader->attribute->words);
	bool is_usual = !rest.size || !value.size;

	while (!is_usual && rest.data)
		is_usual = text_same(text_split(rest, ' ', &rest), value);
	return is_usual;
}

bool xml_set_replaced(struct xml_reader *reader, struct ds_text value)
{
	return !value.size || (xml_set_usual(reader, value) && xml_set_default(reader, value));
}

bool xml_set_text(struct xml_reader *reader, struct ds_text value)
{
	return scalar_text(xml_member(reader, reader->item), xml_keep(reader, value));
}

bool xml_set_order(struct xml_reader *reader, struct ds_text value)
{
	uint32_t *member = xml_member(reader, reader->item);
	uint64_t number;

	if (!text_unsigned(value, &number) || !number || number > INT32_MAX ||
		(*member && *member != number))
		return false;
	*member = (uint32_t)number;
	return true;
}

static inline void handle(struct xml_reader *reader, const struct key *key,
	const struct xml_attribute *attribute)
{
	uint32_t *field_at = &reader->state->builder.domain.field_at[key->field];

	if (!*field_at)
		*field_at = (uint32_t)reader->at;
	reader->attribute = key;
	reader->attribute_kind = DS_EXTRA_KNOWN;
	if (key->kind == KEY_TEXT) {
		if (!xml_set_text(reader, attribute->value))
			add_extra(reader, DS_EXTRA_INVALID, attribute->name, attribute->value);
	} else if (!key->set || !key->set(reader, attribute->value)) {
		add_extra(reader, reader->attribute_kind, attribute->name, attribute->value);
	}
}

bool xml_attributes(struct xml_reader *reader, const struct xml_tag *tag)
{
	unsigned context = tag->key->key->inside;
	struct key_guess **next = &tag->key->attribute;

	for (size_t i = 0; i < tag->count; i++) {
		const struct xml_attribute *attribute = &tag->attributes[i];
		struct key_guess *key = attribute->key;

		if (!key || key->context != context)
			key = keymap_find(&reader->keys.attributes, context, attribute->name.data,
				attribute->name.size);
		if (attribute->value.size > reader->state->limits.token_size)
			return xml_give_up(reader, "DA905",
				"an attribute is longer than the limit (--max-token)", reader->at);
		if (key) {
			handle(reader, key->key, attribute);
			*next = key;
			next = &key->next;
		} else if (!is_namespace(attribute->name)) {
			add_extra(reader, DS_EXTRA_UNKNOWN, attribute->name, attribute->value);
		}
	}
	return true;
}
