/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/members.h"

#include "record/text.h"

#include <stdlib.h>

/* ---- who it is ------------------------------------------------------------------------------------------ */

struct ds_text member_host(const struct member *member)
{
	return intern_text(&member->estate->hosts, member->host);
}

struct ds_text member_file(const struct member *member)
{
	return intern_text(&member->estate->files, member->file);
}

/** NULL for the empty text. */
static struct ds_text said(struct ds_text text)
{
	return text.size ? text : (struct ds_text){NULL, 0};
}

struct ds_text member_target(const struct member *member)
{
	if (member->target == MEMBER_NO_TARGET)
		return (struct ds_text){NULL, 0};
	return said(intern_text(&member->estate->targets, member->target));
}

struct ds_text member_format(const struct member *member)
{
	return said(intern_text(&member->estate->formats, member->format));
}

int member_has_uuid(const struct member *member)
{
	static const unsigned char none[PACK_UUID_SIZE];

	return memcmp(member->uuid, none, sizeof none) != 0;
}

/* ---- order ---------------------------------------------------------------------------------------------- */

int members_by_domain(const struct member *a, const struct member *b)
{
	int order = memcmp(a->uuid, b->uuid, sizeof a->uuid);

	return order || member_has_uuid(a) ? order : text_compare(a->name, b->name);
}

static int by_place(const struct member *a, const struct member *b)
{
	int order = 0;

	if (a->file != b->file)
		order = text_compare(member_file(a), member_file(b));
	return order ? order : (a->offset > b->offset) - (a->offset < b->offset);
}

/** What is no disk comes last. */
static int by_kind(const struct member *a, const struct member *b)
{
	return (int)(a->flags & INDEX_BACKING) - (int)(b->flags & INDEX_BACKING);
}

int members_by_host(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = 0;

	if (a->host != b->host)
		order = text_compare(member_host(a), member_host(b));
	if (!order)
		order = by_kind(a, b);
	if (!order)
		order = members_by_domain(a, b);
	if (!order)
		order = text_compare(member_target(a), member_target(b));
	return order ? order : by_place(a, b);
}

static int on_one_host(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = by_kind(a, b);

	if (!order)
		order = members_by_domain(a, b);
	return order ? order : members_by_host(a, b);
}

/* ---- lists ---------------------------------------------------------------------------------------------- */

int members_reserve(struct finish *finish, struct member_list *list, size_t count)
{
	struct member *items;

	if (count <= list->capacity)
		return 1;
	/* Nothing of the old ones is wanted. */
	free(list->items);
	list->items = NULL;
	list->capacity = 0;
	items = malloc(count * sizeof *items);
	if (!items) {
		finish->status = DS_NO_MEMORY;
		return 0;
	}
	list->items = items;
	list->capacity = count;
	return 1;
}

void members_clear(struct member_list *list)
{
	list->count = 0;
	arena_clear(&list->names);
}

void members_fini(struct member_list *list)
{
	free(list->items);
	arena_fini(&list->names);
}

int members_get(struct finish *finish, struct member_list *list, uint32_t where, int is_disk)
{
	const struct index_domain *domain = &finish->record.domain;
	const struct index_disk *disk = &finish->record.disk;
	struct member *member = &list->items[list->count++];
	const struct origin *origin;

	index_get(&finish->estate->index, where, &finish->record);
	origin = store_at(&finish->estate->origins, domain->origin);
	*member = (struct member){.estate = finish->estate, .content = domain->content, .host = origin->host, .file = origin->file,
				  .target = is_disk ? disk->target : MEMBER_NO_TARGET, .format = is_disk ? disk->format : 0,
				  .offset = is_disk ? disk->offset : domain->offset, .line = is_disk ? disk->line : domain->line,
				  .column = is_disk ? disk->column : domain->column, .flags = is_disk ? disk->flags : 0};
	memcpy(member->uuid, domain->uuid, sizeof member->uuid);
	member->name = arena_text(&list->names, domain->name.data, domain->name.size);
	if (list->names.failed)
		finish->status = DS_NO_MEMORY;
	return !list->names.failed;
}

int members_of_source(struct finish *finish, struct member_list *list, uint32_t source, int is_everywhere)
{
	const struct index *index = &finish->estate->index;
	size_t count = 0;

	members_clear(list);
	for (uint32_t disk = index_newest(index, source); disk; disk = index_before(index, disk))
		count++;
	if (!members_reserve(finish, list, count))
		return 0;
	for (uint32_t disk = index_newest(index, source); disk; disk = index_before(index, disk))
		if (!members_get(finish, list, disk, 1))
			return 0;
	if (list->count > 1)
		qsort(list->items, list->count, sizeof *list->items, is_everywhere ? on_one_host : members_by_host);
	return 1;
}

size_t members_group_end(const struct member_list *list, size_t from, int is_everywhere)
{
	size_t end = from + 1;

	while (end < list->count && (is_everywhere || list->items[end].host == list->items[from].host))
		end++;
	return end;
}
