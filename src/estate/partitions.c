/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/finish.h"
#include "record/source.h"
#include "record/text.h"

#include <stdlib.h>

/*
 * DA304: a disk and its partitions. A disk may have very many partitions and be used by very many
 * domains. The facts about its members that each partition needs are therefore computed once for
 * each machine: two of its domains, two that write, and the list of all.
 */

/** Returns the source without "-part2" at its end, as in names by id and path, or NULL if it has no
 * such end. */
static struct ds_text without_partition(struct ds_text source)
{
	size_t end = source.size;

	while (end && byte_is_digit(source.data[end - 1]))
		end--;
	if (end == source.size || end < 6 || memcmp(source.data + end - 5, "-part", 5) != 0)
		return (struct ds_text){NULL, 0};
	return (struct ds_text){source.data, end - 5};
}

/** Returns the name of the disk without the number of a partition, such as sdb1 or nvme0n1p2. The
 * beginning of the name in the source is known. */
static struct ds_text without_number(struct ds_text source, size_t begin)
{
	static const char *const disks[] = {"sd", "hd", "xvd", "vd"};
	struct ds_text name = text_from(source, begin);
	size_t end = source.size;

	while (end > begin && byte_is_digit(source.data[end - 1]))
		end--;
	if (end == source.size || end < begin + 3)
		return (struct ds_text){NULL, 0};
	/* After a name that ends with a digit, there is a p before the number. */
	if (source.data[end - 1] == 'p' && byte_is_digit(source.data[end - 2]))
		return (struct ds_text){source.data, end - 1};
	for (size_t i = 0; i < sizeof disks / sizeof *disks; i++)
		if (text_starts(name, disks[i]))
			return (struct ds_text){source.data, end};
	return (struct ds_text){NULL, 0};
}

struct ds_text finish_whole_of(struct ds_text source)
{
	size_t begin = source.size;

	if (!byte_is_digit(source.data[source.size - 1]))
		return (struct ds_text){NULL, 0};
	if (text_starts(source, "/dev/disk/") || text_starts(source, "/dev/mapper/"))
		return without_partition(source);
	if (text_starts(source, "/dev/"))
		return without_number(source, 5);
	/* A volume of a storage pool may be a partition: volume:POOL/sdb1. */
	while (begin && source.data[begin - 1] != '/')
		begin--;
	return text_starts(source, "volume:") && begin ? without_number(source, begin)
						       : (struct ds_text){NULL, 0};
}

struct side {
	const struct member *members;
	/** The number of disks only. */
	size_t count;
	/** Two members of different domains, and two that write; NULL if there are fewer. */
	const struct member *any[2], *writers[2];
};

static void note_two(const struct member *two[2], const struct member *member)
{
	if (!two[0])
		two[0] = member;
	else if (!two[1] && members_by_domain(two[0], member) != 0)
		two[1] = member;
}

static struct side side_of(const struct member *members, size_t count)
{
	struct side side = {.members = members};

	for (size_t i = 0; i < count && !(member_flags(&members[i]) & ESTATE_BACKING); i++) {
		note_two(side.any, &members[i]);
		if (member_flags(&members[i]) & ESTATE_WRITABLE)
			note_two(side.writers, &members[i]);
		side.count++;
	}
	return side;
}

/** Returns whether a domain of one side writes to what another domain uses on the other side. */
static bool disturbs(const struct side *one, const struct side *other)
{
	if (!one->writers[0] || !other->any[0])
		return false;
	return one->writers[1] || other->any[1] ||
		members_by_domain(one->writers[0], other->any[0]) != 0;
}

static void judge_overlap(struct finish *finish, struct ds_text source, const struct side *part,
	const struct side *whole)
{
	size_t shown = whole->count < FINISH_RELATED_MAX ? whole->count : FINISH_RELATED_MAX;

	if (!disturbs(part, whole) && !disturbs(whole, part))
		return;
	finish->shown.count = 0;
	for (size_t i = 0; i < part->count + shown; i++)
		if (!members_add(finish, &finish->shown,
			    i < part->count ? &part->members[i] : &whole->members[i - part->count]))
			return;
	finish_report_members(finish, RULE_304, source, finish->shown.items, finish->shown.count,
		part->count + whole->count);
}

/** Sets the members of the whole disk, and a side for each machine. */
static bool open_whole(struct finish *finish, uint32_t source, bool is_everywhere)
{
	const struct member_list *list = &finish->whole;
	size_t end;

	if (finish->whole_source == source && finish->whole_is_everywhere == is_everywhere)
		return true;
	finish->whole_source = 0;
	finish->side_count = 0;
	if (!members_of_source(finish, &finish->whole, source, is_everywhere))
		return false;
	free(finish->sides);
	finish->sides = calloc(list->count, sizeof *finish->sides);
	if (!finish->sides) {
		finish->status = DS_NO_MEMORY;
		return false;
	}
	for (size_t from = 0; from < list->count; from = end) {
		end = members_group_end(list, from, is_everywhere);
		finish->sides[finish->side_count++] = side_of(&list->items[from], end - from);
	}
	finish->whole_source = source;
	finish->whole_is_everywhere = is_everywhere;
	return true;
}

/** Returns the side of the whole disk for the machine of a partition's side. Both are sorted by
 * machine, so `*at` only increases. */
static const struct side *side_for(const struct finish *finish, const struct side *part,
	bool is_everywhere, size_t *at)
{
	const struct side *sides = finish->sides;

	if (is_everywhere)
		return sides;
	while (*at < finish->side_count &&
		text_compare(member_machine(sides[*at].members), member_machine(part->members)) < 0)
		++*at;
	if (*at == finish->side_count ||
		text_compare(member_machine(sides[*at].members), member_machine(part->members)) !=
			0)
		return NULL;
	return &sides[*at];
}

void finish_judge_partition(struct finish *finish, uint32_t source)
{
	const struct estate *estate = finish->estate;
	const struct member_list *list = &finish->members;
	struct ds_text text = text_table_get(&estate->texts, source);
	struct ds_text whole = finish_whole_of(text);
	uint32_t other = whole.data ? text_table_find(&estate->texts, TEXT_SOURCE, whole) : 0;
	bool is_everywhere = source_is_everywhere(estate->options, text);
	size_t end, at = 0;

	if (!other || !open_whole(finish, other, is_everywhere) ||
		!members_of_source(finish, &finish->members, source, is_everywhere))
		return;
	for (size_t from = 0; from < list->count && finish->status == DS_OK; from = end) {
		struct side part;
		const struct side *side;

		end = members_group_end(list, from, is_everywhere);
		part = side_of(&list->items[from], end - from);
		side = part.count ? side_for(finish, &part, is_everywhere, &at) : NULL;
		if (side)
			judge_overlap(finish, text, &part, side);
	}
}
