/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frames.h"

#include "read/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/** Returns whether a frame continues the refused range of the frame before it. */
static bool continues(const struct cuts *cuts, const struct frame *frame)
{
	const struct cut *last = cuts->count ? &cuts->items[cuts->count - 1] : NULL;

	return frame->kind == FRAME_LIKEWISE && !frame->id && last &&
		last->frame.kind == FRAME_LIKEWISE &&
		last->frame.place.offset + last->bytes.size == frame->place.offset;
}

/** `data` is the bytes of the frame's block. */
static void add_cut(struct cuts *cuts, const struct frame *frame, const char *data)
{
	struct cut *cut;

	if (frame->kind == FRAME_MORE || frame->kind == FRAME_END || continues(cuts, frame)) {
		assert_true(cuts->count > 0);
		cut = &cuts->items[cuts->count - 1];
		assert_true(cut->frame.kind != FRAME_DOMAIN);
		assert_int_equal(cut->frame.length, 0);
		if (frame->kind == FRAME_END) {
			assert_int_equal(frame->size, 0);
			cut->frame.length = frame->length;
		}
	} else {
		cuts->items = realloc(cuts->items, (cuts->count + 1) * sizeof *cuts->items);
		assert_non_null(cuts->items);
		cut = &cuts->items[cuts->count++];
		cut->frame = *frame;
		cut->frame.place.name = NULL;
		cut->frame.encoding = NULL;
		snprintf(cut->encoding, sizeof cut->encoding, "%s",
			frame->encoding ? frame->encoding : "");
		buffer_init(&cut->bytes);
	}
	assert_string_equal(frame->place.name, "the stream");
	buffer_add(&cut->bytes, data + frame->at, frame->size);
}

static enum read_result read_guess(const struct frame *guess, const struct block *block,
	const struct ds_limits *limits)
{
	struct record_reader *reader = record_reader_new(limits, DS_XML_PARSER_AUTO);
	const struct ds_domain *domain = NULL;
	enum read_result result;
	const struct ds_text text = {block->data + guess->at, guess->size};
	struct read_failure failure;
	struct arena arena;

	assert_non_null(reader);
	arena_init(&arena);
	result = record_reader_read(reader, guess, text, text, &arena, &domain, &failure);
	assert_true(result == READ_DOMAIN || result == READ_UNSURE);
	assert_true((domain != NULL) >= (result == READ_DOMAIN));
	arena_fini(&arena);
	record_reader_free(reader);
	return result;
}

static void add_guess(struct cuts *cuts, const struct frame *guess, const struct block *block,
	const struct ds_limits *limits)
{
	size_t first = cuts->count;
	struct framer framer = {0};
	struct block reframed;

	block_init(&reframed);
	assert_int_equal(framer_reframe_begin(&framer, block, guess, limits), DS_OK);
	do {
		reframed.frame_count = 0;
		assert_int_equal(framer_reframe(&framer, block, &reframed), DS_OK);
		for (size_t i = 0; i < reframed.frame_count; i++) {
			assert_true(reframed.frames[i].at >= guess->at &&
				reframed.frames[i].at <= guess->at + guess->size);
			assert_false(reframed.frames[i].is_guess);
			add_cut(cuts, &reframed.frames[i], block->data);
		}
	} while (framer.is_behind);
	framer_fini(&framer);
	block_fini(&reframed);
	cuts->guesses++;
	if (read_guess(guess, block, limits) != READ_DOMAIN)
		return;
	assert_int_equal(cuts->count, first + 1);
	assert_int_equal(cuts->items[first].frame.kind, FRAME_DOMAIN);
	assert_null(cuts->items[first].frame.id);
	assert_int_equal(cuts->items[first].frame.size, guess->size);
}

static void take_frames(struct cuts *cuts, struct block *block, const struct ds_limits *limits)
{
	for (size_t i = 0; i < block->frame_count; i++) {
		const struct frame *frame = &block->frames[i];

		assert_true(frame->at + frame->size <= block->size);
		if (frame->is_guess)
			add_guess(cuts, frame, block, limits);
		else
			add_cut(cuts, frame, block->data);
	}
}

static void add_cut_data(struct block *block, const char *data, size_t size)
{
	assert_true(block_reserve(block, size));
	if (size)
		memcpy(block->data + block->size, data, size);
	block->size += size;
}

/** Determines line and column by counting line feeds. */
static struct ds_place place_in(const char *data, size_t at)
{
	struct ds_place place = {"", at, 1, 1};

	for (size_t i = 0; i < at; i++) {
		place.column = data[i] == '\n' ? 1 : place.column + 1;
		place.line += data[i] == '\n';
	}
	return place;
}

static void check_cuts(const struct cuts *cuts, const char *data, size_t size)
{
	uint64_t end = 0;

	for (size_t i = 0; i < cuts->count; i++) {
		const struct cut *cut = &cuts->items[i];
		const struct frame *frame = &cut->frame;
		struct ds_place place;

		assert_true(frame->place.offset >= end);
		end = frame->place.offset + cut->bytes.size;
		assert_true(end <= size);
		if (cut->bytes.size)
			assert_memory_equal(cut->bytes.data, data + frame->place.offset,
				cut->bytes.size);
		place = place_in(data, (size_t)frame->place.offset);
		assert_int_equal(frame->place.line, place.line);
		assert_int_equal(frame->place.column, place.column);
		if (frame->kind == FRAME_HOLE)
			assert_true(
				frame->length > 0 && frame->place.offset + frame->length <= size);
		else if (frame->kind == FRAME_REJECTED || frame->kind == FRAME_STRAY)
			assert_int_equal(frame->length, cut->bytes.size);
		assert_true(frame->error_at <= cut->bytes.size);
	}
}

/** Reads the finished frames, and moves the unfinished bytes to the other block. */
static void move_on(struct cuts *cuts, struct framer *framer, struct block **block,
	struct block **other, const struct ds_limits *limits)
{
	struct block *full = *block;

	/* As in a worker, frames are read after the unfinished bytes have been moved. */
	assert_int_equal(framer_move(framer, full, *other), DS_OK);
	take_frames(cuts, full, limits);
	block_clear(full, 0);
	*block = *other;
	*other = full;
}

static void cut_stream(struct cuts *cuts, enum ds_format format, const struct ds_limits *limits,
	const char *data, size_t size, size_t piece, bool may_guess)
{
	char name[] = "the stream";
	struct block blocks[2];
	struct block *block = &blocks[0], *other = &blocks[1];
	struct framer framer;
	struct ds_limits defaults;

	memset(cuts, 0, sizeof *cuts);
	ds_limits_init(&defaults, sizeof defaults);
	limits = limits ? limits : &defaults;
	block_init(block);
	block_init(other);
	assert_true(framer_init(&framer, format, limits));
	/* A stream may begin after the end of another one in the same block. */
	add_cut_data(block, "<domain>(domain", piece % 2 ? 15 : 0);
	framer_begin(&framer, block, name, format, false);
	framer.may_guess = may_guess;
	for (size_t at = 0; at < size;) {
		size_t now = piece && piece < size - at ? piece : size - at;

		add_cut_data(block, data + at, now);
		at += now;
		do {
			assert_int_equal(framer_scan(&framer, block), DS_OK);
			/* Moving is allowed at any time. With some sizes it is only done when there
			 * are frames, as a reader does. */
			if (block->frame_count || piece % 3)
				move_on(cuts, &framer, &block, &other, limits);
		} while (framer.is_behind);
	}
	do {
		assert_int_equal(framer_finish(&framer, block), DS_OK);
		if (framer.is_behind)
			move_on(cuts, &framer, &block, &other, limits);
	} while (framer.is_behind);
	take_frames(cuts, block, limits);
	block_fini(block);
	block_fini(other);
	framer_fini(&framer);
	check_cuts(cuts, data, size);
}

void cut_input(struct cuts *cuts, enum ds_format format, const struct ds_limits *limits,
	const char *data, size_t size, size_t piece)
{
	cut_stream(cuts, format, limits, data, size, piece, false);
}

void cut_guessing(struct cuts *cuts, const struct ds_limits *limits, const char *data, size_t size,
	size_t piece)
{
	cut_stream(cuts, DS_FORMAT_SEXPR, limits, data, size, piece, true);
}

void cuts_fini(struct cuts *cuts)
{
	for (size_t i = 0; i < cuts->count; i++)
		buffer_fini(&cuts->items[i].bytes);
	free(cuts->items);
}

void dump_cuts(struct buffer *out, const struct cuts *cuts)
{
	static const char *const kinds[] = {[FRAME_DOMAIN] = "domain",
		[FRAME_REJECTED] = "rejected",
		[FRAME_STRAY] = "stray",
		[FRAME_LIKEWISE] = "likewise",
		[FRAME_HOLE] = "hole"};

	for (size_t i = 0; i < cuts->count; i++) {
		const struct cut *cut = &cuts->items[i];
		const struct frame *frame = &cut->frame;

		add_format(out,
			"%s %s at %" PRIu64 " %" PRIu64 ":%" PRIu64
			" size %zu error at %zu %s%s%s ",
			kinds[frame->kind], frame->id ? frame->id : "-", frame->place.offset,
			frame->place.line, frame->place.column, cut->bytes.size, frame->error_at,
			frame->why ? frame->why : "",
			frame->may_be_reference ? " may be a reference" : "",
			frame->closes_early ? " closes early" : "");
		add_format(out, "encoding '%s' ", cut->encoding);
		add_quoted(out,
			(struct ds_text){as_string((struct buffer *)(uintptr_t)&cut->bytes),
				cut->bytes.size});
		buffer_byte(out, '\n');
	}
}

/** Compares the frames; when they differ, prints all of them. */
static void compare(const struct cuts *cuts, const struct expected *expected, size_t count)
{
	struct buffer dump = {0};

	dump_cuts(&dump, cuts);
	if (cuts->count != count)
		fail_msg("%zu frames instead of %zu:\n%s", cuts->count, count, as_string(&dump));
	for (size_t i = 0; i < count; i++) {
		const struct cut *cut = &cuts->items[i];
		size_t size = strlen(expected[i].text);

		if (cut->frame.kind != expected[i].kind || cut->bytes.size != size ||
			(size && memcmp(cut->bytes.data, expected[i].text, size) != 0) ||
			(expected[i].id &&
				(!cut->frame.id || strcmp(cut->frame.id, expected[i].id) != 0)))
			fail_msg("frame %zu is not as expected:\n%s", i, as_string(&dump));
	}
	buffer_fini(&dump);
}

void expect_whole(const struct cuts *cuts, size_t piece, struct buffer *whole)
{
	struct buffer dump = {0};

	dump_cuts(piece ? &dump : whole, cuts);
	if (piece)
		assert_same(&dump, whole);
	buffer_fini(&dump);
}

void expect_cuts(enum ds_format format, const struct ds_limits *limits, const char *data,
	size_t size, const struct expected *expected, size_t count)
{
	struct buffer whole = {0};

	for (size_t piece = 0; piece < 32; piece++) {
		struct cuts cuts;

		cut_input(&cuts, format, limits, data, size, piece);
		compare(&cuts, expected, count);
		expect_whole(&cuts, piece, &whole);
		cuts_fini(&cuts);
	}
	buffer_fini(&whole);
}
