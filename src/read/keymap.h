/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_KEYMAP_H
#define READ_KEYMAP_H

#include "domstream/domstream.h"

#include <stdbool.h>
#include <string.h>

/**
 * From a name and the place where it stands to what it means. Names are those of elements,
 * attributes or SEXPR keys; places are numbers that the reader chooses.
 */

/** How the value of a scalar is understood; see record/fields.def. */
enum key_kind {
	KEY_NONE = 0,
	KEY_TEXT,
	KEY_EMPTY,
	KEY_UUID,
	KEY_MEMORY,
	KEY_COUNT,
	KEY_WEIGHT,
	KEY_FLAG,
	KEY_BYTES,
	KEY_KIB
};

struct xml_reader;
struct sexpr_reader;

/** A row of a reader's table. */
struct key {
	const char *name;
	unsigned char context;
	/** What to do; the reader's own numbers. */
	unsigned char action;
	/** The place of what is inside it. */
	unsigned char inside;
	unsigned char kind;
	/** Offset of the member that takes the value, in the domain or in the device at hand. */
	unsigned short member;
	/** Of the domain's fields (enum field) the one that is set; KEY_NO_FIELD for everything
	 * else. */
	unsigned char field;
	/** The functions that handle it, or NULL. */
	union {
		/** An element of XML begins, and ends. */
		struct {
			void (*begin)(struct xml_reader *reader);
			void (*end)(struct xml_reader *reader);
		};
		/** Sets what an attribute says. Returns false if the value has no place in the
		 * record. */
		bool (*set)(struct xml_reader *reader, struct ds_text value);
		/** A list of SEXPR that holds lists begins. */
		void (*open)(struct sexpr_reader *reader);
		/** Reads the values of a list of SEXPR; `value` is the only one, or the first, or
		 * NULL if there are lists among them. Returns false if they have no place in the
		 * record. */
		bool (*read)(struct sexpr_reader *reader, struct ds_text value);
	};
};

/** Where the positions of what is no field of a domain go. */
#define KEY_NO_FIELD (DS_FIELDS_MAX - 1)

/** Keys of a map, at most. */
#define KEYMAP_KEYS 255
/** Eight times as many, so that hardly two keys have the same slot. A power of two. */
#define KEYMAP_SLOTS 2048

/** A name as numbers: both ends of it and its size. Up to 16 bytes that is all of it. */
struct key_shape {
	uint64_t head, tail;
	/** The size, and above it the context of the name. */
	uint64_t where;
};

/** Bytes that a name is compared by at once. */
#define KEY_NAME_HEAD 16

struct key_guess;

/** What came last behind a key, and what came there before that: mostly one of them comes again. */
struct key_next {
	struct key_guess *last, *before;
};

/** Nothing came yet: what stands nowhere is guessed. */
extern const struct key_next key_next_none;
/** The place of what is never to be guessed. */
#define KEY_NOWHERE UINT32_MAX

/** A key for who guesses that it comes: its name as a mask and the bytes that must stand under
 * it. */
struct key_guess {
	uint64_t head[2], mask[2];
	const struct key *key;
	/** The prediction of the key that follows, which the reader keeps here. */
	struct key_next next;
	/** KEY_NOWHERE for a name that is longer than KEY_NAME_HEAD. */
	uint32_t context;
	uint32_t size;
};

/** Everything that a look-up compares. */
struct key_entry {
	struct key_shape shape;
	const struct key *key;
};

struct keymap {
	/** The entry in each slot; 0: the slot is free. */
	unsigned char slots[KEYMAP_SLOTS];
	/** Entries of the keys, from 1. */
	struct key_entry entries[KEYMAP_KEYS + 1];
	/** The keys, and in the same order what is needed to guess them. */
	const struct key *keys;
	struct key_guess guesses[KEYMAP_KEYS];
};

/** Fills the map. Keys are borrowed; there are at most KEYMAP_KEYS of them. */
void keymap_init(struct keymap *map, const struct key *keys, size_t count);

static inline struct key_shape key_shape(unsigned context, const char *name, size_t size)
{
	struct key_shape shape = {0, 0, (uint64_t)context << 32 | size};
	uint32_t head, tail;

	if (size >= 8) {
		memcpy(&shape.head, name, 8);
		memcpy(&shape.tail, name + size - 8, 8);
	} else if (size >= 4) {
		/* Into variables of their own size: a wider read behind a narrow write has to wait
		 * for it. */
		memcpy(&head, name, 4);
		memcpy(&tail, name + size - 4, 4);
		shape.head = (uint64_t)tail << 32 | head;
	} else if (size) {
		shape.head = (uint64_t)(unsigned char)name[0] << 16 |
			(uint64_t)(unsigned char)name[size / 2] << 8 |
			(unsigned char)name[size - 1];
	}
	return shape;
}

static inline size_t key_slot(const struct key_shape *shape)
{
	uint64_t mixed = shape->head ^ (shape->tail << 7 | shape->tail >> 57) ^ shape->where;

	return (size_t)((mixed * 0x9e3779b97f4a7c15u) >> 53);
}

/** Returns the key with this name in this context, or NULL. A size of more than 32 bits is no
 * key's. */
static inline const struct key *keymap_find(const struct keymap *map, unsigned context,
	const char *name, size_t size)
{
	const struct key_shape shape = key_shape(context, name, size);

	for (size_t at = key_slot(&shape); map->slots[at]; at = (at + 1) % KEYMAP_SLOTS) {
		const struct key_entry *entry = &map->entries[map->slots[at]];
		uint64_t differs = (entry->shape.head ^ shape.head) |
			(entry->shape.tail ^ shape.tail) | (entry->shape.where ^ shape.where);

		if (!differs && (size <= 16 || memcmp(entry->key->name, name, size) == 0))
			return entry->key;
	}
	return NULL;
}

/** Returns the guess for a key, or NULL without a guess. */
static inline struct key_guess *keymap_guess(struct keymap *map, unsigned context, const char *name,
	size_t size)
{
	const struct key *key = keymap_find(map, context, name, size);

	return key ? &map->guesses[key - map->keys] : NULL;
}

/** Does `data`, of which at least KEY_NAME_HEAD bytes are there, begin with the name that is
 * guessed? */
static inline bool key_guess_begins(const struct key_guess *guess, const char *data)
{
	uint64_t head[2];

	memcpy(head, data, sizeof head);
	return (((head[0] & guess->mask[0]) ^ guess->head[0]) |
		       ((head[1] & guess->mask[1]) ^ guess->head[1])) == 0;
}

/** What has come is guessed from now on. Returns where the guesses for what follows it are. */
static inline struct key_next *key_next_set(struct key_next *next, struct key_guess *guess)
{
	if (guess != next->last) {
		next->before = next->last;
		next->last = guess;
	}
	return &guess->next;
}

#endif
