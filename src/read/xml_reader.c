/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_reader.h"

#include "record/base64.h"
#include "record/scan.h"
#include "record/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/*
 * Each parser reads one endless document: a root that never closes, whose children are the frames. To reset expat for
 * each domain costs a third of its speed. It is reset after an error, and now and then all the same, because it keeps
 * every name that it has ever seen. A document type cannot stand inside an element, so there are no entities to expand.
 */

#define RESET_AFTER ((uint64_t)64 << 20)

static const char root[] = "<domstream>";

/** Of what the program puts into <metadata>. */
static const char namespace[] = "urn:domstream:1";

static const char *const encodings[FRAME_OTHER] = {"UTF-8", "ISO-8859-1", "US-ASCII"};

/* ---- places -------------------------------------------------------------------------------------------- */

size_t xml_at(const struct xml_reader *reader)
{
	return (size_t)((uint64_t)XML_GetCurrentByteIndex(reader->parser->expat) - reader->base);
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
	XML_SetElementHandler(reader->parser->expat, NULL, NULL);
	XML_SetCharacterDataHandler(reader->parser->expat, NULL);
	XML_StopParser(reader->parser->expat, XML_FALSE);
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

static void XMLCALL on_text(void *context, const char *data, int size)
{
	struct xml_reader *reader = context;

	if (text_size(reader) + (size_t)size > reader->state->limits.token_size) {
		xml_give_up(reader, "DA905", "a text is longer than the limit");
		return;
	}
	/* Most texts are one piece of the domain's own bytes. A character reference is not. */
	if (!text_size(reader) && reader->is_raw) {
		const char *raw = reader->state->data + xml_at(reader);

		if (*raw == *data) {
			reader->raw_text = (struct ds_text){raw, (size_t)size};
			return;
		}
	}
	buffer_add(&reader->text, reader->raw_text.data ? reader->raw_text.data : "", reader->raw_text.size);
	reader->raw_text = (struct ds_text){NULL, 0};
	buffer_add(&reader->text, data, (size_t)size);
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

/** Passes over an element and all that is in it, and notes it when it has ended. */
static void skip(struct xml_reader *reader, const char *name, enum ds_extra_kind kind)
{
	reader->skipped = 1;
	reader->skipped_at = reader->at;
	reader->skipped_kind = kind;
	reader->is_metadata = reader->level == 1 && strcmp(name, "metadata") == 0;
	reader->foreign_metadata = 0;
	/* Text of an element inside a text is none of that text's own. */
	XML_SetCharacterDataHandler(reader->parser->expat, reader->is_metadata ? on_stray : NULL);
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
	XML_SetCharacterDataHandler(reader->parser->expat, on_text);
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

	XML_SetCharacterDataHandler(reader->parser->expat, on_stray);
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
	XML_SetCharacterDataHandler(reader->parser->expat, on_text);
}

static void end_scalar(struct xml_reader *reader)
{
	struct read_state *state = reader->state;
	const struct key *key = reader->scalar;
	struct ds_text value = collected(reader);
	enum scalar_result result;

	XML_SetCharacterDataHandler(reader->parser->expat, on_stray);
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
	reader->stack[reader->level].name = (struct ds_text){key->name, keymap_name_size(&reader->elements, key)};
	begin(reader, key);
	xml_attributes(reader, attributes_of(key), reader->stack[reader->level].name.size, pairs);
}

static void XMLCALL on_end(void *context, const char *name)
{
	struct xml_reader *reader = context;
	enum xml_context inside;

	(void)name;
	reader->depth--;
	if (reader->skipped) {
		if (reader->skipped == 2 && reader->is_original)
			end_metadata(reader);
		if (--reader->skipped == 0) {
			int is_text = reader->scalar && reader->scalar->action == XML_SCALAR;

			XML_SetCharacterDataHandler(reader->parser->expat, is_text ? on_text : on_stray);
			size_t end = xml_at(reader) + (size_t)XML_GetCurrentByteCount(reader->parser->expat);

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

/** Opens the root. Returns 0 when there is no memory. */
static int prepare(struct xml_reader *reader, struct xml_parser *parser)
{
	XML_SetUserData(parser->expat, reader);
	XML_SetHashSalt(parser->expat, reader->salt);
	parser->is_spent = 0;
	parser->fed = sizeof root - 1;
	if (XML_Parse(parser->expat, root, sizeof root - 1, XML_FALSE) != XML_STATUS_OK)
		return 0;
	XML_SetElementHandler(parser->expat, on_start, on_end);
	XML_SetCharacterDataHandler(parser->expat, on_stray);
	return 1;
}

static int choose(struct xml_reader *reader, enum frame_encoding encoding)
{
	struct xml_parser *parser = &reader->parsers[encoding];

	reader->parser = parser;
	reader->is_raw = encoding != FRAME_LATIN1;
	if (!parser->expat) {
		parser->expat = XML_ParserCreate(encodings[encoding]);
		return parser->expat && prepare(reader, parser);
	}
	if (!parser->is_spent && parser->fed < RESET_AFTER)
		return 1;
	return XML_ParserReset(parser->expat, encodings[encoding]) && prepare(reader, parser);
}

static void fail_by_expat(struct xml_reader *reader)
{
	enum XML_Error code = XML_GetErrorCode(reader->parser->expat);
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
	reader->depth = 0;
	reader->level = 0;
	reader->stack[0].context = XML_TOP;
	reader->skipped = 0;
	reader->stray_end = 0;
	reader->has_basis = 0;
	reader->is_original = 0;
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
	size_t end = xml_at(reader) + (size_t)XML_GetCurrentByteCount(reader->parser->expat);

	if (end != reader->state->size)
		read_fail(reader->state, "DA903", "something follows the domain's end tag", end);
	end_frame(reader);
	if (reader->frame == reader->frame_count)
		return;
	reader->base += reader->frames[reader->frame].at - reader->frames[reader->frame - 1].at;
	begin_frame(reader);
}

/** Parses what is left of the run in one go. An error ends that, and costs the frame that it is in. */
static void parse(struct xml_reader *reader)
{
	const struct frame *first = &reader->frames[reader->frame];
	const struct frame *last = &reader->frames[reader->frame_count - 1];
	size_t size = last->at + last->size - first->at;

	begin_frame(reader);
	if (first->encoding == FRAME_OTHER) {
		read_fail(reader->state, "DA903", "the encoding that the document declares is none of UTF-8, UTF-16, ISO-8859-1, "
						  "US-ASCII; convert it with iconv", 0);
		end_frame(reader);
		return;
	}
	if (!choose(reader, first->encoding)) {
		reader->state->no_memory = 1;
		end_frame(reader);
		return;
	}
	reader->base = reader->parser->fed;
	reader->parser->fed += size;
	if (XML_Parse(reader->parser->expat, reader->state->data, (int)size, XML_FALSE) != XML_STATUS_OK)
		fail_by_expat(reader);
	else if (reader->frame < reader->frame_count)
		read_fail(reader->state, "DA903", "the domain is not closed", 0);
	else
		return;
	reader->parser->is_spent = 1;
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
	reader->element_guess = &reader->next_element[0];
	buffer_init(&reader->text);
	reader->salt = draw_salt(reader);
	return reader;
}

void xml_reader_free(struct xml_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < FRAME_OTHER; i++)
		if (reader->parsers[i].expat)
			XML_ParserFree(reader->parsers[i].expat);
	buffer_fini(&reader->text);
	free(reader);
}
