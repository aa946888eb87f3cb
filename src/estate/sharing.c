/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/finish.h"
#include "record/source.h"

#include <stdlib.h>

/* Rules about the disks of one source: DA301, DA302, DA303, DA305, DA306. */

/** How the disks of one source and machine use the source. A domain with several of these disks
 * counts as one domain. */
struct use {
	size_t domains, writers, readers, shareable, backing;
	bool formats_differ;
};

static struct use use_of(const struct member *members, size_t count)
{
	struct use use = {0};
	const struct member *last = NULL;
	uint32_t format = 0;

	for (size_t i = 0; i < count; i++) {
		const struct disk_record *disk = members[i].disk;

		use.formats_differ |= format && disk->format && format != disk->format;
		format = disk->format ? disk->format : format;
		if (disk->flags & ESTATE_BACKING) {
			use.backing++;
			continue;
		}
		use.domains += !last || members_by_domain(last, &members[i]) != 0;
		last = &members[i];
		use.writers += (disk->flags & ESTATE_WRITABLE) != 0;
		use.readers += !(disk->flags & ESTATE_WRITABLE);
		use.shareable += (disk->flags & ESTATE_SHAREABLE) != 0;
	}
	return use;
}

/** Returns whether all members belong to one domain, which may have been read several times. */
static bool is_one_domain(const struct member *members, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (members_by_domain(&members[0], &members[i]) != 0)
			return false;
	return true;
}

static int by_record(const void *left, const void *right)
{
	const struct domain_record *const *a = left, *const *b = right;

	return (*a > *b) - (*a < *b);
}

/** Returns whether a domain has the image both as a disk and as a backing file in one reading. The
 * first `disks` members are disks, the others are backing files. */
static bool is_own_backing(struct finish *finish, const struct member *members, size_t disks,
	size_t count)
{
	const struct domain_record **records =
		arena_alloc(&finish->arena, (disks + 1) * sizeof *records);

	if (!records) {
		finish->status = DS_NO_MEMORY;
		return false;
	}
	for (size_t i = 0; i < disks; i++)
		records[i] = members[i].domain;
	qsort(records, disks, sizeof *records, by_record);
	for (size_t i = disks; i < count; i++)
		if (bsearch(&members[i].domain, records, disks, sizeof *records, by_record))
			return true;
	return false;
}

/** DA305. When a domain is described before and after a snapshot was made of it, its old image is
 * the backing file of the new one, and nobody writes to it any more. */
static void judge_backing(struct finish *finish, struct ds_text source,
	const struct member *members, size_t disks, size_t count)
{
	bool is_found =
		!is_one_domain(members, count) || is_own_backing(finish, members, disks, count);

	arena_clear(&finish->arena);
	if (is_found)
		finish_report_members(finish, RULE_305, source, members, count, count);
}

static void judge_group(struct finish *finish, struct ds_text source, const struct member *members,
	size_t count)
{
	struct use use = use_of(members, count);
	size_t disks = count - use.backing;

	if (use.domains > 1 && use.writers) {
		if (use.shareable < disks)
			finish_report_members(finish, RULE_301, source, members, disks, disks);
		if (use.shareable && use.shareable < disks)
			finish_report_members(finish, RULE_302, source, members, disks, disks);
		if (use.readers)
			finish_report_members(finish, RULE_303, source, members, disks, disks);
	}
	if (use.backing && use.writers)
		judge_backing(finish, source, members, disks, count);
	if (use.formats_differ)
		finish_report_members(finish, RULE_306, source, members, count, count);
}

/** If all domains only read an image, and in the same format, there is nothing to find: many CD
 * drives may contain the same image. */
bool finish_may_find(const struct estate *estate, uint32_t source)
{
	unsigned flags = estate->texts.entries[source].flags;

	return flags & SOURCE_IS_REPEATED && flags & (SOURCE_IS_WRITABLE | SOURCE_FORMATS_DIFFER);
}

void finish_judge_source(struct finish *finish, uint32_t source)
{
	const struct member_list *list = &finish->members;
	struct ds_text text = text_table_get(&finish->estate->texts, source);
	bool is_everywhere = source_is_everywhere(finish->estate->options, text);
	size_t end;

	if (!finish_may_find(finish->estate, source) ||
		!members_of_source(finish, &finish->members, source, is_everywhere))
		return;
	for (size_t from = 0; from < list->count && finish->status == DS_OK; from = end) {
		end = members_group_end(list, from, is_everywhere);
		judge_group(finish, text, &list->items[from], end - from);
	}
}
