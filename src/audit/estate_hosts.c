/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/members.h"

#include "record/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* DA208: more disks on files than a host has loop devices. */

#define LOOP_BUDGET 8

/** A host whose name is sorted by. */
struct host {
	struct ds_text name;
	uint32_t number;
};

static int compare_hosts(const void *left, const void *right)
{
	const struct host *a = left, *b = right;

	return text_compare(a->name, b->name);
}

static void give_loops(struct finish *finish, struct ds_text host, uint64_t loops, uint64_t budget)
{
	struct fingerprint fingerprint = fingerprint_begin("DA208");
	struct ds_finding *finding;
	char text[64];
	int size = snprintf(text, sizeof text, "%" PRIu64 " disks on files, %" PRIu64 " loop devices", loops, budget);

	finding = finding_add(&finish->list, RULE_208, arena_text(&finish->arena, text, (size_t)size));
	if (finding) {
		finding->place.name = terminated(&finish->arena, host);
		finding->host = host;
		fingerprint_add(&fingerprint, host);
		fingerprint_write(&fingerprint, finding->fingerprint);
	}
	give(finish, finding);
}

void judge_loops(struct finish *finish)
{
	const struct estate *estate = finish->estate;
	uint64_t budget = estate->options->loop_budget ? estate->options->loop_budget : LOOP_BUDGET;
	uint32_t count = intern_count(&estate->hosts);
	struct host *hosts = malloc((count + (size_t)1) * sizeof *hosts);

	if (!hosts) {
		finish->status = DS_NO_MEMORY;
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		hosts[i] = (struct host){intern_text(&estate->hosts, i), i};
	if (count > 1)
		qsort(hosts, count, sizeof *hosts, compare_hosts);
	for (uint32_t i = 0; i < count && finish->status == DS_OK; i++) {
		uint64_t loops = *(uint64_t *)store_at(&estate->loops, hosts[i].number);

		if (loops > budget)
			give_loops(finish, hosts[i].name, loops, budget);
	}
	free(hosts);
}
