/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/members.h"

#include "record/source.h"
#include "record/text.h"

/* Rules about disks of one source: DA301, DA302, DA303, DA305, DA306. */

/** What some disks of one source and host do with it. Those of one domain count once where domains are counted. */
struct use {
	size_t domains, writers, readers, shareable, backing;
	int formats_differ;
};

static struct use use_of(const struct member *members, size_t count)
{
	struct use use = {0};
	const struct member *last = NULL, *known = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct member *member = &members[i];

		if (member_format(member).data) {
			use.formats_differ |= known && known->format != member->format;
			known = member;
		}
		if (member->flags & INDEX_BACKING) {
			use.backing++;
			continue;
		}
		use.domains += !last || members_by_domain(last, member) != 0;
		last = member;
		use.writers += (member->flags & INDEX_WRITABLE) != 0;
		use.readers += !(member->flags & INDEX_WRITABLE);
		use.shareable += (member->flags & INDEX_SHAREABLE) != 0;
	}
	return use;
}

static void judge_group(struct finish *finish, struct ds_text source, const struct member *members, size_t count)
{
	struct use use = use_of(members, count);
	size_t disks = count - use.backing;

	if (use.domains > 1 && use.writers) {
		if (use.shareable < disks)
			give_members(finish, RULE_301, source, members, disks);
		if (use.shareable && use.shareable < disks)
			give_members(finish, RULE_302, source, members, disks);
		if (use.readers)
			give_members(finish, RULE_303, source, members, disks);
	}
	if (use.backing && use.writers)
		give_members(finish, RULE_305, source, members, count);
	if (use.formats_differ)
		give_members(finish, RULE_306, source, members, count);
}

/** What is only read, and by all as the same, is no matter: an image of a CD may be in every drive there is. */
int may_be_found(const struct index *index, uint32_t source)
{
	const struct index_shared *shared = index_shared(index, source);

	return shared && (shared->flags & INDEX_WRITABLE || shared->formats_differ);
}

void judge_source(struct finish *finish, uint32_t source)
{
	const struct member_list *list = &finish->members;
	struct ds_text text = index_source(&finish->estate->index, source);
	int is_everywhere = source_is_everywhere(finish->estate->options, text);
	size_t end;

	if (!may_be_found(&finish->estate->index, source) ||
	    !members_of_source(finish, &finish->members, source, is_everywhere))
		return;
	for (size_t from = 0; from < list->count && finish->status == DS_OK; from = end) {
		end = members_group_end(list, from, is_everywhere);
		judge_group(finish, text, &list->items[from], end - from);
	}
}
