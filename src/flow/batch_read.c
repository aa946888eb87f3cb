/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memmem() */
#include "flow/batch.h"
#include "flow/guest.h"
#include "record/array.h"
#include "record/error.h"
#include "record/place.h"
#include "record/secret.h"

#include <stdlib.h>
#include <string.h>

/** A batch with this many items, or this many bytes of records, is emitted before the rest of its
 * frames is read. Ordinary domains stay far below both limits in one block; a hostile domain could
 * need a thousand bytes of record for each of its own bytes. */
#define ITEMS_MAX (FRAMES_MAX * 2)
#define RECORDS_MAX ((size_t)512 << 10)

static struct batch_item *add_item(struct batch *batch)
{
	struct batch_item *items =
		array_room(batch->items, batch->item_count, &batch->item_capacity, sizeof *items);

	if (!items) {
		batch->status = DS_NO_MEMORY;
		return NULL;
	}
	batch->items = items;
	return memset(&batch->items[batch->item_count++], 0, sizeof *batch->items);
}

/** Adds an item for an error and the bytes that were refused. Returns the error, which the caller
 * fills in, or NULL when there is no memory. */
static struct ds_error *new_error(struct batch *batch, struct ds_text raw, bool is_rejected)
{
	struct batch_item *item = add_item(batch);
	struct ds_error *error;

	if (!item)
		return NULL;
	error = arena_alloc(&batch->arena, sizeof *error);
	if (!error)
		batch->status = DS_NO_MEMORY;
	item->error = error;
	item->raw = raw;
	item->is_rejected = is_rejected;
	batch->counts.domains += (uint64_t)is_rejected;
	batch->counts.rejected += (uint64_t)is_rejected;
	batch->counts.stream_errors += !is_rejected;
	return error;
}

static void add_error(struct batch *batch, const struct ds_error *error, const char *host,
	struct ds_text raw, bool is_rejected)
{
	struct ds_error *added = new_error(batch, raw, is_rejected);

	if (!added)
		return;
	*added = *error;
	added->host = host;
}

/** The maximum number of bytes of a text that are quoted. */
#define SHOWN_TEXT_SIZE ((size_t)60)
/** The number of bytes of a line that are searched for its end. */
#define LINE_MAX ((size_t)4096)

/** Adds to an error about text outside of domains how the text begins, and how to read the input in
 * the other format. Markup and lists are not quoted because they may contain passwords. Nothing is
 * added for an element in XML or a list in SEXPR, which are not text. */
static void describe_text(struct batch *batch, struct ds_error *error, const struct frame *frame,
	struct ds_text raw)
{
	struct buffer text = {0};
	struct ds_text line = {raw.data, 0};

	while (line.size < raw.size && line.size < LINE_MAX &&
		!strchr("<()\n\r", line.data[line.size]))
		line.size++;
	if (!line.size && raw.data[0] == (frame->format == DS_FORMAT_XML ? '<' : '('))
		return;
	buffer_string(&text, error->text);
	if (line.size && !memmem(line.data, line.size, "passw", 5)) {
		buffer_literal(&text, ": '");
		secret_mask_beginning(&text, line, SHOWN_TEXT_SIZE);
		buffer_literal(&text, "'");
	}
	if (frame->format_was_recognized && frame->format == DS_FORMAT_XML)
		buffer_literal(&text, " (read as XML; --from sexpr reads SEXPR)");
	else if (frame->format_was_recognized)
		buffer_literal(&text, " (read as SEXPR; --from xml reads XML)");
	buffer_byte(&text, 0);
	if (text.failed)
		batch->status = DS_NO_MEMORY;
	else
		error_set(error, frame->id, frame->place, text.data);
	buffer_fini(&text);
}

/** Adds an item for a refused range that is not parsed. */
static void add_refused(struct batch *batch, const struct frame *frame, struct ds_text raw)
{
	struct ds_place cause = place_after(frame->place, raw.data, frame->error_at);
	struct ds_error *error = new_error(batch, raw, frame->kind == FRAME_REJECTED);

	if (!error)
		return;
	error_set_safe(error, frame->id, frame->place, frame->why);
	if (raw.size && error_is(error, "DA904"))
		describe_text(batch, error, frame, raw);
	if (frame->error_at)
		error_at(error, &cause);
	error->length = frame->length;
	error->host = frame->host;
}

/** Returns whether a refused range or a domain of SEXPR is too short to contain a name. Then it is
 * not parsed, because each megabyte of a damaged input can contain a quarter of a million of them.
 * A domain whose end was predicted may be longer than it seems. */
static bool is_nameless(const struct frame *frame, struct ds_text raw)
{
	bool is_domain = frame->kind == FRAME_DOMAIN;
	size_t least = is_domain ? sizeof "(vm(name a))" - 1 : sizeof "(vm(name a" - 1;

	if (is_domain ? frame->format != DS_FORMAT_SEXPR || frame->is_guess
		      : frame->kind != FRAME_REJECTED)
		return false;
	return raw.size < least && !memchr(raw.data, 0, raw.size);
}

static void add_nameless(struct batch *batch, const struct frame *frame, struct ds_text raw)
{
	struct ds_error *error;

	if (frame->kind != FRAME_DOMAIN) {
		add_refused(batch, frame, raw);
		return;
	}
	error = new_error(batch, raw, true);
	if (!error)
		return;
	error_set_safe(error, "DA903", frame->place, READ_NO_NAME);
	error->length = frame->size;
	error->host = frame->host;
}

static void add_hole(struct batch *batch, const struct frame *frame)
{
	struct ds_error error;
	char text[FRAME_HOLE_TEXT_SIZE];

	frame_hole_text(frame, frame->length, text);
	error_set(&error, "DA904", frame->place, text);
	add_error(batch, &error, frame->host, (struct ds_text){NULL, 0}, false);
}

/** Adds further bytes of a range whose first bytes, and whose error, were in an earlier frame. */
static void add_more(struct batch *batch, const struct frame *frame, struct ds_text raw)
{
	struct batch_item *item = add_item(batch);

	if (!item)
		return;
	item->raw = raw;
	item->ends_range = frame->kind == FRAME_END;
	item->length = frame->length;
}

static void add_domain(struct batch *batch, const struct frame *frame,
	const struct ds_domain *domain)
{
	struct batch_item *item = add_item(batch);

	if (!item)
		return;
	batch->counts.domains++;
	if (selection_has(batch->selection, domain)) {
		item->domain = domain;
		item->disks = selection_disks(batch->selection, domain);
		batch->counts.disks += item->disks;
	} else {
		item->is_unselected = true;
		batch->counts.unselected++;
	}
	/* The domain was read, but its borders have an error. */
	if (frame->id) {
		struct ds_error error;

		item->is_repaired = true;
		error_set(&error, frame->id, frame->place, frame->why);
		error_domain(&error, domain->name);
		add_error(batch, &error, frame->host, (struct ds_text){NULL, 0}, false);
	}
}

static void read_domain(struct batch *batch, struct frame_reader *reader, const struct frame *frame,
	const char *data)
{
	const struct ds_domain *domain = NULL;
	struct ds_error error;

	switch (frame_reader_read(reader, frame, data, &batch->arena, &domain, &error)) {
	case READ_DOMAIN:
		add_domain(batch, frame, domain);
		break;
	case READ_REJECTED:
		add_error(batch, &error, frame->host,
			(struct ds_text){data + frame->at, frame->size}, true);
		break;
	case READ_REFERENCE:
		/* This is not a guest, but like any other element it may contain guests. */
		batch->is_reframing |= frame->has_nested;
		break;
	case READ_UNSURE:
		batch->is_reframing = true;
		break;
	default:
		batch->status = DS_NO_MEMORY;
	}
}

static void read_frame(struct batch *batch, struct frame_reader *reader, const struct frame *frame)
{
	/* The block of a FRAME_END may be empty, and then has no data. */
	const char *data = batch->block.data ? batch->block.data : "";
	struct ds_text raw = {data + frame->at, frame->size};

	switch (frame->kind) {
	case FRAME_STRAY:
		add_refused(batch, frame, raw);
		break;
	case FRAME_HOLE:
		add_hole(batch, frame);
		break;
	case FRAME_MORE:
	case FRAME_LIKEWISE:
	case FRAME_END:
		add_more(batch, frame, raw);
		break;
	default:
		if (is_nameless(frame, raw))
			add_nameless(batch, frame, raw);
		else
			read_domain(batch, reader, frame, data);
	}
}

/** Splits a frame that is not a single domain, and reads what it contains. */
static void read_reframed(struct batch *batch, struct frame_reader *reader)
{
	struct block *reframed = &batch->reframed;

	reframed->frame_count = 0;
	batch->is_reframing = false;
	if (framer_reframe(&batch->reframer, &batch->block, reframed) != DS_OK)
		batch->status = DS_NO_MEMORY;
	for (size_t i = 0; i < reframed->frame_count && batch->status == DS_OK; i++)
		read_frame(batch, reader, &reframed->frames[i]);
	batch->is_reframing = batch->reframer.is_behind;
}

static void add_input_end(struct batch *batch, const struct batch_input_end *end)
{
	struct batch_item *item = add_item(batch);

	if (item)
		item->input_end = end;
}

/** Adds items for the notes that come before the next frame. */
static void read_notes(struct batch *batch)
{
	for (; batch->notes_read < batch->note_count; batch->notes_read++) {
		const struct batch_note *note = &batch->notes[batch->notes_read];

		if (note->before != batch->frames_read)
			return;
		if (note->end) {
			add_input_end(batch, note->end);
			continue;
		}
		add_error(batch, note->error, note->error->host, (struct ds_text){NULL, 0}, false);
		if (batch->status == DS_OK)
			batch->items[batch->item_count - 1].is_between_inputs =
				note->is_between_inputs;
	}
}

/** Prepares to split a frame that is not a single domain into those that it contains. */
static void begin_reframing(struct batch *batch, const struct frame *frame,
	const struct ds_limits *limits)
{
	struct guest_list guests = {NULL, 0};

	if (frame->format == DS_FORMAT_XML) {
		if (!guest_find(&batch->block, frame->at, frame->at + frame->size, limits->depth,
			    &guests))
			batch->status = DS_NO_MEMORY;
		/* The element at offset 0 is the frame's own: a reference to a domain, which is not
		 * split. */
		batch->is_reframing = guests.count && guests.starts[0] > 0;
	}
	if (batch->is_reframing &&
		framer_reframe_begin(&batch->reframer, &batch->block, frame, limits) != DS_OK)
		batch->status = DS_NO_MEMORY;
	if (batch->is_reframing && batch->status == DS_OK)
		framer_reframe_only(&batch->reframer, guests);
	else
		free(guests.starts);
}

/** Reads the next notes and the frame after them. */
static void read_on(struct batch *batch, struct frame_reader *reader,
	const struct ds_limits *limits)
{
	const struct frame *frame;

	read_notes(batch);
	if (batch->frames_read == batch->block.frame_count)
		return;
	frame = &batch->block.frames[batch->frames_read++];
	read_frame(batch, reader, frame);
	if (batch->is_reframing)
		begin_reframing(batch, frame, limits);
}

static bool is_read(const struct batch *batch)
{
	return batch->frames_read == batch->block.frame_count &&
		batch->notes_read == batch->note_count && !batch->is_reframing;
}

static bool holds_enough(const struct batch *batch)
{
	return batch->item_count >= ITEMS_MAX || batch->arena.used >= RECORDS_MAX;
}

void batch_read(struct batch *batch, struct frame_reader *reader, const struct ds_limits *limits)
{
	while (!is_read(batch) && batch->status == DS_OK && !holds_enough(batch)) {
		if (batch->is_reframing)
			read_reframed(batch, reader);
		else
			read_on(batch, reader, limits);
	}
	batch->is_partial = !is_read(batch);
}
