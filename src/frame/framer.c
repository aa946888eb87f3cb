/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/framer_private.h"
#include "frame/xml_check.h"
#include "record/lines.h"

#include <stdlib.h>
#include <string.h>

/** A refused range is passed on in chunks of this size, so that it does not have to be kept in
 * memory. */
#define REFUSED_MAX ((size_t)256 << 10)

/** An unfinished frame that is shorter than this is rescanned whenever bytes are added. */
#define WAIT_MIN ((size_t)4 << 10)

static const struct {
	char id[8];
	const char *text;
} damages[] = {
	[DAMAGE_ENDS_IN_DOMAIN] = {"DA901", "the input ends inside this domain"},
	[DAMAGE_ENDS_IN_TAG] = {"DA901", "the input ends inside this tag"},
	[DAMAGE_ENDS_IN_ELEMENT] = {"DA901", "the input ends before its last element is closed"},
	[DAMAGE_ENDS_IN_LIST] = {"DA901", "the input ends before the outer list is closed"},
	[DAMAGE_ENDS_IN_STRAY] = {"DA901", "the input ends inside this list or word"},
	[DAMAGE_NOT_CLOSED] = {"DA903", "the domain is not closed: another one begins inside it"},
	[DAMAGE_OTHER_DOCUMENT] = {"DA903",
		"the domain is not closed: another document begins inside it"},
	[DAMAGE_DOCUMENT_NOT_CLOSED] = {"DA904", "the document before this one is not closed"},
	[DAMAGE_NOT_WELL_FORMED] = {"DA903", "not well-formed"},
	[DAMAGE_TAG] = {"DA903", "a tag is truncated"},
	[DAMAGE_COMMENT] = {"DA903", "a comment is not closed, or contains --"},
	[DAMAGE_MARKUP] = {"DA903", "markup that is not allowed here"},
	[DAMAGE_END_TAG] = {"DA903", "an end tag without a start tag"},
	[DAMAGE_TEXT] = {"DA904", "text outside of any domain"},
	[DAMAGE_TEXT_OUTSIDE] = {"DA904", "text outside of any element"},
	[DAMAGE_TEXT_IN_WRAPPER] = {"DA904", "text between domains"},
	[DAMAGE_DOCTYPE] = {"DA906",
		"the internal subset of a document type declaration is not read"},
	[DAMAGE_STRING] = {"DA903", "a string is not closed: another domain begins inside it"},
	[DAMAGE_LIST] = {"DA904", "a list that is not a domain"},
	[DAMAGE_XEND_ERROR] = {"DA904", "an error message of xend"},
	[DAMAGE_PARENTHESIS] = {"DA903", "a closing parenthesis without an opening one"},
	[DAMAGE_TOO_LARGE] = {"DA905", "the domain is larger than the limit (--max-domain)"},
	[DAMAGE_STRAY_TOO_LARGE] = {"DA905",
		"data outside of any domain is larger than the limit (--max-domain)"},
	[DAMAGE_TOO_DEEP] = {"DA905", "the elements are nested too deeply (--max-depth)"},
};

bool framer_init(struct framer *framer, enum ds_format format, const struct ds_limits *limits)
{
	memset(framer, 0, sizeof *framer);
	framer->format = format;
	framer->limits = *limits;
	framer->xml.levels = calloc(limits->depth ? limits->depth : 1, sizeof *framer->xml.levels);
	return framer->xml.levels != NULL;
}

void framer_fini(struct framer *framer)
{
	free(framer->xml.levels);
	free(framer->xml.guests.starts);
	xml_check_free(framer->xml.check);
	framer->xml.levels = NULL;
	framer->xml.guests = (struct guest_list){NULL, 0};
	framer->xml.check = NULL;
}

void framer_begin(struct framer *framer, const struct block *block, const char *name,
	enum ds_format format, bool is_transcoded)
{
	struct framer fresh = {
		.format = format,
		.limits = framer->limits,
		.name = name,
		.is_transcoded = is_transcoded,
		.base = -(uint64_t)block->size,
		.pos = block->size,
		.start = block->size,
		.counted = block->size,
		.line = 1,
		.patience = PATIENCE,
		.frames_max = FRAMES_MAX,
		.xml = {.levels = framer->xml.levels, .check = framer->xml.check},
	};
	*framer = fresh;
}

/* ---- frames ---- */

struct ds_place framer_place(struct framer *framer, const struct block *block, size_t at)
{
	size_t last = 0;

	/* An empty block has no bytes at all. */
	if (at > framer->counted)
		framer->line +=
			lines_count(block->data + framer->counted, at - framer->counted, &last);
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

struct ds_place framer_unfinished(struct framer *framer, const struct block *block)
{
	return framer_place(framer, block, framer->start);
}

/** Copies the name of the stream into the block, once for each block. Returns whether there was
 * enough memory. */
static bool name_block(struct framer *framer, struct block *block)
{
	struct ds_text name;

	if (framer->block_name)
		return true;
	name = arena_text(&block->arena, framer->name, strlen(framer->name) + 1);
	framer->block_name = name.data;
	return name.data != NULL;
}

static struct frame *add_frame(struct framer *framer, struct block *block, enum frame_kind kind,
	size_t end)
{
	struct frame *frame = name_block(framer, block) ? block_frame(block) : NULL;

	if (!frame)
		return NULL;
	frame->kind = kind;
	frame->format = framer->format;
	frame->format_was_recognized = framer->format_was_recognized;
	frame->is_transcoded = framer->is_transcoded;
	frame->at = framer->start;
	frame->size = end - framer->start;
	frame->place = framer_place(framer, block, framer->start);
	frame->host = framer->host;
	if (framer->format == DS_FORMAT_XML && !xml_framer_describe(framer, block, frame))
		return NULL;
	return frame;
}

/** Leaves the frame: what follows does not belong to it. */
static void go_outside(struct framer *framer, size_t at)
{
	framer->state = FRAMER_OUTSIDE;
	framer->pos = at;
	framer->start = at;
	framer->suspect = 0;
	framer->xml.section = 0;
	framer->xml.nested = 0;
	framer->xml.has_markup = false;
	framer->sexpr.lists = 0;
	framer->sexpr.quote = 0;
	framer->sexpr.in_string = 0;
	framer->sexpr.string_is_suspect = false;
	framer->sexpr.in_comment = false;
	framer->sexpr.closes_early = false;
	framer->sexpr.has_begun = true;
}

enum framer_step framer_domain(struct framer *framer, struct block *block, size_t end)
{
	struct frame *frame;

	if (end - framer->start > framer->limits.domain_size) {
		framer_refuse(framer, FRAME_REJECTED, DAMAGE_TOO_LARGE, framer->start, end);
		return framer_refused(framer, block, end);
	}
	frame = add_frame(framer, block, FRAME_DOMAIN, end);
	if (!frame)
		return STEP_NO_MEMORY;
	if (framer->sexpr.closes_early) {
		frame->closes_early = true;
		frame->id = "DA903";
		frame->why = "an extra parenthesis closes the domain before its devices; they were "
			     "read as part of it";
	}
	framer_forget_reported(framer);
	go_outside(framer, end);
	return STEP_ON;
}

enum framer_step framer_guess(struct framer *framer, struct block *block, size_t end, size_t next,
	size_t lines)
{
	struct frame *frame = add_frame(framer, block, FRAME_DOMAIN, end);

	if (!frame)
		return STEP_NO_MEMORY;
	frame->is_guess = true;
	framer_forget_reported(framer);
	go_outside(framer, next);
	framer->counted = next;
	framer->line += lines;
	framer->line_start = framer->base + next;
	return STEP_ON;
}

/* ---- refused ranges ---- */

enum framer_step framer_refuse(struct framer *framer, enum frame_kind kind,
	enum framer_damage damage, size_t at, size_t resume)
{
	uint32_t bit = (uint32_t)1 << damage;

	if (kind == FRAME_STRAY)
		framer->mattered |= framer->assumed & BORDER_REPORTED;
	if (kind == FRAME_STRAY && framer->reported & bit)
		kind = FRAME_LIKEWISE;
	if (kind != FRAME_REJECTED)
		framer->reported |= bit;
	framer->state = FRAMER_REFUSING;
	framer_set_damaged(framer, true);
	if (kind == FRAME_REJECTED && damage != DAMAGE_TOO_LARGE)
		framer_set_broken(framer, true);
	framer->refusal = (struct framer_refusal){
		.kind = kind,
		.damage = damage,
		.why = damages[damage].text,
		.at = at - framer->start,
	};
	framer->pos = resume;
	return STEP_ON;
}

/** Passes on one chunk of the range. The first one has the reason; the others are its
 * continuation. */
static enum framer_step give_refused(struct framer *framer, struct block *block, size_t end,
	bool is_last)
{
	struct framer_refusal *refusal = &framer->refusal;
	uint64_t length = refusal->given + (end - framer->start);
	bool is_first = refusal->given == 0;

	if (end > framer->start || is_first) {
		enum frame_kind more =
			refusal->kind == FRAME_LIKEWISE ? FRAME_LIKEWISE : FRAME_MORE;
		struct frame *frame =
			add_frame(framer, block, is_first ? refusal->kind : more, end);

		if (!frame)
			return STEP_NO_MEMORY;
		if (is_first) {
			frame->id = damages[refusal->damage].id;
			frame->why = refusal->why;
			frame->error_at = refusal->at;
			frame->length = is_last ? length : 0;
		}
	}
	refusal->given = length;
	framer->start = end;
	if (is_last && !is_first && refusal->kind != FRAME_LIKEWISE) {
		struct frame *frame = add_frame(framer, block, FRAME_END, end);

		if (!frame)
			return STEP_NO_MEMORY;
		frame->length = length;
	}
	return STEP_ON;
}

/** Ends the refused range at `end`. Remains of domains that are too short to have a name, with
 * little between them, are joined to one damaged range, of which the first is reported. */
static void join_wrecks(struct framer *framer, size_t end)
{
	struct framer_refusal *refusal = &framer->refusal;
	bool is_next =
		framer->wreck_end && framer->wreck_end == framer_offset(framer, framer->start);
	bool is_short = !refusal->given && end - framer->start < WRECK_SIZE;

	framer->wreck_end = is_short && (is_next || refusal->kind == FRAME_REJECTED)
		? framer_offset(framer, end)
		: 0;
	if (is_short && is_next && refusal->kind == FRAME_REJECTED)
		refusal->kind = FRAME_LIKEWISE;
}

enum framer_step framer_refused(struct framer *framer, struct block *block, size_t end)
{
	size_t start = framer->start;
	enum framer_step step;

	join_wrecks(framer, end);
	if (framer->refusal.kind == FRAME_REJECTED)
		framer_forget_reported(framer);
	step = give_refused(framer, block, end, true);
	framer->start = start;
	framer->refused_end = framer_offset(framer, end);
	go_outside(framer, end);
	return step;
}

enum framer_step framer_pass_refused(struct framer *framer, struct block *block, size_t end)
{
	if (end - framer->start < REFUSED_MAX || end - framer->start <= framer->refusal.at)
		return STEP_MORE;
	return give_refused(framer, block, end, false) == STEP_NO_MEMORY ? STEP_NO_MEMORY
									 : STEP_MORE;
}

void framer_gain(struct framer *framer, size_t at)
{
	uint64_t offset = framer_offset(framer, at);

	if (offset <= framer->gained)
		return;
	framer->patience += PATIENCE_GAIN * (int64_t)(offset - framer->gained);
	framer->gained = offset;
}

void framer_spend(struct framer *framer, size_t end, size_t bytes)
{
	framer_gain(framer, end);
	framer->patience -= (int64_t)bytes;
	if (framer->assumed & BORDER_PATIENCE && framer->patience < framer->least_patience)
		framer->least_patience = framer->patience;
}

bool framer_suspects(struct framer *framer, size_t at)
{
	if (!framer->suspect)
		framer->suspect = framer_offset(framer, at);
	return framer->patience < 0;
}

enum framer_step framer_broken(struct framer *framer, struct block *block,
	enum framer_damage damage, size_t at, size_t resume)
{
	size_t suspect = framer_at(framer, framer->suspect);

	if (!framer->suspect)
		return framer_refuse(framer, FRAME_REJECTED, damage, at, resume);
	if (damage == DAMAGE_ENDS_IN_DOMAIN)
		damage = DAMAGE_NOT_CLOSED;
	framer_refuse(framer, FRAME_REJECTED, damage, suspect < at ? suspect : at, resume);
	if (framer->pos > suspect)
		framer_spend(framer, framer->pos, framer->pos - suspect);
	return framer_refused(framer, block, suspect);
}

/** Returns whether the range begins with the start tag of a domain, if the limit allows to see
 * that. */
static bool begins_with_tag(const struct framer *framer, const struct block *block)
{
	return framer->format == DS_FORMAT_XML &&
		framer->limits.domain_size >= sizeof "<domain" - 1 &&
		markup_is_tag(block, framer->start, "<domain") == 1;
}

static enum framer_step refuse_too_large(struct framer *framer, struct block *block)
{
	if (framer->state == FRAMER_CLOSED || framer->sexpr.closes_early)
		return sexpr_framer_closed(framer, block);
	if (framer->state == FRAMER_OUTSIDE) {
		bool is_domain = begins_with_tag(framer, block);

		framer_spend(framer, framer->start + framer->limits.domain_size,
			framer->limits.domain_size);
		return framer_refuse(framer, is_domain ? FRAME_REJECTED : FRAME_STRAY,
			is_domain ? DAMAGE_TOO_LARGE : DAMAGE_STRAY_TOO_LARGE, framer->start,
			framer->pos + 1);
	}
	if (framer->format == DS_FORMAT_SEXPR)
		sexpr_framer_blame(framer, block, framer->pos);
	return framer_broken(framer, block, DAMAGE_TOO_LARGE, framer->start, framer->pos);
}

/* ---- runs of NUL bytes ---- */

enum framer_step framer_hole(struct framer *framer, struct block *block)
{
	framer->xml.text_at = 0;
	framer->start = framer->pos;
	framer->hole = framer_place(framer, block, framer->pos);
	framer->hole_size = 0;
	framer->state = FRAMER_HOLE;
	return STEP_ON;
}

static enum framer_step end_hole(struct framer *framer, struct block *block)
{
	struct frame *frame = add_frame(framer, block, FRAME_HOLE, framer->start);

	if (!frame)
		return STEP_NO_MEMORY;
	frame->place = framer->hole;
	frame->place.name = framer->block_name;
	frame->length = framer->hole_size;
	framer_set_damaged(framer, true);
	go_outside(framer, framer->start);
	return STEP_ON;
}

/** Skips NUL bytes and the blanks between them, which do not have to be kept. */
static enum framer_step step_hole(struct framer *framer, struct block *block)
{
	size_t at = framer->pos;

	for (; at < block->size && (!block->data[at] || frame_is_blank(block->data[at])); at++)
		framer->hole_size += !block->data[at];
	framer->pos = framer->start = at;
	return at == block->size ? STEP_MORE : end_hole(framer, block);
}

/* ---- streams ---- */

/** Recognizes the format after blanks and byte order marks. */
static enum framer_step recognize(struct framer *framer, struct block *block, bool is_end)
{
	size_t at = framer->start;

	while (at < block->size &&
		(frame_is_blank(block->data[at]) || frame_is_bom(block->data[at])))
		at++;
	framer->start = at;
	if (framer->pos < at)
		framer->pos = at;
	if (at == block->size && !is_end)
		return STEP_MORE;
	if (at < block->size && !block->data[at])
		return framer_hole(framer, block);
	framer->format = framer_recognize(block, at, &framer->pos, is_end);
	if (framer->format == DS_FORMAT_AUTO)
		return STEP_MORE;
	framer->format_was_recognized = true;
	framer->pos = at;
	return STEP_ON;
}

static enum framer_step step_format(struct framer *framer, struct block *block)
{
	if (framer->state == FRAMER_HOLE)
		return step_hole(framer, block);
	if (framer->format == DS_FORMAT_XML)
		return xml_framer_step(framer, block);
	return sexpr_framer_step(framer, block);
}

/** Runs a step that only sees bytes up to the limit on a domain's size, so that anything beyond it
 * is handled in the same way however the stream arrives. */
static enum framer_step step_within_limit(struct framer *framer, struct block *block)
{
	size_t all = block->size;
	bool is_held = framer->state != FRAMER_REFUSING && framer->state != FRAMER_HOLE &&
		framer->state != FRAMER_DONE;
	size_t from = is_held ? framer->start : framer->pos;
	bool is_cut = framer->state != FRAMER_DONE && all - from > framer->limits.domain_size;
	enum framer_step step = STEP_MORE;

	if (is_cut)
		block->size = from + framer->limits.domain_size + 1;
	if (framer->pos < block->size)
		step = step_format(framer, block);
	block->size = all;
	if (step != STEP_MORE || !is_cut)
		return step;
	if (is_held && framer->start == from)
		return refuse_too_large(framer, block);
	/* The bytes here do not end the range, so one of them is skipped. */
	if (!is_held && framer->pos == from)
		framer->pos++;
	return STEP_ON;
}

/** Sets how many bytes are needed before an unfinished frame is rescanned from its beginning. To
 * stay linear when bytes arrive one by one, the framer waits until the frame has grown by half. */
static void wait_for_more(struct framer *framer, const struct block *block)
{
	size_t pending = block->size - framer->pos;

	framer->wake = pending > WAIT_MIN ? block->size + pending / 2 : 0;
}

/** Searches for frames until the block has `most` of them. */
static enum framer_step scan(struct framer *framer, struct block *block, size_t most)
{
	enum framer_step step = STEP_ON;

	framer->is_behind = false;
	if (block->size < framer->wake && block->size - framer->start <= framer->limits.domain_size)
		return STEP_MORE;
	while (step == STEP_ON && framer->pos < block->size && block->frame_count < most) {
		if (framer->format == DS_FORMAT_AUTO && framer->state == FRAMER_OUTSIDE)
			step = recognize(framer, block, false);
		else
			step = step_within_limit(framer, block);
	}
	if (step == STEP_ON && framer->pos < block->size)
		framer->is_behind = true;
	else
		wait_for_more(framer, block);
	return step;
}

enum ds_status framer_scan(struct framer *framer, struct block *block)
{
	return scan(framer, block, framer->frames_max) == STEP_NO_MEMORY ? DS_NO_MEMORY : DS_OK;
}

bool framer_is_in_domain(const struct framer *framer)
{
	/* What follows the remains of a domain may be more remains. */
	return framer->state == FRAMER_INSIDE &&
		framer->wreck_end != framer_offset(framer, framer->start);
}

/** Handles the end of the stream. Returns STEP_ON if the rest has to be scanned once more, and
 * STEP_MORE when everything was handled. */
static enum framer_step end(struct framer *framer, struct block *block)
{
	if (framer->state == FRAMER_HOLE)
		return end_hole(framer, block);
	if (framer->format == DS_FORMAT_AUTO)
		return recognize(framer, block, true);
	return framer->format == DS_FORMAT_XML ? xml_framer_end(framer, block)
					       : sexpr_framer_end(framer, block);
}

enum ds_status framer_finish(struct framer *framer, struct block *block)
{
	enum framer_step step = STEP_ON;

	framer->wake = 0;
	/* The end of the stream may make a frame broken; then the rest is scanned once more. */
	while (step == STEP_ON) {
		step = scan(framer, block, framer->frames_max);
		if (step == STEP_NO_MEMORY || framer->is_behind)
			break;
		step = end(framer, block);
		framer->wake = 0;
	}
	if (!framer->is_behind)
		framer->block_name = framer->xml.block_encoding = NULL;
	return step == STEP_NO_MEMORY ? DS_NO_MEMORY : DS_OK;
}

/* ---- frames that are split into others ---- */

/** Sets the state inside the document of the frame. The encoding is that of the frame, whatever its
 * text declares. */
static void reframe_begin_xml(struct framer *framer, const struct frame *frame)
{
	struct xml_framer *xml = &framer->xml;

	xml->has_document = xml->has_root = true;
	xml->block_encoding = frame->encoding;
	if (frame->encoding)
		memcpy(xml->encoding, frame->encoding, strlen(frame->encoding) + 1);
	if (frame->may_be_reference && xml->levels)
		xml->levels[xml->depth++] = (struct framer_level){.is_snapshot = true};
}

enum ds_status framer_reframe_begin(struct framer *framer, const struct block *block,
	const struct frame *frame, const struct ds_limits *limits)
{
	struct framer_level *levels = framer->xml.levels;

	if (!levels && frame->format == DS_FORMAT_XML)
		levels = calloc(limits->depth + 1, sizeof *levels);
	if (!levels && frame->format == DS_FORMAT_XML)
		return DS_NO_MEMORY;
	free(framer->xml.guests.starts);
	*framer = (struct framer){
		.format = frame->format,
		.format_was_recognized = frame->format_was_recognized,
		.is_transcoded = frame->is_transcoded,
		.limits = *limits,
		.name = frame->place.name,
		.block_name = frame->place.name,
		.host = frame->host,
		.base = frame->place.offset - frame->at,
		.pos = frame->at,
		.start = frame->at,
		.counted = frame->at,
		.line = frame->place.line,
		.line_start = frame->place.offset - (frame->place.column - 1),
		.patience = PATIENCE,
		.gained = frame->place.offset,
		.xml = {.levels = levels, .check = framer->xml.check, .guests_at = frame->at},
		.sexpr = {.has_begun = true},
		.reframe_end = frame->at + frame->size,
	};
	if (frame->format != DS_FORMAT_XML)
		return DS_OK;
	reframe_begin_xml(framer, frame);
	xml_framer_enter(framer, block, frame);
	return DS_OK;
}

void framer_reframe_only(struct framer *framer, struct guest_list guests)
{
	framer->xml.guests = guests;
}

enum ds_status framer_reframe(struct framer *framer, const struct block *block,
	struct block *frames)
{
	struct block view = *block;
	enum framer_step step = STEP_ON;

	/* This view has the bytes of one block and the frames of the other. The head of the next
	 * domain, which must be visible, follows the predicted end and may have moved to the next
	 * block. */
	if (view.seen > view.size)
		view.size = view.seen;
	if (framer->format == DS_FORMAT_XML)
		view.size = framer->reframe_end;
	view.frames = frames->frames;
	view.frame_count = frames->frame_count;
	view.frame_capacity = frames->frame_capacity;
	while (step == STEP_ON && framer->start < framer->reframe_end &&
		view.frame_count < FRAMES_MAX)
		step = step_within_limit(framer, &view);
	frames->frames = view.frames;
	frames->frame_count = view.frame_count;
	frames->frame_capacity = view.frame_capacity;
	framer->is_behind = step == STEP_ON && framer->start < framer->reframe_end;
	return step == STEP_NO_MEMORY ? DS_NO_MEMORY : DS_OK;
}

/* ---- blocks ---- */

void framer_resume(struct framer *framer, const struct block *block, enum ds_format format)
{
	framer->format = format;
	framer->format_was_recognized = false;
	framer->pos = framer->start = block->size;
	framer->state = FRAMER_OUTSIDE;
	framer->wake = 0;
	framer->suspect = 0;
	framer_forget_reported(framer);
	framer->xml.text_at = 0;
	/* Elements that were open before the gap may or may not be closed after it. */
	framer_set_damaged(framer, true);
}

/** Returns how many bytes after the cut must stay in the block. If the end of the last frame was
 * predicted, that is the head of the next domain, up to the first parenthesis or comment in it. If
 * the last frame is only such a head, the parenthesis at the cut ends it. */
static size_t head_size(const struct block *block, size_t cut)
{
	bool is_guess = block->frame_count && block->frames[block->frame_count - 1].is_guess;
	size_t at = cut;

	if (is_guess)
		for (at++; at < block->size && block->data[at] != '(' && block->data[at] != '#';)
			at++;
	return block->frame_count && at < block->size ? at + 1 - cut : at - cut;
}

/** Copies the unfinished bytes, if they are the smaller part, to an empty block. */
static bool copy_rest(struct block *from, struct block *to, size_t cut)
{
	size_t rest = from->size - cut;

	if (!block_reserve(to, rest))
		return false;
	if (rest)
		memcpy(to->data, from->data + cut, rest);
	to->size = rest;
	from->seen = from->size;
	from->size = cut;
	return true;
}

/** Copies the finished bytes, if they are the smaller part, and lets the blocks swap their buffers.
 * The unfinished bytes, which may be nearly all of a huge domain, are therefore never in memory
 * twice, and never copied when the finished ones are many tiny domains. */
static bool copy_cut(struct block *from, struct block *to, size_t cut)
{
	size_t seen = cut + head_size(from, cut);
	const struct block large = *from;

	if (!block_reserve(to, seen))
		return false;
	if (seen)
		memcpy(to->data, large.data, seen);
	from->data = to->data;
	from->memory = to->memory;
	from->capacity = to->capacity;
	from->size = cut;
	from->seen = seen;
	to->data = large.data + cut;
	to->memory = large.memory;
	to->capacity = large.capacity - cut;
	to->size = large.size - cut;
	return true;
}

enum ds_status framer_move(struct framer *framer, struct block *from, struct block *to)
{
	size_t gone = framer->start;

	/* The position of the moved bytes must be computed before the bytes before them are
	 * gone. */
	framer_place(framer, from, gone);
	if (from->size - gone > gone ? !copy_cut(from, to, gone) : !copy_rest(from, to, gone))
		return DS_NO_MEMORY;
	framer->base += gone;
	framer->pos -= gone;
	framer->start = 0;
	framer->counted = 0;
	framer->wake -= gone < framer->wake ? gone : framer->wake;
	framer->block_name = framer->xml.block_encoding = NULL;
	return DS_OK;
}
