/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/batch.h"

#include "record/array.h"

#include <stdlib.h>
#include <string.h>

/** A batch that has allocated more than this frees it before it is reused. */
#define BLOCK_KEEP ((size_t)768 << 10)
#define OUTPUT_KEEP ((size_t)768 << 10)
#define ITEMS_KEEP (FRAMES_MAX * 4)

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
