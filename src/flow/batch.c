/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memmem() */
#include "flow/batch.h"

#include "audit/audit.h"
#include "flow/copy.h"
#include "flow/guest.h"
#include "flow/judge.h"
#include "record/array.h"
#include "record/error.h"
#include "record/place.h"
#include "record/secret.h"

#include <stdlib.h>
#include <string.h>

/** A batch that has allocated more than this frees it before it is reused. */
#define BLOCK_KEEP ((size_t)768 << 10)
#define OUTPUT_KEEP ((size_t)768 << 10)
#define ITEMS_KEEP (FRAMES_MAX * 4)

/** A batch with this many items, or this many bytes of records, is emitted before the rest of its
 * frames is read. Ordinary domains stay far below both limits in one block; a hostile domain could
 * need a thousand bytes of record for each of its own bytes. */
#define ITEMS_MAX (FRAMES_MAX * 2)
#define RECORDS_MAX ((size_t)512 << 10)

void batch_init(struct batch *batch)
{
	memset(batch, 0, sizeof *batch);
	block_init(&batch->block);
	block_init(&batch->reframed);
	arena_init(&batch->arena);
	loss_list_init(&batch->losses, &batch->arena);
	finding_list_init(&batch->findings, &batch->arena);
	buffer_init(&batch->out);
	buffer_init(&batch->compressed);
	buffer_init(&batch->scratch);
	record_columns_init(&batch->columns);
}

/** Clears everything except the input. */
static void clear_results(struct batch *batch)
{
	arena_clear(&batch->arena);
	buffer_clear(&batch->out, OUTPUT_KEEP);
	buffer_clear(&batch->compressed, OUTPUT_KEEP);
	buffer_clear(&batch->scratch, OUTPUT_KEEP);
	batch->item_count = 0;
	if (batch->item_capacity > ITEMS_KEEP) {
		free(batch->items);
		batch->items = NULL;
		batch->item_capacity = 0;
	}
	loss_list_clear(&batch->losses);
	finding_list_clear(&batch->findings);
}

void batch_clear(struct batch *batch)
{
	clear_results(batch);
	block_clear(&batch->block, BLOCK_KEEP);
	block_clear(&batch->reframed, 0);
	framer_fini(&batch->reframer);
	batch->note_count = 0;
	batch->frames_read = batch->notes_read = 0;
	batch->is_reframing = batch->is_partial = false;
	memset(&batch->counts, 0, sizeof batch->counts);
	batch->status = DS_OK;
}

void batch_release(struct batch *batch)
{
	const struct batch old = *batch;

	batch_fini(batch);
	batch_init(batch);
	batch->key = old.key;
	batch->selection = old.selection;
	batch->status = old.status;
	batch->sequence = old.sequence;
	batch->held = old.held;
}

size_t batch_memory(const struct batch *batch)
{
	return block_memory(&batch->block) + block_memory(&batch->reframed) +
		arena_memory(&batch->arena) + batch->note_capacity * sizeof *batch->notes +
		batch->item_capacity * sizeof *batch->items + batch->out.capacity +
		batch->compressed.capacity + batch->scratch.capacity +
		record_columns_memory(&batch->columns) +
		batch->losses.capacity * sizeof *batch->losses.items +
		batch->findings.capacity * sizeof *batch->findings.items;
}

void batch_forget_frames(struct batch *batch)
{
	batch->block.frame_count = batch->frames_read = 0;
	batch->item_count = 0;
	arena_clear(&batch->arena);
}

void batch_go_on(struct batch *batch)
{
	/* The counts of the input were added when the first part of the batch was emitted. */
	const struct ds_counts counts = {
		.hosts = batch->counts.hosts,
		.bytes_read = batch->counts.bytes_read,
		.bytes_expected = batch->counts.bytes_expected,
	};

	clear_results(batch);
	batch->counts = counts;
}

void batch_fini(struct batch *batch)
{
	block_fini(&batch->block);
	block_fini(&batch->reframed);
	framer_fini(&batch->reframer);
	arena_fini(&batch->arena);
	buffer_fini(&batch->out);
	buffer_fini(&batch->compressed);
	buffer_fini(&batch->scratch);
	record_columns_fini(&batch->columns);
	loss_list_fini(&batch->losses);
	finding_list_fini(&batch->findings);
	free(batch->notes);
	free(batch->items);
}

/** Adds a note that comes after the frames seen so far. Returns NULL when there is no memory. */
static struct batch_note *add_note(struct batch *batch)
{
	struct batch_note *note =
		array_room(batch->notes, batch->note_count, &batch->note_capacity, sizeof *note);

	if (!note)
		return NULL;
	batch->notes = note;
	note = memset(&batch->notes[batch->note_count++], 0, sizeof *note);
	note->before = batch->block.frame_count;
	return note;
}

/** Replaces a string by a copy that lives as long as the batch. Returns false when out of
 * memory. */
static bool keep_string(struct batch *batch, const char **string)
{
	*string = arena_text(&batch->block.arena, *string, strlen(*string) + 1).data;
	return *string != NULL;
}

bool batch_note_error(struct batch *batch, const struct ds_error *error, bool is_between_inputs)
{
	struct ds_error *copy = arena_copy(&batch->block.arena, error, 1, sizeof *error);
	struct batch_note *note = add_note(batch);

	if (!copy || !note || !keep_string(batch, &copy->place.name))
		return false;
	note->error = copy;
	note->is_between_inputs = is_between_inputs;
	return true;
}

static bool keep_segment(struct batch *batch, const struct ds_segment **segment)
{
	struct ds_segment *copy = arena_copy(&batch->block.arena, *segment, 1, sizeof **segment);

	*segment = copy;
	return copy && (!copy->begin || keep_string(batch, &copy->begin)) &&
		(!copy->end || keep_string(batch, &copy->end)) &&
		(!copy->account || keep_string(batch, &copy->account));
}

bool batch_note_end(struct batch *batch, const struct batch_input_end *end)
{
	struct batch_input_end *copy = arena_copy(&batch->block.arena, end, 1, sizeof *end);
	struct batch_note *note = add_note(batch);

	if (copy && end->result.segment && !keep_segment(batch, &copy->result.segment))
		return false;
	if (!copy || !note || !keep_string(batch, &copy->result.name) ||
		!keep_string(batch, &copy->result.argument) ||
		!keep_string(batch, &copy->result.file) ||
		!keep_string(batch, &copy->result.encoding))
		return false;
	note->end = copy;
	return true;
}

/* ---- read ---- */

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

/** Adds an item that reports an error and the bytes that were refused. */
static void add_error(struct batch *batch, const struct ds_error *error, const char *host,
	struct ds_text raw, bool is_rejected)
{
	struct batch_item *item = add_item(batch);

	if (!item)
		return;
	item->error = arena_copy(&batch->arena, error, 1, sizeof *error);
	item->raw = raw;
	item->is_rejected = is_rejected;
	if (item->error)
		item->error->host = host;
	else
		batch->status = DS_NO_MEMORY;
	batch->counts.domains += (uint64_t)is_rejected;
	batch->counts.rejected += (uint64_t)is_rejected;
	batch->counts.stream_errors += !is_rejected;
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

static void add_stray(struct batch *batch, const struct frame *frame, struct ds_text raw)
{
	struct ds_place cause = place_after(frame->place, raw.data, frame->error_at);
	struct ds_error error;

	error_set_safe(&error, frame->id, frame->place, frame->why);
	if (raw.size && strcmp(frame->id, "DA904") == 0)
		describe_text(batch, &error, frame, raw);
	if (frame->error_at)
		error_at(&error, &cause);
	error.length = frame->length;
	add_error(batch, &error, frame->host, raw, false);
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

static void read_domain(struct batch *batch, struct record_reader *reader,
	const struct frame *frame, const char *data)
{
	const struct ds_domain *domain = NULL;
	struct ds_error error;

	switch (record_reader_read(reader, frame, data, &batch->arena, &domain, &error)) {
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

static void read_frame(struct batch *batch, struct record_reader *reader, const struct frame *frame)
{
	/* The block of a FRAME_END may be empty, and then has no data. */
	const char *data = batch->block.data ? batch->block.data : "";
	struct ds_text raw = {data + frame->at, frame->size};

	switch (frame->kind) {
	case FRAME_STRAY:
		add_stray(batch, frame, raw);
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
		read_domain(batch, reader, frame, data);
	}
}

/** Splits a frame that is not a single domain, and reads what it contains. */
static void read_reframed(struct batch *batch, struct record_reader *reader)
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
static void read_on(struct batch *batch, struct record_reader *reader,
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

void batch_read(struct batch *batch, struct record_reader *reader, const struct ds_limits *limits)
{
	while (!is_read(batch) && batch->status == DS_OK && !holds_enough(batch)) {
		if (batch->is_reframing)
			read_reframed(batch, reader);
		else
			read_on(batch, reader, limits);
	}
	batch->is_partial = !is_read(batch);
}

/* ---- write ---- */

void batch_compress(struct bgzf *bgzf, const char *data, size_t size, struct buffer *compressed)
{
	while (size && !compressed->failed) {
		size_t length = size < BGZF_BLOCK_SIZE ? size : BGZF_BLOCK_SIZE;
		char *room = buffer_room(compressed, BGZF_BLOCK_MAX);

		if (room)
			compressed->size += bgzf_block(bgzf, data, length, room);
		data += length;
		size -= length;
	}
}

void batch_reject(struct batch *batch, struct batch_item *item, const char *id, const char *why)
{
	const struct ds_domain *domain = item->domain;
	struct ds_error error;

	error_set(&error, id, domain->place, why);
	error_domain(&error, domain->name);
	error.length = domain->input.size;
	error.host = domain->host;
	item->domain = NULL;
	item->raw = domain->input;
	item->is_rejected = true;
	item->error = arena_copy(&batch->arena, &error, 1, sizeof error);
	if (!item->error)
		batch->status = DS_NO_MEMORY;
	batch->counts.rejected++;
	batch->counts.disks -= item->disks;
}

enum ds_format batch_format(const struct batch *batch, const struct ds_run_options *options,
	const struct ds_domain *domain)
{
	if (options->extract)
		return domain->format;
	if (!options->domain_output || options->writer->format != DS_FORMAT_AUTO)
		return batch->target;
	return domain->format == DS_FORMAT_XML ? DS_FORMAT_SEXPR : DS_FORMAT_XML;
}

static bool wants_disk(const void *selection, const struct ds_domain *domain,
	const struct ds_disk *disk)
{
	return selection_has_disk(selection, domain, disk);
}

static void write_domain(struct batch *batch, struct batch_item *item,
	const struct ds_run_options *options, struct preserver *preserver)
{
	enum ds_format format = batch_format(batch, options, item->domain);

	if (!options->rows->format && copy_applies(options, format, item->domain) &&
		(!item->is_repaired || options->extract)) {
		buffer_add(&batch->out, item->domain->raw.data, item->domain->raw.size);
		buffer_byte(&batch->out, '\n');
	} else if (!options->rows->format) {
		if (!preserver_write(preserver, options->writer, format, item->domain, &batch->out,
			    &batch->scratch, &batch->losses))
			batch->status = DS_NO_MEMORY;
	} else if (disk_rows_fit(item->domain)) {
		disk_rows_write(options->rows, item->domain, wants_disk, batch->selection,
			&batch->arena, &batch->out);
	} else {
		batch_reject(batch, item, "DA905", "the rows for its disks would be too long");
		return;
	}
	batch->counts.converted++;
}

/** Runs the rules on a domain. Returns false when out of memory. */
static bool judge(struct batch *batch, struct batch_item *item,
	const struct ds_run_options *options)
{
	size_t begin = batch->findings.count;
	struct domain_view view;

	if (judge_is_late(options, item->domain))
		return true;
	if (!audit_domain(&view, item->domain, options->audit, &batch->findings) ||
		!estate_part_fill(&item->part, &view, batch->key))
		return false;
	if (!options->estate)
		return true;
	item->record = estate_record_encode(&batch->columns, &batch->arena, item->domain,
		&item->part, batch->findings.items + begin, batch->findings.count - begin);
	return item->record != NULL;
}

/** Verifies the output of one domain, which begins at `out_begin` and `losses_begin`. */
static void verify_domain(struct batch *batch, struct batch_item *item,
	const struct ds_run_options *options, struct verifier *verifier, size_t out_begin,
	size_t losses_begin)
{
	const struct verify_subject subject = {
		.domain = item->domain,
		.format = batch_format(batch, options, item->domain),
		.data = batch->out.data + out_begin,
		.size = item->out_end - out_begin,
		.losses = batch->losses.items + losses_begin,
		.loss_count = item->losses_end - losses_begin,
	};
	struct ds_error error;
	enum ds_status status =
		batch->out.failed ? DS_NO_MEMORY : verifier_check(verifier, &subject, &error);

	if (status == DS_DAMAGED) {
		item->mismatch = arena_copy(&batch->arena, &error, 1, sizeof error);
		batch->counts.mismatches++;
	}
	if (status == DS_NO_MEMORY)
		batch->status = DS_NO_MEMORY;
}

/** Verifies everything that was written. All domains are written before any is verified, because
 * both steps have much code and the processor's caches stay warm this way. */
static void verify_all(struct batch *batch, const struct ds_run_options *options,
	struct verifier *verifier)
{
	size_t out_begin = 0, losses_begin = 0;

	for (size_t i = 0; i < batch->item_count; i++) {
		struct batch_item *item = &batch->items[i];

		if (item->domain)
			verify_domain(batch, item, options, verifier, out_begin, losses_begin);
		out_begin = item->out_end;
		losses_begin = item->losses_end;
	}
}

void batch_write(struct batch *batch, const struct ds_run_options *options,
	struct preserver *preserver, struct verifier *verifier, struct bgzf *bgzf)
{
	for (size_t i = 0; i < batch->item_count; i++) {
		struct batch_item *item = &batch->items[i];

		if (item->domain && !options->check_only)
			write_domain(batch, item, options, preserver);
		/* Each finding repeats the name of the domain. */
		if (item->domain && options->audit && !disk_rows_fit(item->domain))
			batch_reject(batch, item, "DA905",
				"the findings of its disks would be too long");
		if (item->domain && options->audit && !judge(batch, item, options))
			batch->status = DS_NO_MEMORY;
		batch->counts.checked += item->domain && options->check_only;
		item->out_end = batch->out.size;
		item->losses_end = batch->losses.count;
		item->findings_end = batch->findings.count;
	}
	if (verifier)
		verify_all(batch, options, verifier);
	batch->counts.losses = batch->losses.count - batch->losses.unknown - batch->losses.defaults;
	batch->counts.unknown = batch->losses.unknown;
	batch->counts.findings = batch->findings.count;
	if (bgzf)
		batch_compress(bgzf, batch->out.data, batch->out.size, &batch->compressed);
	if (batch->out.failed || batch->compressed.failed || batch->arena.failed)
		batch->status = DS_NO_MEMORY;
}
