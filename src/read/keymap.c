/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/keymap.h"

static struct key_guess guess_of(const struct key *key, size_t size)
{
	bool is_short = size <= KEY_NAME_HEAD;
	struct key_guess guess = {.key = key,
		.context = key->context,
		.size = is_short ? (uint32_t)size : 0};

	/* Under a mask without bits, no bytes equal this. */
	guess.head[0] = !is_short;
	memcpy(guess.head, key->name, guess.size);
	memset(guess.mask, 0xff, guess.size);
	return guess;
}

void keymap_init(struct keymap *map, const struct key *keys, size_t count)
{
	memset(map, 0, sizeof *map);
	map->keys = keys;
	for (size_t i = 0; i < count; i++) {
		struct key_shape shape =
			key_shape(keys[i].context, keys[i].name, strlen(keys[i].name));
		size_t at = key_slot(&shape);

		/* A field that one of the formats does not have has no name in it. */
		if (!*keys[i].name)
			continue;
		map->guesses[i] = guess_of(&keys[i], strlen(keys[i].name));
		map->entries[i + 1] = (struct key_entry){shape, &keys[i]};
		while (map->slots[at])
			at = (at + 1) % KEYMAP_SLOTS;
		map->slots[at] = (unsigned char)(i + 1);
	}
}
