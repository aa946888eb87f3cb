/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/framer_private.h"

#include "record/lines.h"

#include <stdlib.h>
#include <string.h>

/** A refused range is given out in pieces of this size, so that it need not be held. */
#define PIECE_SIZE ((size_t)256 << 10)

/** What is unfinished and shorter than this is looked at again with every byte that comes. */
#define WAIT_MIN ((size_t)4 << 10)

/** So far a bracket is looked for that tells the format. */
#define RECOGNISED_SIZE ((size_t)4 << 10)

static const char too_large[] = "the domain is larger than the limit on its size";

int framer_init(struct framer *framer, enum ds_format format, const struct ds_limits *limits)
{
	memset(framer, 0, sizeof *framer);
	framer->format = format;
	framer->limits = *limits;
	framer->levels = calloc(limits->depth ? limits->depth : 1, sizeof *framer->levels);
	return framer->levels != NULL;
}

void framer_fini(struct framer *framer)
{
	free(framer->levels);
	framer->levels = NULL;
}

void framer_begin(struct framer *framer, const struct block *block, const char *name, enum ds_format format,
		  int transcoded)
{
	struct framer fresh = {
		.format = format,
		.limits = framer->limits,
		.levels = framer->levels,
		.name = name,
		.transcoded = transcoded,
		.base = -(uint64_t)block->size,
		.pos = block->size,
		.start = block->size,
		.counted = block->size,
		.line = 1,
		.patience = PATIENCE,
		.frames_max = FRAMES_MAX,
	};
	*framer = fresh;
}

struct ds_place framer_place(struct framer *framer, const struct block *block, size_t at)
{
	size_t last = 0;

	/* An empty block has no bytes at all. */
	if (at > framer->counted)
		framer->line += lines_count(block->data + framer->counted, at - framer->counted, &last);
	if (last)
		framer->line_start = framer->base + framer->counted + last;
	framer->counted = at;
	return (struct ds_place){
		.name = framer->block_name,
		.offset = framer->base + at,
		.line = framer->line,
		.column = framer->base + at - framer->line_start + 1,
	};
}

static struct frame *add_frame(struct framer *framer, struct block *block, enum frame_kind kind, size_t end)
{
	struct frame *frame;

	if (!framer->block_name) {
		struct ds_text name = arena_text(&block->arena, framer->name, strlen(framer->name) + 1);

		if (!name.data)
			return NULL;
		framer->block_name = name.data;
	}
	frame = block_frame(block);
	if (!frame)
		return NULL;
	frame->kind = kind;
	frame->format = framer->format;
	frame->encoding = framer->encoding;
	frame->has_markup = framer->has_markup;
	frame->at = framer->start;
	frame->size = end - framer->start;
	frame->place = framer_place(framer, block, framer->start);
	frame->host = framer->host;
	return frame;
}

static void go_outside(struct framer *framer, size_t at)
{
	framer->state = FRAMER_OUTSIDE;
	framer->pos = at;
	framer->start = at;
	framer->candidate = 0;
	framer->suspect = 0;
	framer->depth = framer->wrappers;
	framer->lists = 0;
	framer->quote = 0;
	framer->in_comment = 0;
	framer->closes_early = 0;
	framer->has_markup = 0;
	framer->has_begun = 1;
}

enum framer_step framer_refuse(struct framer *framer, enum frame_kind kind, const char *id, const char *why, size_t at,
			       size_t resume)
{
	framer->state = FRAMER_REFUSING;
	framer->damaged = 1;
	framer->refused_kind = kind;
	framer->refused_id = id;
	framer->refused_why = why;
	framer->refused_at = at - framer->start;
	framer->refused_given = 0;
	framer->pos = resume;
	return STEP_ON;
}

/** One piece: the first one carries the reason, the others are more of it. */
static enum framer_step give_refused(struct framer *framer, struct block *block, size_t end, int is_last)
{
	uint64_t length = framer->refused_given + (end - framer->start);
	int is_first = framer->refused_given == 0;

	if (end > framer->start || is_first) {
		struct frame *frame = add_frame(framer, block, is_first ? framer->refused_kind : FRAME_MORE, end);

		if (!frame)
			return STEP_NO_MEMORY;
		if (is_first) {
			frame->id = framer->refused_id;
			frame->why = framer->refused_why;
			frame->error_at = framer->refused_at;
			frame->length = is_last ? length : 0;
		}
	}
	framer->refused_given = length;
	framer->start = end;
	if (is_last && !is_first) {
		struct frame *frame = add_frame(framer, block, FRAME_END, end);

		if (!frame)
			return STEP_NO_MEMORY;
		frame->length = length;
	}
	return STEP_ON;
}

enum framer_step framer_refused(struct framer *framer, struct block *block, size_t end)
{
	enum framer_step step = give_refused(framer, block, end, 1);

	go_outside(framer, end);
	return step;
}

enum framer_step framer_domain(struct framer *framer, struct block *block, size_t end)
{
	struct frame *frame;

	if (end - framer->start > framer->limits.domain_size) {
		framer_refuse(framer, FRAME_REJECTED, "DA905", too_large, framer->start, end);
		return framer_refused(framer, block, end);
	}
	frame = add_frame(framer, block, FRAME_DOMAIN, end);
	if (!frame)
		return STEP_NO_MEMORY;
	for (size_t i = 0; i < framer->wrappers; i++)
		frame->may_be_reference |= framer->levels[i].snapshot;
	if (framer->closes_early) {
		frame->closes_early = 1;
		frame->id = "DA903";
		frame->why = "a parenthesis too many closes the domain before its devices; they were read as its own";
	}
	go_outside(framer, end);
	return STEP_ON;
}

enum framer_step framer_refused_part(struct framer *framer, struct block *block, size_t end)
{
	if (end - framer->start < PIECE_SIZE || end - framer->start <= framer->refused_at)
		return STEP_ON;
	return give_refused(framer, block, end, 0);
}

/** Bytes were looked at in vain. */
static void spend(struct framer *framer, size_t bytes)
{
	framer->patience -= bytes < framer->patience ? bytes : framer->patience;
}

enum framer_step framer_broken(struct framer *framer, struct block *block, const char *id, const char *why, size_t at,
			       size_t resume)
{
	size_t candidate = framer->suspect && framer->patience ? framer->suspect : framer->candidate;

	framer_refuse(framer, FRAME_REJECTED, id, why, candidate && candidate < at ? candidate : at, resume);
	if (!candidate)
		return STEP_ON;
	spend(framer, resume > candidate ? resume - candidate : 0);
	return framer_refused(framer, block, candidate);
}

enum framer_step framer_closed(struct framer *framer, struct block *block)
{
	spend(framer, framer->pos > framer->closed_at ? framer->pos - framer->closed_at : 0);
	framer->closes_early = 0;
	return framer_domain(framer, block, framer->closed_at);
}

enum framer_step framer_guess(struct framer *framer, struct block *block, size_t end, size_t next, size_t lines)
{
	struct frame *frame = add_frame(framer, block, FRAME_DOMAIN, end);

	if (!frame)
		return STEP_NO_MEMORY;
	frame->is_guess = 1;
	go_outside(framer, next);
	framer->counted = next;
	framer->line += lines;
	framer->line_start = framer->base + next;
	return STEP_ON;
}

size_t framer_look_again(struct framer *framer, const struct block *block)
{
	if (!framer->patience)
		return block->size;
	spend(framer, block->size - framer->pos);
	return framer->pos;
}

enum framer_step framer_too_large(struct framer *framer, struct block *block)
{
	if (framer->state == FRAMER_CLOSED || framer->closes_early)
		return framer_closed(framer, block);
	if (framer->state == FRAMER_OUTSIDE)
		return framer_refuse(framer, FRAME_STRAY, "DA905", "what stands here is larger than the limit on a domain",
				     framer->start, framer->pos);
	return framer_broken(framer, block, "DA905", too_large, framer->start, framer_look_again(framer, block));
}

/** Decides by the first byte that is no blank; when that is neither format's, by the first bracket in its neighbourhood:
 * a line may stand before a dump, or its first byte be damaged. */
static void recognise(struct framer *framer, const struct block *block, int is_end)
{
	size_t at = framer->pos;
	size_t most;

	/* Blanks and a byte order mark say nothing yet. */
	while (at < block->size && (framer_blank(block->data[at]) || framer_mark(block->data[at])))
		at++;
	framer->pos = framer->start = at;
	if (at == block->size)
		return;
	most = block->data[at] == '#' ? at : at + RECOGNISED_SIZE;
	while (at < block->size && at < most && block->data[at] != '<' && block->data[at] != '(')
		at++;
	if (at < block->size || is_end)
		framer->format = at < block->size && block->data[at] == '<' ? DS_FORMAT_XML : DS_FORMAT_SEXPR;
}

/** A step that sees no further than the limit on a domain's size goes, so that what is over it is judged in the same
 * way however the stream is cut. */
static enum framer_step step_within_limit(struct framer *framer, struct block *block)
{
	size_t all = block->size;
	size_t from = framer->state == FRAMER_REFUSING ? framer->pos : framer->start;
	int is_cut = framer->state != FRAMER_DONE && all - from > framer->limits.domain_size;
	enum framer_step step = STEP_MORE;

	if (is_cut)
		block->size = from + framer->limits.domain_size + 1;
	if (framer->pos < block->size)
		step = framer->format == DS_FORMAT_XML ? xml_framer_step(framer, block) : sexpr_framer_step(framer, block);
	block->size = all;
	if (step != STEP_MORE || !is_cut)
		return step;
	if (framer->state != FRAMER_REFUSING && framer->start == from)
		return framer_too_large(framer, block);
	if (framer->state != FRAMER_REFUSING)
		return STEP_ON;
	/* What would end the refused range does not end itself. */
	if (framer->pos == from)
		framer->pos++;
	return STEP_ON;
}

/** What is unfinished is looked at from its beginning when more bytes came. So that this stays linear when they come one
 * by one, it waits until there is half as much again. */
static void wait_for_more(struct framer *framer, const struct block *block)
{
	size_t pending = block->size - framer->pos;

	framer->wake = pending > WAIT_MIN ? block->size + pending / 2 : 0;
}

/** Looks for frames until the block has `most` of them. */
static enum ds_status scan(struct framer *framer, struct block *block, size_t most)
{
	enum framer_step step = STEP_ON;

	framer->is_behind = 0;
	if (framer->format == DS_FORMAT_AUTO)
		recognise(framer, block, 0);
	if (framer->format == DS_FORMAT_AUTO ||
	    (block->size < framer->wake && block->size - framer->start <= framer->limits.domain_size))
		return DS_OK;
	while (step == STEP_ON && framer->pos < block->size && block->frame_count < most)
		step = step_within_limit(framer, block);
	if (step == STEP_ON && framer->pos < block->size)
		framer->is_behind = 1;
	else
		wait_for_more(framer, block);
	return step == STEP_NO_MEMORY ? DS_NO_MEMORY : DS_OK;
}

enum ds_status framer_scan(struct framer *framer, struct block *block)
{
	return scan(framer, block, framer->frames_max);
}

void framer_again_begin(struct framer *framer, const struct frame *guess, const struct ds_limits *limits)
{
	*framer = (struct framer){
		.format = DS_FORMAT_SEXPR,
		.limits = *limits,
		.name = guess->place.name,
		.block_name = guess->place.name,
		.host = guess->host,
		.base = guess->place.offset - guess->at,
		.pos = guess->at,
		.start = guess->at,
		.counted = guess->at,
		.line = guess->place.line,
		.line_start = guess->place.offset - (guess->place.column - 1),
		.has_begun = 1,
		.again_end = guess->at + guess->size,
	};
}

enum ds_status framer_again(struct framer *framer, const struct block *block, struct block *frames)
{
	struct block view = *block;
	enum framer_step step = STEP_ON;

	/* The bytes of the one and the frames of the other. What it needs to see, the next domain's head, lies behind the guess, and may
	 * have moved. */
	if (view.seen > view.size)
		view.size = view.seen;
	view.frames = frames->frames;
	view.frame_count = frames->frame_count;
	view.frame_capacity = frames->frame_capacity;
	while (step == STEP_ON && framer->start < framer->again_end && view.frame_count < FRAMES_MAX)
		step = step_within_limit(framer, &view);
	frames->frames = view.frames;
	frames->frame_count = view.frame_count;
	frames->frame_capacity = view.frame_capacity;
	framer->is_behind = step == STEP_ON && framer->start < framer->again_end;
	return step == STEP_NO_MEMORY ? DS_NO_MEMORY : DS_OK;
}

enum ds_status framer_finish(struct framer *framer, struct block *block)
{
	enum framer_step step = STEP_ON;
	enum ds_status status;

	if (framer->format == DS_FORMAT_AUTO)
		recognise(framer, block, 1);
	framer->wake = 0;
	status = scan(framer, block, framer->frames_max);
	/* The end may break a frame, after which the rest is looked at again. */
	while (status == DS_OK && step == STEP_ON && !framer->is_behind && framer->format != DS_FORMAT_AUTO) {
		step = framer->format == DS_FORMAT_XML ? xml_framer_end(framer, block) :
							 sexpr_framer_end(framer, block);
		framer->wake = 0;
		if (step == STEP_ON)
			status = scan(framer, block, framer->frames_max);
	}
	if (step == STEP_NO_MEMORY)
		status = DS_NO_MEMORY;
	if (!framer->is_behind)
		framer->block_name = NULL;
	return status;
}

enum ds_status framer_move(struct framer *framer, struct block *from, struct block *to)
{
	size_t gone = framer->start;
	size_t rest = from->size - gone;

	/* The place of what moves must be known before the bytes before it are gone. */
	framer_place(framer, from, gone);
	if (!block_reserve(to, rest))
		return DS_NO_MEMORY;
	if (rest)
		memcpy(to->data, from->data + gone, rest);
	to->size = rest;
	from->seen = from->size;
	from->size = gone;
	framer->base += gone;
	framer->pos -= gone;
	framer->start = 0;
	framer->counted = 0;
	framer->closed_at -= gone;
	framer->wake -= gone < framer->wake ? gone : framer->wake;
	if (framer->candidate)
		framer->candidate -= gone;
	if (framer->suspect)
		framer->suspect -= gone;
	framer->block_name = NULL;
	return DS_OK;
}
