/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/finish.h"
#include "record/array.h"
#include "record/text.h"

#include <stdlib.h>

/* ---- facts about a member ---- */

struct ds_text member_name(const struct member *member)
{
	return (struct ds_text){member->estate->texts.bytes + member->domain->name,
		member->domain->name_size};
}

struct ds_text member_host(const struct member *member)
{
	return text_table_get(&member->estate->texts, member->domain->host);
}

static uint32_t machine_of(const struct member *member)
{
	return member->disk ? member->disk->machine : member->domain->host;
}

struct ds_text member_machine(const struct member *member)
{
	return text_table_get(&member->estate->texts, machine_of(member));
}

struct ds_text member_file(const struct member *member)
{
	return text_table_get(&member->estate->texts, member->domain->file);
}

struct ds_text member_target(const struct member *member)
{
	if (!member->disk || !member->disk->target)
		return (struct ds_text){NULL, 0};
	return text_table_get(&member->estate->texts, member->disk->target);
}

const unsigned char *member_uuid(const struct member *member)
{
	static const unsigned char none[UUID_BYTES];

	return member->domain->uuid ? (const unsigned char *)text_table_get(&member->estate->texts,
					      member->domain->uuid)
					      .data
				    : none;
}

unsigned member_flags(const struct member *member)
{
	return member->disk ? member->disk->flags : 0;
}

/* ---- order ---- */

int members_by_domain(const struct member *a, const struct member *b)
{
	if (a->domain->uuid && a->domain->uuid == b->domain->uuid)
		return 0;
	if (a->domain->uuid || b->domain->uuid)
		return memcmp(member_uuid(a), member_uuid(b), UUID_BYTES);
	return text_compare(member_name(a), member_name(b));
}

static int by_place(const struct member *a, const struct member *b)
{
	uint64_t left = a->domain->offset + (a->disk ? a->disk->offset : 0);
	uint64_t right = b->domain->offset + (b->disk ? b->disk->offset : 0);
	int order = 0;

	if (a->domain->file != b->domain->file)
		order = text_compare(member_file(a), member_file(b));
	return order ? order : (left > right) - (left < right);
}

/** Compares by kind: backing files come after disks. */
static int by_kind(const struct member *a, const struct member *b)
{
	return (int)(member_flags(a) & ESTATE_BACKING) - (int)(member_flags(b) & ESTATE_BACKING);
}

static int by_host(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = 0;

	if (machine_of(a) != machine_of(b))
		order = text_compare(member_machine(a), member_machine(b));
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
	return order ? order : by_host(a, b);
}

/* ---- lists ---- */

bool members_add(struct finish *finish, struct member_list *list, const struct member *member)
{
	struct member *items = array_room(list->items, list->count, &list->capacity, sizeof *items);

	if (!items) {
		finish->status = DS_NO_MEMORY;
		return false;
	}
	list->items = items;
	list->items[list->count++] = *member;
	return true;
}

bool members_of_source(struct finish *finish, struct member_list *list, uint32_t source,
	bool is_everywhere)
{
	const struct estate *estate = finish->estate;

	list->count = 0;
	for (uint32_t at = estate->texts.entries[source].value; at != ESTATE_NO_DISK;
		at = estate->disks[at].previous) {
		const struct disk_record *disk = &estate->disks[at];

		if (!members_add(finish, list,
			    &(struct member){estate, &estate->domains[disk->domain], disk}))
			return false;
	}
	if (list->count > 1)
		qsort(list->items, list->count, sizeof *list->items,
			is_everywhere ? on_one_host : by_host);
	return true;
}

size_t members_group_end(const struct member_list *list, size_t from, bool is_everywhere)
{
	size_t end = from + 1;

	while (end < list->count &&
		(is_everywhere || machine_of(&list->items[end]) == machine_of(&list->items[from])))
		end++;
	return end;
}
