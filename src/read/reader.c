/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/reader_private.h"
#include "record/buffer.h"
#include "record/secret.h"
#include "record/text.h"

#include <stdlib.h>
#include <string.h>

struct record_reader {
	struct read_state state;
	struct xml_reader *xml;
	struct sexpr_reader *sexpr;
};

struct record_reader *record_reader_new(const struct ds_limits *limits, enum ds_xml_parser parser)
{
	struct record_reader *reader = calloc(1, sizeof *reader);

	if (!reader)
		return NULL;
	reader->state.limits = *limits;
	builder_init(&reader->state.builder);
	reader->xml = xml_reader_new(parser);
	reader->sexpr = sexpr_reader_new();
	if (reader->xml && reader->sexpr)
		return reader;
	record_reader_free(reader);
	return NULL;
}

void record_reader_free(struct record_reader *reader)
{
	if (!reader)
		return;
	builder_fini(&reader->state.builder);
	xml_reader_free(reader->xml);
	sexpr_reader_free(reader->sexpr);
	free(reader);
}

void read_fail(struct read_state *state, const char *id, const char *text, size_t at)
{
	if (state->failure.text)
		return;
	state->failure = (struct read_failure){id, text, at, {NULL, 0}};
}

/** The maximum number of bytes of a value that an error shows. */
#define SHOWN_VALUE_SIZE 40

void read_fail_value(struct read_state *state, const char *id, const char *text,
	struct ds_text value, size_t at)
{
	struct buffer shown = {0};

	if (state->failure.text)
		return;
	buffer_string(&shown, text);
	buffer_literal(&shown, " '");
	secret_mask_beginning(&shown, value, SHOWN_VALUE_SIZE);
	buffer_constant(&shown, "'", 2);
	if (shown.failed)
		state->no_memory = true;
	else
		read_fail(state, id, arena_text(state->arena, shown.data, shown.size).data, at);
	buffer_fini(&shown);
}

void read_extra(struct read_state *state, enum ds_extra_kind kind, struct ds_text path, size_t at,
	struct ds_text raw)
{
	struct ds_extra *extra = builder_extra(&state->builder, at);

	extra->kind = kind;
	extra->path = path;
	extra->raw = raw;
}

/** The maximum size of a name in a path. Names of real elements and keys are far shorter; of a
 * longer name, only the beginning is reported. */
#define PATH_NAME_SIZE 128

static struct ds_text short_name(struct ds_text name)
{
	return (struct ds_text){name.data, name.size < PATH_NAME_SIZE ? name.size : PATH_NAME_SIZE};
}

/** Appends a name to the first `used` bytes of a path. Returns how many bytes are used then. */
static size_t add_name(char *path, size_t used, char separator, struct ds_text name)
{
	if (used || separator == '@')
		path[used++] = separator;
	if (name.size)
		buffer_copy_bytes(path + used, name.data, name.size);
	return used + name.size;
}

struct ds_text read_path(struct read_state *state, const struct read_level *levels, size_t level,
	char separator, struct ds_text last)
{
	size_t size = level + 1, used = 0;
	char *path;

	last = short_name(last);
	/* Most paths are keys of the domain itself. */
	if (level == 1 && separator == '/' && last.data)
		return last;
	for (size_t i = 2; i <= level; i++)
		size += short_name(levels[i].name).size;
	path = arena_alloc(state->builder.arena, size + last.size);
	if (!path) {
		state->no_memory = true;
		return (struct ds_text){NULL, 0};
	}
	/* The list in `platform` has no name. */
	for (size_t i = 2; i <= level; i++)
		if (levels[i].name.size)
			used = add_name(path, used, '/', short_name(levels[i].name));
	if (last.data)
		used = add_name(path, used, separator, last);
	return (struct ds_text){path, used};
}

/** Rejects a domain of SEXPR that contains a NUL byte, which would be white space to the reader,
 * or part of a string. Errors that the reader finds are not reported then. */
static void refuse_nul(struct read_state *state)
{
	const char *nul = memchr(state->data, 0, state->size);

	if (nul)
		read_fail(state, "DA903", "a NUL byte", (size_t)(nul - state->data));
}

/** Returns whether the frame is a reference to a domain, or the `<domain>` of another program. */
static bool is_no_domain(const struct read_state *state, const struct ds_domain *domain)
{
	const struct frame *frame = state->frame;

	if (frame->format == DS_FORMAT_XML && !state->is_guest)
		return true;
	return frame->may_be_reference && !domain->name.data && text_given(domain->uuid) &&
		!domain->disk_count;
}

void read_begin(struct read_state *state)
{
	const struct frame *frame = state->frame;

	state->failure.text = NULL;
	state->no_memory = false;
	state->is_guest = false;
	if (frame->kind != FRAME_DOMAIN)
		read_fail(state, frame->id, frame->why, frame->error_at);
	builder_begin(&state->builder, state->arena, frame->place,
		(struct ds_text){state->data, state->size}, frame->format, state->limits.parts);
	state->builder.domain.input = state->input;
	state->builder.domain.host = frame->host ? frame->host : frame->place.name;
}

static enum read_result outcome(struct read_state *state, const struct ds_domain **domain,
	struct read_failure *failure)
{
	const struct ds_text name = state->builder.domain.name;

	if (state->no_memory || state->builder.failed || state->arena->failed)
		return READ_NO_MEMORY;
	if (state->builder.is_over)
		read_fail(state, "DA905",
			"the domain has more devices and unknown elements than the limit "
			"(--max-parts)",
			0);
	if (!state->failure.text && is_no_domain(state, &state->builder.domain))
		return READ_REFERENCE;
	if (!text_given(name))
		read_fail(state, "DA903", READ_NO_NAME, 0);
	if (state->failure.text) {
		*failure = state->failure;
		failure->name = name;
		return READ_REJECTED;
	}
	*domain = builder_finish(&state->builder);
	return *domain ? READ_DOMAIN : READ_NO_MEMORY;
}

enum read_result record_reader_read(struct record_reader *reader, const struct frame *frame,
	struct ds_text input, struct ds_text text, struct arena *arena,
	const struct ds_domain **domain, struct read_failure *failure)
{
	struct read_state *state = &reader->state;
	enum read_result result;

	state->arena = arena;
	state->frame = frame;
	state->input = input;
	state->data = text.data;
	state->size = text.size;
	read_begin(state);
	if (frame->format == DS_FORMAT_XML) {
		xml_reader_read(reader->xml, state);
	} else {
		refuse_nul(state);
		sexpr_reader_read(reader->sexpr, state, frame->closes_early);
	}
	result = outcome(state, domain, failure);
	builder_end(&state->builder);
	if (frame->is_guess && (result == READ_REJECTED || !state->is_whole) &&
		result != READ_NO_MEMORY)
		return READ_UNSURE;
	return result;
}
