/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/reread.h"

#include "frame/framer.h" /* to see that it is one domain and nothing else */

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

const struct ds_domain *reread_one(struct reread *reread, enum ds_format format, const char *data,
	size_t size, struct arena *arena)
{
	struct block *block = &reread->block;
	const struct ds_domain *domain;
	struct ds_error error;

	block_clear(block, (size_t)256 << 10);
	if (!block_reserve(block, size))
		return NULL;
	framer_begin(&reread->framer, block, "-", format, 0);
	memcpy(block->data, data, size);
	block->size = size;
	if (framer_finish(&reread->framer, block) != DS_OK || reread->framer.is_behind ||
		block->frame_count != 1 || block->frames[0].kind != FRAME_DOMAIN ||
		block->frames[0].id || block->frames[0].at || block->frames[0].size + 1 < size)
		return NULL;
	/* The record points into the bytes, and the block is used again: they must be the
	 * caller's. */
	if (record_reader_read(reread->reader, block->frames, data, arena, &domain, &error) !=
		READ_DOMAIN)
		return NULL;
	return domain;
}
