/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/index.h"

/*
 * A chunk begins with a list of where in each of its pages the first domain begins, plus one; 0: none does. Places are told in
 * units of two bytes over all chunks. A piece never lies in two chunks: what is left of a chunk is INDEX_END.
 *
 * A domain whose disks fill more than a page is said again, in full, after each page.
 */

#define UNIT 2
#define HEADER_SIZE (INDEX_PAGES * sizeof(uint16_t))

/** First bytes of pieces. Those of disks are below HEAD. */
enum {
	LONG_SOURCE = 32,
	HEAD = 128,
	/** Everything is said: the origin, the whole place and the whole name. */
	IS_FULL = 1,
	/** The domain goes on. */
	IS_AGAIN = 2,
	HAS_UUID = 4,
	LONG_NAME = 8,
	END = 255,
};

/** More than any piece takes. */
#define PIECE_MAX (INDEX_TEXT_MAX + 96)
/** Where in a disk's piece its link stands; in that of a first one 16 bits of its source's hash, and the source. */
#define LINK_AT 1
#define KEPT_AT 5
#define SOURCE_AT 7
/** From this bit on. Small tables need those below, and are small. */
#define KEPT_FROM 10
#define CONTENT_SIZE 3
/** So many sources are in a chain of the table, on average. */
#define CHAINED 2
/** As much of a name is taken from the one before. */
#define PREFIX_MAX 255

void index_init(struct index *index, struct texts *texts, struct sip_key key)
{
	memset(index, 0, sizeof *index);
	index->texts = texts;
	index->key = key;
	index->used = STORE_CHUNK;
	store_init(&index->chunks, STORE_CHUNK);
	store_init(&index->shared, sizeof(struct index_shared));
	table_init(&index->table);
}

void index_fini(struct index *index)
{
	store_fini(&index->chunks);
	store_fini(&index->shared);
	table_fini(&index->table);
}

void index_close(struct index *index)
{
	table_fini(&index->table);
}

/* ---- pieces --------------------------------------------------------------------------------------------- */

static char *chunk_at(const struct index *index, uint32_t chunk)
{
	return store_at(&index->chunks, chunk);
}

static unsigned char *piece_at(const struct index *index, uint32_t where)
{
	uint64_t at = (uint64_t)where * UNIT;

	return (unsigned char *)chunk_at(index, (uint32_t)(at / STORE_CHUNK)) + at % STORE_CHUNK;
}

static uint32_t place_of(uint32_t chunk, size_t at)
{
	return (uint32_t)(((uint64_t)chunk * STORE_CHUNK + at) / UNIT);
}

static uint32_t get_u32(const unsigned char *from)
{
	uint32_t number;

	memcpy(&number, from, sizeof number);
	return number;
}

static void set_u32(unsigned char *to, uint32_t number)
{
	memcpy(to, &number, sizeof number);
}

static uint16_t get_first(const char *chunk, size_t page)
{
	uint16_t first;

	memcpy(&first, chunk + page * sizeof first, sizeof first);
	return first;
}

/** Room for a piece at the end; NULL when there is none. */
static char *room(struct index *index)
{
	char *chunk;

	if (index->used + PIECE_MAX <= STORE_CHUNK)
		return chunk_at(index, index->chunks.count - 1) + index->used;
	if ((uint64_t)(index->chunks.count + 1) * STORE_CHUNK / UNIT > UINT32_MAX)
		return NULL;
	if (index->chunks.count && index->used < STORE_CHUNK)
		chunk_at(index, index->chunks.count - 1)[index->used] = (char)END;
	chunk = store_add(&index->chunks);
	if (!chunk)
		return NULL;
	memset(chunk, 0, HEADER_SIZE);
	index->used = HEADER_SIZE;
	index->last_head = 0;
	return chunk + index->used;
}

/** Ends a piece. Returns its place. */
static uint32_t close_piece(struct index *index, const char *end)
{
	uint32_t chunk = index->chunks.count - 1;
	uint32_t place = place_of(chunk, index->used);

	index->used = ((size_t)(end - chunk_at(index, chunk)) + UNIT - 1) / UNIT * UNIT;
	return place;
}

static char *put_bytes(char *to, const void *bytes, size_t size)
{
	if (size)
		memcpy(to, bytes, size);
	return to + size;
}

/** A text behind its size, or where it is kept when it is long. NULL: there is no memory. */
static char *put_text(struct index *index, char *to, struct ds_text text)
{
	uint32_t where;

	if (text.size <= INDEX_TEXT_MAX)
		return put_bytes(pack_number(to, text.size), text.data, text.size);
	where = texts_add(index->texts, text);
	return where == TEXT_NONE ? NULL : put_bytes(to, &where, sizeof where);
}

static struct ds_text get_text(const struct index *index, const unsigned char **at, int is_long)
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

/* ---- domains -------------------------------------------------------------------------------------------- */

/** How much of a name is that of the domain before, if that is at hand. */
static size_t common_size(struct ds_text a, struct ds_text b)
{
	size_t most = a.size < b.size ? a.size : b.size, size = 0;

	if (b.size > INDEX_TEXT_MAX)
		return 0;
	most = most < PREFIX_MAX ? most : PREFIX_MAX;
	while (size < most && a.data[size] == b.data[size])
		size++;
	return size;
}

static int has_uuid(const struct index_domain *domain)
{
	static const unsigned char none[PACK_UUID_SIZE];

	return memcmp(domain->uuid, none, sizeof none) != 0;
}

/** Says in full what cannot be said as what lies between: the first domain of a page, of a dump, of what runs backwards. */
static int is_full(const struct index *index, const struct index_domain *domain)
{
	const struct index_domain *last = &index->domain;

	return index->used / INDEX_PAGE != index->last_head / INDEX_PAGE || !index->last_head || last->origin != domain->origin ||
	       domain->offset < last->offset || domain->line < last->line;
}

static int put_head(struct index *index, const struct index_domain *domain, unsigned flags)
{
	struct ds_text name = domain->name;
	char *to = room(index), *head = to, *chunk;
	size_t page = index->used / INDEX_PAGE;

	if (!to)
		return 0;
	flags |= HEAD | (is_full(index, domain) ? IS_FULL : 0) | (has_uuid(domain) ? HAS_UUID : 0);
	flags |= name.size > INDEX_TEXT_MAX ? LONG_NAME : 0;
	*to++ = (char)flags;
	if (flags & IS_FULL)
		to = pack_number(to, domain->origin);
	to = pack_number(to, domain->offset - (flags & IS_FULL ? 0 : index->domain.offset));
	to = pack_number(to, domain->line - (flags & IS_FULL ? 0 : index->domain.line));
	to = pack_number(to, domain->column);
	if (flags & LONG_NAME) {
		to = put_bytes(to, &index->long_name, sizeof index->long_name);
	} else {
		size_t common = flags & IS_FULL ? 0 : common_size(name, index->domain.name);

		if (!(flags & IS_FULL))
			*to++ = (char)common;
		to = put_bytes(pack_number(to, name.size - common), name.data + common, name.size - common);
	}
	to = put_bytes(to, domain->uuid, flags & HAS_UUID ? sizeof domain->uuid : 0);
	for (unsigned shift = 0; shift < 24; shift += 8)
		*to++ = (char)(domain->content >> shift);
	chunk = chunk_at(index, index->chunks.count - 1);
	if (!get_first(chunk, page))
		memcpy(chunk + page * sizeof(uint16_t), &(uint16_t){(uint16_t)(index->used % INDEX_PAGE + 1)}, sizeof(uint16_t));
	index->last_head = (size_t)(head - chunk);
	close_piece(index, to);
	return 1;
}

int index_add_domain(struct index *index, const struct index_domain *domain)
{
	int is_long = domain->name.size > INDEX_TEXT_MAX;

	if (is_long) {
		index->long_name = texts_add(index->texts, domain->name);
		if (index->long_name == TEXT_NONE)
			return 0;
	}
	if (!put_head(index, domain, 0))
		return 0;
	index->domain = *domain;
	/* The name is the caller's. */
	index->domain.name.data = index->name;
	if (!is_long)
		put_bytes(index->name, domain->name.data, domain->name.size);
	index->domain_count++;
	return 1;
}

static const unsigned char *get_head(const struct index *index, const unsigned char *at, struct index_record *record)
{
	struct index_domain *domain = &record->domain;
	unsigned flags = *at++;
	size_t common = 0;
	struct ds_text rest;

	if (flags & IS_FULL) {
		domain->origin = (uint32_t)unpack_number(&at);
		domain->offset = domain->line = 0;
	}
	domain->offset += unpack_number(&at);
	domain->line += unpack_number(&at);
	domain->column = unpack_number(&at);
	if (!(flags & (IS_FULL | LONG_NAME)))
		common = *at++;
	rest = get_text(index, &at, flags & LONG_NAME);
	if (flags & LONG_NAME) {
		domain->name = rest;
	} else {
		put_bytes(record->name + common, rest.data, rest.size);
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

/* ---- sources -------------------------------------------------------------------------------------------- */

struct ds_text index_source(const struct index *index, uint32_t first)
{
	const unsigned char *piece = piece_at(index, first);
	const unsigned char *at = piece + SOURCE_AT;

	return get_text(index, &at, *piece & LONG_SOURCE);
}

static struct index_shared *shared_of(const struct index *index, uint32_t first)
{
	const unsigned char *piece = piece_at(index, first);

	return *piece & INDEX_SHARED ? store_at(&index->shared, get_u32(piece + LINK_AT)) : NULL;
}

const struct index_shared *index_shared(const struct index *index, uint32_t first)
{
	return shared_of(index, first);
}

uint32_t index_newest(const struct index *index, uint32_t first)
{
	const struct index_shared *shared = shared_of(index, first);

	return shared ? shared->newest : first;
}

uint32_t index_before(const struct index *index, uint32_t disk)
{
	const unsigned char *piece = piece_at(index, disk);

	return *piece & INDEX_FIRST ? 0 : get_u32(piece + LINK_AT);
}

static uint64_t hash_of(const struct index *index, struct ds_text source)
{
	return sip_short(index->key, source.data, source.size);
}

/** Of the hash 16 bits are kept, those that large tables ask for. */
static uint16_t kept_of(uint64_t hash)
{
	return (uint16_t)(hash >> KEPT_FROM);
}

static uint16_t get_kept(const unsigned char *piece)
{
	return (uint16_t)(piece[KEPT_AT] | piece[KEPT_AT + 1] << 8);
}

static int has_bit(const void *keeper, uint32_t item, unsigned bit)
{
	const struct index *index = keeper;

	if (bit >= KEPT_FROM && bit < KEPT_FROM + 16)
		return get_kept(piece_at(index, item)) >> (bit - KEPT_FROM) & 1;
	return (int)(hash_of(index, index_source(index, item)) >> bit & 1);
}

static uint32_t next_of(const void *keeper, uint32_t item)
{
	const struct index_shared *shared = shared_of(keeper, item);

	return shared ? shared->next : get_u32(piece_at(keeper, item) + LINK_AT);
}

static void set_next(void *keeper, uint32_t item, uint32_t next)
{
	struct index_shared *shared = shared_of(keeper, item);

	if (shared)
		shared->next = next;
	else
		set_u32(piece_at(keeper, item) + LINK_AT, next);
}

static uint32_t find(const struct index *index, struct ds_text source, uint64_t hash)
{
	uint32_t item = index->table.heads.count ? *table_head(&index->table, hash) : 0;

	while (item && (get_kept(piece_at(index, item)) != kept_of(hash) || !text_same(index_source(index, item), source)))
		item = next_of(index, item);
	return item;
}

uint32_t index_find(const struct index *index, struct ds_text source)
{
	return find(index, source, hash_of(index, source));
}

/** A first disk gets company. NULL when there is no memory. */
static struct index_shared *share(struct index *index, uint32_t first)
{
	unsigned char *piece = piece_at(index, first);
	struct index_shared *shared = shared_of(index, first);

	if (shared)
		return shared;
	shared = store_add(&index->shared);
	if (!shared)
		return NULL;
	*shared = (struct index_shared){.next = get_u32(piece + LINK_AT), .newest = first, .flags = *piece & INDEX_WRITABLE};
	*piece |= INDEX_SHARED;
	set_u32(piece + LINK_AT, index->shared.count - 1);
	return shared;
}

/* ---- disks ---------------------------------------------------------------------------------------------- */

/** A disk that is not the first has no source, and says which is the one before it. */
static uint32_t put_disk(struct index *index, const struct index_disk *disk, uint32_t link, int is_first, uint64_t hash)
{
	int is_long = is_first && disk->source.size > INDEX_TEXT_MAX;
	char *to = room(index);

	if (to && (!index->last_head || index->used - index->last_head > INDEX_PAGE)) {
		if (!put_head(index, &index->domain, IS_AGAIN))
			return 0;
		to = room(index);
	}
	if (!to)
		return 0;
	*to++ = (char)(disk->flags | (is_first ? INDEX_FIRST : 0) | (is_long ? LONG_SOURCE : 0));
	to = put_bytes(to, &link, sizeof link);
	if (is_first) {
		*to++ = (char)kept_of(hash);
		*to++ = (char)(kept_of(hash) >> 8);
		to = put_text(index, to, disk->source);
	}
	if (!to)
		return 0;
	to = pack_number(to, disk->format);
	to = pack_number(to, disk->target);
	to = pack_number(to, disk->offset - index->domain.offset);
	to = pack_number(to, disk->line - index->domain.line);
	return close_piece(index, pack_number(to, disk->column));
}

static const unsigned char *get_disk(const struct index *index, const unsigned char *at, struct index_record *record)
{
	struct index_disk *disk = &record->disk;
	unsigned flags = *at;

	at += flags & INDEX_FIRST ? SOURCE_AT : KEPT_AT;
	disk->flags = flags & ~(unsigned)LONG_SOURCE;
	disk->source = (struct ds_text){NULL, 0};
	if (flags & INDEX_FIRST)
		disk->source = get_text(index, &at, flags & LONG_SOURCE);
	disk->format = (uint32_t)unpack_number(&at);
	disk->target = (uint32_t)unpack_number(&at);
	disk->offset = record->domain.offset + unpack_number(&at);
	disk->line = record->domain.line + unpack_number(&at);
	disk->column = unpack_number(&at);
	return at;
}

static uint32_t format_of(const struct index *index, uint32_t first)
{
	const unsigned char *piece = piece_at(index, first);
	const unsigned char *at = piece + SOURCE_AT;

	get_text(index, &at, *piece & LONG_SOURCE);
	return (uint32_t)unpack_number(&at);
}

static int add_first(struct index *index, const struct index_disk *disk, uint64_t hash)
{
	static const struct table_items items = {has_bit, next_of, set_next};
	uint32_t *head, place;

	if (index->source_count >= (uint64_t)index->table.heads.count * CHAINED && !table_grow(&index->table, &items, index))
		return 0;
	head = table_head(&index->table, hash);
	place = put_disk(index, disk, *head, 1, hash);
	if (!place)
		return 0;
	*head = place;
	index->source_count++;
	return 1;
}

int index_add_disk(struct index *index, const struct index_disk *disk)
{
	uint64_t hash = hash_of(index, disk->source);
	uint32_t first = find(index, disk->source, hash);
	struct index_shared *shared;
	uint32_t place;

	if (!first)
		return add_first(index, disk, hash);
	shared = share(index, first);
	place = shared ? put_disk(index, disk, shared->newest, 0, hash) : 0;
	if (!place)
		return 0;
	shared->newest = place;
	shared->flags |= (uint16_t)(disk->flags & INDEX_WRITABLE);
	shared->formats_differ |= disk->format != format_of(index, first);
	return 1;
}

/* ---- walks ---------------------------------------------------------------------------------------------- */

void index_walk_begin(struct index_walk *walk, const struct index *index)
{
	walk->index = index;
	walk->chunk = 0;
	walk->at = HEADER_SIZE;
}

static const unsigned char *skip_numbers(const unsigned char *at, unsigned count)
{
	while (count--)
		while (*at++ > 127)
			;
	return at;
}

/** Returns the end of a domain's piece. */
static const unsigned char *see_head(struct index_walk *walk, const unsigned char *at)
{
	unsigned flags = *at++;

	at = skip_numbers(at, flags & IS_FULL ? 4 : 3);
	at += !(flags & (IS_FULL | LONG_NAME));
	get_text(walk->index, &at, flags & LONG_NAME);
	walk->uuid = flags & HAS_UUID ? at : NULL;
	return at + (flags & HAS_UUID ? PACK_UUID_SIZE : 0) + CONTENT_SIZE;
}

/** The same of a disk's. */
static const unsigned char *see_disk(struct index_walk *walk, const unsigned char *at)
{
	unsigned flags = *at;

	at += flags & INDEX_FIRST ? SOURCE_AT : KEPT_AT;
	walk->flags = flags & ~(unsigned)LONG_SOURCE;
	walk->source = flags & INDEX_FIRST ? get_text(walk->index, &at, flags & LONG_SOURCE) : (struct ds_text){NULL, 0};
	return skip_numbers(at, 5);
}

static size_t piece_end(const char *chunk, const unsigned char *end)
{
	return ((size_t)((const char *)end - chunk) + UNIT - 1) / UNIT * UNIT;
}

enum index_piece index_walk_next(struct index_walk *walk)
{
	const struct index *index = walk->index;
	unsigned flags;

	do {
		const unsigned char *piece, *end;
		int is_last = walk->chunk + 1 >= index->chunks.count;

		if (!is_last && (walk->at == STORE_CHUNK || (unsigned char)chunk_at(index, walk->chunk)[walk->at] == END)) {
			walk->chunk++;
			walk->at = HEADER_SIZE;
			is_last = walk->chunk + 1 >= index->chunks.count;
		}
		if (!index->chunks.count || (is_last && walk->at >= index->used))
			return INDEX_END;
		walk->where = place_of(walk->chunk, walk->at);
		piece = piece_at(index, walk->where);
		flags = *piece;
		end = flags & HEAD ? see_head(walk, piece) : see_disk(walk, piece);
		walk->at = piece_end(chunk_at(index, walk->chunk), end);
	} while ((flags & (HEAD | IS_AGAIN)) == (HEAD | IS_AGAIN));
	return flags & HEAD ? INDEX_DOMAIN : INDEX_DISK;
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
