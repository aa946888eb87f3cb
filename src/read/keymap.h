/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_KEYMAP_H
#define READ_KEYMAP_H

#include "domstream/domstream.h"

#include <string.h>

/**
 * From a name and the place where it stands to what it means. Names are those of elements, attributes or SEXPR keys;
 * places are numbers that the reader chooses.
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
};

#define KEYMAP_SIZE 512

/** A name as numbers: both ends of it and its size. Up to 16 bytes that is all of it. */
struct key_shape {
	uint64_t head;
	uint64_t tail;
	/** The size and the place where the name stands. */
	uint32_t size;
	uint32_t context;
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

/** A key for who guesses that it comes: its name as a mask and the bytes that must stand under it. */
struct key_guess {
	uint64_t head[2], mask[2];
	const struct key *key;
	/** For who reads to keep. */
	struct key_next next;
	/** KEY_NOWHERE for a name that is longer than KEY_NAME_HEAD. */
	uint32_t context;
	uint32_t size;
};

/** All that a look-up compares lies side by side, for it is done for every element, attribute and list. */
struct key_slot {
	struct key_shape shape;
	/** NULL: free. */
	const struct key *key;
};

struct keymap {
	/** Slots in use, a power of two, less one. */
	unsigned mask;
	struct key_slot slots[KEYMAP_SIZE];
	/** The keys, and in the same order what is needed to guess them. */
	const struct key *keys;
	struct key_guess guesses[KEYMAP_SIZE / 2];
};

/** Fills the map. Keys are borrowed; there are at most KEYMAP_SIZE / 2 of them. */
void keymap_init(struct keymap *map, const struct key *keys, size_t count);

static inline struct key_shape key_shape(unsigned context, const char *name, size_t size)
{
	struct key_shape shape = {0, 0, (uint32_t)size, context};
	uint32_t head, tail;

	if (size >= 8) {
		memcpy(&shape.head, name, 8);
		memcpy(&shape.tail, name + size - 8, 8);
	} else if (size >= 4) {
		/* Into variables of their own size: a wider read behind a narrow write has to wait for it. */
		memcpy(&head, name, 4);
		memcpy(&tail, name + size - 4, 4);
		shape.head = head;
		shape.tail = tail;
	} else if (size) {
		shape.head = (uint64_t)(unsigned char)name[0] << 16 | (uint64_t)(unsigned char)name[size / 2] << 8 |
			     (unsigned char)name[size - 1];
	}
	return shape;
}

static inline unsigned key_hash(const struct key_shape *shape)
{
	uint64_t mixed = shape->head ^ (shape->tail << 7 | shape->tail >> 57) ^ ((uint64_t)shape->context << 32) ^ shape->size;

	return (unsigned)((mixed * 0x9e3779b97f4a7c15u) >> 48);
}

/** The key with this name in this place, or NULL. */
static inline const struct key *keymap_find(const struct keymap *map, unsigned context, const char *name, size_t size)
{
	const struct key_shape shape = key_shape(context, name, size);

	for (unsigned at = key_hash(&shape) & map->mask; map->slots[at].key; at = (at + 1) & map->mask) {
		const struct key_slot *slot = &map->slots[at];
		uint64_t differs = (slot->shape.head ^ shape.head) | (slot->shape.tail ^ shape.tail) |
				   (slot->shape.size ^ shape.size) | (slot->shape.context ^ shape.context);

		if (!differs && (size <= 16 || memcmp(slot->key->name, name, size) == 0))
			return slot->key;
	}
	return NULL;
}

/** The same as what is guessed; NULL when there is none. */
static inline struct key_guess *keymap_guess(struct keymap *map, unsigned context, const char *name, size_t size)
{
	const struct key *key = keymap_find(map, context, name, size);

	return key ? &map->guesses[key - map->keys] : NULL;
}

/** Does `data`, of which at least KEY_NAME_HEAD bytes are there, begin with the name that is guessed? */
static inline int key_guess_begins(const struct key_guess *guess, const char *data)
{
	uint64_t head[2];

	memcpy(head, data, sizeof head);
	return (((head[0] & guess->mask[0]) ^ guess->head[0]) | ((head[1] & guess->mask[1]) ^ guess->head[1])) == 0;
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
