/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/members.h"

#include "record/text.h"

#include <stdlib.h>

/* What several domains decide: which sources are looked at, and in which order. */

/** A source to sort by its text, told by its first disk. */
struct candidate {
	struct ds_text text;
	uint32_t source;
};

static int compare_candidates(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	return text_compare(a->text, b->text);
}

/** Growing array. */
struct candidates {
	struct candidate *items;
	size_t count, capacity;
};

static int add_candidate(struct candidates *candidates, struct ds_text text, uint32_t source)
{
	if (candidates->count == candidates->capacity) {
		size_t capacity = candidates->capacity ? candidates->capacity * 2 : 64;
		struct candidate *items = realloc(candidates->items, capacity * sizeof *items);

		if (!items)
			return 0;
		candidates->items = items;
		candidates->capacity = capacity;
	}
	candidates->items[candidates->count++] = (struct candidate){text, source};
	return 1;
}

/** Lists the sources that are worth a look, and the partitions, and sees all UUIDs. Returns 0 when there is no memory. */
static int list_candidates(struct finish *finish, struct candidates *candidates)
{
	const struct index *index = &finish->estate->index;
	struct index_walk *walk = &finish->walk;
	enum index_piece piece;

	index_walk_begin(walk, index);
	while ((piece = index_walk_next(walk)) != INDEX_END) {
		if (piece == INDEX_DOMAIN)
			suspects_see(&finish->suspects, index, walk->uuid);
		if (piece != INDEX_DISK || !(walk->flags & INDEX_FIRST))
			continue;
		if (!may_be_found(index, walk->where) && !whole_of(walk->source).data)
			continue;
		if (!add_candidate(candidates, walk->source, walk->where))
			return 0;
	}
	return 1;
}

static void judge_sources(struct finish *finish)
{
	struct candidates candidates = {NULL, 0, 0};

	if (!suspects_begin(&finish->suspects, &finish->estate->index) || !list_candidates(finish, &candidates))
		finish->status = DS_NO_MEMORY;
	if (candidates.count > 1)
		qsort(candidates.items, candidates.count, sizeof *candidates.items, compare_candidates);
	for (size_t i = 0; i < candidates.count && finish->status == DS_OK; i++) {
		judge_source(finish, candidates.items[i].source);
		judge_partition(finish, candidates.items[i].source);
	}
	free(candidates.items);
}

enum ds_status estate_finish(struct estate *estate, ds_finding_sink *sink, void *context, uint64_t *count)
{
	struct finish finish = {.estate = estate, .sink = sink, .context = context, .count = count, .status = DS_OK};

	arena_init(&finish.arena);
	arena_init(&finish.members.names);
	arena_init(&finish.whole.names);
	arena_init(&finish.shown.names);
	finding_list_init(&finish.list, &finish.arena);
	judge_sources(&finish);
	/* No source is looked for any more, and what comes now takes memory too. */
	index_close(&estate->index);
	if (finish.status == DS_OK)
		judge_uuids(&finish);
	if (finish.status == DS_OK)
		judge_loops(&finish);
	finding_list_fini(&finish.list);
	arena_fini(&finish.arena);
	members_fini(&finish.members);
	members_fini(&finish.whole);
	members_fini(&finish.shown);
	free(finish.sides);
	suspects_fini(&finish.suspects);
	return finish.status;
}
