/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/judge.h"

#include "audit/audit.h"

/** The rules are run later on a domain with more disks than this. */
#define DISKS_MAX ((size_t)1024)

/** The maximum number of findings that are passed on at once. */
#define FINDINGS_MAX ((size_t)1024)

struct judge {
	const struct ds_run_options *options;
	enum ds_status status;
	uint64_t count;
};

bool judge_is_late(const struct ds_run_options *options, const struct ds_domain *domain)
{
	return domain->disk_count > DISKS_MAX && options->findings && !options->estate;
}

static void pass(void *context, const struct finding_list *list)
{
	struct judge *judge = context;

	for (size_t i = 0; i < list->count && judge->status == DS_OK; i++, judge->count++)
		judge->status = judge->options->findings(judge->options->context, &list->items[i]);
}

enum ds_status judge_late(const struct ds_run_options *options, struct batch *batch,
	struct batch_item *item, uint64_t *count)
{
	struct judge judge = {.options = options, .status = DS_OK};
	struct finding_list list;
	struct domain_view view;
	struct arena texts;
	bool is_judged;

	arena_init(&texts);
	finding_list_init(&list, &batch->arena);
	finding_list_pass(&list, FINDINGS_MAX, pass, &judge, &texts);
	is_judged = audit_domain(&view, item->domain, options->audit, &list) && !texts.failed;
	if (is_judged)
		pass(&judge, &list);
	is_judged = is_judged && estate_part_fill(&item->part, &view, batch->key);
	finding_list_fini(&list);
	arena_fini(&texts);
	*count += judge.count;
	return is_judged ? judge.status : DS_NO_MEMORY;
}
