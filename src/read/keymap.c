/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/keymap.h"

static struct key_guess nowhere = {.context = KEY_NOWHERE};

const struct key_next key_next_none = {&nowhere, &nowhere};

static struct key_guess guess_of(const struct key *key, size_t size)
{
	int is_short = size <= KEY_NAME_HEAD;
	struct key_guess guess = {.key = key, .next = key_next_none, .context = is_short ? key->context : KEY_NOWHERE,
				  .size = is_short ? (uint32_t)size : 0};

	memcpy(guess.head, key->name, guess.size);
	memset(guess.mask, 0xff, guess.size);
	return guess;
}

void keymap_init(struct keymap *map, const struct key *keys, size_t count)
{
	memset(map, 0, sizeof *map);
	map->mask = KEYMAP_SIZE - 1;
	map->keys = keys;
	while (count * 4 <= map->mask + 1)
		map->mask >>= 1;
	for (size_t i = 0; i < count; i++) {
		struct key_shape shape = key_shape(keys[i].context, keys[i].name, strlen(keys[i].name));
		unsigned at = key_hash(&shape) & map->mask;

		map->guesses[i] = guess_of(&keys[i], shape.size);
		while (map->slots[at].key)
			at = (at + 1) & map->mask;
		map->slots[at] = (struct key_slot){shape, &keys[i]};
	}
}
