/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/finish.h"
#include "record/text.h"

#include <stdio.h>

/* Findings about several domains: their texts and related disks. */

/** The maximum number of disks that the text names. */
#define NAMED_MAX 4

const char *finish_string(struct arena *arena, struct ds_text text)
{
	char *copy = arena_alloc(arena, text.size + 1);

	if (!copy)
		return "";
	memcpy(copy, text.data, text.size);
	copy[text.size] = '\0';
	return copy;
}

static struct ds_place place_of(struct arena *arena, const struct member *member)
{
	struct ds_place place = {finish_string(arena, member_file(member)), member->domain->offset,
		member->domain->line, member->domain->column};

	if (member->disk) {
		place.offset += member->disk->offset;
		place.line += member->disk->line;
		place.column = member->disk->column;
	}
	return place;
}

static struct ds_text uuid_of(struct arena *arena, const struct member *member)
{
	char text[UUID_TEXT_SIZE];

	if (!member->domain->uuid)
		return (struct ds_text){NULL, 0};
	text_format_uuid(member_uuid(member), text);
	return arena_text(arena, text, sizeof text);
}

static void add_related(struct arena *arena, struct ds_finding *finding,
	const struct member *members, size_t count)
{
	size_t shown = count - 1 < FINISH_RELATED_MAX ? count - 1 : FINISH_RELATED_MAX;
	struct ds_related *related = arena_alloc(arena, (shown + 1) * sizeof *related);

	if (!related)
		return;
	for (size_t i = 0; i < shown; i++)
		related[i] = (struct ds_related){place_of(arena, &members[i + 1]),
			member_host(&members[i + 1]), member_name(&members[i + 1]),
			member_target(&members[i + 1])};
	finding->related = related;
	finding->related_count = shown;
}

static size_t append_text(char *to, size_t used, struct ds_text text)
{
	if (text.size)
		memcpy(to + used, text.data, text.size);
	return used + text.size;
}

/** Returns "SOURCE of web01 (xvda), web02 (xvdb)", or with `what` "SOURCE of web01 (xvda) is
 * WHAT". */
static struct ds_text detail_of(struct arena *arena, struct ds_text source, const char *what,
	const struct member *members, size_t count, size_t total)
{
	size_t shown = count < NAMED_MAX ? count : NAMED_MAX, size = source.size + 64, used = 0;
	char *text;

	for (size_t i = 0; i < shown; i++)
		size += member_name(&members[i]).size + member_target(&members[i]).size + 8;
	text = arena_alloc(arena, size);
	if (!text)
		return source;
	used = append_text(text, used, source);
	for (size_t i = 0; i < shown; i++) {
		struct ds_text target = member_target(&members[i]);

		used = append_text(text, used, i ? TEXT(", ") : TEXT(" of "));
		used = append_text(text, used, member_name(&members[i]));
		if (!target.size)
			continue;
		used = append_text(text, used, TEXT(" ("));
		used = append_text(text, used, target);
		used = append_text(text, used, TEXT(")"));
	}
	if (total > shown)
		used += (size_t)snprintf(text + used, size - used, " and %zu more", total - shown);
	if (what)
		used += (size_t)snprintf(text + used, size - used, " is %s", what);
	return (struct ds_text){text, used};
}

void finish_report(struct finish *finish, struct ds_finding *finding)
{
	if (finish->arena.failed || !finding) {
		finish->status = DS_NO_MEMORY;
	} else {
		++*finish->count;
		finish->status = finish->sink ? finish->sink(finish->context, finding) : DS_OK;
	}
	finding_list_clear(&finish->list);
	arena_clear(&finish->arena);
}

struct ds_finding *finish_finding(struct finish *finish, enum rule_index rule,
	struct ds_text source, const char *what, const struct member *members, size_t count,
	size_t total)
{
	struct ds_finding *finding = finding_add(&finish->list, rule,
		detail_of(&finish->arena, source, what, members, count, total));

	if (!finding)
		return NULL;
	finding->place = place_of(&finish->arena, members);
	finding->host = member_host(members);
	finding->domain = member_name(members);
	finding->uuid = uuid_of(&finish->arena, members);
	finding->disk = member_target(members);
	finding->source = source;
	add_related(&finish->arena, finding, members, count);
	finding_sign(finding);
	return finding;
}

void finish_report_members(struct finish *finish, enum rule_index rule, struct ds_text source,
	const struct member *members, size_t count, size_t total)
{
	if (finish->status != DS_OK)
		return;
	/* Domains that are compared by their UUID have no common source. */
	if (!source.data)
		source = uuid_of(&finish->arena, members);
	finish_report(finish, finish_finding(finish, rule, source, NULL, members, count, total));
}
