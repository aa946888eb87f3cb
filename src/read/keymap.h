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

struct keymap {
	const struct key *keys;
	unsigned char sizes[KEYMAP_SIZE / 2];
	/** Index of a key + 1; 0: free. */
	unsigned short slots[KEYMAP_SIZE];
};

/** Fills the map. Keys are borrowed; there are at most KEYMAP_SIZE / 2 of them. */
void keymap_init(struct keymap *map, const struct key *keys, size_t count);

/** Both ends of a name and its size tell names of this field apart well; what is left is compared. */
static inline unsigned keymap_hash(unsigned context, const char *name, size_t size)
{
	uint64_t head = 0, tail = 0;

	if (size >= 8) {
		memcpy(&head, name, 8);
		memcpy(&tail, name + size - 8, 8);
	} else if (size >= 4) {
		memcpy(&head, name, 4);
		memcpy(&tail, name + size - 4, 4);
	} else if (size) {
		head = (uint64_t)(unsigned char)name[0] << 16 | (uint64_t)(unsigned char)name[size / 2] << 8 |
		       (unsigned char)name[size - 1];
	}
	head = (head ^ (tail << 7 | tail >> 57) ^ ((uint64_t)context << 32) ^ size) * 0x9e3779b97f4a7c15u;
	return (unsigned)(head >> 54);
}

/** The key with this name in this place, or NULL. */
static inline const struct key *keymap_find(const struct keymap *map, unsigned context, const char *name, size_t size)
{
	unsigned at = keymap_hash(context, name, size);

	for (; map->slots[at]; at = (at + 1) % KEYMAP_SIZE) {
		const struct key *key = &map->keys[map->slots[at] - 1];

		if (key->context == context && map->sizes[map->slots[at] - 1] == size && memcmp(key->name, name, size) == 0)
			return key;
	}
	return NULL;
}

#endif
