/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"

#include "record/base64.h"
#include "record/scan.h"
#include "record/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/*
 * A run of frames is one document for expat: xml_feed.c gives it a root. To reset expat for each domain costs a third of
 * its speed, and in a document that never ends it counts lines that nobody asks for, which costs a tenth; the end of
 * one is not counted. A document type cannot stand inside an element, so there are no entities to expand.
 */

/** Of what the program puts into <metadata>. */
static const char namespace[] = "urn:domstream:1";

static const char *const encodings[FRAME_OTHER] = {"UTF-8", "ISO-8859-1", "US-ASCII"};

/* ---- places -------------------------------------------------------------------------------------------- */

size_t xml_at(struct xml_reader *reader)
{
	return xml_feed_place(&reader->feed, xml_feed_at(&reader->feed)) - reader->frame_at;
}

/** Behind the tag at hand, in an event that tells an end. That of an empty element has no bytes of its own. */
static size_t end_at(struct xml_reader *reader)
{
	size_t size = (size_t)XML_GetCurrentByteCount(reader->expat);

	if (size)
		return xml_at(reader) + size;
	return xml_feed_end(&reader->feed, xml_feed_at(&reader->feed)) - reader->frame_at;
}

struct ds_text xml_path(struct xml_reader *reader, const char *attribute)
{
	struct ds_text name = {attribute, attribute ? strlen(attribute) : 0};

	return read_path(reader->state, reader->stack, reader->level, '@', name);
}

void xml_give_up(struct xml_reader *reader, const char *id, const char *text)
{
	read_fail(reader->state, id, text, xml_at(reader));
	/* A parser that was stopped still tells the end of an empty element. */
	XML_SetElementHandler(reader->expat, NULL, NULL);
	XML_SetCharacterDataHandler(reader->expat, NULL);
	XML_StopParser(reader->expat, XML_FALSE);
}

static void end_domain(struct xml_reader *reader);

/* ---- elements ------------------------------------------------------------------------------------------ */

static void begin_text(struct xml_reader *reader)
{
	reader->raw_text = (struct ds_text){NULL, 0};
	buffer_clear(&reader->text, (size_t)64 << 10);
}

/** What was collected; in the buffer, it does not live as long as the record. */
static struct ds_text collected(const struct xml_reader *reader)
{
	if (reader->raw_text.data)
		return reader->raw_text;
	return (struct ds_text){reader->text.data ? reader->text.data : "", reader->text.size};
}

static size_t text_size(const struct xml_reader *reader)
{
	return reader->raw_text.size + reader->text.size;
}

/** Adds to the text. `at`: where it may stand in the domain's own bytes. */
static void add_text(struct xml_reader *reader, const char *data, size_t size, size_t at)
{
	const struct read_state *state = reader->state;

	if (text_size(reader) + size > state->limits.token_size) {
		xml_give_up(reader, "DA905", "a text is longer than the limit");
		return;
	}
	/* Most texts are one piece of the domain's own bytes. A character reference is not. */
	if (!text_size(reader) && reader->is_raw && at < state->size && state->data[at] == *data) {
		reader->raw_text = (struct ds_text){state->data + at, size};
		return;
	}
	buffer_add(&reader->text, reader->raw_text.data ? reader->raw_text.data : "", reader->raw_text.size);
	reader->raw_text = (struct ds_text){NULL, 0};
	buffer_add(&reader->text, data, size);
}

static void XMLCALL on_text(void *context, const char *data, int size)
{
	struct xml_reader *reader = context;

	add_text(reader, data, (size_t)size, xml_at(reader));
}

/** Blanks of a text that expat was not given: they stood before the tag at hand. */
static void add_gap(struct xml_reader *reader)
{
	size_t at = xml_feed_at(&reader->feed);
	size_t end = xml_feed_place(&reader->feed, at) - reader->frame_at;
	size_t size = xml_feed_gap(&reader->feed, at);

	if (size)
		add_text(reader, reader->state->data + end - size, size, end - size);
}

/** Text where elements are expected. It comes in pieces, and is noted once, as it stands up to the next tag. */
static void note_stray(struct xml_reader *reader)
{
	struct read_state *state = reader->state;
	size_t at = xml_at(reader), end;

	if (reader->is_metadata && reader->skipped == 1)
		reader->foreign_metadata++;
	if (reader->skipped || at < reader->stray_end)
		return;
	while (at < state->size && byte_is_blank(state->data[at]))
		at++;
	for (end = at; end + 1 < state->size && (state->data[end] != '<' || strchr("!?", state->data[end + 1]));)
		end++;
	reader->stray_end = end;
	while (end > at && byte_is_blank(state->data[end - 1]))
		end--;
	read_extra(state, DS_EXTRA_UNKNOWN, read_path(state, reader->stack, reader->level, '/', TEXT("text()")), at,
		   (struct ds_text){state->data + at, end - at});
}

/** What stands between elements: blanks, almost always. */
static void XMLCALL on_stray(void *context, const char *data, int size)
{
	size_t at = 0;

	/* A line feed comes alone, and the indentation behind it at once. */
	while (at < (size_t)size && byte_is_blank(data[at]))
		at = scan_indentation((const unsigned char *)data, at + 1, (size_t)size);
	if (at < (size_t)size)
		note_stray(context);
}

/** From here on, text is to be collected; or there should be none. */
static void collect_text(struct xml_reader *reader, int is_collecting)
{
	reader->is_collecting = is_collecting;
	XML_SetCharacterDataHandler(reader->expat, is_collecting ? on_text : on_stray);
}

/** Passes over an element and all that is in it, and notes it when it has ended. */
static void skip(struct xml_reader *reader, const char *name, enum ds_extra_kind kind)
{
	reader->skipped = 1;
	reader->skipped_at = reader->at;
	reader->skipped_kind = kind;
	reader->is_metadata = reader->level == 1 && strcmp(name, "metadata") == 0;
	reader->foreign_metadata = 0;
	/* Text of an element inside a text is none of that text's own. */
	reader->is_collecting = 0;
	XML_SetCharacterDataHandler(reader->expat, reader->is_metadata ? on_stray : NULL);
	/* The name is expat's, and lives only as long as the event. */
	reader->skipped_path = read_path(reader->state, reader->stack, reader->level, '/',
					 builder_text(&reader->state->builder, name, strlen(name)));
}

/** <domstream:original xmlns:domstream='urn:domstream:1'>: what the domain was converted from. The prefix may be another. */
static int is_original(const char *name, const char **pairs)
{
	const char *colon = strchr(name, ':');
	int is_ours = 0;

	if (strcmp(colon ? colon + 1 : name, "original") != 0)
		return 0;
	for (; *pairs; pairs += 2)
		is_ours |= strncmp(pairs[0], "xmlns", 5) == 0 && strcmp(pairs[1], namespace) == 0;
	return is_ours;
}

/** An element right inside <metadata>. */
static void begin_metadata(struct xml_reader *reader, const char *name, const char **pairs)
{
	if (reader->state->builder.domain.preserved.data || !is_original(name, pairs)) {
		reader->foreign_metadata++;
		return;
	}
	reader->is_original = 1;
	reader->is_base64 = 0;
	for (; *pairs; pairs += 2)
		reader->is_base64 |= strcmp(pairs[0], "encoding") == 0 && strcmp(pairs[1], "base64") == 0;
	begin_text(reader);
	collect_text(reader, 1);
}

/** What was meant to be an original is none: it is reported like anybody's metadata. */
static void spoil_metadata(struct xml_reader *reader)
{
	reader->state->builder.domain.preserved = (struct ds_text){NULL, 0};
	reader->foreign_metadata++;
}

static void end_metadata(struct xml_reader *reader)
{
	struct ds_domain *domain = &reader->state->builder.domain;
	struct ds_text text = collected(reader);

	collect_text(reader, 0);
	reader->is_original = 0;
	if (!text.size)
		return;
	domain->preserved = builder_text(&reader->state->builder, text.data, text.size);
	if (!domain->preserved.data || reader->text.failed)
		reader->state->no_memory = 1;
	else if (reader->is_base64 && !base64_decode(text, (char *)(uintptr_t)domain->preserved.data, &domain->preserved.size))
		spoil_metadata(reader);
}

static void begin_scalar(struct xml_reader *reader, const struct key *key)
{
	reader->scalar = key;
	reader->unit = 1024;
	reader->scalar_at = reader->at;
	begin_text(reader);
	collect_text(reader, 1);
}

static void end_scalar(struct xml_reader *reader)
{
	struct read_state *state = reader->state;
	const struct key *key = reader->scalar;
	struct ds_text value = collected(reader);
	enum scalar_result result;

	collect_text(reader, 0);
	reader->scalar = NULL;
	if (!reader->raw_text.data)
		value = builder_text(&state->builder, value.data, value.size);
	if (reader->text.failed || !value.data) {
		state->no_memory = 1;
		return;
	}
	result = scalar_set(&state->builder, &state->builder.domain, key, value, reader->unit);
	if (result == SCALAR_CONTRADICTS || (result == SCALAR_INVALID && key->kind == KEY_UUID))
		read_extra(state, DS_EXTRA_INVALID, xml_path(reader, NULL), reader->scalar_at, value);
	if (result == SCALAR_INVALID && key->kind == KEY_UUID)
		scalar_text(&state->builder.domain.uuid, value);
	else if (result == SCALAR_INVALID)
		read_fail(state, "DA903", key->kind == KEY_MEMORY ? "an amount of memory is not a number" :
								       "what should be a number is none", reader->scalar_at);
	else if (result == SCALAR_TOO_LARGE)
		read_fail(state, "DA903", SCALAR_TOO_LARGE_TEXT, reader->scalar_at);
}

/** What an attribute of the element says by default, before its attributes are looked at. */
static void begin(struct xml_reader *reader, const struct key *key)
{
	struct ds_domain *domain = &reader->state->builder.domain;
	struct ds_disk *disk = reader->item;

	switch ((enum xml_action)key->action) {
	case XML_ENTER:
		break;
	case XML_SCALAR:
		begin_scalar(reader, key);
		break;
	case XML_FEATURE_ON:
		reader->has_feature = *(enum ds_flag *)(void *)((char *)domain + key->member) != DS_FLAG_UNSET;
		if (!reader->has_feature)
			*(enum ds_flag *)(void *)((char *)domain + key->member) = DS_FLAG_ON;
		reader->scalar = key;
		break;
	case XML_DISK_READONLY:
		disk->readonly = 1;
		break;
	case XML_DISK_SHAREABLE:
		disk->shareable = 1;
		break;
	default:
		xml_device_begin(reader, (enum xml_action)key->action);
	}
}

/** Some scalars share a kind and differ in what stands beside them. */
static enum xml_context attributes_of(const struct key *key)
{
	if (key->action != XML_SCALAR)
		return (enum xml_context)key->inside;
	if (key->member == offsetof(struct ds_domain, os_type))
		return XML_OS_TYPE;
	if (key->member == offsetof(struct ds_domain, loader))
		return XML_LOADER;
	return (enum xml_context)key->inside;
}

static void XMLCALL on_start(void *context, const char *name, const char **pairs)
{
	struct xml_reader *reader = context;
	const struct key *key;

	if (++reader->depth > reader->state->limits.depth) {
		xml_give_up(reader, "DA905", "the elements are nested too deeply");
		return;
	}
	if (reader->is_collecting)
		add_gap(reader);
	if (reader->skipped) {
		xml_count_attributes(reader, pairs);
		if (reader->skipped == 1 && reader->is_metadata)
			begin_metadata(reader, name, pairs);
		reader->skipped++;
		return;
	}
	reader->at = xml_at(reader);
	key = xml_known_element(reader, name);
	if (!key || key->action == XML_KNOWN || reader->level + 1 == XML_STACK) {
		skip(reader, name, key ? DS_EXTRA_KNOWN : DS_EXTRA_UNKNOWN);
		xml_count_attributes(reader, pairs);
		for (; reader->is_metadata && *pairs; pairs += 2)
			reader->foreign_metadata += !xml_is_namespace(*pairs);
		return;
	}
	reader->level++;
	reader->stack[reader->level].context = key->inside;
	reader->stack[reader->level].name = (struct ds_text){key->name, strlen(key->name)};
	read_forget_path(reader->state);
	begin(reader, key);
	xml_attributes(reader, attributes_of(key), reader->stack[reader->level].name.size, pairs);
}

static void XMLCALL on_end(void *context, const char *name)
{
	struct xml_reader *reader = context;
	enum xml_context inside;

	(void)name;
	reader->depth--;
	if (reader->is_collecting && XML_GetCurrentByteCount(reader->expat))
		add_gap(reader);
	if (reader->skipped) {
		if (reader->skipped == 2 && reader->is_original)
			end_metadata(reader);
		if (--reader->skipped == 0) {
			size_t end = end_at(reader);

			collect_text(reader, reader->scalar && reader->scalar->action == XML_SCALAR);
			/* What this program has put there is no loss. */
			if (reader->is_metadata && !reader->foreign_metadata)
				reader->skipped_kind = DS_EXTRA_REDUNDANT;
			read_extra(reader->state, reader->skipped_kind, reader->skipped_path, reader->skipped_at,
				   (struct ds_text){reader->state->data + reader->skipped_at, end - reader->skipped_at});
		}
		return;
	}
	inside = (enum xml_context)reader->stack[reader->level].context;
	if (reader->scalar && reader->scalar->action == XML_SCALAR)
		end_scalar(reader);
	else if (!reader->scalar)
		xml_device_end(reader, inside);
	reader->scalar = NULL;
	if (--reader->level == 0)
		end_domain(reader);
}

/* ---- parsers ------------------------------------------------------------------------------------------- */

/** A parser that has seen nothing yet. Returns 0 when there is no memory. */
static int choose(struct xml_reader *reader, enum frame_encoding encoding)
{
	XML_Parser *expat = &reader->parsers[encoding];

	if (!*expat)
		*expat = XML_ParserCreate(encodings[encoding]);
	/* Given to the former, an encoding that there is no memory for is forgotten, and nothing said. */
	else if (!XML_ParserReset(*expat, NULL) || XML_SetEncoding(*expat, encodings[encoding]) != XML_STATUS_OK)
		return 0;
	reader->expat = *expat;
	reader->is_raw = encoding != FRAME_LATIN1;
	return *expat != NULL;
}

/** Opens the root, which none of the handlers is told of. Returns 0 when there is no memory. */
static int prepare(struct xml_reader *reader)
{
	XML_SetUserData(reader->expat, reader);
	XML_SetHashSalt(reader->expat, reader->salt);
	if (xml_feed_begin(&reader->feed, reader->expat) != XML_STATUS_OK)
		return 0;
	XML_SetElementHandler(reader->expat, on_start, on_end);
	XML_SetCharacterDataHandler(reader->expat, on_stray);
	return 1;
}

static void fail_by_expat(struct xml_reader *reader)
{
	enum XML_Error code = XML_GetErrorCode(reader->expat);
	size_t at = xml_at(reader);

	if (code == XML_ERROR_NO_MEMORY)
		reader->state->no_memory = 1;
	else if (code != XML_ERROR_ABORTED)
		read_fail(reader->state, "DA903", XML_ErrorString(code), at < reader->state->size ? at : 0);
}

/** Begins with the run's next frame. */
static void begin_frame(struct xml_reader *reader)
{
	const struct frame *frame = &reader->frames[reader->frame];
	struct read_state *state = reader->state;

	read_begin(state, frame, reader->data + (frame->at - reader->frames[0].at));
	reader->frame_at = frame->at - reader->frames[reader->first].at;
	reader->depth = 0;
	reader->level = 0;
	reader->stack[0].context = XML_TOP;
	reader->skipped = 0;
	reader->stray_end = 0;
	reader->has_basis = 0;
	reader->is_original = 0;
	reader->is_collecting = 0;
	reader->scalar = NULL;
	reader->item = &state->builder.domain;
	state->builder.domain.is_latin1 = frame->encoding == FRAME_LATIN1;
	memset(reader->char_ports, 0, sizeof reader->char_ports);
}

static void end_frame(struct xml_reader *reader)
{
	struct ds_domain *domain = &reader->state->builder.domain;

	domain->is_hvm = text_is(text_trim(domain->os_type), "hvm");
	read_end(reader->state);
	reader->frame++;
}

/** A domain has closed: the next element is the next frame's. */
static void end_domain(struct xml_reader *reader)
{
	size_t end = end_at(reader);

	if (end != reader->state->size)
		read_fail(reader->state, "DA903", "something follows the domain's end tag", end);
	end_frame(reader);
	if (reader->frame < reader->frame_count)
		begin_frame(reader);
	else
		XML_SetElementHandler(reader->expat, NULL, NULL);
}

/** Parses what is left of the run. An error ends that, and costs the frame that it is in. */
static void parse(struct xml_reader *reader)
{
	const struct frame *first = &reader->frames[reader->frame];
	enum XML_Status status;

	reader->first = reader->frame;
	begin_frame(reader);
	if (first->encoding == FRAME_OTHER) {
		read_fail(reader->state, "DA903", "the encoding that the document declares is none of UTF-8, UTF-16, ISO-8859-1, "
						  "US-ASCII; convert it with iconv", 0);
		end_frame(reader);
		return;
	}
	if (!choose(reader, first->encoding) || !prepare(reader)) {
		reader->state->no_memory = 1;
		end_frame(reader);
		return;
	}
	status = xml_feed_frames(&reader->feed, first, reader->frame_count - reader->frame, reader->state->data);
	if (reader->frame == reader->frame_count)
		return;
	if (status != XML_STATUS_OK)
		fail_by_expat(reader);
	else
		read_fail(reader->state, "DA903", "the domain is not closed", 0);
	end_frame(reader);
}

void xml_reader_read(struct xml_reader *reader, struct read_state *state, const struct frame *frames, size_t count,
		     const char *data)
{
	reader->state = state;
	reader->frames = frames;
	reader->frame_count = count;
	reader->frame = 0;
	while (reader->frame < count) {
		reader->data = data;
		parse(reader);
	}
}

/** Names that hash alike make expat slow; a salt that nobody can know prevents that. Drawn once, not for each reset. */
static unsigned long draw_salt(const void *something)
{
	FILE *file = fopen("/dev/urandom", "rb");
	unsigned long salt = 0;
	struct timespec now;

	if (file && fread(&salt, sizeof salt, 1, file) != 1)
		salt = 0;
	if (file)
		fclose(file);
	clock_gettime(CLOCK_REALTIME, &now);
	salt ^= (unsigned long)now.tv_nsec ^ (unsigned long)(uintptr_t)something;
	return salt ? salt : 1;
}

struct xml_reader *xml_reader_new(void)
{
	struct xml_reader *reader = calloc(1, sizeof *reader);

	if (!reader)
		return NULL;
	keymap_init(&reader->elements, xml_element_keys, xml_element_count);
	keymap_init(&reader->attributes, xml_attribute_keys, xml_attribute_count);
	reader->first_element = key_next_none;
	for (size_t i = 0; i < XML_CONTEXTS; i++)
		reader->first_attribute[i] = key_next_none;
	reader->next_element = &reader->first_element;
	buffer_init(&reader->text);
	reader->salt = draw_salt(reader);
	return reader;
}

void xml_reader_free(struct xml_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < FRAME_OTHER; i++)
		XML_ParserFree(reader->parsers[i]);
	buffer_fini(&reader->text);
	free(reader);
}
