/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/index_pieces.h"

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

/** Room for a piece at the end; NULL when there is none. */
static char *room(struct index *index)
{
	char *chunk;

	if (index->used + PIECE_MAX <= STORE_CHUNK)
		return index->chunk + index->used;
	if ((uint64_t)(index->chunks.count + 1) * STORE_CHUNK / UNIT > UINT32_MAX)
		return NULL;
	if (index->chunk && index->used < STORE_CHUNK)
		index->chunk[index->used] = (char)END;
	chunk = store_add(&index->chunks);
	if (!chunk)
		return NULL;
	memset(chunk, 0, HEADER_SIZE);
	index->chunk = chunk;
	index->used = HEADER_SIZE;
	index->last_head = 0;
	return chunk + index->used;
}

/** Ends a piece. Returns its place. */
static uint32_t close_piece(struct index *index, const char *end)
{
	uint32_t place = place_of(index->chunks.count - 1, index->used);

	index->used = ((size_t)(end - index->chunk) + UNIT - 1) / UNIT * UNIT;
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

/** The name, or what of it is not that of the domain before. */
static char *put_name(const struct index *index, char *to, struct ds_text name, unsigned flags)
{
	size_t common = flags & IS_FULL ? 0 : common_size(name, index->domain.name);
	size_t rest = name.size - common;

	if (flags & LONG_NAME)
		return put_bytes(to, &index->long_name, sizeof index->long_name);
	if (flags & IS_FULL) {
		to = pack_number(to, rest);
	} else if (common < PREFIXES && rest < RESTS) {
		*to++ = (char)(common << 5 | rest);
	} else {
		*to++ = RESTS;
		*to++ = (char)common;
		to = pack_number(to, rest);
	}
	return put_bytes(to, name.data + common, rest);
}

static int put_head(struct index *index, const struct index_domain *domain, unsigned flags)
{
	char *to = room(index), *head = to;
	size_t page = index->used / INDEX_PAGE;

	if (!to)
		return 0;
	flags |= HEAD | (is_full(index, domain) ? IS_FULL : 0) | (has_uuid(domain) ? HAS_UUID : 0);
	flags |= domain->name.size > INDEX_TEXT_MAX ? LONG_NAME : 0;
	flags |= !(flags & IS_FULL) && domain->column == index->domain.column ? SAME_COLUMN : 0;
	*to++ = (char)flags;
	if (flags & IS_FULL)
		to = pack_number(to, domain->origin);
	to = pack_number(to, domain->offset - (flags & IS_FULL ? 0 : index->domain.offset));
	to = pack_number(to, domain->line - (flags & IS_FULL ? 0 : index->domain.line));
	if (!(flags & SAME_COLUMN))
		to = pack_number(to, domain->column);
	to = put_name(index, to, domain->name, flags);
	to = put_bytes(to, domain->uuid, flags & HAS_UUID ? sizeof domain->uuid : 0);
	for (unsigned shift = 0; shift < 24; shift += 8)
		*to++ = (char)(domain->content >> shift);
	if (!get_first(index->chunk, page)) {
		uint16_t first = (uint16_t)(index->used % INDEX_PAGE + 1);

		memcpy(index->chunk + page * sizeof first, &first, sizeof first);
	}
	index->last_head = (size_t)(head - index->chunk);
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

/* ---- sources -------------------------------------------------------------------------------------------- */

struct ds_text index_source(const struct index *index, uint32_t first)
{
	const unsigned char *piece = piece_at(index, first);
	const unsigned char *at = piece + BEHIND_LINK;

	return index_text(index, &at, *piece & LONG_SOURCE);
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

uint64_t index_hash(struct sip_key key, struct ds_text source)
{
	return sip_short(key, source.data, source.size);
}

static uint64_t hash_of(const void *keeper, uint32_t first)
{
	const struct index *index = keeper;

	return index_hash(index->key, index_source(index, first));
}

static int is_source(const void *keeper, uint32_t first, struct ds_text source)
{
	return text_same(index_source(keeper, first), source);
}

static const struct table_items items = {hash_of, is_source};

uint32_t index_find(const struct index *index, struct ds_text source)
{
	return table_find(&index->table, &items, index, source, index_hash(index->key, source));
}

void index_expect(const struct index *index, uint64_t hash)
{
	table_expect(&index->table, hash);
}

void index_expect_source(const struct index *index, uint64_t hash)
{
	uint32_t first = table_guess(&index->table, hash);

	if (first)
		__builtin_prefetch(piece_at(index, first));
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
	*shared = (struct index_shared){.newest = first, .flags = *piece & INDEX_WRITABLE};
	*piece |= INDEX_SHARED;
	set_u32(piece + LINK_AT, index->shared.count - 1);
	return shared;
}

/* ---- disks ---------------------------------------------------------------------------------------------- */

static char *put_kind(char *to, const struct index_disk *disk)
{
	if (disk->target < TARGETS && disk->format < FORMATS) {
		*to++ = (char)(disk->format << 6 | disk->target);
		return to;
	}
	*to++ = TARGETS;
	return pack_number(pack_number(to, disk->format), disk->target);
}

/** A disk that is not the first has no source, and says which is the one before it. */
static uint32_t put_disk(struct index *index, const struct index_disk *disk, uint32_t link, int is_first)
{
	int is_long = is_first && disk->source.size > INDEX_TEXT_MAX;
	char *to = room(index);

	/* The head may fill its chunk, and the next one needs it too. */
	while (to && (!index->last_head || index->used - index->last_head > INDEX_PAGE)) {
		if (!put_head(index, &index->domain, IS_AGAIN))
			return 0;
		to = room(index);
	}
	if (!to)
		return 0;
	*to++ = (char)(disk->flags | (is_first ? INDEX_FIRST : 0) | (is_long ? LONG_SOURCE : 0));
	to = put_bytes(to, &link, sizeof link);
	if (is_first)
		to = put_text(index, to, disk->source);
	if (!to)
		return 0;
	to = put_kind(to, disk);
	to = pack_number(to, disk->offset - index->domain.offset);
	to = pack_number(to, disk->line - index->domain.line);
	/* In the domain's own line the offset says it. */
	if (disk->line != index->domain.line)
		to = pack_number(to, disk->column);
	return close_piece(index, to);
}

static uint32_t format_of(const struct index *index, uint32_t first)
{
	struct index_disk disk;

	const unsigned char *piece = piece_at(index, first);
	const unsigned char *at = piece + BEHIND_LINK;

	index_text(index, &at, *piece & LONG_SOURCE);
	index_kind(&at, &disk);
	return disk.format;
}

static int add_first(struct index *index, const struct index_disk *disk)
{
	uint32_t place = put_disk(index, disk, 0, 1);

	return place && table_add(&index->table, &items, index, place, disk->hash);
}

int index_add_disk(struct index *index, const struct index_disk *disk)
{
	uint32_t first = table_find(&index->table, &items, index, disk->source, disk->hash);
	struct index_shared *shared;
	uint32_t place;

	if (!first)
		return add_first(index, disk);
	shared = share(index, first);
	place = shared ? put_disk(index, disk, shared->newest, 0) : 0;
	if (!place)
		return 0;
	shared->newest = place;
	shared->flags |= (uint16_t)(disk->flags & INDEX_WRITABLE);
	shared->formats_differ |= disk->format != format_of(index, first);
	return 1;
}
