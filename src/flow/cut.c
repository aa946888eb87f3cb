/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/cut.h"

#include "flow/select.h"
#include "flow/stream_host.h" /* STREAM_HOST_ERRORS */
#include "record/error.h"
#include "record/lines.h"
#include "write/writer.h" /* disk_rows_show() */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** The first domains must end within this many bytes, or the input is not divided. */
#define HEAD_SIZE ((size_t)1 << 20)
/** The number of bytes that are read at once between an anchor and a border. */
#define CHUNK_SIZE ((size_t)32 << 10)
/** An input must begin with this many domains, so that all parts can determine its host. */
#define HEAD_DOMAINS 2

/** Returns whether the positions in this field are written, or decide which domains are
 * selected. */
static bool needs(const struct ds_run_options *options, const char *field)
{
	return options->part_positions || disk_rows_show(options->rows, field) ||
		selection_uses(options->selection, field);
}

void cut_init(struct cut *cut, const struct ds_run_options *options, const struct share *share)
{
	memset(cut, 0, sizeof *cut);
	cut->options = options;
	cut->share = share;
	cut->needs_lines = needs(options, "line");
	cut->needs_offsets = needs(options, "offset");
	block_init(&cut->head_block);
	buffer_init(&cut->begin);
	buffer_init(&cut->end);
	buffer_init(&cut->account);
}

void cut_fini(struct cut *cut)
{
	framer_fini(&cut->head);
	block_fini(&cut->head_block);
	free(cut->bytes);
	buffer_fini(&cut->begin);
	buffer_fini(&cut->end);
	buffer_fini(&cut->account);
}

void cut_reset(struct cut *cut, const struct share_input *input)
{
	cut->is_active = cut->is_past_share = false;
	cut->segment = (struct ds_segment){
		.input = input->index,
		.is_first = true,
		.is_last = true,
		.share_to = input->size,
		.share_size =
			cut->share->parts ? cut->share->total / cut->share->parts : input->size,
		.to = input->size,
	};
}

/* ---- the head of the input ---- */

/** Counts the domains at the beginning of the input. Sets `*end` to the end of the last one that is
 * required. */
static unsigned count_first_domains(const struct block *block, size_t *end)
{
	unsigned domains = 0, errors = 0;

	for (size_t i = 0; i < block->frame_count && domains < HEAD_DOMAINS; i++) {
		const struct frame *frame = &block->frames[i];

		domains += frame->kind == FRAME_DOMAIN;
		errors += frame->kind != FRAME_DOMAIN;
		*end = frame->at + frame->size;
	}
	return errors < STREAM_HOST_ERRORS ? domains : 0;
}

/** Frames the beginning of the input until enough domains were found. */
static enum ds_status read_head(struct cut *cut, struct input_stream *stream, const char *name,
	bool *has_domains, struct ds_error *error)
{
	struct block *block = &cut->head_block;
	size_t end = 0;

	*has_domains = false;
	block_clear(block, 0);
	framer_fini(&cut->head);
	if (!framer_init(&cut->head, cut->options->from, cut->options->limits))
		return DS_NO_MEMORY;
	framer_begin(&cut->head, block, name, cut->options->from, false);
	while (block->size < HEAD_SIZE && !cut->head.is_behind) {
		size_t size = 0;
		enum ds_status status;

		if (!block_reserve(block, CHUNK_SIZE))
			return DS_NO_MEMORY;
		status = input_stream_read(stream, block->data + block->size, CHUNK_SIZE, &size,
			error);
		/* Damage this close to the beginning belongs to the first segment only. */
		if (status == DS_DAMAGED || (status == DS_OK && !size))
			return DS_OK;
		if (status != DS_OK)
			return status;
		block->size += size;
		if (framer_scan(&cut->head, block) != DS_OK)
			return DS_NO_MEMORY;
		if (count_first_domains(block, &end) == HEAD_DOMAINS)
			break;
	}
	*has_domains = count_first_domains(block, &end) == HEAD_DOMAINS &&
		cut->head.state != FRAMER_DONE && !cut->head.sexpr.is_save_file;
	cut->least_anchor =
		cut->kind == INPUT_CUT_BGZF ? input_stream_bytes_read(stream) : (uint64_t)end;
	block_clear(block, 0);
	return DS_OK;
}

/* ---- anchors ---- */

/** Returns the first anchor at or after an offset in the input. */
static uint64_t anchor_at(const struct cut *cut, const struct input_stream *stream, uint64_t offset)
{
	if (offset == 0)
		return 0;
	if (offset < cut->least_anchor)
		offset = cut->least_anchor;
	return offset >= cut->size ? cut->size : input_stream_border(stream, cut->kind, offset);
}

/** Returns the first anchor after this share, or after the following shares, or 0 if there is
 * none. */
static uint64_t next_anchor(struct cut *cut, const struct input_stream *stream, uint64_t after)
{
	while (cut->next_part <= cut->share->parts) {
		uint64_t end = share_border(cut->share, cut->next_part++);
		uint64_t anchor;

		if (end <= cut->sequence_offset)
			continue;
		if (end >= cut->sequence_offset + cut->size)
			return 0;
		anchor = anchor_at(cut, stream, end - cut->sequence_offset);
		if (anchor >= cut->size)
			return 0;
		if (anchor > after)
			return anchor;
	}
	return 0;
}

/* ---- bytes between an anchor and a border ---- */

/** Reads more bytes, and notes where the next anchor is among them. */
static enum ds_status fetch(struct cut *cut, struct input_stream *stream, struct ds_error *error)
{
	uint64_t anchor;
	size_t size = 0;
	enum ds_status status;

	if (cut->at) {
		memmove(cut->bytes, cut->bytes + cut->at, cut->filled - cut->at);
		cut->filled -= cut->at;
		cut->at = 0;
	}
	status = input_stream_read(stream, cut->bytes + cut->filled, CHUNK_SIZE, &size, error);
	if (status != DS_OK)
		return status;
	cut->filled += size;
	if (size)
		return DS_OK;
	cut->is_before_anchor = input_stream_is_at_stop(stream, &anchor);
	cut->is_ended = !cut->is_before_anchor;
	if (cut->is_before_anchor)
		cut->next_anchor = anchor;
	return DS_OK;
}

/** Starts the search for a line after an anchor. All bytes before the anchor were skipped. */
static void pass_anchor(struct cut *cut, uint64_t anchor)
{
	cut->anchor = anchor;
	cut->delta = 0;
	cut->is_before_anchor = false;
	cut->scan = (struct border_scan){.format = cut->head.format};
	cut->is_at_line = false;
}

/** Searches the buffered bytes for a line that begins a domain. Returns the number of bytes before
 * it, or the number of bytes that were searched without success. A line that begins before an
 * anchor and ends after it is found by no part. */
static size_t find_line(struct cut *cut, bool *is_found)
{
	return border_scan(&cut->scan, cut->bytes + cut->at, cut->filled - cut->at,
		cut->is_ended || cut->is_before_anchor, is_found);
}

static bool is_exhausted(const struct cut *cut)
{
	return cut->at == cut->filled && (cut->is_ended || cut->is_before_anchor);
}

/** Makes room for two chunks, because a part of the previous chunk may still be buffered. */
static bool reserve(struct cut *cut)
{
	if (!cut->bytes)
		cut->bytes = malloc(2 * CHUNK_SIZE);
	cut->at = cut->filled = 0;
	cut->is_ended = cut->is_before_anchor = false;
	return cut->bytes != NULL;
}

/* ---- the beginning of the segment ---- */

/** Searches the share for the border. */
static enum ds_status find_begin(struct cut *cut, struct input_stream *stream, bool *is_found,
	struct ds_error *error)
{
	*is_found = false;
	for (;;) {
		size_t passed = find_line(cut, is_found);
		enum ds_status status = DS_OK;

		cut->at += passed;
		cut->delta += passed;
		if (*is_found || is_exhausted(cut))
			return DS_OK;
		status = fetch(cut, stream, error);
		if (status == DS_DAMAGED && input_stream_resume(stream)) {
			/* The part before this one reports the error. */
			cut->delta += cut->filled - cut->at;
			cut->at = cut->filled;
			border_scan_skip(&cut->scan);
		} else if (status != DS_OK) {
			return status == DS_DAMAGED ? DS_OK : status;
		}
	}
}

/** Skips bytes up to the border, whose position is known. */
static enum ds_status pass_to_begin(struct cut *cut, struct input_stream *stream, uint64_t delta,
	bool *is_found, struct ds_error *error)
{
	*is_found = false;
	while (cut->delta < delta) {
		size_t size = cut->filled - cut->at;
		enum ds_status status = DS_OK;
		size_t last = 0;

		if (size > delta - cut->delta)
			size = (size_t)(delta - cut->delta);
		cut->scan.lines += lines_count(cut->bytes + cut->at, size, &last);
		cut->scan.blanks = last ? size - last : cut->scan.blanks + size;
		cut->at += size;
		cut->delta += size;
		if (cut->delta < delta && is_exhausted(cut))
			return DS_OK;
		if (cut->delta < delta)
			status = fetch(cut, stream, error);
		if (status == DS_DAMAGED && input_stream_resume(stream))
			continue;
		if (status != DS_OK)
			return status == DS_DAMAGED ? DS_OK : status;
	}
	while (cut->filled - cut->at < BORDER_SCAN_MAX && !cut->is_ended &&
		!cut->is_before_anchor && fetch(cut, stream, error) == DS_OK)
		;
	cut->scan.is_line_start = true;
	(void)border_scan(&cut->scan, cut->bytes + cut->at, cut->filled - cut->at, true, is_found);
	*is_found = true;
	return DS_OK;
}

/** Counts the lines, decompressed bytes and members before an offset. */
static enum ds_status count_before(struct cut *cut, const char *name,
	const struct input_stream_options *options, uint64_t offset, uint64_t *members,
	struct ds_error *error)
{
	struct input_stream_options before = *options;
	struct input_stream *stream = NULL;
	enum ds_status status;
	size_t size = 1, last;

	before.cut = cut->kind;
	before.begin = 0;
	before.stop = offset;
	status = input_stream_open(&stream, name, &before, error);
	while (status == DS_OK && size) {
		status = input_stream_read(stream, cut->bytes, 2 * CHUNK_SIZE, &size, error);
		if (status == DS_DAMAGED && input_stream_resume(stream))
			status = DS_OK, size = 1;
		else if (status == DS_OK) {
			cut->lines += lines_count(cut->bytes, size, &last);
			cut->plain += size;
		}
	}
	if (stream && cut->kind == INPUT_CUT_BGZF)
		*members = input_stream_members(stream);
	input_stream_free(stream);
	return status == DS_DAMAGED ? DS_OK : status;
}

/** Parses --from-border: the anchor, the offset of the border after it, and what else is known
 * about the border. Returns false when it is malformed. */
static bool read_from_border(struct cut *cut, uint64_t *anchor, uint64_t *delta)
{
	int used = 0;

	if (sscanf(cut->options->from_border, "%" SCNu64 "+%" SCNu64 "%n", anchor, delta, &used) !=
			2 ||
		(cut->options->from_border[used] && cut->options->from_border[used] != ':'))
		return false;
	cut->known = cut->options->from_border[used] ? cut->options->from_border + used + 1 : NULL;
	return true;
}

static enum ds_status malformed(struct ds_error *error)
{
	error_set(error, "DA908", (struct ds_place){"", 0, 0, 0},
		"invalid border: expected one that 'domstream merge' has printed");
	return DS_USAGE;
}

/** Opens the stream at an anchor and skips to the border. */
static enum ds_status open_segment(struct cut *cut, struct input_stream **stream, const char *name,
	const struct input_stream_options *options, bool *is_found, struct ds_error *error)
{
	struct input_stream_options wanted = *options;
	uint64_t anchor = cut->from, delta = 0;
	bool is_known = cut->from && cut->options->from_border;
	enum ds_status status = DS_OK;
	uint64_t stop;

	cut->known = NULL;
	cut->lines = cut->plain = 0;
	if (!reserve(cut))
		return DS_NO_MEMORY;
	if (is_known && !read_from_border(cut, &anchor, &delta))
		return malformed(error);
	*is_found = false;
	if (anchor >= cut->to)
		return DS_OK;
	cut->next_part = cut->share->part;
	stop = next_anchor(cut, *stream, anchor);
	input_stream_free(*stream);
	*stream = NULL;
	wanted.cut = cut->kind;
	wanted.begin = anchor;
	wanted.stop = stop;
	wanted.members = anchor != 0;
	if (anchor && (cut->needs_lines || (cut->needs_offsets && cut->kind == INPUT_CUT_BGZF)))
		status = count_before(cut, name, options, anchor, &wanted.members, error);
	if (status == DS_OK)
		status = input_stream_open(stream, name, &wanted, error);
	if (status != DS_OK)
		return status;
	pass_anchor(cut, anchor);
	if (!anchor && !delta) {
		*is_found = true;
		return DS_OK;
	}
	return is_known ? pass_to_begin(cut, *stream, delta, is_found, error)
			: find_begin(cut, *stream, is_found, error);
}

/** Records that nothing begins in this share. */
static void note_empty_share(struct cut *cut)
{
	cut->segment.is_empty = true;
	cut->segment.is_first = cut->segment.is_last = false;
	cut->segment.from = cut->segment.to = cut->from;
}

/** Returns the reason why an input cannot be divided. */
static const char *reason_of(const struct input_stream *stream, enum input_cut kind)
{
	struct input_facts facts;

	input_stream_facts(stream, &facts);
	if (facts.kind == DS_INPUT_ARCHIVE)
		return "a tar archive";
	if (facts.encoding)
		return "in a multi-byte encoding";
	if (kind == INPUT_CUT_NONE)
		return facts.compression;
	return "too short, or does not begin with two complete domains";
}

enum ds_status cut_open(struct cut *cut, struct input_stream **stream, const char *name,
	const struct input_stream_options *options, const struct share_input *input,
	bool treatment_allows, bool *is_ours, struct ds_error *error)
{
	enum ds_status status = DS_OK;
	bool is_cut = false;

	cut->kind = input_stream_cut(*stream);
	cut->size = input->size;
	cut->sequence_offset = cut->share->at - input->size;
	/* A file that changes while it is read cannot be shared. */
	if (cut->kind != INPUT_CUT_NONE && treatment_allows &&
		input_stream_size(*stream) == input->size)
		status = read_head(cut, *stream, name, &is_cut, error);
	if (status != DS_OK)
		return status;
	cut->from = is_cut ? anchor_at(cut, *stream, input->from) : 0;
	cut->to = is_cut ? anchor_at(cut, *stream, input->to) : input->size;
	*is_ours = is_cut || input->is_owned;
	cut->segment.share_from = cut->from;
	cut->segment.share_to = cut->to;
	if (!is_cut)
		cut->segment.whole_because = reason_of(*stream, cut->kind);
	if (!is_cut && *is_ours) {
		/* The beginning of the stream has been consumed, so it is opened once more. */
		input_stream_free(*stream);
		*stream = NULL;
		return input_stream_open(stream, name, options, error);
	}
	if (!is_cut)
		return DS_OK;
	status = open_segment(cut, stream, name, options, &is_cut, error);
	if (status == DS_OK && !is_cut)
		note_empty_share(cut);
	cut->is_active = is_cut;
	return status;
}

/* ---- the segment ---- */

bool cut_begin(struct cut *cut, struct framer *framer)
{
	char border[64];
	uint64_t offset;

	cut->segment.begin_line = 1;
	if (!cut->from)
		return true;
	offset = (cut->kind == INPUT_CUT_BGZF ? cut->plain : cut->anchor) + cut->delta;
	framer->base += offset;
	framer->line_start = offset - cut->scan.blanks;
	framer->line = cut->lines + cut->scan.lines + 1;
	if (!cut->known)
		border_assume(framer, &cut->head, cut->scan.is_document);
	else if (!border_apply(framer, cut->known))
		return false;
	snprintf(border, sizeof border, "%" PRIu64 "+%" PRIu64 ":", cut->anchor, cut->delta);
	buffer_clear(&cut->begin, SIZE_MAX);
	buffer_string(&cut->begin, border);
	border_describe(framer, cut->scan.is_document, &cut->begin);
	buffer_byte(&cut->begin, '\0');
	cut->segment.is_first = false;
	cut->segment.from = cut->kind == INPUT_CUT_BGZF ? cut->anchor : cut->anchor + cut->delta;
	cut->segment.begin_offset = offset;
	cut->segment.begin_line = framer->line;
	cut->segment.first_line = cut->needs_lines ? framer->line : 0;
	return true;
}

/** Passes buffered bytes to the block. */
static bool fill_block(struct cut *cut, struct block *block, size_t size)
{
	if (!block_reserve(block, size))
		return false;
	memcpy(block->data + block->size, cut->bytes + cut->at, size);
	block->size += size;
	cut->at += size;
	cut->delta += size;
	return true;
}

/** Passes the bytes before the next line that may be the border, or before the next anchor. */
static enum ds_status give_tail(struct cut *cut, struct input_stream *stream, struct block *block,
	size_t *size, enum cut_step *step, struct ds_error *error)
{
	enum ds_status status;

	*size = find_line(cut, &cut->is_at_line);
	if (*size && !fill_block(cut, block, *size))
		return DS_NO_MEMORY;
	if (*size || cut->is_at_line)
		return DS_OK;
	if (is_exhausted(cut) && cut->is_ended) {
		*step = CUT_END;
		return DS_OK;
	}
	if (is_exhausted(cut)) {
		pass_anchor(cut, cut->next_anchor);
		input_stream_set_stop(stream, next_anchor(cut, stream, cut->anchor));
		return DS_OK;
	}
	status = fetch(cut, stream, error);
	if (status != DS_DAMAGED)
		return status;
	/* The damaged range consists only of the bytes before the damage. */
	border_scan_skip(&cut->scan);
	*size = cut->filled - cut->at;
	return fill_block(cut, block, *size) ? DS_DAMAGED : DS_NO_MEMORY;
}

enum ds_status cut_read(struct cut *cut, struct input_stream *stream, struct block *block,
	size_t capacity, size_t *size, enum cut_step *step, struct ds_error *error)
{
	enum ds_status status;

	*size = 0;
	*step = CUT_BYTES;
	if (cut->is_past_share)
		return give_tail(cut, stream, block, size, step, error);
	*size = cut->filled - cut->at;
	if (*size)
		return fill_block(cut, block, *size) ? DS_OK : DS_NO_MEMORY;
	if (!block_reserve(block, capacity))
		return DS_NO_MEMORY;
	status = input_stream_read(stream, block->data + block->size, capacity, size, error);
	block->size += *size;
	if (status != DS_OK || *size)
		return status;
	cut->is_past_share = input_stream_is_at_stop(stream, &cut->next_anchor);
	if (!cut->is_past_share) {
		*step = CUT_END;
		return DS_OK;
	}
	cut->is_ended = false;
	pass_anchor(cut, cut->next_anchor);
	input_stream_set_stop(stream, next_anchor(cut, stream, cut->anchor));
	return DS_OK;
}

enum ds_status cut_settle(struct cut *cut, struct framer *framer, struct block *block,
	bool *is_border)
{
	enum ds_status status = border_settle(framer, block, is_border);

	if (status != DS_OK || framer->is_behind || *is_border)
		return status;
	cut->is_at_line = false;
	border_scan_skip(&cut->scan);
	return DS_OK;
}

bool cut_end(struct cut *cut, struct framer *framer, const struct block *block, bool is_border)
{
	struct ds_segment *segment = &cut->segment;
	struct ds_place end;
	char border[64];

	segment->is_last = !is_border;
	if (!segment->is_first) {
		buffer_clear(&cut->account, SIZE_MAX);
		border_account(framer, &cut->account);
		buffer_byte(&cut->account, '\0');
		segment->begin = cut->begin.data;
		segment->account = cut->account.data;
	}
	segment->to = cut->size;
	segment->end = NULL;
	if (is_border) {
		snprintf(border, sizeof border, "%" PRIu64 "+%" PRIu64 ":", cut->anchor,
			cut->delta);
		buffer_clear(&cut->end, SIZE_MAX);
		buffer_string(&cut->end, border);
		border_describe(framer, cut->scan.is_document, &cut->end);
		buffer_byte(&cut->end, '\0');
		segment->end = cut->end.data;
		end = framer_unfinished(framer, block);
		segment->end_offset = end.offset;
		segment->end_line = end.line;
		if (cut->needs_lines)
			segment->last_line = end.line;
		segment->to = cut->kind == INPUT_CUT_BGZF ? cut->anchor : cut->anchor + cut->delta;
	}
	return !cut->begin.failed && !cut->end.failed && !cut->account.failed;
}
