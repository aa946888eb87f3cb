/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/reread.h"

#include "frame/framer.h" /* to check that the bytes are one domain and nothing else */
#include "read/reader.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct reread {
	struct framer framer;
	struct block block;
	struct record_reader *reader;
};

struct reread *reread_new(const struct ds_limits *limits)
{
	struct reread *reread = calloc(1, sizeof *reread);

	if (!reread)
		return NULL;
	block_init(&reread->block);
	reread->reader = record_reader_new(limits, DS_XML_PARSER_AUTO);
	if (!framer_init(&reread->framer, DS_FORMAT_AUTO, limits) || !reread->reader) {
		reread_free(reread);
		return NULL;
	}
	return reread;
}

void reread_free(struct reread *reread)
{
	if (!reread)
		return;
	record_reader_free(reread->reader);
	framer_fini(&reread->framer);
	block_fini(&reread->block);
	free(reread);
}

static bool begins_with(const char *data, size_t size, const char *word)
{
	size_t length = strlen(word);

	return size > length && memcmp(data, word, length) == 0 &&
		memchr(" \n(>", data[length], 4) != NULL;
}

/** Returns whether the bytes seem to be exactly one domain, possibly followed by a line feed. The
 * reader verifies this. It is nearly always true, and searching for the end of the domain would
 * take a tenth of the time of reading it. */
static bool seems_whole(const struct reread *reread, enum ds_format format, const char *data,
	size_t size)
{
	if (size > reread->framer.limits.domain_size)
		return false;
	return format == DS_FORMAT_XML
		? begins_with(data, size, "<domain")
		: begins_with(data, size, "(domain") || begins_with(data, size, "(vm");
}

/** Reads a frame, which is in UTF-8. */
static enum read_result read_frame(struct reread *reread, const struct frame *frame,
	const char *data, struct arena *arena, const struct ds_domain **domain)
{
	const struct ds_text text = {data + frame->at, frame->size};
	struct read_failure failure;

	return record_reader_read(reread->reader, frame, text, text, arena, domain, &failure);
}

/** Reads the bytes as one frame whose end was guessed. */
static enum read_result read_whole(struct reread *reread, enum ds_format format, const char *data,
	size_t size, struct arena *arena, const struct ds_domain **domain)
{
	const struct frame frame = {.kind = FRAME_DOMAIN,
		.format = format,
		.is_guess = true,
		.size = data[size - 1] == '\n' ? size - 1 : size,
		.place = {.name = "-", .line = 1, .column = 1}};

	return read_frame(reread, &frame, data, arena, domain);
}

/** Reads the bytes after the framer has found the end of the domain. */
static enum read_result read_framed(struct reread *reread, enum ds_format format, const char *data,
	size_t size, struct arena *arena, const struct ds_domain **domain)
{
	struct block *block = &reread->block;

	block_clear(block, (size_t)256 << 10);
	if (!block_reserve(block, size))
		return READ_NO_MEMORY;
	framer_begin(&reread->framer, block, "-", format, false);
	memcpy(block->data, data, size);
	block->size = size;
	if (framer_finish(&reread->framer, block) != DS_OK || reread->framer.is_behind ||
		block->frame_count != 1 || block->frames[0].kind != FRAME_DOMAIN ||
		block->frames[0].id || block->frames[0].at || block->frames[0].size + 1 < size)
		return READ_REJECTED;
	/* The record must point into the caller's bytes, because it points into the bytes that it
	 * is read from and the block is reused. */
	return read_frame(reread, block->frames, data, arena, domain);
}

const struct ds_domain *reread_one(struct reread *reread, enum ds_format format, const char *data,
	size_t size, struct arena *arena)
{
	const struct ds_domain *domain;
	enum read_result result = READ_UNSURE;

	if (seems_whole(reread, format, data, size))
		result = read_whole(reread, format, data, size, arena, &domain);
	if (result == READ_UNSURE)
		result = read_framed(reread, format, data, size, arena, &domain);
	return result == READ_DOMAIN ? domain : NULL;
}
