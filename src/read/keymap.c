/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/keymap.h"

static struct key_name name_of(const char *text, size_t size)
{
	struct key_name name = {.size = size <= KEY_NAME_HEAD ? size : 0};

	memcpy(name.head, text, name.size);
	memset(name.mask, 0xff, name.size);
	return name;
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

		map->names[i] = name_of(keys[i].name, shape.size);
		while (map->slots[at].key)
			at = (at + 1) & map->mask;
		map->slots[at] = (struct key_slot){shape, &keys[i]};
	}
}
