/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/members.h"

#include "record/text.h"

#include <stdio.h>

/* Findings about several domains: what is said of whom, and in which order. */

/** As many are named in the text. */
#define NAMED_MAX 4

const char *terminated(struct arena *arena, struct ds_text text)
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
	return (struct ds_place){terminated(arena, member_file(member)), member->offset, member->line, member->column};
}

static struct ds_text uuid_of(struct arena *arena, const struct member *member)
{
	char text[UUID_SIZE];

	if (!member_has_uuid(member))
		return (struct ds_text){NULL, 0};
	unpack_uuid(member->uuid, text);
	return arena_text(arena, text, sizeof text);
}

static void add_related(struct arena *arena, struct ds_finding *finding, const struct member *members, size_t count)
{
	size_t shown = count - 1 < RELATED_MAX ? count - 1 : RELATED_MAX;
	struct ds_related *related = arena_alloc(arena, (shown + 1) * sizeof *related);

	if (!related)
		return;
	for (size_t i = 0; i < shown; i++)
		related[i] = (struct ds_related){place_of(arena, &members[i + 1]), member_host(&members[i + 1]),
						 members[i + 1].name, member_target(&members[i + 1])};
	finding->related = related;
	finding->related_count = shown;
}

static size_t add_text(char *to, size_t used, struct ds_text text)
{
	if (text.size)
		memcpy(to + used, text.data, text.size);
	return used + text.size;
}

/** "SOURCE of web01 (xvda), web02 (xvdb)". */
static struct ds_text who(struct arena *arena, struct ds_text source, const struct party *party)
{
	size_t shown = party->count < NAMED_MAX ? party->count : NAMED_MAX, size = source.size + 64, used = 0;
	char *text;

	for (size_t i = 0; i < shown; i++)
		size += party->members[i].name.size + member_target(&party->members[i]).size + 8;
	text = arena_alloc(arena, size);
	if (!text)
		return source;
	used = add_text(text, used, source);
	for (size_t i = 0; i < shown; i++) {
		struct ds_text target = member_target(&party->members[i]);

		used = add_text(text, used, i ? TEXT(", ") : TEXT(" of "));
		used = add_text(text, used, party->members[i].name);
		if (!target.size)
			continue;
		used = add_text(text, used, TEXT(" ("));
		used = add_text(text, used, target);
		used = add_text(text, used, TEXT(")"));
	}
	if (party->total > shown)
		used += (size_t)snprintf(text + used, size - used, " and %zu more", party->total - shown);
	return (struct ds_text){text, used};
}

void give(struct finish *finish, struct ds_finding *finding)
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

void fingerprint_members(struct fingerprint *fingerprint, const struct member *members, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct ds_text uuid = {(const char *)members[i].uuid, sizeof members[i].uuid};

		fingerprint_add(fingerprint, member_has_uuid(&members[i]) ? uuid : members[i].name);
		/* Domains that have one UUID are told by their names. */
		if (members[i].target == MEMBER_NO_TARGET)
			fingerprint_add(fingerprint, members[i].name);
		fingerprint_add(fingerprint, member_target(&members[i]));
	}
}

void give_party(struct finish *finish, enum rule_index rule, struct ds_text source, const struct party *party)
{
	const struct member *first = party->members;
	struct ds_finding *finding;
	struct fingerprint fingerprint = fingerprint_begin(rule_at(rule)->id);

	if (finish->status != DS_OK)
		return;
	/* The UUID that domains have in common is theirs alone. */
	if (!source.data)
		source = uuid_of(&finish->arena, first);
	finding = finding_add(&finish->list, rule, who(&finish->arena, source, party));
	if (finding) {
		finding->place = place_of(&finish->arena, first);
		finding->host = member_host(first);
		finding->domain = first->name;
		finding->uuid = uuid_of(&finish->arena, first);
		finding->disk = member_target(first);
		finding->source = source;
		add_related(&finish->arena, finding, first, party->count);
		fingerprint_add(&fingerprint, source);
		fingerprint_members(&fingerprint, first, party->count);
		if (party->others)
			fingerprint_add(&fingerprint, (struct ds_text){party->others, strlen(party->others)});
		fingerprint_write(&fingerprint, finding->fingerprint);
	}
	give(finish, finding);
}

void give_members(struct finish *finish, enum rule_index rule, struct ds_text source, const struct member *members, size_t count)
{
	give_party(finish, rule, source, &(struct party){members, count, count, NULL});
}
