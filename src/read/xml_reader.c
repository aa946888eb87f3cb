/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memmem() */
#include "read/xml_reader.h"

#include "read/xml_expat.h"
#include "record/expat_feed.h"
#include "record/scan.h"
#include "record/text.h"
#include "record/words.h"

#include <stdlib.h>
#include <string.h>

/* ---- helpers ---- */

void xml_extra(struct xml_reader *reader, enum ds_extra_kind kind, struct ds_text attribute,
	struct ds_text value)
{
	struct read_state *state = reader->state;
	struct ds_text path = read_path(state, reader->stack, reader->level, '@', attribute);

	read_extra(state, kind, path, reader->stack[reader->level].at, value);
}

void xml_extra_element(struct xml_reader *reader, enum ds_extra_kind kind)
{
	size_t at = reader->stack[reader->level].at;

	xml_extra(reader, kind, (struct ds_text){NULL, 0},
		(struct ds_text){reader->state->data + at, reader->end - at});
}

/** Returns whether a text is in the domain's own bytes. */
static bool is_own(const struct read_state *state, const char *data)
{
	return (uintptr_t)data - (uintptr_t)state->data < state->size;
}

struct ds_text xml_keep(struct xml_reader *reader, struct ds_text text)
{
	if (is_own(reader->state, text.data))
		return text;
	return builder_text(&reader->state->builder, text.data, text.size);
}

bool xml_give_up(struct xml_reader *reader, const char *id, const char *text, size_t at)
{
	read_fail(reader->state, id, text, at);
	return false;
}

/* ---- text ---- */

void xml_collect(struct xml_reader *reader)
{
	reader->raw_text = (struct ds_text){NULL, 0};
	buffer_clear(&reader->text, (size_t)64 << 10);
	reader->is_collecting = true;
	reader->unit = 1024;
}

struct ds_text xml_collected(struct xml_reader *reader)
{
	reader->is_collecting = false;
	if (reader->text.failed)
		reader->state->no_memory = true;
	if (reader->raw_text.data)
		return reader->raw_text;
	return builder_text(&reader->state->builder, reader->text.data ? reader->text.data : "",
		reader->text.size);
}

/** Adds a fragment of a text that is being collected. Most text is not collected. */
__attribute__((noinline)) static bool add_text(struct xml_reader *reader, size_t at,
	struct ds_text text)
{
	struct ds_text *raw = &reader->raw_text;
	size_t size = raw->size + reader->text.size;

	/* The text of an element inside a text is not part of that text. */
	if (reader->skipped)
		return true;
	if (size + text.size > reader->state->limits.token_size)
		return xml_give_up(reader, "DA905", "a text is longer than the limit (--max-token)",
			at);
	if (is_own(reader->state, text.data) && !size) {
		*raw = text;
	} else if (raw->data && raw->data + raw->size == text.data) {
		raw->size += text.size;
	} else {
		buffer_add(&reader->text, raw->data ? raw->data : "", raw->size);
		*raw = (struct ds_text){NULL, 0};
		buffer_add(&reader->text, text.data, text.size);
	}
	return true;
}

/** Handles text where elements are expected. If it is not blank, all text up to the next tag
 * becomes one extra. */
__attribute__((noinline)) static bool ignore_text(struct xml_reader *reader, size_t at,
	struct ds_text text)
{
	struct read_state *state = reader->state;
	size_t end, blanks = 0;

	while (blanks < text.size && byte_is_blank(text.data[blanks]))
		blanks = scan_find((const unsigned char *)text.data, blanks + 1, text.size,
			scan_no_blank);
	if (blanks == text.size || reader->skipped)
		return true;
	if (reader->extra_level)
		reader->extra_kind = DS_EXTRA_KNOWN;
	if (reader->extra_level || at < reader->stray_end)
		return true;
	at += blanks;
	for (end = at; end + 1 < state->size &&
		(state->data[end] != '<' || strchr("!?", state->data[end + 1]));)
		end++;
	reader->stray_end = end;
	while (end > at && byte_is_blank(state->data[end - 1]))
		end--;
	read_extra(state, DS_EXTRA_UNKNOWN,
		read_path(state, reader->stack, reader->level, '/', TEXT("text()")), at,
		(struct ds_text){state->data + at, end - at});
	return true;
}

static bool on_text(void *context, size_t at, struct ds_text text)
{
	struct xml_reader *reader = context;

	return reader->is_collecting ? add_text(reader, at, text) : ignore_text(reader, at, text);
}

static inline bool on_blanks(void *context, size_t at, struct ds_text text)
{
	struct xml_reader *reader = context;

	return !reader->is_collecting || add_text(reader, at, text);
}

/* ---- attributes ---- */

/** Adds an attribute of the open element as an extra, unless it is part of one. */
static void add_extra(struct xml_reader *reader, enum ds_extra_kind kind, struct ds_text name,
	struct ds_text value)
{
	if (!reader->extra_level)
		xml_extra(reader, kind, name, xml_keep(reader, value));
	else if (kind != DS_EXTRA_DETAIL)
		reader->extra_kind = DS_EXTRA_KNOWN;
}

bool xml_set_default(struct xml_reader *reader, struct ds_text value)
{
	add_extra(reader, DS_EXTRA_DEFAULT, text_of_string(reader->attribute->name), value);
	return true;
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

/** Returns whether this is the declaration of a namespace, which has no meaning of its own. */
static bool is_namespace(struct ds_text name)
{
	return text_starts(name, "xmlns") && (name.size == 5 || name.data[5] == ':');
}

static inline void handle(struct xml_reader *reader, const struct key *key,
	const struct xml_attribute *attribute)
{
	uint32_t *field_at = &reader->state->builder.domain.field_at[key->field];
	bool is_text = key->kind == KEY_TEXT, is_first = !*field_at;

	if (is_first)
		*field_at = (uint32_t)reader->at;
	reader->attribute = key;
	reader->attribute_kind = is_text ? DS_EXTRA_INVALID : DS_EXTRA_KNOWN;
	if (is_text ? xml_set_text(reader, attribute->value)
		    : key->set && key->set(reader, attribute->value))
		return;
	/* Another element may set the field. */
	if (is_first)
		*field_at = 0;
	add_extra(reader, reader->attribute_kind, attribute->name, attribute->value);
}

/** Handles all attributes of the element that has begun. Returns false when the domain was
 * abandoned. */
static inline bool read_attributes(struct xml_reader *reader, const struct xml_tag *tag)
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

/* ---- tags ---- */

/** Returns whether an element in <metadata> contains the original from which the domain was
 * converted: <domstream:original xmlns:domstream='urn:domstream:1'>. The prefix may be a different
 * one. There is one original. */
static bool is_original(const struct xml_reader *reader, const struct xml_tag *tag)
{
	struct ds_text local;
	bool is_ours = false;

	if (reader->state->builder.domain.preserved.data)
		return false;
	text_split(tag->name, ':', &local);
	if (!text_is(local.data ? local : tag->name, "original"))
		return false;
	for (size_t i = 0; i < tag->count; i++)
		is_ours |= text_starts(tag->attributes[i].name, "xmlns") &&
			text_is(tag->attributes[i].value, PRESERVE_NAMESPACE);
	return is_ours;
}

/** Begins an element that becomes an extra when it has ended, unless it is part of one. `key` is
 * NULL for an unknown element. Returns the key, or NULL if the element is skipped with its
 * contents. */
__attribute__((noinline)) static const struct key *begin_extra(struct xml_reader *reader,
	const struct key *key, const struct xml_tag *tag)
{
	static const struct key skipped = {.name = ""};
	/* libvirt ignores a second image on the same level of a backing chain. */
	bool is_ignored = key && key->begin == xml_begin_backing &&
		reader->state->builder.backings.count > reader->chain;
	bool is_detail =
		key && key->action == XML_DETAIL && !is_ignored && reader->level + 1 < XML_STACK;

	reader->is_empty = !reader->extra_level && !tag->count;
	if (!reader->extra_level) {
		reader->extra_level = reader->level + 1;
		reader->extra_kind = is_detail ? DS_EXTRA_DETAIL
			: key                  ? DS_EXTRA_KNOWN
					       : DS_EXTRA_UNKNOWN;
	} else if (!is_detail) {
		reader->extra_kind = DS_EXTRA_KNOWN;
	}
	if (is_detail)
		return key;
	reader->skipped = 1;
	reader->stack[++reader->level] = (struct read_level){.name = xml_keep(reader, tag->name),
		.at = tag->at,
		.key = &skipped};
	return NULL;
}

__attribute__((noinline)) static void end_extra(struct xml_reader *reader)
{
	xml_extra_element(reader, reader->extra_kind);
	reader->extra_level = 0;
}

/** Looks up an element that was not predicted. */
__attribute__((noinline)) static struct key_guess *look_up(struct xml_reader *reader,
	unsigned context, const struct xml_tag *tag)
{
	struct ds_text name = tag->name;

	if (reader->level == 2 && xml_open(reader)->begin == xml_begin_metadata)
		name = is_original(reader, tag) ? TEXT(XML_ORIGINAL_NAME) : TEXT("");
	return keymap_find(&reader->keys.elements, context, name.data, name.size);
}

static bool on_start(void *pointer, struct xml_tag *tag)
{
	struct xml_reader *reader = pointer;
	unsigned context = reader->stack[reader->level].context;
	struct read_level *level;
	const struct key *key;

	if (++reader->depth > reader->state->limits.depth)
		return xml_give_up(reader, "DA905",
			"the elements are nested too deeply (--max-depth)", tag->at);
	if (tag->count > reader->state->limits.attributes)
		return xml_give_up(reader, "DA905",
			"an element has more attributes than the limit (--max-attributes)",
			tag->at);
	if (reader->skipped) {
		tag->key = NULL;
		reader->skipped++;
		return true;
	}
	reader->at = tag->at;
	if (!tag->key || tag->key->context != context)
		tag->key = look_up(reader, context, tag);
	key = tag->key ? tag->key->key : NULL;
	if (reader->level == 1 && key)
		reader->state->is_guest = true;
	if (!key || key->action != XML_ENTER || reader->level + 1 == XML_STACK)
		key = begin_extra(reader, key, tag);
	if (!key)
		return true;
	level = &reader->stack[++reader->level];
	*level = (struct read_level){key->inside, {key->name, tag->name.size}, tag->at, key};
	if (key->begin)
		key->begin(reader);
	return !tag->count || read_attributes(reader, tag);
}

static inline bool on_end(void *pointer, size_t end)
{
	struct xml_reader *reader = pointer;

	reader->depth--;
	reader->end = end;
	if (reader->skipped && --reader->skipped)
		return true;
	if (xml_open(reader)->end)
		xml_open(reader)->end(reader);
	if (reader->level == reader->extra_level)
		end_extra(reader);
	if (--reader->level || end == reader->state->size)
		return true;
	return xml_give_up(reader, "DA903", "unexpected data after the domain's end tag", end);
}

/* ---- domains ---- */

/** A constant: when link-time optimization inlines the scanner here, it calls the handlers without
 * pointers. */
static const struct xml_events events = {on_start, on_text, on_blanks, on_end};

static void begin_domain(struct xml_reader *reader)
{
	struct read_state *state = reader->state;

	reader->depth = 0;
	reader->level = 0;
	reader->stack[0] = (struct read_level){.context = XML_TOP};
	reader->skipped = 0;
	reader->stray_end = 0;
	reader->has_basis = reader->has_adjustment = false;
	reader->is_collecting = false;
	reader->extra_level = 0;
	reader->item = &state->builder.domain;
	memset(reader->char_ports, 0, sizeof reader->char_ports);
}

/** Returns whether expat would refuse the domain because a tag is too large; the scanner must not
 * read it then. */
static bool holds_large_markup(const struct read_state *state)
{
	struct expat_excess excess;

	return state->size > state->limits.token_size &&
		expat_excess_find(state->data, state->size, 0, &state->limits, &excess);
}

/** Reads a plain domain with the scanner. Returns false, with nothing read, if expat must read the
 * domain: it is not plain, or a handler found an error in it. */
__attribute__((noinline)) static bool read_with_scanner(struct xml_reader *reader)
{
	struct read_state *state = reader->state;
	const struct frame *frame = state->frame;

	if (reader->parser != DS_XML_PARSER_AUTO || frame->kind != FRAME_DOMAIN ||
		frame->has_markup || holds_large_markup(state))
		return false;
	if (xml_scanner_read(&reader->scanner, &events, reader, state->data, state->size) &&
		!state->failure.text)
		return true;
	read_begin(state);
	begin_domain(reader);
	return false;
}

__attribute__((noinline)) static void read_with_expat(struct xml_reader *reader)
{
	struct read_state *state = reader->state;
	struct read_failure failure = {.text = NULL};
	enum xml_outcome outcome = XML_NO_MEMORY;

	if (!reader->expat)
		reader->expat = xml_expat_new(&events, reader, &state->limits);
	if (reader->expat)
		outcome = xml_expat_read(reader->expat, state->data, state->size, &failure);
	if (outcome == XML_NO_MEMORY)
		state->no_memory = true;
	else if (outcome == XML_FAILED)
		read_fail(state, failure.id, failure.text, failure.at);
}

void xml_reader_read(struct xml_reader *reader, struct read_state *state)
{
	struct ds_domain *domain = &state->builder.domain;

	reader->state = state;
	begin_domain(reader);
	state->is_whole = false;
	/* A frame that the framer has refused is only read for the domain's name, which the message
	 * shows. There may be a million that are too short to have one, and expat would be slow. */
	if (state->frame->kind != FRAME_DOMAIN && !memmem(state->data, state->size, "<name", 5))
		return;
	/* The scanner refuses what follows the end of the first element. */
	state->is_whole = read_with_scanner(reader);
	if (!state->is_whole)
		read_with_expat(reader);
	domain->is_hvm = text_is(text_trim(domain->os_type), "hvm");
}

struct xml_reader *xml_reader_new(enum ds_xml_parser parser)
{
	struct xml_reader *reader = calloc(1, sizeof *reader);

	if (!reader)
		return NULL;
	xml_keys_init(&reader->keys);
	reader->parser = parser;
	buffer_init(&reader->text);
	return reader;
}

void xml_reader_free(struct xml_reader *reader)
{
	if (!reader)
		return;
	xml_expat_free(reader->expat);
	buffer_fini(&reader->text);
	free(reader);
}
