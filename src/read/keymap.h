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

#define KEYMAP_SIZE 1024

/** A name as numbers: both ends of it and its size. Up to 16 bytes that is all of it. */
struct key_shape {
	uint64_t head;
	uint64_t tail;
	size_t size;
};

struct keymap {
	const struct key *keys;
	struct key_shape shapes[KEYMAP_SIZE / 2];
	/** Index of a key + 1; 0: free. */
	unsigned short slots[KEYMAP_SIZE];
};

/** Fills the map. Keys are borrowed; there are at most KEYMAP_SIZE / 2 of them. */
void keymap_init(struct keymap *map, const struct key *keys, size_t count);

static inline struct key_shape key_shape(const char *name, size_t size)
{
	struct key_shape shape = {0, 0, size};
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

static inline unsigned key_hash(unsigned context, const struct key_shape *shape)
{
	uint64_t mixed = shape->head ^ (shape->tail << 7 | shape->tail >> 57) ^ ((uint64_t)context << 32) ^ shape->size;

	return (unsigned)((mixed * 0x9e3779b97f4a7c15u) >> 54);
}

/** The key with this name in this place, or NULL. */
static inline const struct key *keymap_find(const struct keymap *map, unsigned context, const char *name, size_t size)
{
	const struct key_shape shape = key_shape(name, size);

	for (unsigned at = key_hash(context, &shape); map->slots[at]; at = (at + 1) % KEYMAP_SIZE) {
		const struct key *key = &map->keys[map->slots[at] - 1];
		const struct key_shape *other = &map->shapes[map->slots[at] - 1];

		if (key->context == context && other->size == size && other->head == shape.head &&
		    other->tail == shape.tail && (size <= 16 || memcmp(key->name, name, size) == 0))
			return key;
	}
	return NULL;
}

#endif
