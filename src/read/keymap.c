/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/keymap.h"

static struct key_guess guess_of(const struct key *key, size_t size)
{
	bool is_short = size <= KEY_NAME_HEAD;
	struct key_guess guess = {.key = key, .context = key->context, .size = (uint32_t)size};

	/* Under a mask without bits, no bytes equal this. */
	guess.head[0] = !is_short;
	if (is_short) {
		memcpy(guess.head, key->name, size);
		memset(guess.mask, 0xff, size);
	}
	return guess;
}

/** Returns the slot with which the search for a name begins. Hardly any two keys have the same
 * size, first, middle and last byte. */
static inline size_t first_slot(unsigned context, const char *name, size_t size)
{
	uint32_t bytes = 0;

	if (size)
		bytes = (uint32_t)(unsigned char)name[0] << 16 |
			(uint32_t)(unsigned char)name[size / 2] << 8 |
			(unsigned char)name[size - 1];
	return ((context << 8 ^ (uint32_t)size) * 31 + bytes) * 0x9e3779b1u >> 21;
}

void keymap_init(struct keymap *map, const struct key *keys, size_t count)
{
	memset(map, 0, sizeof *map);
	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(keys[i].name), at;

		/* A field that one of the formats does not have has no name in it. */
		if (!size)
			continue;
		map->keys[i] = guess_of(&keys[i], size);
		at = first_slot(keys[i].context, keys[i].name, size);
		while (map->slots[at])
			at = (at + 1) % KEYMAP_SLOTS;
		map->slots[at] = (unsigned char)(i + 1);
	}
}

struct key_guess *keymap_find(struct keymap *map, unsigned context, const char *name, size_t size)
{
	for (size_t at = first_slot(context, name, size); map->slots[at];
		at = (at + 1) % KEYMAP_SLOTS) {
		struct key_guess *found = &map->keys[map->slots[at] - 1];

		if (found->context == context && found->size == size &&
			memcmp(found->key->name, name, size) == 0)
			return found;
	}
	return NULL;
}
