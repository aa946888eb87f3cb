/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/finish.h"

#include "record/array.h"
#include "record/text.h"

#include <stdlib.h>

/* Decides which sources are checked, and in which order. */

/** A source, to be sorted by its text. */
struct candidate {
	struct ds_text text;
	uint32_t source;
};

static int compare_candidates(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	return text_compare(a->text, b->text);
}

void finish_judge_sources(struct finish *finish, finish_filter *is_wanted, finish_judge *judge,
	void *context)
{
	const struct text_table *texts = &finish->estate->texts;
	struct candidate *candidates = NULL, *room;
	size_t count = 0, capacity = 0;

	for (uint32_t i = 1; i <= texts->count && finish->status == DS_OK; i++) {
		if (texts->entries[i].kind != TEXT_SOURCE || !is_wanted(finish, i, context))
			continue;
		room = array_room(candidates, count, &capacity, sizeof *room);
		if (!room) {
			finish->status = DS_NO_MEMORY;
			break;
		}
		candidates = room;
		candidates[count++] = (struct candidate){text_table_get(texts, i), i};
	}
	if (count)
		qsort(candidates, count, sizeof *candidates, compare_candidates);
	for (size_t i = 0; i < count && finish->status == DS_OK; i++)
		judge(finish, candidates[i].source, context);
	free(candidates);
}

static bool may_be_judged(const struct finish *finish, uint32_t source, void *context)
{
	(void)context;
	return finish_may_find(finish->estate, source) ||
		finish_whole_of(text_table_get(&finish->estate->texts, source)).data;
}

static void judge_sharing(struct finish *finish, uint32_t source, void *context)
{
	(void)context;
	finish_judge_source(finish, source);
	if (finish->status == DS_OK)
		finish_judge_partition(finish, source);
}

enum ds_status estate_finish(struct estate *estate, ds_finding_sink *sink, void *context,
	uint64_t *count)
{
	struct finish finish = {.estate = estate,
		.sink = sink,
		.context = context,
		.count = count,
		.status = DS_OK};

	arena_init(&finish.arena);
	finding_list_init(&finish.list, &finish.arena);
	finish_judge_sources(&finish, may_be_judged, judge_sharing, NULL);
	if (finish.status == DS_OK)
		finish_judge_uuids(&finish);
	if (finish.status == DS_OK)
		finish_judge_loops(&finish);
	if (finish.status == DS_OK)
		finish_judge_images(&finish);
	finding_list_fini(&finish.list);
	arena_fini(&finish.arena);
	free(finish.members.items);
	free(finish.whole.items);
	free(finish.shown.items);
	free(finish.sides);
	return finish.status;
}
