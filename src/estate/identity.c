/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/finish.h"
#include "record/text.h"

#include <stdlib.h>

/* DA207: different domains with the same UUID. */

static int compare(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = memcmp(member_uuid(a), member_uuid(b), UUID_BYTES);

	if (!order && a->domain->host != b->domain->host)
		order = text_compare(member_host(a), member_host(b));
	if (!order)
		order = text_compare(member_name(a), member_name(b));
	if (!order)
		order = text_compare(member_file(a), member_file(b));
	return order
		? order
		: (a->domain->offset > b->domain->offset) - (a->domain->offset < b->domain->offset);
}

/** Lists the domains whose UUID another domain has. */
static void list_repeated(struct finish *finish)
{
	const struct estate *estate = finish->estate;

	finish->members.count = 0;
	for (uint32_t i = 0; i < estate->domain_count && finish->status == DS_OK; i++) {
		const struct domain_record *domain = &estate->domains[i];

		if (domain->uuid && estate->texts.entries[domain->uuid].value > 1)
			members_add(finish, &finish->members,
				&(struct member){estate, domain, NULL});
	}
}

void finish_judge_uuids(struct finish *finish)
{
	const struct member_list *list = &finish->members;
	size_t end;

	list_repeated(finish);
	if (list->count > 1)
		qsort(list->items, list->count, sizeof *list->items, compare);
	for (size_t from = 0; from < list->count && finish->status == DS_OK; from = end) {
		const struct domain_record *first = list->items[from].domain;
		bool differs = false;

		for (end = from + 1; end < list->count; end++) {
			const struct domain_record *domain = list->items[end].domain;

			if (domain->uuid != first->uuid || domain->host != first->host)
				break;
			differs |= domain->content != first->content;
		}
		if (differs)
			finish_report_members(finish, RULE_207, (struct ds_text){NULL, 0},
				&list->items[from], end - from, end - from);
	}
}
