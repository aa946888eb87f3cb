/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/members.h"

#include "record/text.h"

#include <stdlib.h>

/* What several domains decide: which sources are judged, and in which order. */

/** A source, to sort by its text. */
struct candidate {
	struct ds_text text;
	uint32_t source;
};

static int compare_candidates(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	return text_compare(a->text, b->text);
}

/** May something be found about this text? */
static bool is_candidate(const struct estate *estate, uint32_t number)
{
	return estate->texts.entries[number].kind == TEXT_SOURCE &&
		(may_be_found(estate, number) ||
			whole_of(text_table_get(&estate->texts, number)).data);
}

static void judge_sources(struct finish *finish)
{
	const struct text_table *texts = &finish->estate->texts;
	struct candidate *candidates;
	size_t count = 0;

	for (uint32_t i = 1; i <= texts->count; i++)
		count += is_candidate(finish->estate, i);
	candidates = malloc((count + 1) * sizeof *candidates);
	if (!candidates) {
		finish->status = DS_NO_MEMORY;
		return;
	}
	count = 0;
	for (uint32_t i = 1; i <= texts->count; i++)
		if (is_candidate(finish->estate, i))
			candidates[count++] = (struct candidate){text_table_get(texts, i), i};
	qsort(candidates, count, sizeof *candidates, compare_candidates);
	for (size_t i = 0; i < count && finish->status == DS_OK; i++) {
		judge_source(finish, candidates[i].source);
		if (finish->status == DS_OK)
			judge_partition(finish, candidates[i].source);
	}
	free(candidates);
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
	judge_sources(&finish);
	if (finish.status == DS_OK)
		judge_uuids(&finish);
	if (finish.status == DS_OK)
		judge_loops(&finish);
	finding_list_fini(&finish.list);
	arena_fini(&finish.arena);
	free(finish.members.items);
	free(finish.whole.items);
	free(finish.shown.items);
	free(finish.sides);
	return finish.status;
}
