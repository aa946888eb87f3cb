/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ESTATE_TEXT_TABLE_H
#define ESTATE_TEXT_TABLE_H

#include "domstream/domstream.h"
#include "record/siphash.h"
#include "record/slots.h"

/**
 * The texts of an estate, each of them stored once and with a number. One hash table finds them
 * all; the kind is part of the key, so that a host and an image may have the same name. A text
 * needs 24 bytes, 16 to 32 bytes in the hash table, and its own bytes.
 */

enum text_kind {
	/** The canonical source of a disk. */
	TEXT_SOURCE = 0,
	/** The 16 bytes of a UUID. */
	TEXT_UUID,
	/** A host, or "HOST\0BACKEND" for a domain that serves disks on it. */
	TEXT_MACHINE,
	/** Any other text that is repeated: targets, formats, files. */
	TEXT_WORD,
	/** A file that a domain uses other than as a disk, such as a kernel. */
	TEXT_FILE,
};

struct text_entry {
	/** The offset of its bytes, in `bytes` of struct text_table. */
	uint64_t at;
	uint32_t size;
	/** Values that the user of the table sets; 0 at the beginning. */
	uint32_t value, more;
	uint16_t flags;
	uint8_t kind;
};

struct text_table {
	struct siphash_key key;
	struct text_entry *entries;
	/** The first number is 1. */
	uint32_t count, capacity;
	/** The hash table; a slot contains the number of a text. */
	struct slots slots;
	char *bytes;
	uint64_t byte_count, byte_capacity;
};

void text_table_init(struct text_table *texts, struct siphash_key key);
void text_table_fini(struct text_table *texts);

/** Computes the hash that finds a text. Any thread can compute it, before the text is looked up. */
uint64_t text_table_hash(struct siphash_key key, struct ds_text text);

/** Returns the number of a text, which is added if it is new, or 0 when there is no memory. */
uint32_t text_table_add(struct text_table *texts, enum text_kind kind, struct ds_text text,
	uint64_t hash);

/** Announces that a text with this hash will be looked up soon, so that several slots are loaded
 * from memory at the same time. An audit of 520,000 domains needs a fifth less time with it. */
static inline void text_table_prefetch(const struct text_table *texts, uint64_t hash)
{
	if (texts->slots.count)
		__builtin_prefetch(slots_first(&texts->slots, (uint32_t)hash));
}

/** Returns the number of a text, or 0 if it was never added. */
uint32_t text_table_find(const struct text_table *texts, enum text_kind kind, struct ds_text text);

/** Stores bytes that are never looked up. Returns their offset, or UINT64_MAX when there is no
 * memory. */
uint64_t text_table_keep(struct text_table *texts, struct ds_text text);

/** Returns the text, which is valid until the next text is added. */
static inline struct ds_text text_table_get(const struct text_table *texts, uint32_t number)
{
	const struct text_entry *entry = &texts->entries[number];

	return (struct ds_text){texts->bytes + entry->at, entry->size};
}

#endif
