/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/diff_index.h"

#include "record/error.h" /* error_place() */
#include "record/source.h"
#include "record/text.h"
#include "record/vdev.h"

#include <stdlib.h>

/*
 * Everything is in one buffer: entries, each a head and a packed body. A table of uthash takes 56 bytes a domain before it has
 * said anything, and a struct ds_disk some 200; a million domains with 2.7 million disks take 190 MiB here. Numbers are
 * packed seven bits a byte, and the words that most disks use are one byte each. Sources stand as they are: nearly all of
 * them are different.
 *
 * Entries are found by two chains, one by UUID and one by name, with references of 32 bits: entries begin at multiples of
 * four. So all may take 16 GiB; what is beyond is out of memory.
 */

#define ENTRY_ALIGN 4
#define ENTRIES_MAX ((size_t)UINT32_MAX * ENTRY_ALIGN)

enum chain { BY_UUID = 0, BY_NAME = 1 };

enum {
	/** Not a domain but the name of a file, for those that follow. */
	IS_FILE = 1,
	IS_SEXPR = 2,
	/** A UUID of 16 bytes, or any other text. */
	HAS_UUID = 4,
	HAS_ODD_UUID = 8,
	HAS_NO_NAME = 16,
	IS_REPEATED = 32,
	/** Taken out by the one key or the other. */
	TAKEN_BY_UUID = 64,
	TAKEN_BY_NAME = 128,
};

struct entry {
	/** The next one in the chain, its place in units of ENTRY_ALIGN and 1 more; 0: the last. */
	uint32_t next[2];
	uint8_t flags;
	/** Size of the body, packed, and the body. */
	unsigned char packed[];
};

#define HEAD_SIZE offsetof(struct entry, packed)

/** What is one byte: index and 1. */
static const char *const words[] = {
	"raw",  "file", "phy",  "tap",  "tap2", "qemu", "qcow", "qcow2", "vhd",   "vmdk",  "xvda", "xvdb",	 "xvdc", "xvdd",
	"xvde", "xvdf", "xvda1", "xvda2", "xvdb1", "xvda3", "hda",  "hdb",  "hdc",	"hdd",	 "sda",  "sdb",	 "sdc",  "sdd",
	"sda1", "sda2", "sdb1", "fda",  "vda",  "vdb",
};

/* ---- a disk by its meaning ----------------------------------------------------------------------------- */

static struct ds_text target_of(struct ds_text target, struct arena *arena)
{
	char name[VDEV_NAME_SIZE];
	struct vdev vdev;
	size_t size;

	if (!text_given(target))
		return (struct ds_text){NULL, 0};
	if (!vdev_parse(target, &vdev))
		return target;
	size = vdev_name(&vdev, name);
	if (size == target.size && memcmp(name, target.data, size) == 0)
		return target;
	return arena_text(arena, name, size);
}

/** A disk on the network or in a pool has no path: what is known of it is its name. */
static struct ds_text source_of(const struct ds_disk *disk, struct arena *arena)
{
	struct ds_text source = source_canonical(arena, disk);

	if (source.data || !text_given(disk->source))
		return source;
	return source_masked(arena, disk);
}

/** Where nobody says the format, the one dump is no more raw than the other: raw is what is meant. */
static struct ds_text format_of(const struct ds_disk *disk)
{
	struct ds_text format = source_read_as(disk);

	return text_given(format) ? format : TEXT("raw");
}

void diff_disk_init(struct diff_disk *disk, const struct ds_disk *from, struct arena *arena)
{
	memset(disk, 0, sizeof *disk);
	disk->target = target_of(from->target, arena);
	disk->source = source_of(from, arena);
	if (disk->source.data) {
		disk->driver = source_backend(from);
		disk->format = format_of(from);
	}
	if (text_given(from->backend) && !text_is(from->backend, "0") && !text_is(from->backend, "Domain-0"))
		disk->backend = from->backend;
	disk->device = from->device;
	disk->access = from->readonly ? DIFF_READ : from->shareable ? DIFF_SHARED : DIFF_WRITE;
	disk->bootable = from->bootable;
}

/* ---- packing ------------------------------------------------------------------------------------------- */

static void put_number(struct buffer *out, uint64_t number)
{
	for (; number > 127; number >>= 7)
		buffer_byte(out, (char)(number | 128));
	buffer_byte(out, (char)number);
}

static void put_text(struct buffer *out, struct ds_text text)
{
	put_number(out, text.size);
	buffer_add(out, text.data, text.size);
}

/** 0: NULL; else the size and 1, and the text. */
static void put_source(struct buffer *out, struct ds_text text)
{
	put_number(out, text.data ? text.size + 1 : 0);
	buffer_add(out, text.data, text.size);
}

/** The same, but one of the words is its index doubled and 1, and a size is doubled. */
static void put_word(struct buffer *out, struct ds_text text)
{
	size_t i = 0;

	if (!text.data) {
		buffer_byte(out, 0);
		return;
	}
	while (i < sizeof words / sizeof *words && !text_is(text, words[i]))
		i++;
	if (i < sizeof words / sizeof *words) {
		put_number(out, i << 1 | 1);
		return;
	}
	put_number(out, (uint64_t)(text.size + 1) << 1);
	buffer_add(out, text.data, text.size);
}

static void put_uuid(struct buffer *out, struct ds_text uuid)
{
	for (size_t i = 0; i < UUID_SIZE; i++) {
		if (uuid.data[i] == '-')
			continue;
		buffer_byte(out, (char)(byte_hex(uuid.data[i]) << 4 | byte_hex(uuid.data[i + 1])));
		i++;
	}
}

/** Places are those of the domain and what lies between: small numbers. */
static void put_disk(struct buffer *out, const struct diff_disk *disk, struct ds_place domain)
{
	put_number(out, (uint64_t)disk->device << 4 | (uint64_t)disk->access << 2 | (uint64_t)disk->bootable);
	put_word(out, disk->target);
	put_word(out, disk->driver);
	put_word(out, disk->format);
	put_word(out, disk->backend);
	put_source(out, disk->source);
	put_number(out, disk->place.offset - domain.offset);
	put_number(out, disk->place.line - domain.line);
	put_number(out, disk->place.column);
}

static void put_disks(struct buffer *out, const struct ds_domain *domain, struct arena *arena)
{
	struct ds_place place = domain->place;
	size_t place_at = 0;

	put_number(out, domain->disk_count);
	for (size_t i = 0; i < domain->disk_count; i++) {
		size_t at = domain->disks[i].at < domain->raw.size ? domain->disks[i].at : domain->raw.size;
		struct diff_disk disk;

		/* On from the disk before. Only the few of an HVM guest's image can lie behind the one that follows. */
		if (at < place_at) {
			place = domain->place;
			place_at = 0;
		}
		place = error_place(place, domain->raw.data + place_at, at - place_at);
		place_at = at;
		diff_disk_init(&disk, &domain->disks[i], arena);
		disk.place = place;
		put_disk(out, &disk, domain->place);
	}
}

/** Adds an entry. Returns its place. */
static size_t put_entry(struct buffer *entries, unsigned flags, const struct buffer *body)
{
	size_t at = entries->size;
	struct entry *entry = (struct entry *)buffer_room(entries, HEAD_SIZE);

	if (!entry)
		return at;
	memset(entry, 0, HEAD_SIZE);
	entry->flags = (uint8_t)flags;
	entries->size += HEAD_SIZE;
	put_number(entries, body->size);
	buffer_add(entries, body->data, body->size);
	while (entries->size % ENTRY_ALIGN && !entries->failed)
		buffer_byte(entries, 0);
	return at;
}

void diff_index_init(struct diff_index *index)
{
	memset(index, 0, sizeof *index);
	buffer_init(&index->entries);
	buffer_init(&index->body);
	index->last_file = DIFF_NONE;
	index->key = sip_draw_key(index);
}

void diff_index_fini(struct diff_index *index)
{
	buffer_fini(&index->entries);
	buffer_fini(&index->body);
	free(index->heads[BY_UUID]);
	free(index->heads[BY_NAME]);
}

/* ---- unpacking ----------------------------------------------------------------------------------------- */

static uint64_t get_number(const unsigned char **at)
{
	uint64_t number = 0;
	unsigned shift = 0;

	for (; **at > 127; shift += 7)
		number |= (uint64_t)(*(*at)++ & 127) << shift;
	return number | (uint64_t)*(*at)++ << shift;
}

static struct ds_text get_bytes(const unsigned char **at, size_t size)
{
	struct ds_text text = {(const char *)*at, size};

	*at += size;
	return text;
}

static struct ds_text get_word(const unsigned char **at)
{
	uint64_t code = get_number(at);

	if (!code)
		return (struct ds_text){NULL, 0};
	if (code & 1)
		return (struct ds_text){words[code >> 1], strlen(words[code >> 1])};
	return get_bytes(at, (size_t)(code >> 1) - 1);
}

static struct ds_text get_uuid(const unsigned char **at, char room[UUID_SIZE])
{
	size_t used = 0;

	for (size_t i = 0; i < 16; i++) {
		unsigned char byte = *(*at)++;

		if (i == 4 || i == 6 || i == 8 || i == 10)
			room[used++] = '-';
		room[used++] = "0123456789abcdef"[byte >> 4];
		room[used++] = "0123456789abcdef"[byte & 15];
	}
	return (struct ds_text){room, UUID_SIZE};
}

/** UUID and name, with which a body begins. `room` is for the UUID. */
static void get_keys(const struct entry *entry, const unsigned char **at, struct ds_text keys[2], char room[UUID_SIZE])
{
	keys[BY_UUID] = (struct ds_text){NULL, 0};
	if (entry->flags & HAS_UUID)
		keys[BY_UUID] = get_uuid(at, room);
	else if (entry->flags & HAS_ODD_UUID)
		keys[BY_UUID] = get_bytes(at, (size_t)get_number(at));
	keys[BY_NAME] = get_bytes(at, (size_t)get_number(at));
}

static struct entry *entry_at(const struct diff_index *index, size_t at)
{
	return (struct entry *)(index->entries.data + at);
}

static const unsigned char *body_of(const struct entry *entry, size_t *size)
{
	const unsigned char *at = entry->packed;

	*size = (size_t)get_number(&at);
	return at;
}

static void get_disk(const unsigned char **at, struct diff_disk *disk, struct ds_place domain)
{
	uint64_t flags = get_number(at), size;

	disk->device = (enum ds_device)(flags >> 4);
	disk->access = (enum diff_access)(flags >> 2 & 3);
	disk->bootable = (enum ds_flag)(flags & 3);
	disk->target = get_word(at);
	disk->driver = get_word(at);
	disk->format = get_word(at);
	disk->backend = get_word(at);
	size = get_number(at);
	disk->source = size ? get_bytes(at, (size_t)size - 1) : (struct ds_text){NULL, 0};
	disk->place.name = domain.name;
	disk->place.offset = domain.offset + get_number(at);
	disk->place.line = domain.line + get_number(at);
	disk->place.column = get_number(at);
}

int diff_index_get(const struct diff_index *index, size_t at, struct diff_domain *domain, struct arena *arena)
{
	const struct entry *entry = entry_at(index, at);
	char *room = arena_alloc(arena, UUID_SIZE);
	const unsigned char *body, *file;
	struct diff_disk *disks;
	struct ds_text keys[2];
	size_t size;

	if (!room)
		return 0;
	body = body_of(entry, &size);
	get_keys(entry, &body, keys, room);
	file = body_of(entry_at(index, (size_t)get_number(&body) * ENTRY_ALIGN), &size);
	domain->uuid = keys[BY_UUID];
	domain->name = entry->flags & HAS_NO_NAME ? (struct ds_text){NULL, 0} : keys[BY_NAME];
	domain->format = entry->flags & IS_SEXPR ? DS_FORMAT_SEXPR : DS_FORMAT_XML;
	domain->place.name = (const char *)file;
	domain->place.offset = get_number(&body);
	domain->place.line = get_number(&body);
	domain->place.column = get_number(&body);
	domain->disk_count = (size_t)get_number(&body);
	domain->disks = disks = arena_alloc(arena, (domain->disk_count + 1) * sizeof *disks);
	for (size_t i = 0; disks && i < domain->disk_count; i++)
		get_disk(&body, &disks[i], domain->place);
	return disks != NULL;
}

/* ---- adding -------------------------------------------------------------------------------------------- */

/** Names of files are kept with their NUL. */
static void add_file(struct diff_index *index, const char *name)
{
	size_t size;

	if (index->last_file != DIFF_NONE &&
	    strcmp((const char *)body_of(entry_at(index, index->last_file), &size), name) == 0)
		return;
	buffer_clear(&index->body, SIZE_MAX);
	buffer_add(&index->body, name, strlen(name) + 1);
	index->last_file = put_entry(&index->entries, IS_FILE, &index->body);
}

enum ds_status diff_index_add(struct diff_index *index, const struct ds_domain *domain, struct arena *arena)
{
	struct buffer *body = &index->body;
	unsigned flags = domain->format == DS_FORMAT_SEXPR ? IS_SEXPR : 0;

	add_file(index, domain->place.name);
	buffer_clear(body, (size_t)1 << 20);
	if (text_is_uuid(domain->uuid)) {
		flags |= HAS_UUID;
		put_uuid(body, domain->uuid);
	} else if (text_given(domain->uuid)) {
		flags |= HAS_ODD_UUID;
		put_text(body, domain->uuid);
	}
	flags |= domain->name.data ? 0 : HAS_NO_NAME;
	put_text(body, domain->name);
	put_number(body, index->last_file / ENTRY_ALIGN);
	put_number(body, domain->place.offset);
	put_number(body, domain->place.line);
	put_number(body, domain->place.column);
	put_disks(body, domain, arena);
	if (body->failed || arena->failed)
		return DS_NO_MEMORY;
	put_entry(&index->entries, flags, body);
	index->count++;
	return index->entries.failed || index->entries.size > ENTRIES_MAX ? DS_NO_MEMORY : DS_OK;
}

/* ---- finding ------------------------------------------------------------------------------------------- */

static size_t next_at(const struct diff_index *index, size_t at)
{
	size_t size;
	const unsigned char *body = body_of(entry_at(index, at), &size);
	size_t end = (size_t)((const char *)body - index->entries.data) + size;

	return (end + ENTRY_ALIGN - 1) / ENTRY_ALIGN * ENTRY_ALIGN;
}

static size_t skip_files(const struct diff_index *index, size_t at)
{
	while (at < index->entries.size && entry_at(index, at)->flags & IS_FILE)
		at = next_at(index, at);
	return at < index->entries.size ? at : DIFF_NONE;
}

size_t diff_index_first(const struct diff_index *index)
{
	return skip_files(index, 0);
}

size_t diff_index_next(const struct diff_index *index, size_t at)
{
	return skip_files(index, next_at(index, at));
}

/** What is looked for: a UUID, or a name of a domain that has or lacks a UUID. */
struct key {
	enum chain chain;
	struct ds_text text;
	int has_uuid;
};

/** Whether it is what tells domains apart. A name that comes again is of no concern where there are UUIDs. */
static int is_unique(const struct key *key)
{
	return key->chain == BY_UUID || !key->has_uuid;
}

/** Where the chain of a key begins. */
static uint32_t *head_of(const struct diff_index *index, const struct key *key)
{
	struct sip_key sip = index->key;

	/* Those with a UUID do not lie in the way of those without one, of which there may be as many of the same name. */
	sip.high ^= (uint64_t)key->has_uuid;
	return &index->heads[key->chain][sip_hash(sip, key->text.data, key->text.size) & index->mask];
}

static size_t place_of(uint32_t reference)
{
	return (size_t)(reference - 1) * ENTRY_ALIGN;
}

static int has_key(const struct entry *entry, const struct key *key)
{
	struct ds_text keys[2];
	char room[UUID_SIZE];
	size_t size;
	const unsigned char *body = body_of(entry, &size);

	get_keys(entry, &body, keys, room);
	return !keys[BY_UUID].data == !key->has_uuid && keys[key->chain].size == key->text.size &&
	       (!key->text.size || memcmp(keys[key->chain].data, key->text.data, key->text.size) == 0);
}

/** Goes on to the link that leads to an entry with this key, or to the end. */
static uint32_t *find(const struct diff_index *index, uint32_t *link, const struct key *key)
{
	while (*link && !has_key(entry_at(index, place_of(*link)), key))
		link = &entry_at(index, place_of(*link))->next[key->chain];
	return link;
}

/** Puts an entry before the others of its chain. */
static void enter(struct diff_index *index, size_t at, const struct key *key)
{
	struct entry *entry = entry_at(index, at);
	uint32_t *head = head_of(index, key);

	if (is_unique(key) && *find(index, head, key))
		entry->flags |= IS_REPEATED;
	entry->next[key->chain] = *head;
	*head = (uint32_t)(at / ENTRY_ALIGN) + 1;
}

/** Chains are entered at their beginning, and so the wrong way round. */
static void reverse(struct diff_index *index, enum chain chain, uint32_t *head)
{
	uint32_t rest = *head;

	for (*head = 0; rest;) {
		uint32_t at = rest;
		struct entry *entry = entry_at(index, place_of(at));

		rest = entry->next[chain];
		entry->next[chain] = *head;
		*head = at;
	}
}

enum ds_status diff_index_close(struct diff_index *index)
{
	size_t size = 16;

	while (size < index->count)
		size *= 2;
	index->mask = size - 1;
	for (int chain = BY_UUID; chain <= BY_NAME; chain++) {
		index->heads[chain] = calloc(size, sizeof **index->heads);
		if (!index->heads[chain])
			return DS_NO_MEMORY;
	}
	for (size_t at = diff_index_first(index); at != DIFF_NONE; at = diff_index_next(index, at)) {
		struct entry *entry = entry_at(index, at);
		struct ds_text keys[2];
		char room[UUID_SIZE];
		size_t unused;
		const unsigned char *body = body_of(entry, &unused);

		get_keys(entry, &body, keys, room);
		if (keys[BY_UUID].data)
			enter(index, at, &(struct key){BY_UUID, keys[BY_UUID], 1});
		enter(index, at, &(struct key){BY_NAME, keys[BY_NAME], keys[BY_UUID].data != NULL});
	}
	for (int chain = BY_UUID; chain <= BY_NAME; chain++)
		for (size_t i = 0; i < size; i++)
			reverse(index, (enum chain)chain, &index->heads[chain][i]);
	return DS_OK;
}

/**
 * Takes the first one out that has this key. It leaves the chain, unless it is the last with its key: that one stays and tells
 * that the key was there.
 */
static size_t take(struct diff_index *index, const struct key *key, const char **repeated)
{
	const unsigned mark = key->chain == BY_UUID ? TAKEN_BY_UUID : TAKEN_BY_NAME;
	uint32_t *link = find(index, head_of(index, key), key);

	while (*link) {
		size_t at = place_of(*link);
		struct entry *entry = entry_at(index, at);
		int is_last = !*find(index, &entry->next[key->chain], key);
		int is_taken = diff_index_is_taken(index, at);

		/* One of them was taken by this key before, as many as there are before it, or all. */
		if (entry->flags & mark || (!is_taken && entry->flags & IS_REPEATED && is_unique(key)))
			*repeated = key->chain == BY_UUID ? "uuid" : "name";
		if (!is_last)
			*link = entry->next[key->chain];
		if (!is_taken) {
			entry->flags |= (uint8_t)mark;
			return at;
		}
		if (is_last)
			break;
		link = find(index, link, key);
	}
	return DIFF_NONE;
}

size_t diff_index_take(struct diff_index *index, struct ds_text name, struct ds_text uuid, const char **repeated)
{
	int has_uuid = text_given(uuid);
	size_t at = DIFF_NONE;

	*repeated = NULL;
	if (has_uuid)
		at = take(index, &(struct key){BY_UUID, uuid, 1}, repeated);
	if (at == DIFF_NONE)
		at = take(index, &(struct key){BY_NAME, name, 0}, repeated);
	if (at == DIFF_NONE && !has_uuid)
		at = take(index, &(struct key){BY_NAME, name, 1}, repeated);
	return at;
}

int diff_index_is_taken(const struct diff_index *index, size_t at)
{
	return (entry_at(index, at)->flags & (TAKEN_BY_UUID | TAKEN_BY_NAME)) != 0;
}

int diff_index_is_repeated(const struct diff_index *index, size_t at)
{
	return (entry_at(index, at)->flags & IS_REPEATED) != 0;
}
