/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/finish.h"
#include "record/source.h"

#include <stdlib.h>

/* Lists the images that several domains use, whether or not a rule reports them. */

/** Counts the domains of a group of disks with the same source and machine, sorted by domain.
 * Backing files come last, and do not count. */
static struct ds_shared_image count_group(const struct member *members, size_t count)
{
	struct ds_shared_image image = {.is_cdrom = true};
	const struct member *last = NULL, *last_writer = NULL;

	for (size_t i = 0; i < count && !(member_flags(&members[i]) & ESTATE_BACKING); i++) {
		const struct member *member = &members[i];

		image.domains += !last || members_by_domain(last, member) != 0;
		last = member;
		image.is_cdrom &= (member_flags(member) & ESTATE_CDROM) != 0;
		if (!(member_flags(member) & ESTATE_WRITABLE))
			continue;
		image.writers += !last_writer || members_by_domain(last_writer, member) != 0;
		last_writer = member;
	}
	return image;
}

struct shared {
	ds_shared_image_sink *sink;
	void *context;
};

static bool is_repeated_source(const struct finish *finish, uint32_t source, void *context)
{
	(void)context;
	return finish->estate->texts.entries[source].flags & SOURCE_IS_REPEATED;
}

static void list_source(struct finish *finish, uint32_t source, void *context)
{
	const struct shared *shared = context;
	const struct member_list *list = &finish->members;
	struct ds_text text = text_table_get(&finish->estate->texts, source);
	bool is_everywhere = source_is_everywhere(finish->estate->options, text);
	size_t end;

	if (!members_of_source(finish, &finish->members, source, is_everywhere))
		return;
	for (size_t from = 0; from < list->count && finish->status == DS_OK; from = end) {
		struct ds_shared_image image;

		end = members_group_end(list, from, is_everywhere);
		image = count_group(&list->items[from], end - from);
		if (image.domains < 2)
			continue;
		image.source = text;
		if (!is_everywhere)
			image.host = member_host(&list->items[from]);
		finish->status = shared->sink(shared->context, &image);
	}
}

enum ds_status estate_list_shared(struct estate *estate, ds_shared_image_sink *sink, void *context)
{
	struct finish finish = {.estate = estate, .status = DS_OK};
	struct shared shared = {sink, context};

	finish_judge_sources(&finish, is_repeated_source, list_source, &shared);
	free(finish.members.items);
	return finish.status;
}
