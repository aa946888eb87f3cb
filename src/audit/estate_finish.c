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

/** Counts the sources with more than one disk, and the partitions; with `found` lists them. */
static size_t list_candidates(struct finish *finish, struct candidate *found)
{
	const struct index *index = &finish->estate->index;
	struct index_walk *walk = &finish->walk;
	enum index_piece piece;
	size_t count = 0;

	index_walk_begin(walk, index);
	while ((piece = index_walk_next(walk)) != INDEX_END) {
		if (piece != INDEX_DISK || !(walk->disk.flags & INDEX_FIRST))
			continue;
		if (!(walk->disk.flags & INDEX_SHARED) && !whole_of(walk->disk.source).data)
			continue;
		if (found)
			found[count] = (struct candidate){walk->disk.source, walk->where};
		count++;
	}
	return count;
}

static void judge_sources(struct finish *finish)
{
	size_t count = list_candidates(finish, NULL);
	struct candidate *candidates = malloc((count + 1) * sizeof *candidates);

	if (!candidates) {
		finish->status = DS_NO_MEMORY;
		return;
	}
	list_candidates(finish, candidates);
	qsort(candidates, count, sizeof *candidates, compare_candidates);
	for (size_t i = 0; i < count && finish->status == DS_OK; i++) {
		judge_source(finish, candidates[i].source);
		judge_partition(finish, candidates[i].source);
	}
	free(candidates);
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
	return finish.status;
}
