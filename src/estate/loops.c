/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/finish.h"
#include "record/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* DA208: more loop-backed disks than a host has loop devices. */

#define LOOP_BUDGET 8

/** A host, to be sorted by its name. */
struct host {
	struct ds_text name;
	const struct host_record *record;
};

static int compare_hosts(const void *left, const void *right)
{
	const struct host *a = left, *b = right;

	return text_compare(a->name, b->name);
}

static void give_loops(struct finish *finish, const struct host *host, uint64_t budget)
{
	struct ds_finding *finding;
	char text[64];
	int size =
		snprintf(text, sizeof text, "%" PRIu64 " disks on files, %" PRIu64 " loop devices",
			host->record->loops, budget);

	finding = finding_add(&finish->list, RULE_208,
		arena_text(&finish->arena, text, (size_t)size));
	if (finding) {
		finding->place.name = finish_string(&finish->arena,
			text_table_get(&finish->estate->texts, host->record->file));
		finding->host = host->name;
		finding_sign(finding);
	}
	finish_report(finish, finding);
}

void finish_judge_loops(struct finish *finish)
{
	const struct estate *estate = finish->estate;
	uint64_t budget = estate->options->loop_budget ? estate->options->loop_budget : LOOP_BUDGET;
	struct host *hosts = malloc((estate->host_count + (size_t)1) * sizeof *hosts);

	if (!hosts) {
		finish->status = DS_NO_MEMORY;
		return;
	}
	for (uint32_t i = 0; i < estate->host_count; i++)
		hosts[i] = (struct host){text_table_get(&estate->texts, estate->hosts[i].name),
			&estate->hosts[i]};
	qsort(hosts, estate->host_count, sizeof *hosts, compare_hosts);
	for (uint32_t i = 0; i < estate->host_count && finish->status == DS_OK; i++)
		if (hosts[i].record->loops > budget)
			give_loops(finish, &hosts[i], budget);
	free(hosts);
}
