/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/diff_index.h"

#include "diff/diff_coding.h"
#include "record/text.h"

/*
 * Each domain is stored in its encoded canonical form (diff/diff_record.h), and an entry contains
 * the location of this form. A million domains with 2.7 million disks need about 310 MiB. With
 * uthash, the table alone would need 56 bytes for each domain, and a record that is not encoded
 * about 2 KiB.
 *
 * Entries are found by two chains, one by UUID and one by name. Numbers have 32 bits, and texts may
 * need 16 GiB; beyond that, the index is out of memory.
 */

enum chain { BY_UUID = 0, BY_NAME = 1 };

enum {
	IS_SEXPR = 2,
	/** The domain has a UUID, which is stored in 16 bytes; or another text in its place. */
	HAS_UUID = 4,
	HAS_ODD_UUID = 8,
	HAS_NO_NAME = 16,
	IS_REPEATED = 32,
	/** The domain was removed by this key. */
	REMOVED_BY_UUID = 64,
	REMOVED_BY_NAME = 128,
};

struct entry {
	/** The number plus 1 of the next entry in the chain; 0 for the last one. */
	uint32_t next[2];
	/** The location of the encoded domain in the texts. */
	uint32_t where;
	uint8_t flags;
};

/* ---- encoding ---- */

static void put_text(struct buffer *out, struct ds_text text)
{
	encode_number(out, text.size);
	buffer_add(out, text.data, text.size);
}

void diff_index_init(struct diff_index *index)
{
	memset(index, 0, sizeof *index);
	index->key = siphash_random_key(index);
	texts_init(&index->texts);
	store_init(&index->entries, sizeof(struct entry));
	intern_init(&index->words, &index->texts, index->key);
	intern_init(&index->files, &index->texts, index->key);
	intern_init(&index->hosts, &index->texts, index->key);
	diff_extras_init(&index->extra_words, &index->texts, index->key);
	store_init(&index->heads[BY_UUID], sizeof(uint32_t));
	store_init(&index->heads[BY_NAME], sizeof(uint32_t));
	buffer_init(&index->body);
}

void diff_index_fini(struct diff_index *index)
{
	buffer_fini(&index->body);
	store_fini(&index->heads[BY_UUID]);
	store_fini(&index->heads[BY_NAME]);
	intern_fini(&index->words);
	intern_fini(&index->files);
	intern_fini(&index->hosts);
	diff_extras_fini(&index->extra_words);
	store_fini(&index->entries);
	texts_fini(&index->texts);
}

/* ---- decoding ---- */

static struct ds_text get_bytes(const unsigned char **at, size_t size)
{
	struct ds_text text = {(const char *)*at, size};

	*at += size;
	return text;
}

static struct ds_text get_uuid(const unsigned char **at, char room[UUID_TEXT_SIZE])
{
	text_format_uuid(*at, room);
	*at += UUID_BYTES;
	return (struct ds_text){room, UUID_TEXT_SIZE};
}

/** Gets the UUID and the name at the beginning of an encoded domain. `room` is for the UUID. */
static void get_keys(const struct entry *entry, const unsigned char **at, struct ds_text keys[2],
	char room[UUID_TEXT_SIZE])
{
	keys[BY_UUID] = (struct ds_text){NULL, 0};
	if (entry->flags & HAS_UUID)
		keys[BY_UUID] = get_uuid(at, room);
	else if (entry->flags & HAS_ODD_UUID)
		keys[BY_UUID] = get_bytes(at, (size_t)diff_number_decode(at));
	keys[BY_NAME] = get_bytes(at, (size_t)diff_number_decode(at));
}

static struct entry *entry_at(const struct diff_index *index, uint32_t at)
{
	return store_at(&index->entries, at);
}

static const unsigned char *body_of(const struct diff_index *index, const struct entry *entry)
{
	return (const unsigned char *)texts_at(&index->texts, entry->where).data;
}

bool diff_index_get(const struct diff_index *index, uint32_t at, struct diff_domain *domain,
	struct arena *arena)
{
	const struct entry *entry = entry_at(index, at);
	char *room = arena_alloc(arena, UUID_TEXT_SIZE);
	const unsigned char *body = body_of(index, entry);
	struct ds_text keys[2];

	if (!room)
		return false;
	get_keys(entry, &body, keys, room);
	domain->uuid = keys[BY_UUID];
	domain->name = entry->flags & HAS_NO_NAME ? (struct ds_text){NULL, 0} : keys[BY_NAME];
	domain->format = entry->flags & IS_SEXPR ? DS_FORMAT_SEXPR : DS_FORMAT_XML;
	domain->place.name = intern_text(&index->files, (uint32_t)diff_number_decode(&body)).data;
	domain->place.offset = diff_number_decode(&body);
	domain->place.line = diff_number_decode(&body);
	domain->place.column = diff_number_decode(&body);
	domain->size = diff_number_decode(&body);
	domain->host = intern_text(&index->hosts, (uint32_t)diff_number_decode(&body));
	if (!diff_record_decode(&domain->decoded, &index->words, &body, domain->place, arena) ||
		!diff_extras_decode(&domain->extras, &index->extra_words, &body, arena))
		return false;
	domain->decoded.record.format = domain->format;
	return true;
}

/* ---- adding ---- */

/** Encodes a domain except for its extras. `uuid` is only used if the flags contain HAS_UUID. */
static void put_domain(struct diff_index *index, const struct ds_domain *domain,
	const struct ds_domain *form, unsigned flags, const unsigned char uuid[UUID_BYTES])
{
	struct buffer *body = &index->body;
	const char *file = domain->place.name;
	uint32_t number = intern_add(&index->files, (struct ds_text){file, strlen(file) + 1});

	if (number == INTERN_NONE)
		body->failed = true;
	if (flags & HAS_UUID)
		buffer_add(body, (const char *)uuid, UUID_BYTES);
	else if (flags & HAS_ODD_UUID)
		put_text(body, domain->uuid);
	put_text(body, domain->name);
	encode_number(body, number);
	encode_number(body, domain->place.offset);
	encode_number(body, domain->place.line);
	encode_number(body, domain->place.column);
	encode_number(body, domain->raw.size);
	number =
		intern_add(&index->hosts, (struct ds_text){domain->host, strlen(domain->host) + 1});
	if (number == INTERN_NONE)
		body->failed = true;
	encode_number(body, number);
	diff_record_encode(body, &index->words, form, domain);
}

enum ds_status diff_index_add(struct diff_index *index, const struct ds_domain *domain,
	struct arena *arena)
{
	unsigned flags = domain->format == DS_FORMAT_SEXPR ? IS_SEXPR : 0;
	const struct ds_domain *form = compare_canonical(domain, arena);
	unsigned char uuid[UUID_BYTES];
	struct extra_forms extras;
	struct entry *entry;

	if (!form || !extras_form(domain, form, index->key, arena, &extras))
		return DS_NO_MEMORY;
	if (text_parse_uuid(domain->uuid, uuid))
		flags |= HAS_UUID;
	else if (text_given(domain->uuid))
		flags |= HAS_ODD_UUID;
	flags |= domain->name.data ? 0 : HAS_NO_NAME;
	buffer_clear(&index->body, (size_t)1 << 20);
	put_domain(index, domain, form, flags, uuid);
	diff_extras_encode(&index->body, &index->extra_words, &extras);
	if (index->body.failed || arena->failed)
		return DS_NO_MEMORY;
	entry = store_add(&index->entries);
	if (!entry)
		return DS_NO_MEMORY;
	*entry = (struct entry){.flags = (uint8_t)flags};
	entry->where =
		texts_add(&index->texts, (struct ds_text){index->body.data, index->body.size});
	return entry->where == TEXT_NONE ? DS_NO_MEMORY : DS_OK;
}

/* ---- finding ---- */

uint32_t diff_index_first(const struct diff_index *index)
{
	return index->entries.count ? 0 : DIFF_NONE;
}

uint32_t diff_index_next(const struct diff_index *index, uint32_t at)
{
	return at + 1 < index->entries.count ? at + 1 : DIFF_NONE;
}

/** The search key: a UUID, or the name of a domain with or without a UUID. */
struct key {
	enum chain chain;
	struct ds_text text;
	bool has_uuid;
};

/** Returns whether the key identifies domains. A repeated name does not matter if there are
 * UUIDs. */
static bool is_unique_key(const struct key *key)
{
	return key->chain == BY_UUID || !key->has_uuid;
}

/** Returns the head of the chain of a key. */
static uint32_t *head_of(const struct diff_index *index, const struct key *key)
{
	const struct store *heads = &index->heads[key->chain];
	struct siphash_key seed = index->key;
	uint64_t hash;

	/* Domains with a UUID are not in the chain of those without one, although their names may
	 * be equal. */
	seed.high ^= (uint64_t)key->has_uuid;
	hash = siphash_13(seed, key->text.data, key->text.size);
	return store_at(heads, (uint32_t)((hash >> 32) * heads->count >> 32));
}

static bool has_key(const struct diff_index *index, const struct entry *entry,
	const struct key *key)
{
	struct ds_text keys[2];
	char room[UUID_TEXT_SIZE];
	const unsigned char *body = body_of(index, entry);

	get_keys(entry, &body, keys, room);
	return !keys[BY_UUID].data == !key->has_uuid && keys[key->chain].size == key->text.size &&
		(!key->text.size ||
			memcmp(keys[key->chain].data, key->text.data, key->text.size) == 0);
}

/** Follows a chain from `link`. Returns the link that leads to the next entry with this key, or the
 * link at the end of the chain. */
static uint32_t *find(const struct diff_index *index, uint32_t *link, const struct key *key)
{
	while (*link && !has_key(index, entry_at(index, *link - 1), key))
		link = &entry_at(index, *link - 1)->next[key->chain];
	return link;
}

/** Inserts an entry at the head of its chain. */
static void enter(struct diff_index *index, uint32_t at, const struct key *key)
{
	struct entry *entry = entry_at(index, at);
	uint32_t *head = head_of(index, key);

	if (is_unique_key(key) && *find(index, head, key))
		entry->flags |= IS_REPEATED;
	entry->next[key->chain] = *head;
	*head = at + 1;
}

/** Reverses a chain, because entries were inserted at its head. */
static void reverse(struct diff_index *index, enum chain chain, uint32_t *head)
{
	uint32_t rest = *head;

	for (*head = 0; rest;) {
		uint32_t at = rest;
		struct entry *entry = entry_at(index, at - 1);

		rest = entry->next[chain];
		entry->next[chain] = *head;
		*head = at;
	}
}

static void enter_all(struct diff_index *index)
{
	for (uint32_t at = 0; at < index->entries.count; at++) {
		struct entry *entry = entry_at(index, at);
		struct ds_text keys[2];
		char room[UUID_TEXT_SIZE];
		const unsigned char *body = body_of(index, entry);

		get_keys(entry, &body, keys, room);
		if (keys[BY_UUID].data)
			enter(index, at, &(struct key){BY_UUID, keys[BY_UUID], true});
		enter(index, at, &(struct key){BY_NAME, keys[BY_NAME], keys[BY_UUID].data != NULL});
	}
}

/** Adds the heads of the chains, one more than there are entries. Returns false when out of
 * memory. */
static bool add_heads(struct store *heads, uint32_t entries)
{
	while (heads->count <= entries) {
		uint32_t *head = store_add(heads);

		if (!head)
			return false;
		*head = 0;
	}
	return true;
}

enum ds_status diff_index_close(struct diff_index *index)
{
	for (int chain = BY_UUID; chain <= BY_NAME; chain++)
		if (!add_heads(&index->heads[chain], index->entries.count))
			return DS_NO_MEMORY;
	enter_all(index);
	for (int chain = BY_UUID; chain <= BY_NAME; chain++)
		for (uint32_t i = 0; i < index->heads[chain].count; i++)
			reverse(index, (enum chain)chain, store_at(&index->heads[chain], i));
	return DS_OK;
}

/**
 * Removes the first entry with this key. It leaves the chain unless it is the last one with the
 * key, which stays to show that the key existed.
 */
static uint32_t remove_first(struct diff_index *index, const struct key *key, const char **repeated)
{
	const unsigned flag = key->chain == BY_UUID ? REMOVED_BY_UUID : REMOVED_BY_NAME;
	uint32_t *link = find(index, head_of(index, key), key);

	while (*link) {
		uint32_t at = *link - 1;
		struct entry *entry = entry_at(index, at);
		bool is_last = !*find(index, &entry->next[key->chain], key);
		bool is_removed = diff_index_is_removed(index, at);

		/* The new dump has had a domain with this key before: that domain removed this
		 * entry, or an earlier one with this key, which is no longer in the chain. */
		if (entry->flags & flag ||
			(!is_removed && entry->flags & IS_REPEATED && is_unique_key(key)))
			*repeated = key->chain == BY_UUID ? "uuid" : "name";
		if (!is_last)
			*link = entry->next[key->chain];
		if (!is_removed) {
			entry->flags |= (uint8_t)flag;
			return at;
		}
		if (is_last)
			break;
		link = find(index, link, key);
	}
	return DIFF_NONE;
}

/** Removes the first entry with this name. An entry with a UUID is only removed if the domain of
 * the new dump has none. */
static uint32_t remove_by_name(struct diff_index *index, struct ds_text name, bool has_uuid,
	const char **repeated)
{
	uint32_t at = remove_first(index, &(struct key){BY_NAME, name, false}, repeated);

	if (at == DIFF_NONE && !has_uuid)
		at = remove_first(index, &(struct key){BY_NAME, name, true}, repeated);
	return at;
}

/** Replaces each \xHH by the byte that XML cannot contain and the XML writer has masked so. Returns
 * false if nothing is masked. */
static bool unmask(struct buffer *out, struct ds_text text)
{
	bool is_masked = false;

	for (size_t at = 0; at < text.size; at++) {
		int high = -1, low = -1;

		if (text.size - at >= 4 && text.data[at] == '\\' && text.data[at + 1] == 'x') {
			high = byte_hex(text.data[at + 2]);
			low = byte_hex(text.data[at + 3]);
		}
		if (low < 0 || (high != 0 && high != 1 && high < 8)) {
			buffer_byte(out, text.data[at]);
			continue;
		}
		buffer_byte(out, (char)(unsigned char)(high * 16 + low));
		is_masked = true;
		at += 3;
	}
	return is_masked && !out->failed;
}

uint32_t diff_index_remove(struct diff_index *index, struct ds_text name, struct ds_text uuid,
	const char **repeated)
{
	bool has_uuid = text_given(uuid);
	uint32_t at = DIFF_NONE;

	*repeated = NULL;
	if (has_uuid)
		at = remove_first(index, &(struct key){BY_UUID, uuid, true}, repeated);
	if (at == DIFF_NONE)
		at = remove_by_name(index, name, has_uuid, repeated);
	buffer_clear(&index->body, (size_t)1 << 20);
	if (at == DIFF_NONE && unmask(&index->body, name))
		at = remove_by_name(index, (struct ds_text){index->body.data, index->body.size},
			has_uuid, repeated);
	return at;
}

bool diff_index_has_host(const struct diff_index *index, const char *host)
{
	struct ds_text name = {host, strlen(host) + 1};

	/* A linear search is fast enough, because there are few hosts. */
	for (uint32_t i = 0; i < intern_count(&index->hosts); i++)
		if (text_same(intern_text(&index->hosts, i), name))
			return true;
	return false;
}

bool diff_index_is_removed(const struct diff_index *index, uint32_t at)
{
	return (entry_at(index, at)->flags & (REMOVED_BY_UUID | REMOVED_BY_NAME)) != 0;
}

bool diff_index_is_repeated(const struct diff_index *index, uint32_t at)
{
	return (entry_at(index, at)->flags & IS_REPEATED) != 0;
}
