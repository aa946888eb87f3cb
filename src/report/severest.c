/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/severest.h"

#include "record/array.h"

#include <stdlib.h>

static size_t lowest(const struct severest *severest)
{
	size_t level = 0;

	while (level < SEVERITY_COUNT && severest->levels[level].count == 0)
		level++;
	return level;
}

bool severest_wants(const struct severest *severest, enum ds_severity severity)
{
	return severest->count < severest->limit || lowest(severest) < (size_t)severity;
}

static bool add_text(struct severest_level *level, struct buffer *text)
{
	struct buffer *texts =
		array_room(level->texts, level->count, &level->capacity, sizeof *texts);

	if (!texts)
		return false;
	level->texts = texts;
	level->texts[level->count++] = *text;
	buffer_init(text);
	return true;
}

bool severest_add(struct severest *severest, enum ds_severity severity, struct buffer *text)
{
	bool is_good = !text->failed;

	if (is_good && severest_wants(severest, severity)) {
		if (severest->count == severest->limit) {
			struct severest_level *level = &severest->levels[lowest(severest)];

			buffer_fini(&level->texts[--level->count]);
			severest->count--;
		}
		is_good = add_text(&severest->levels[severity], text);
		severest->count += is_good ? 1 : 0;
	}
	buffer_fini(text);
	return is_good;
}

void severest_fini(struct severest *severest)
{
	for (size_t i = 0; i < SEVERITY_COUNT; i++) {
		struct severest_level *level = &severest->levels[i];

		while (level->count)
			buffer_fini(&level->texts[--level->count]);
		free(level->texts);
	}
}
