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

void keymap_add(struct keymap *map, const struct key *key, size_t size)
{
	size_t at = keymap_slot(key->context, key->name, size);

	while (map->slots[at])
		at = (at + 1) % KEYMAP_SLOTS;
	map->keys[map->count++] = guess_of(key, size);
	map->slots[at] = (unsigned char)map->count;
}

void keymap_init(struct keymap *map, const struct key *keys, size_t count)
{
	memset(map, 0, sizeof *map);
	for (size_t i = 0; i < count; i++)
		/* A field that SEXPR does not have has no name in it. */
		if (*keys[i].name)
			keymap_add(map, &keys[i], strlen(keys[i].name));
}
