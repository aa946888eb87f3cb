/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/framer.h"
#include "read/reader.h"
#include "transcript.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Frames SEXPR with guessed ends of domains, which are reframed where a guess was wrong. The frames
 * must be those of a framer that scans every byte.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_frame(struct transcript *text, const struct frame *frame)
{
	char line[160];
	int length = snprintf(line, sizeof line,
		"%d at %zu size %zu line %ju column %ju error %s at %zu%s\n", (int)frame->kind,
		frame->at, frame->size, (uintmax_t)frame->place.line,
		(uintmax_t)frame->place.column, frame->id ? frame->id : "-", frame->error_at,
		frame->closes_early ? " closes early" : "");

	transcript_add(text, line, (size_t)length);
}

static int is_domain(const struct frame *guess, const struct block *block,
	const struct ds_limits *limits)
{
	struct record_reader *reader = record_reader_new(limits, DS_XML_PARSER_AUTO);
	const struct ds_domain *domain;
	enum read_result result;
	const struct ds_text text = {block->data + guess->at, guess->size};
	struct read_failure failure;
	struct arena arena;

	if (!reader)
		abort();
	arena_init(&arena);
	result = record_reader_read(reader, guess, text, text, &arena, &domain, &failure);
	if (result != READ_DOMAIN && result != READ_UNSURE)
		finding("a guess is read with result %d", (int)result);
	arena_fini(&arena);
	record_reader_free(reader);
	return result == READ_DOMAIN;
}

static void reframe(struct transcript *text, const struct frame *guess, const struct block *block,
	const struct ds_limits *limits)
{
	struct framer framer = {0};
	struct block reframed;

	block_init(&reframed);
	if (framer_reframe_begin(&framer, block, guess, limits) != DS_OK)
		finding("the framer fails");
	do {
		reframed.frame_count = 0;
		if (framer_reframe(&framer, block, &reframed) != DS_OK)
			finding("the framer fails");
		for (size_t i = 0; i < reframed.frame_count; i++)
			add_frame(text, &reframed.frames[i]);
	} while (framer.is_behind);
	framer_fini(&framer);
	block_fini(&reframed);
}

static void take_frames(struct transcript *text, struct block *block,
	const struct ds_limits *limits)
{
	for (size_t i = 0; i < block->frame_count; i++) {
		const struct frame *frame = &block->frames[i];

		if (!frame->is_guess || is_domain(frame, block, limits))
			add_frame(text, frame);
		else
			reframe(text, frame, block, limits);
	}
	block->frame_count = 0;
}

static void cut(struct transcript *text, const uint8_t *data, size_t size, int may_guess)
{
	struct ds_limits limits;
	struct framer framer;
	struct block block;

	ds_limits_init(&limits, sizeof limits);
	/* The limit is so small that inputs exceed it. */
	limits.domain_size = 2000;
	block_init(&block);
	if (!framer_init(&framer, DS_FORMAT_SEXPR, &limits) || !block_reserve(&block, size))
		abort();
	framer_begin(&framer, &block, "-", DS_FORMAT_SEXPR, 0);
	framer.may_guess = may_guess;
	if (size)
		memcpy(block.data, data, size);
	block.size = size;
	do {
		if (framer_scan(&framer, &block) != DS_OK)
			finding("the framer fails");
		take_frames(text, &block, &limits);
	} while (framer.is_behind);
	do {
		if (framer_finish(&framer, &block) != DS_OK)
			finding("the framer fails");
		take_frames(text, &block, &limits);
	} while (framer.is_behind);
	block_fini(&block);
	framer_fini(&framer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transcript careful = {0}, guessing = {0};

	cut(&careful, data, size, 0);
	cut(&guessing, data, size, 1);
	transcript_compare(&guessing, &careful, "guessing and looking at everything");
	transcript_fini(&careful);
	transcript_fini(&guessing);
	return 0;
}
