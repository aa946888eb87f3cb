/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/batch.h"
#include "flow/options.h"
#include "record/sized.h"

#include <stdlib.h>
#include <string.h>

/* The public reader: the framer and the record reader work on one block that is emptied as it is
 * read. */

/** The maximum number of bytes that are copied into the block at once. */
#define PIECE ((size_t)256 << 10)

struct ds_reader {
	struct ds_reader_events events;
	char *name;
	struct framer framer;
	struct block rest;
	struct batch batch;
	struct encodings *encodings;
	struct frame_reader *reader;
	/** The error of a range that spans several calls. */
	struct ds_error range_error;
	bool is_damaged, is_finished;
	enum ds_status status;
};

/** Creates a reader from complete options. */
static enum ds_status make_reader(const struct ds_reader_options *options,
	const struct ds_reader_events *events, struct ds_reader **made)
{
	struct ds_reader *reader = calloc(1, sizeof *reader);

	if (!reader)
		return DS_NO_MEMORY;
	reader->events = *events;
	reader->name = strdup(options->name ? options->name : "-");
	reader->encodings = encodings_new();
	reader->reader = frame_reader_new(options->limits, options->xml_parser, reader->encodings);
	batch_init(&reader->batch);
	block_init(&reader->rest);
	if (!reader->name || !reader->encodings || !reader->reader ||
		!framer_init(&reader->framer, options->format, options->limits)) {
		ds_reader_free(reader);
		return DS_NO_MEMORY;
	}
	framer_begin(&reader->framer, &reader->batch.block, reader->name, options->format, false);
	*made = reader;
	return DS_OK;
}

enum ds_status ds_reader_new(const struct ds_reader_options *options,
	const struct ds_reader_events *events, struct ds_reader **reader)
{
	struct ds_reader_options all_options;
	struct ds_reader_events all_events;
	struct ds_limits limits;

	ds_reader_events_init(&all_events, sizeof all_events);
	if (!reader || options_read_reader(&all_options, &limits, options) ||
		!sized_copy(&all_events, sizeof all_events, events) || !all_events.domain)
		return DS_USAGE;
	return make_reader(&all_options, &all_events, reader);
}

void ds_reader_free(struct ds_reader *reader)
{
	if (!reader)
		return;
	frame_reader_free(reader->reader);
	encodings_free(reader->encodings);
	framer_fini(&reader->framer);
	batch_fini(&reader->batch);
	block_fini(&reader->rest);
	free(reader->name);
	free(reader);
}

static enum ds_status give_rejected(struct ds_reader *reader, const struct batch_item *item)
{
	const struct ds_error *error = item->error;

	reader->is_damaged = true;
	if (error && !error->length && item->raw.size) {
		reader->range_error = *error;
		reader->range_error.place.name = reader->name;
	}
	if (item->ends_range) {
		reader->range_error.length = item->length;
		error = &reader->range_error;
	}
	if (!reader->events.rejected)
		return DS_OK;
	return reader->events.rejected(reader->events.context, error, item->raw);
}

/** Reads the frames that are complete, and keeps the other bytes for later. */
static enum ds_status deliver(struct ds_reader *reader)
{
	struct batch *batch = &reader->batch;
	enum ds_status status;

	/* Frames with large records are read in several rounds. */
	do {
		if (batch->is_partial)
			batch_go_on(batch);
		batch_read(batch, reader->reader, &reader->framer.limits);
		status = batch->status;
		for (size_t i = 0; i < batch->item_count && status == DS_OK; i++) {
			const struct batch_item *item = &batch->items[i];

			if (item->domain)
				status =
					reader->events.domain(reader->events.context, item->domain);
			else
				status = give_rejected(reader, item);
		}
	} while (status == DS_OK && batch->is_partial);
	return status;
}

/** Moves the unfinished bytes to the front of an empty block. */
static enum ds_status compact(struct ds_reader *reader)
{
	struct block rest;
	enum ds_status status;

	block_clear(&reader->rest, PIECE * 4);
	status = framer_move(&reader->framer, &reader->batch.block, &reader->rest);
	if (status != DS_OK)
		return status;
	rest = reader->rest;
	reader->rest = reader->batch.block;
	reader->batch.block = rest;
	return DS_OK;
}

/** Delivers the domains that the bytes in the block complete. */
static enum ds_status deliver_frames(struct ds_reader *reader)
{
	struct batch *batch = &reader->batch;
	enum ds_status status = reader->is_finished ? framer_finish(&reader->framer, &batch->block)
						    : framer_scan(&reader->framer, &batch->block);

	if (status == DS_OK && batch->block.frame_count)
		status = deliver(reader);
	/* There is nothing to deliver and little to keep, so the same block is filled further. */
	if (status != DS_OK || (!batch->block.frame_count && reader->framer.start <= PIECE))
		return status;
	status = compact(reader);
	batch_forget_frames(batch);
	return status;
}

enum ds_status ds_reader_feed(struct ds_reader *reader, const void *data, size_t size)
{
	const char *bytes = data;
	struct batch *batch;

	if (!reader || (size && !data) || reader->is_finished)
		return DS_USAGE;
	batch = &reader->batch;
	while (size && reader->status == DS_OK) {
		size_t piece = size < PIECE ? size : PIECE;

		if (!block_reserve(&batch->block, piece)) {
			reader->status = DS_NO_MEMORY;
			break;
		}
		memcpy(batch->block.data + batch->block.size, bytes, piece);
		batch->block.size += piece;
		bytes += piece;
		size -= piece;
		do
			reader->status = deliver_frames(reader);
		while (reader->status == DS_OK && reader->framer.is_behind);
	}
	return reader->status;
}

enum ds_status ds_reader_finish(struct ds_reader *reader)
{
	if (!reader)
		return DS_USAGE;
	if (reader->is_finished)
		return reader->status;
	reader->is_finished = true;
	while (reader->status == DS_OK) {
		reader->status = deliver_frames(reader);
		if (!reader->framer.is_behind)
			break;
	}
	if (reader->status == DS_OK && reader->is_damaged)
		reader->status = DS_DAMAGED;
	return reader->status;
}
