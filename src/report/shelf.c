/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/shelf.h"

#include "record/array.h"

#include <stdlib.h>

static size_t lowest(const struct shelf *shelf)
{
	size_t level = 0;

	while (level < SEVERITY_COUNT && shelf->levels[level].count == 0)
		level++;
	return level;
}

bool shelf_wants(const struct shelf *shelf, enum ds_severity severity)
{
	return shelf->count < shelf->limit || lowest(shelf) < (size_t)severity;
}

static bool add_piece(struct shelf_level *level, struct buffer *piece)
{
	struct buffer *pieces =
		array_room(level->pieces, level->count, &level->capacity, sizeof *pieces);

	if (!pieces)
		return false;
	level->pieces = pieces;
	level->pieces[level->count++] = *piece;
	buffer_init(piece);
	return true;
}

bool shelf_take(struct shelf *shelf, enum ds_severity severity, struct buffer *piece)
{
	bool is_good = !piece->failed;

	if (is_good && shelf_wants(shelf, severity)) {
		if (shelf->count == shelf->limit) {
			struct shelf_level *level = &shelf->levels[lowest(shelf)];

			buffer_fini(&level->pieces[--level->count]);
			shelf->count--;
		}
		is_good = add_piece(&shelf->levels[severity], piece);
		shelf->count += is_good ? 1 : 0;
	}
	buffer_fini(piece);
	return is_good;
}

void shelf_fini(struct shelf *shelf)
{
	for (size_t i = 0; i < SEVERITY_COUNT; i++) {
		struct shelf_level *level = &shelf->levels[i];

		while (level->count)
			buffer_fini(&level->pieces[--level->count]);
		free(level->pieces);
	}
}
