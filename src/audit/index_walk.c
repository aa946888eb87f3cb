/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/index_pieces.h"

/* What is read from the index: pieces unpacked, or come by. */

struct ds_text index_text(const struct index *index, const unsigned char **at, int is_long)
{
	struct ds_text text;

	if (is_long) {
		text = texts_at(index->texts, get_u32(*at));
		*at += sizeof(uint32_t);
		return text;
	}
	text.size = (size_t)unpack_number(at);
	text.data = (const char *)*at;
	*at += text.size;
	return text;
}

void index_kind(const unsigned char **at, struct index_disk *disk)
{
	unsigned kind = *(*at)++;

	disk->target = kind & TARGETS;
	disk->format = kind >> 6;
	if (disk->target < TARGETS)
		return;
	disk->format = (uint32_t)unpack_number(at);
	disk->target = (uint32_t)unpack_number(at);
}

/** A name, or what of it follows `*common` bytes of the name before. */
static struct ds_text get_name(const struct index *index, const unsigned char **at, unsigned flags, size_t *common)
{
	struct ds_text rest;
	unsigned shape;

	*common = 0;
	if (flags & (IS_FULL | LONG_NAME))
		return index_text(index, at, flags & LONG_NAME);
	shape = *(*at)++;
	*common = shape >> 5;
	rest.size = shape & RESTS;
	if (rest.size == RESTS) {
		*common = *(*at)++;
		rest.size = (size_t)unpack_number(at);
	}
	rest.data = (const char *)*at;
	*at += rest.size;
	return rest;
}

static const unsigned char *get_head(const struct index *index, const unsigned char *at, struct index_record *record)
{
	struct index_domain *domain = &record->domain;
	unsigned flags = *at++;
	struct ds_text rest;
	size_t common;

	if (flags & IS_FULL) {
		domain->origin = (uint32_t)unpack_number(&at);
		domain->offset = domain->line = 0;
	}
	domain->offset += unpack_number(&at);
	domain->line += unpack_number(&at);
	if (!(flags & SAME_COLUMN))
		domain->column = unpack_number(&at);
	rest = get_name(index, &at, flags, &common);
	if (flags & LONG_NAME) {
		domain->name = rest;
	} else {
		if (rest.size)
			memcpy(record->name + common, rest.data, rest.size);
		domain->name = (struct ds_text){record->name, common + rest.size};
	}
	memset(domain->uuid, 0, sizeof domain->uuid);
	if (flags & HAS_UUID) {
		memcpy(domain->uuid, at, sizeof domain->uuid);
		at += sizeof domain->uuid;
	}
	domain->content = (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;
	return at + CONTENT_SIZE;
}

static const unsigned char *get_disk(const struct index *index, const unsigned char *at, struct index_record *record)
{
	struct index_disk *disk = &record->disk;
	unsigned flags = *at;

	at += BEHIND_LINK;
	disk->flags = flags & ~(unsigned)LONG_SOURCE;
	disk->source = (struct ds_text){NULL, 0};
	if (flags & INDEX_FIRST)
		disk->source = index_text(index, &at, flags & LONG_SOURCE);
	index_kind(&at, disk);
	disk->offset = record->domain.offset + unpack_number(&at);
	disk->line = record->domain.line + unpack_number(&at);
	if (disk->line != record->domain.line)
		disk->column = unpack_number(&at);
	else
		disk->column = record->domain.column + disk->offset - record->domain.offset;
	return at;
}

static void enter_chunk(struct index_walk *walk, uint32_t chunk)
{
	const struct index *index = walk->index;

	walk->chunk = chunk;
	walk->at = walk->end = HEADER_SIZE;
	/* An empty index has none. */
	if (chunk == index->chunks.count)
		return;
	walk->bytes = chunk_at(index, chunk);
	walk->end = chunk + 1 < index->chunks.count ? STORE_CHUNK : index->used;
}

void index_walk_begin(struct index_walk *walk, const struct index *index)
{
	walk->index = index;
	enter_chunk(walk, 0);
}

static const unsigned char *skip_numbers(const unsigned char *at, unsigned count)
{
	while (count--)
		while (*at++ > 127)
			;
	return at;
}

/** Returns the end of a domain's piece, and where in it the UUID is. */
static const unsigned char *see_head(const struct index *index, const unsigned char *at, const unsigned char **uuid)
{
	unsigned flags = *at++;
	size_t common;

	at = skip_numbers(at, 2u + (flags & IS_FULL ? 1 : 0) + (flags & SAME_COLUMN ? 0 : 1));
	get_name(index, &at, flags, &common);
	*uuid = flags & HAS_UUID ? at : NULL;
	return at + (flags & HAS_UUID ? PACK_UUID_SIZE : 0) + CONTENT_SIZE;
}

/** The same of a disk's. */
static const unsigned char *see_disk(struct index_walk *walk, const unsigned char *at)
{
	struct index_disk disk;
	unsigned flags = *at;

	at += BEHIND_LINK;
	walk->flags = flags & ~(unsigned)LONG_SOURCE;
	walk->source = flags & INDEX_FIRST ? index_text(walk->index, &at, flags & LONG_SOURCE) : (struct ds_text){NULL, 0};
	index_kind(&at, &disk);
	at = skip_numbers(at, 1);
	/* The column follows where the line is another one than the domain's. */
	return skip_numbers(at, *at ? 2 : 1);
}

static size_t piece_end(const char *chunk, const unsigned char *end)
{
	return ((size_t)((const char *)end - chunk) + UNIT - 1) / UNIT * UNIT;
}

enum index_piece index_walk_next(struct index_walk *walk)
{
	unsigned flags;

	do {
		const unsigned char *piece, *end;

		if (walk->at < walk->end && (unsigned char)walk->bytes[walk->at] == END)
			walk->at = walk->end;
		if (walk->at == walk->end && walk->chunk + 1 < walk->index->chunks.count)
			enter_chunk(walk, walk->chunk + 1);
		if (walk->at == walk->end)
			return INDEX_END;
		walk->where = place_of(walk->chunk, walk->at);
		piece = (const unsigned char *)walk->bytes + walk->at;
		flags = *piece;
		end = flags & HEAD ? see_head(walk->index, piece, &walk->uuid) : see_disk(walk, piece);
		walk->at = piece_end(walk->bytes, end);
	} while ((flags & (HEAD | IS_AGAIN)) == (HEAD | IS_AGAIN));
	return flags & HEAD ? INDEX_DOMAIN : INDEX_DISK;
}

const unsigned char *index_uuid(const struct index *index, uint32_t where)
{
	const unsigned char *uuid;

	see_head(index, piece_at(index, where), &uuid);
	return uuid;
}

void index_get(const struct index *index, uint32_t where, struct index_record *record)
{
	uint64_t to = (uint64_t)where * UNIT;
	const char *chunk = chunk_at(index, (uint32_t)(to / STORE_CHUNK));
	size_t offset = to % STORE_CHUNK, page = offset / INDEX_PAGE, at, next;
	uint16_t first = get_first(chunk, page);

	while (!first || page * INDEX_PAGE + first - 1 > offset)
		first = get_first(chunk, --page);
	next = page * INDEX_PAGE + first - 1;
	do {
		const unsigned char *piece = (const unsigned char *)chunk + next;

		at = next;
		next = piece_end(chunk, *piece & HEAD ? get_head(index, piece, record) : get_disk(index, piece, record));
	} while (at != offset);
}
