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

struct ds_text xml_path(struct xml_reader *reader, struct ds_text attribute)
{
	return read_path(reader->state, reader->stack, reader->level, '@', attribute);
}

void xml_extra(struct xml_reader *reader, enum ds_extra_kind kind, struct ds_text value)
{
	read_extra(reader->state, kind, xml_path(reader, (struct ds_text){NULL, 0}),
		reader->stack[reader->level].at, value);
}

void xml_extra_element(struct xml_reader *reader, enum ds_extra_kind kind)
{
	size_t at = reader->stack[reader->level].at;

	xml_extra(reader, kind, (struct ds_text){reader->state->data + at, reader->end - at});
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

/* ---- elements ---- */

void xml_collect(struct xml_reader *reader)
{
	reader->raw_text = (struct ds_text){NULL, 0};
	buffer_clear(&reader->text, (size_t)64 << 10);
	reader->is_collecting = true;
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

static size_t text_size(const struct xml_reader *reader)
{
	return reader->raw_text.size + reader->text.size;
}

/** Adds a fragment of a text that is being collected. Most text is not collected. */
__attribute__((noinline)) static bool add_text(struct xml_reader *reader, size_t at,
	struct ds_text text)
{
	struct ds_text *raw = &reader->raw_text;

	/* The text of an element inside a text is not part of that text. */
	if (reader->skipped)
		return true;
	if (text_size(reader) + text.size > reader->state->limits.token_size)
		return xml_give_up(reader, "DA905", "a text is longer than the limit (--max-token)",
			at);
	if (is_own(reader->state, text.data) && !text_size(reader)) {
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

/** Adds an extra for text that is not blank where elements are expected. All text up to the next
 * tag becomes one extra. */
static void note_stray(struct xml_reader *reader, size_t at)
{
	struct read_state *state = reader->state;
	size_t end;

	if (reader->detail_level)
		reader->detail_kind = DS_EXTRA_KNOWN;
	if (reader->detail_level || at < reader->stray_end)
		return;
	while (at < state->size && byte_is_blank(state->data[at]))
		at++;
	for (end = at; end + 1 < state->size &&
		(state->data[end] != '<' || strchr("!?", state->data[end + 1]));)
		end++;
	reader->stray_end = end;
	while (end > at && byte_is_blank(state->data[end - 1]))
		end--;
	read_extra(state, DS_EXTRA_UNKNOWN,
		read_path(state, reader->stack, reader->level, '/', TEXT("text()")), at,
		(struct ds_text){state->data + at, end - at});
}

/** Handles text where no text is expected. */
__attribute__((noinline)) static bool ignore_text(struct xml_reader *reader, size_t at,
	struct ds_text text)
{
	size_t blanks = 0;

	if (reader->skipped)
		return true;
	while (blanks < text.size && byte_is_blank(text.data[blanks]))
		blanks = scan_find((const unsigned char *)text.data, blanks + 1, text.size,
			scan_no_blank);
	if (blanks < text.size)
		note_stray(reader, at);
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

/** Begins to skip an element with its contents. `key` is NULL for an unknown one. It becomes an
 * extra when it has ended, unless it is part of one. */
static void begin_skip(struct xml_reader *reader, const struct key *key, struct ds_text name)
{
	reader->skipped = 1;
	if (reader->detail_level) {
		reader->detail_kind = DS_EXTRA_KNOWN;
		return;
	}
	reader->skipped_at = reader->at;
	reader->skipped_kind = key ? DS_EXTRA_KNOWN : DS_EXTRA_UNKNOWN;
	reader->skipped_path =
		read_path(reader->state, reader->stack, reader->level, '/', xml_keep(reader, name));
}

/** Begins a detail. Returns false if an element is not one, or must be skipped. */
__attribute__((noinline)) static bool begin_detail(struct xml_reader *reader, const struct key *key,
	const struct xml_tag *tag)
{
	/* libvirt ignores a second image on the same level of a backing chain. */
	bool is_ignored = key->begin == xml_begin_backing && xml_has_backing(reader);

	if (key->action != XML_DETAIL || is_ignored || reader->level + 1 == XML_STACK)
		return false;
	reader->is_empty = !reader->detail_level && !tag->count;
	if (!reader->detail_level) {
		reader->detail_level = reader->level + 1;
		reader->detail_kind = DS_EXTRA_DETAIL;
	}
	return true;
}

__attribute__((noinline)) static void end_detail(struct xml_reader *reader)
{
	xml_extra_element(reader, reader->detail_kind);
	reader->detail_level = 0;
}

/** Looks up an element that was not predicted. */
__attribute__((noinline)) static struct key_guess *look_up(struct xml_reader *reader,
	unsigned context, const struct xml_tag *tag)
{
	struct ds_text name = tag->name;

	if (reader->level && xml_open(reader)->begin == xml_begin_metadata)
		name = is_original(reader, tag) ? TEXT(XML_ORIGINAL_NAME) : TEXT("");
	return keymap_find(&reader->keys.elements, context, name.data, name.size);
}

/** Returns the key of an element, or NULL if it is unknown here. */
static inline const struct key *find_element(struct xml_reader *reader, struct xml_tag *tag)
{
	unsigned context = reader->stack[reader->level].context;

	if (!tag->key || tag->key->context != context)
		tag->key = look_up(reader, context, tag);
	return tag->key ? tag->key->key : NULL;
}

static bool on_start(void *context, struct xml_tag *tag)
{
	struct xml_reader *reader = context;
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
	key = find_element(reader, tag);
	if (reader->level == 1 && key)
		reader->state->is_guest = true;
	if (!key ||
		((key->action != XML_ENTER || reader->level + 1 == XML_STACK) &&
			!begin_detail(reader, key, tag))) {
		begin_skip(reader, key, tag->name);
		return true;
	}
	level = &reader->stack[++reader->level];
	*level = (struct read_level){key->inside, {key->name, tag->name.size}, tag->at, key};
	if (key->begin)
		key->begin(reader);
	return !tag->count || xml_attributes(reader, tag);
}

__attribute__((noinline)) static void end_skipped(struct xml_reader *reader)
{
	if (--reader->skipped || reader->detail_level)
		return;
	read_extra(reader->state, reader->skipped_kind, reader->skipped_path, reader->skipped_at,
		(struct ds_text){reader->state->data + reader->skipped_at,
			reader->end - reader->skipped_at});
}

static inline bool on_end(void *pointer, size_t end)
{
	struct xml_reader *reader = pointer;

	reader->depth--;
	reader->end = end;
	if (reader->skipped) {
		end_skipped(reader);
		return true;
	}
	if (xml_open(reader)->end)
		xml_open(reader)->end(reader);
	if (reader->level == reader->detail_level)
		end_detail(reader);
	if (--reader->level)
		return true;
	reader->is_closed = true;
	if (end == reader->state->size)
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

	reader->is_closed = false;
	reader->depth = 0;
	reader->level = 0;
	reader->stack[0] = (struct read_level){.context = XML_TOP};
	reader->skipped = 0;
	reader->stray_end = 0;
	reader->has_basis = reader->has_adjustment = false;
	reader->is_collecting = false;
	reader->detail_level = 0;
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
		reader->is_closed && !state->failure.text)
		return true;
	read_begin(state);
	begin_domain(reader);
	return false;
}

__attribute__((noinline)) static void read_with_expat(struct xml_reader *reader)
{
	struct read_state *state = reader->state;
	struct read_failure failure;
	enum xml_outcome outcome = XML_NO_MEMORY;

	if (!reader->expat)
		reader->expat = xml_expat_new(&events, reader, &state->limits);
	if (reader->expat)
		outcome = xml_expat_read(reader->expat, state->data, state->size, &failure);
	if (outcome == XML_NO_MEMORY)
		state->no_memory = true;
	else if (outcome == XML_FAILED)
		read_fail(state, failure.id, failure.text, failure.at);
	else if (!reader->is_closed)
		read_fail(state, "DA903", "the domain is not closed", 0);
}

/** Returns whether a frame is worth reading. A frame that the framer has refused is only read for
 * the domain's name, which the message shows. There may be a million that are too short to have
 * one, and expat would be slow. */
static bool is_of_interest(const struct read_state *state)
{
	return state->frame->kind == FRAME_DOMAIN ||
		memmem(state->data, state->size, "<name", 5) != NULL;
}

void xml_reader_read(struct xml_reader *reader, struct read_state *state)
{
	struct ds_domain *domain = &state->builder.domain;

	reader->state = state;
	begin_domain(reader);
	state->is_whole = false;
	if (!is_of_interest(state))
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
