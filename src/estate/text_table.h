/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ESTATE_TEXT_TABLE_H
#define ESTATE_TEXT_TABLE_H

#include "domstream/domstream.h"
#include "record/sip.h"

#include <stdbool.h>

/**
 * The texts of an estate, each of them kept once, under a number. One hash table finds them all;
 * the kind belongs to the key, so that a host and an image may have the same name.
 *
 * A text takes 24 bytes and 16 to 32 bytes in the table besides its own bytes.
 */

enum text_kind {
	/** The canonical source of a disk. */
	TEXT_SOURCE = 0,
	/** Packed. */
	TEXT_UUID,
	/** A host, or "HOST\0BACKEND" for a domain that serves disks on it. */
	TEXT_MACHINE,
	/** Anything else that is repeated: targets, formats, files. */
	TEXT_WORD,
	/** A file that a domain names elsewhere than as a disk, such as a kernel. */
	TEXT_FILE,
};

struct text_entry {
	/** Of its bytes, in `bytes` of struct text_table. */
	uint64_t at;
	uint32_t size;
	/** For the estate: 0 at first. */
	uint32_t value, more;
	uint16_t flags;
	uint8_t kind;
};

/** Where a text is found by its hash. */
struct text_slot {
	/** 0: the slot is free. */
	uint32_t number;
	uint32_t hash;
};

struct text_table {
	struct sip_key key;
	struct text_entry *entries;
	/** The first number is 1. */
	uint32_t count, capacity;
	/** A power of two, at least half of them free. */
	struct text_slot *slots;
	uint32_t slot_count;
	char *bytes;
	uint64_t byte_count, byte_capacity;
};

void text_table_init(struct text_table *texts, struct sip_key key);
void text_table_fini(struct text_table *texts);

/** What a text is found by. Can be computed by any thread, before the text is looked up. */
uint64_t text_table_hash(struct sip_key key, struct ds_text text);

/** The number of a text, which is added when it is new. 0: there is no memory. */
uint32_t text_table_add(struct text_table *texts, enum text_kind kind, struct ds_text text,
	uint64_t hash);

/** Announces that a text of this hash is looked up soon, so that several slots come from memory at
 * the same time. */
static inline void text_table_prefetch(const struct text_table *texts, uint64_t hash)
{
	if (texts->slot_count)
		__builtin_prefetch(&texts->slots[(uint32_t)hash & (texts->slot_count - 1)]);
}

/** The number of a text; 0: it was never added. */
uint32_t text_table_find(const struct text_table *texts, enum text_kind kind, struct ds_text text);

/** Keeps bytes that nobody looks up. Returns where they are; UINT64_MAX: there is no memory. */
uint64_t text_table_keep(struct text_table *texts, struct ds_text text);

/** Valid until the next text is added. */
static inline struct ds_text text_table_get(const struct text_table *texts, uint32_t number)
{
	const struct text_entry *entry = &texts->entries[number];

	return (struct ds_text){texts->bytes + entry->at, entry->size};
}

#endif
