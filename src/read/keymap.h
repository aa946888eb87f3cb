/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_KEYMAP_H
#define READ_KEYMAP_H

#include "domstream/domstream.h"

#include <stdbool.h>
#include <string.h>

/**
 * Maps a name and its context to its meaning. Names are those of elements, attributes or SEXPR
 * keys; contexts are numbers that the reader chooses.
 */

/** How the value of a scalar is parsed; see record/fields.def. */
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
	/** In the table of XML: its path. */
	const char *name;
	unsigned char context;
	/** The action, which is a number that the reader defines. */
	unsigned char action;
	/** The context of the contents; for a detail of a disk, what holds it (enum
	 * member_holder). */
	unsigned char inside;
	/** How the value of a scalar is parsed (enum key_kind); for an element or a list that is a
	 * device, its kind (enum devices). */
	unsigned char kind;
	/** The offset of the member that stores the value, in the domain or in the current
	 * device. */
	unsigned short member;
	/** The field of the domain (enum field) that is set, or KEY_NO_FIELD. */
	unsigned char field;
	/** The functions that handle it, or NULL. */
	union {
		/** An element of XML begins, and ends. */
		struct {
			void (*begin)(struct xml_reader *reader);
			void (*end)(struct xml_reader *reader);
			/** The path of an element with the same contents, which ends in `/`; or
			 * NULL. */
			const char *like;
		};
		struct {
			/** Stores the value of an attribute. Returns false if the record cannot
			 * store it. */
			bool (*set)(struct xml_reader *reader, struct ds_text value);
			/** The values with which the attribute has no meaning, separated by
			 * blanks; "" if it never has one. */
			const char *words;
		};
		/** A list of SEXPR that contains lists begins. */
		void (*open)(struct sexpr_reader *reader);
		/** Reads the values of a list of SEXPR; `value` is the only one, or the first, or
		 * NULL if there are lists among them. Returns false if they cannot be stored in the
		 * record. */
		bool (*read)(struct sexpr_reader *reader, struct ds_text value);
		/** For a key of SEXPR that the record cannot store: the value that xend uses when
		 * the key is unset, or NULL. */
		const char *usual;
	};
};

/** The index for positions of keys that are not fields of a domain. */
#define KEY_NO_FIELD (DS_FIELDS_MAX - 1)

/** The maximum number of keys in a map. */
#define KEYMAP_KEYS 255
/** The number of slots, a power of two. There are eight times as many as keys, so that hardly any
 * two keys have the same slot. */
#define KEYMAP_SLOTS 2048

/** The number of bytes of a name that are compared at once. */
#define KEY_NAME_HEAD 16

/** A key in the form that is needed to test a prediction: its name as a mask and the bytes to
 * compare under it. A name that is longer than KEY_NAME_HEAD is never predicted. */
struct key_guess {
	uint64_t head[2], mask[2];
	const struct key *key;
	/** The key that followed the last time, which is predicted to follow once more, or NULL.
	 * The reader stores it here. */
	struct key_guess *next;
	/** XML: the key of the first element and of the first attribute in an element, likewise. */
	struct key_guess *child, *attribute;
	uint32_t context;
	uint32_t size;
};

struct keymap {
	/** The number of the key in each slot, from 1; 0 if the slot is free. */
	unsigned char slots[KEYMAP_SLOTS];
	struct key_guess keys[KEYMAP_KEYS];
	size_t count;
};

/** Adds a key, whose name has this size, to a map that was cleared. Keys are borrowed; there may be
 * at most KEYMAP_KEYS of them. */
void keymap_add(struct keymap *map, const struct key *key, size_t size);

/** Fills the map. */
void keymap_init(struct keymap *map, const struct key *keys, size_t count);

/** Returns the slot with which the search for a name begins. Hardly any two keys have the same
 * size, first, middle and last byte. */
static inline size_t keymap_slot(unsigned context, const char *name, size_t size)
{
	uint32_t bytes = 0;

	if (size)
		bytes = (uint32_t)(unsigned char)name[0] << 16 |
			(uint32_t)(unsigned char)name[size / 2] << 8 |
			(unsigned char)name[size - 1];
	return ((context << 8 ^ (uint32_t)size) * 31 + bytes) * 0x9e3779b1u >> 21;
}

/** Returns the key with this name in this context, or NULL. */
static inline struct key_guess *keymap_find(struct keymap *map, unsigned context, const char *name,
	size_t size)
{
	for (size_t at = keymap_slot(context, name, size); map->slots[at];
		at = (at + 1) % KEYMAP_SLOTS) {
		struct key_guess *found = &map->keys[map->slots[at] - 1];

		if (found->context == context && found->size == size &&
			memcmp(found->key->name, name, size) == 0)
			return found;
	}
	return NULL;
}

/** Returns whether the key is predicted for this context, and `data`, which has at least
 * KEY_NAME_HEAD bytes, begins with its name. */
static inline bool key_guess_begins(const struct key_guess *guess, unsigned context,
	const char *data)
{
	uint64_t head[2];

	if (guess->context != context)
		return false;
	memcpy(head, data, sizeof head);
	return (((head[0] & guess->mask[0]) ^ guess->head[0]) |
		       ((head[1] & guess->mask[1]) ^ guess->head[1])) == 0;
}

#endif
