/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/sexpr_reader.h"
#include "record/buffer.h"
#include "record/text.h"
#include "record/words.h"

/* Interprets lists of values that were read to their ends. */

/** Returns whether the current list contains one atom, as most do. */
static inline bool is_one_word(const struct sexpr_reader *reader)
{
	return reader->value_count == 1 && !reader->values[0].depth;
}

/** Returns the first atom of a list that contains no lists. Returns an empty text for `(key)`,
 * `(key )` and `(key '')`, and NULL when the list contains lists. */
static struct ds_text first(const struct sexpr_reader *reader)
{
	for (size_t i = 0; i < reader->value_count; i++)
		if (reader->values[i].depth)
			return (struct ds_text){NULL, 0};
	return reader->value_count ? reader->values[0].text : (struct ds_text){"", 0};
}

struct ds_text sexpr_joined(struct sexpr_reader *reader)
{
	struct ds_text text = first(reader);
	struct buffer joined = {0};

	if (!text.data || reader->value_count < 2)
		return text;
	for (size_t i = 0; i < reader->value_count; i++) {
		if (i)
			buffer_byte(&joined, ' ');
		buffer_add(&joined, reader->values[i].text.data, reader->values[i].text.size);
	}
	reader->state->no_memory |= joined.failed;
	text = builder_text(&reader->state->builder, joined.data, joined.size);
	buffer_fini(&joined);
	return text;
}

/** Returns whether the value is a list with the atom `null`. xl writes `(ramdisk (null))` if
 * nothing is set. */
static bool is_null(const struct sexpr_reader *reader)
{
	return reader->value_count == 1 && text_is(reader->values[0].text, "null");
}

/** Returns whether a value means that nothing is set, whatever the key is: Python's None, or what
 * xl prints. */
static inline bool is_unset(const struct sexpr_reader *reader)
{
	return is_one_word(reader) ? words_is_unset(reader->values[0].text) : is_null(reader);
}

static struct sexpr_list current_list(struct sexpr_reader *reader)
{
	return (struct sexpr_list){
		read_path(reader->state, reader->stack, reader->level, '/', reader->name),
		{reader->lexer.data + reader->at, reader->lexer.at - reader->at}};
}

void sexpr_extra(struct sexpr_reader *reader, enum ds_extra_kind kind)
{
	struct sexpr_list list = current_list(reader);

	read_extra(reader->state, kind, list.path, reader->at, list.raw);
}

void sexpr_alias_set(struct sexpr_reader *reader, enum field field)
{
	reader->has_aliases = true;
	reader->aliases.field_at[field] = (uint32_t)reader->at;
	reader->alias_lists[field] = current_list(reader);
}

/** Reads a scalar of the domain, or an alias of one, which is used if the scalar is unset. Returns
 * false if the record cannot store the value. */
static bool read_scalar(struct sexpr_reader *reader)
{
	const struct key *key = reader->key;
	bool is_stored,
		is_alias = key->action == SEXPR_ALIAS || reader->context == SEXPR_PLATFORM_KEYS;
	struct ds_domain *domain = is_alias ? &reader->aliases : &reader->state->builder.domain;
	struct ds_text value = is_one_word(reader) ? reader->values[0].text : sexpr_joined(reader);

	if (!value.data)
		return is_null(reader);
	if (!value.size && key->kind != KEY_EMPTY)
		return true;
	is_stored = scalar_read(reader->state, domain, key, value, (uint64_t)1 << 20, reader->at,
		reader->lexer.at - 1);
	if (is_alias && domain->field_at[key->field] == reader->at)
		sexpr_alias_set(reader, (enum field)key->field);
	return is_stored;
}

/** Returns whether a list has no value that could be lost: (VDI ), (features ''), (platform ()). */
static bool has_no_value(const struct sexpr_reader *reader)
{
	struct ds_text word = reader->values[0].text;

	return !reader->value_count ||
		(reader->value_count == 1 &&
			(!word.size || (*word.data == '<' && words_is_unset(word))));
}

/** Adds an extra for a key that the record cannot store. Some keys of the Xen API repeat known
 * values; settle_repeated() finds out which. */
static void lose(struct sexpr_reader *reader)
{
	const struct key *key = reader->key;
	bool is_known = key->action == SEXPR_IS_KNOWN || key->action == SEXPR_IS_REPEATED;

	if (is_known && has_no_value(reader))
		return;
	reader->may_be_redundant |=
		key->action == SEXPR_IS_REPEATED || reader->context == SEXPR_PLATFORM_KEYS;
	if (is_known && key->usual && is_one_word(reader) &&
		text_is(reader->values[0].text, key->usual))
		sexpr_extra(reader, DS_EXTRA_DEFAULT);
	else
		sexpr_extra(reader, DS_EXTRA_KNOWN);
}

/** Returns whether a key is repeated in its list, and reports it if its value differs. */
static bool is_repeated_key(struct sexpr_reader *reader)
{
	struct sexpr_seen *seen = &reader->seen[reader->key - sexpr_keys];
	struct sexpr_seen current = {reader->numbers[reader->level],
		{reader->lexer.data + reader->at, reader->lexer.at - reader->at}};
	bool is_repeated = seen->list == current.list;

	if (!is_repeated)
		*seen = current;
	else if (!text_same(seen->raw, current.raw))
		sexpr_extra(reader, DS_EXTRA_INVALID);
	return is_repeated;
}

/** Returns whether the list is empty or begins with an atom. Lists where an atom is expected are
 * reported. */
static bool has_one(struct sexpr_reader *reader)
{
	if (first(reader).data)
		return true;
	if (!is_null(reader))
		sexpr_extra(reader, DS_EXTRA_INVALID);
	return false;
}

/** Reads a text of the current device. */
static void read_text(struct sexpr_reader *reader)
{
	struct ds_text value = first(reader);

	if (!has_one(reader))
		return;
	if (text_given(value) && !scalar_text(sexpr_member(reader, reader->item), value))
		sexpr_extra(reader, DS_EXTRA_INVALID);
	if (reader->value_count > 1)
		sexpr_extra(reader, DS_EXTRA_INVALID);
}

/** Reads a list that is more than a scalar or a text. */
static void read_value(struct sexpr_reader *reader)
{
	const struct key *key = reader->key;
	uint32_t *field_at = &reader->state->builder.domain.field_at[key->field];
	bool is_one = is_one_word(reader) || key->action == SEXPR_VALUES, is_known;

	if ((key->read != sexpr_read_usb_device && is_repeated_key(reader)) ||
		(!is_one && !has_one(reader)))
		return;
	is_one |= !reader->value_count;
	/* Half a path would be another disk. */
	is_known = (is_one || reader->context != SEXPR_DISK) && key->read(reader, first(reader));
	if (is_known && !*field_at)
		*field_at = (uint32_t)reader->at;
	if (!is_known || reader->is_long || !is_one)
		sexpr_extra(reader, DS_EXTRA_INVALID);
}

void sexpr_understand(struct sexpr_reader *reader)
{
	const struct key *key = reader->key;
	unsigned action = key->action;

	if ((is_unset(reader) && key->field != FIELD_name) || action == SEXPR_IS_RUNTIME)
		return;
	if (action == SEXPR_SCALAR || action == SEXPR_ALIAS) {
		if (!read_scalar(reader) || reader->is_long)
			sexpr_extra(reader, DS_EXTRA_INVALID);
	} else if (action == SEXPR_IS_KNOWN || action == SEXPR_IS_REPEATED ||
		(reader->context == SEXPR_PLATFORM_KEYS && reader->image_at)) {
		/* The record can only store those keys of `platform` that are scalars. */
		lose(reader);
	} else if (action == SEXPR_TEXT) {
		read_text(reader);
	} else {
		read_value(reader);
	}
}
