/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/keymap.h"

void keymap_init(struct keymap *map, const struct key *keys, size_t count)
{
	memset(map, 0, sizeof *map);
	map->keys = keys;
	for (size_t i = 0; i < count; i++) {
		unsigned at;

		map->shapes[i] = key_shape(keys[i].name, strlen(keys[i].name));
		for (at = key_hash(keys[i].context, &map->shapes[i]); map->slots[at];)
			at = (at + 1) % KEYMAP_SIZE;
		map->slots[at] = (unsigned short)(i + 1);
	}
}
