/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef AUDIT_INDEX_H
#define AUDIT_INDEX_H

#include "audit/pack.h"
#include "audit/store.h"
#include "audit/table.h"
#include "record/sip.h"

/**
 * All domains and disks of an estate, packed, and who has which source. It is the one thing in the program that grows with the
 * dumps, so its layout is what an audit costs.
 *
 * Domains lie one behind another, each followed by its disks; a piece begins at an even byte.
 *
 *   domain   1 flags, 3 or 4 place (what lies between it and the domain before; the column when it is another one), 1 how much of
 *            its name is that of the domain before and how much follows, the rest of the name, 16 UUID, 3 content
 *   disk     1 flags, 4 link, 1 format and target, 3 or 4 place (from the domain's); the first one with its source also 1 size of
 *            the source, and the source
 *   table    some 10 a distinct source
 *   shared   8 a source that more than one disk has
 *
 * That is some 63 bytes for a domain with a name of 17 bytes and one disk, without the text of the source, and some 21 for
 * each further disk; a million domains with a disk and a name of 16 bytes took 64, measured as what `audit` takes
 * more than `check` does. A size that one byte cannot say takes two; texts of more than INDEX_TEXT_MAX bytes are kept elsewhere.
 *
 * Since a domain says only in what it differs from the one before, in each page of INDEX_PAGE bytes one says all, and
 * whoever wants to know a disk begins there.
 */

#define INDEX_PAGE 2048
#define INDEX_PAGES (STORE_CHUNK / INDEX_PAGE)
#define INDEX_TEXT_MAX 1000

enum {
	/** What the rules ask of a disk. */
	INDEX_WRITABLE = 1,
	INDEX_SHAREABLE = 2,
	/** Not a disk: what another disk's image is based on. */
	INDEX_BACKING = 4,
	/** It is the first one of its source, and holds the text. */
	INDEX_FIRST = 8,
	/** There are others of its source. */
	INDEX_SHARED = 16,
};

struct index_domain {
	struct ds_text name;
	/** Zeros: none. */
	unsigned char uuid[PACK_UUID_SIZE];
	/** A number of the caller's: which dump and host. */
	uint32_t origin;
	/** 24 bits of all that two records of one domain would agree in. */
	uint32_t content;
	uint64_t offset, line, column;
};

struct index_disk {
	struct ds_text source;
	/** Numbers of the caller's. */
	uint32_t target, format;
	uint64_t offset, line, column;
	unsigned flags;
	/** To add it: index_hash() of the source. */
	uint64_t hash;
};

/** A source that more than one disk has. */
struct index_shared {
	/** The last one that was added of its disks. */
	uint32_t newest;
	/** Whether one is writable (INDEX_WRITABLE), and whether formats differ. */
	uint16_t flags, formats_differ;
};

struct index {
	/** Of STORE_CHUNK bytes; see index_pieces.h. */
	struct store chunks;
	/** The last chunk, how much of it is used, and where its last domain begins. */
	char *chunk;
	size_t used, last_head;
	/** The domain that was added last. */
	struct index_domain domain;
	char name[INDEX_TEXT_MAX];
	/** Texts that are too long for a page, and where among them its name is when it is so long. */
	struct texts *texts;
	uint32_t long_name;
	struct table table;
	struct store shared;
	uint32_t domain_count;
	struct sip_key key;
};

void index_init(struct index *index, struct texts *texts, struct sip_key key);
void index_fini(struct index *index);

/** Adds a domain. Returns 0 when there is no memory, or there are 8 GiB. */
int index_add_domain(struct index *index, const struct index_domain *domain);
/** Adds a disk to the last domain. The same. */
int index_add_disk(struct index *index, const struct index_disk *disk);

/** What a source is found by, with the key of the index. */
uint64_t index_hash(struct sip_key key, struct ds_text source);
/** A disk with that hash will be added soon. The index is far larger than any cache, and to wait for memory is most of what it
 * costs: the first call asks for where the table would have its source, the second one, somewhat later, for what is there. */
void index_expect(const struct index *index, uint64_t hash);
void index_expect_source(const struct index *index, uint64_t hash);

/** Nothing is added and no source is looked for from here on: gives the table's memory back. */
void index_close(struct index *index);

/** The first disk of a source; 0: there is none. */
uint32_t index_find(const struct index *index, struct ds_text source);
/** Of a first disk. */
struct ds_text index_source(const struct index *index, uint32_t first);
/** What all disks of a source have in common; NULL: it is the only one. */
const struct index_shared *index_shared(const struct index *index, uint32_t first);
/** The last disk of a source, and the one before a disk; 0 before the first. */
uint32_t index_newest(const struct index *index, uint32_t first);
uint32_t index_before(const struct index *index, uint32_t disk);

enum index_piece { INDEX_END, INDEX_DOMAIN, INDEX_DISK };

/** A walk through all pieces, that unpacks next to nothing of them. */
struct index_walk {
	const struct index *index;
	/** Number of the chunk, its bytes, and where the next piece begins and pieces end. */
	uint32_t chunk;
	const char *bytes;
	size_t at, end;
	/** Where the piece is. */
	uint32_t where;
	/** Of a domain; NULL: none. */
	const unsigned char *uuid;
	/** Of a disk. Only the first one of its source has a source. */
	unsigned flags;
	struct ds_text source;
};

void index_walk_begin(struct index_walk *walk, const struct index *index);
enum index_piece index_walk_next(struct index_walk *walk);

/** A domain or a disk, unpacked. */
struct index_record {
	struct index_domain domain;
	struct index_disk disk;
	/** Room for the domain's name. */
	char name[INDEX_TEXT_MAX];
};

/** The UUID of the domain at a place; NULL: it has none. */
const unsigned char *index_uuid(const struct index *index, uint32_t where);

/** Unpacks the disk, with its domain, or the domain that is at a place. */
void index_get(const struct index *index, uint32_t where, struct index_record *record);

#endif
