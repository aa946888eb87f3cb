/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/estate_private.h"

#include "record/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * What several domains decide. Sources are looked at in the order of their texts, and who shares one in the order of hosts,
 * domains and places, so that nothing depends on the order in which the dumps were read. Only sources that more than one
 * disk has, and partitions, are sorted.
 */

/** As many of the others are named in a finding. */
#define RELATED_MAX 32
#define LOOP_BUDGET 8

struct member {
	const struct estate *estate;
	const struct entry *entry;
	const struct member_domain *domain;
	/** Of a partition, and not of its disk. */
	int is_partition;
};

struct finish {
	struct estate *estate;
	ds_finding_sink *sink;
	void *context;
	uint64_t *count;
	enum ds_status status;
	/** For one finding. */
	struct arena arena;
	struct finding_list list;
	/** All that have the source at hand. */
	struct member *members;
	size_t member_count, member_capacity;
};

/* ---- order ---------------------------------------------------------------------------------------------- */

static struct ds_text host_of(const struct member *member)
{
	return intern_text(&member->estate->hosts, member->domain->host);
}

static struct ds_text name_of(const struct member *member)
{
	return texts_at(&member->estate->texts, member->domain->name);
}

static struct ds_text target_of(const struct member *member)
{
	if (member->entry->target == UINT16_MAX)
		return TEXT("");
	return intern_text(&member->estate->targets, member->entry->target);
}

static uint64_t offset_of(const struct entry *entry)
{
	return (uint64_t)entry->offset_high << 32 | entry->offset_low;
}

static int has_uuid(const struct member_domain *domain)
{
	static const unsigned char none[16];

	return memcmp(domain->uuid, none, sizeof none) != 0;
}

/** The same domain, read twice perhaps: from a dump and from the directory that it was made of. */
static int compare_domains(const struct member *a, const struct member *b)
{
	int order = memcmp(a->domain->uuid, b->domain->uuid, sizeof a->domain->uuid);

	return order || has_uuid(a->domain) ? order : text_compare(name_of(a), name_of(b));
}

static int compare_places(const struct member *a, const struct member *b)
{
	uint64_t one = offset_of(a->entry), other = offset_of(b->entry);
	int order = 0;

	if (a->domain->file != b->domain->file)
		order = text_compare(intern_text(&a->estate->files, a->domain->file), intern_text(&b->estate->files, b->domain->file));
	return order ? order : (one > other) - (one < other);
}

static int compare_members(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = 0;

	if (a->domain->host != b->domain->host)
		order = text_compare(host_of(a), host_of(b));
	if (!order)
		order = compare_domains(a, b);
	if (!order)
		order = text_compare(target_of(a), target_of(b));
	return order ? order : compare_places(a, b);
}

/* ---- findings ------------------------------------------------------------------------------------------- */

static struct ds_place place_of(const struct member *member)
{
	struct ds_text file = intern_text(&member->estate->files, member->domain->file);

	return (struct ds_place){file.data, offset_of(member->entry), member->entry->line, member->entry->column};
}

static struct ds_text uuid_of(struct arena *arena, const struct member_domain *domain)
{
	char text[40];
	int used = 0;

	if (!has_uuid(domain))
		return (struct ds_text){NULL, 0};
	for (size_t i = 0; i < 16; i++)
		used += snprintf(text + used, sizeof text - (size_t)used, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
				 domain->uuid[i]);
	return arena_text(arena, text, (size_t)used);
}

/** Places have names that end with NUL. */
static const char *terminated(struct arena *arena, const char *data, size_t size)
{
	char *copy = arena_alloc(arena, size + 1);

	if (!copy)
		return "";
	memcpy(copy, data, size);
	copy[size] = '\0';
	return copy;
}

static struct ds_place placed(struct arena *arena, const struct member *member)
{
	struct ds_text file = intern_text(&member->estate->files, member->domain->file);
	struct ds_place place = place_of(member);

	place.name = terminated(arena, file.data, file.size);
	return place;
}

static void add_related(struct arena *arena, struct ds_finding *finding, const struct member *members, size_t count)
{
	size_t shown = count - 1 < RELATED_MAX ? count - 1 : RELATED_MAX;
	struct ds_related *related = arena_alloc(arena, (shown + 1) * sizeof *related);

	if (!related)
		return;
	for (size_t i = 0; i < shown; i++)
		related[i] = (struct ds_related){placed(arena, &members[i + 1]), host_of(&members[i + 1]), name_of(&members[i + 1]),
						 target_of(&members[i + 1])};
	finding->related = related;
	finding->related_count = shown;
}

static size_t add_text(char *to, size_t used, struct ds_text text)
{
	memcpy(to + used, text.data, text.size);
	return used + text.size;
}

/** "SOURCE of web01 (xvda), web02 (xvdb)". */
static struct ds_text who(struct arena *arena, struct ds_text source, const struct member *members, size_t count)
{
	size_t shown = count < 4 ? count : 4, size = source.size + 64, used = 0;
	char *text;

	for (size_t i = 0; i < shown; i++)
		size += name_of(&members[i]).size + target_of(&members[i]).size + 8;
	text = arena_alloc(arena, size);
	if (!text)
		return source;
	used = add_text(text, used, source);
	for (size_t i = 0; i < shown; i++) {
		used = add_text(text, used, i ? TEXT(", ") : TEXT(" of "));
		used = add_text(text, used, name_of(&members[i]));
		used = add_text(text, used, TEXT(" ("));
		used = add_text(text, used, target_of(&members[i]));
		used = add_text(text, used, TEXT(")"));
	}
	if (count > shown)
		used += (size_t)snprintf(text + used, size - used, " and %zu more", count - shown);
	return (struct ds_text){text, used};
}

static void give(struct finish *finish, struct ds_finding *finding)
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

/** A finding about some members, the first of which it stands at. */
static void give_members(struct finish *finish, enum rule_index rule, struct ds_text source, const struct member *members,
			 size_t count)
{
	struct ds_finding *finding;
	struct fingerprint fingerprint = fingerprint_begin(rule_at(rule)->id);

	if (finish->status != DS_OK)
		return;
	finding = finding_add(&finish->list, rule, who(&finish->arena, source, members, count));
	if (finding) {
		finding->place = placed(&finish->arena, members);
		finding->host = host_of(members);
		finding->domain = name_of(members);
		finding->uuid = uuid_of(&finish->arena, members->domain);
		finding->disk = target_of(members);
		finding->source = source;
		add_related(&finish->arena, finding, members, count);
		fingerprint_add(&fingerprint, source);
		for (size_t i = 0; i < count; i++) {
			fingerprint_add(&fingerprint, has_uuid(members[i].domain) ?
							      (struct ds_text){(const char *)members[i].domain->uuid, 16} :
							      name_of(&members[i]));
			fingerprint_add(&fingerprint, target_of(&members[i]));
		}
		fingerprint_write(&fingerprint, finding->fingerprint);
	}
	give(finish, finding);
}

/* ---- one source ----------------------------------------------------------------------------------------- */

static int is_shared_storage(const struct estate *estate, struct ds_text source)
{
	for (size_t i = 0; i < estate->options->shared_count; i++)
		if (text_starts(source, estate->options->shared[i]))
			return 1;
	return 0;
}

/** What some disks of one source and host do with it. Those of one domain count once where domains are counted. */
struct use {
	size_t domains, writers, readers, shareable, backing;
	int formats_differ;
};

static struct use use_of(const struct member *members, size_t count)
{
	struct use use = {0};
	const struct member *last = NULL;
	unsigned format = 0;
	int has_format = 0;

	for (size_t i = 0; i < count; i++) {
		const struct entry *entry = members[i].entry;
		int is_known = entry->format != UINT8_MAX && intern_text(&members[i].estate->formats, entry->format).size;

		use.formats_differ |= is_known && has_format && entry->format != format;
		format = is_known ? entry->format : format;
		has_format |= is_known;
		if (entry->flags & ESTATE_BACKING) {
			use.backing++;
			continue;
		}
		use.domains += !last || compare_domains(last, &members[i]) != 0;
		last = &members[i];
		use.writers += (entry->flags & ESTATE_WRITABLE) != 0;
		use.readers += !(entry->flags & ESTATE_WRITABLE);
		use.shareable += (entry->flags & ESTATE_SHAREABLE) != 0;
	}
	return use;
}

/** Moves what is no disk behind all others, which keep their order. Returns the number of disks. */
static size_t disks_first(struct member *members, size_t count)
{
	size_t disks = 0;

	for (size_t i = 0; i < count; i++) {
		if (members[i].entry->flags & ESTATE_BACKING)
			continue;
		if (disks != i) {
			struct member member = members[i];

			memmove(&members[disks + 1], &members[disks], (i - disks) * sizeof *members);
			members[disks] = member;
		}
		disks++;
	}
	return disks;
}

/** DA301, DA302, DA303, DA305, DA306. */
static void judge_group(struct finish *finish, struct ds_text source, struct member *members, size_t count)
{
	struct use use = use_of(members, count);
	size_t disks = count;

	if (use.backing)
		disks = disks_first(members, count);
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

/** Collects all members of a source behind those that are there. */
static int collect(struct finish *finish, uint32_t source)
{
	const struct estate *estate = finish->estate;
	uint32_t next = *(uint32_t *)store_at(&estate->first, source);

	while (next) {
		const struct entry *entry = store_at(&estate->entries, next - 1);

		if (finish->member_count == finish->member_capacity) {
			size_t capacity = finish->member_capacity ? finish->member_capacity * 2 : 64;
			struct member *members = realloc(finish->members, capacity * sizeof *members);

			if (!members) {
				finish->status = DS_NO_MEMORY;
				return 0;
			}
			finish->members = members;
			finish->member_capacity = capacity;
		}
		finish->members[finish->member_count++] =
			(struct member){estate, entry, store_at(&estate->domains, entry->domain), 0};
		next = entry->next;
	}
	return 1;
}

static int compare_on_one_host(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = compare_domains(a, b);

	return order ? order : compare_members(a, b);
}

/** End of the members that are of one host with the first one. */
static size_t group_end(const struct finish *finish, size_t from, int is_everywhere)
{
	size_t end = from + 1;

	while (end < finish->member_count &&
	       (is_everywhere || finish->members[end].domain->host == finish->members[from].domain->host))
		end++;
	return end;
}

static void judge_source(struct finish *finish, uint32_t source)
{
	struct ds_text text = intern_text(&finish->estate->sources, source);
	int is_everywhere = is_shared_storage(finish->estate, text);
	size_t end;

	finish->member_count = 0;
	if (!collect(finish, source))
		return;
	qsort(finish->members, finish->member_count, sizeof *finish->members,
	      is_everywhere ? compare_on_one_host : compare_members);
	for (size_t from = 0; from < finish->member_count && finish->status == DS_OK; from = end) {
		end = group_end(finish, from, is_everywhere);
		judge_group(finish, text, &finish->members[from], end - from);
	}
}

/* ---- a disk and its partitions -------------------------------------------------------------------------- */

/** The whole disk of which a name is a partition: /dev/sdb of /dev/sdb1, /dev/nvme0n1 of /dev/nvme0n1p2. */
static struct ds_text whole_of(struct ds_text source)
{
	size_t end = source.size;
	struct ds_text none = {NULL, 0};

	if (!text_starts(source, "/dev/"))
		return none;
	while (end && byte_is_digit(source.data[end - 1]))
		end--;
	if (end == source.size || end < 8)
		return none;
	/* Names that end in a digit have a p before the partition. */
	if (source.data[end - 1] == 'p' && byte_is_digit(source.data[end - 2]))
		return (struct ds_text){source.data, end - 1};
	if (text_starts(source, "/dev/sd") || text_starts(source, "/dev/hd") || text_starts(source, "/dev/xvd") ||
	    text_starts(source, "/dev/vd"))
		return (struct ds_text){source.data, end};
	return none;
}

/** DA304. The members are those of the partition and those of the disk, on one host. */
static void judge_overlap(struct finish *finish, struct ds_text source, struct member *members, size_t count)
{
	struct use use = use_of(members, count);
	size_t partitions = 0;

	for (size_t i = 0; i < count; i++)
		partitions += members[i].is_partition != 0;
	/* Who has only one of the two does not touch the other. */
	if (partitions && partitions < count && use.domains > 1 && use.writers)
		give_members(finish, RULE_304, source, members, count);
}

static void judge_partition(struct finish *finish, uint32_t source)
{
	struct ds_text text = intern_text(&finish->estate->sources, source);
	struct ds_text whole = whole_of(text);
	uint32_t other = whole.data ? intern_find(&finish->estate->sources, whole) : INTERN_NONE;
	int is_everywhere = is_shared_storage(finish->estate, text);
	size_t parts, end;

	finish->member_count = 0;
	if (other == INTERN_NONE || !collect(finish, source))
		return;
	parts = finish->member_count;
	if (!collect(finish, other))
		return;
	for (size_t i = 0; i < finish->member_count; i++)
		finish->members[i].is_partition = i < parts;
	qsort(finish->members, finish->member_count, sizeof *finish->members, is_everywhere ? compare_on_one_host : compare_members);
	for (size_t from = 0; from < finish->member_count && finish->status == DS_OK; from = end) {
		end = group_end(finish, from, is_everywhere);
		judge_overlap(finish, text, &finish->members[from], end - from);
	}
}

/* ---- hosts and domains ---------------------------------------------------------------------------------- */

/** DA208. */
static void judge_loops(struct finish *finish)
{
	struct estate *estate = finish->estate;
	uint64_t budget = estate->options->loop_budget ? estate->options->loop_budget : LOOP_BUDGET;

	for (uint32_t host = 0; host < estate->hosts.places.count && finish->status == DS_OK; host++) {
		uint64_t loops = *(uint64_t *)store_at(&estate->loops, host);
		struct ds_text name = intern_text(&estate->hosts, host);
		struct fingerprint fingerprint = fingerprint_begin("DA208");
		struct ds_finding *finding;
		char text[64];
		int size;

		if (loops <= budget)
			continue;
		size = snprintf(text, sizeof text, "%" PRIu64 " disks on files, %" PRIu64 " loop devices", loops, budget);
		finding = finding_add(&finish->list, RULE_208, arena_text(&finish->arena, text, (size_t)size));
		if (finding) {
			finding->place.name = terminated(&finish->arena, name.data, name.size);
			finding->host = name;
			fingerprint_add(&fingerprint, name);
			fingerprint_write(&fingerprint, finding->fingerprint);
		}
		give(finish, finding);
	}
}

static int compare_uuids(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = memcmp(a->domain->uuid, b->domain->uuid, 16);

	if (!order && a->domain->host != b->domain->host)
		order = text_compare(host_of(a), host_of(b));
	if (!order)
		order = text_compare(name_of(a), name_of(b));
	if (!order)
		order = text_compare(intern_text(&a->estate->files, a->domain->file), intern_text(&b->estate->files, b->domain->file));
	return order ? order : (a->domain->content > b->domain->content) - (a->domain->content < b->domain->content);
}

/** DA207: one UUID on one host, and different domains. */
static void judge_uuids(struct finish *finish)
{
	static const struct entry nowhere = {.target = UINT16_MAX};
	struct estate *estate = finish->estate;
	uint32_t count = estate->domains.count;
	struct member *members = malloc((count + (size_t)1) * sizeof *members);
	size_t used = 0, end;

	if (!members) {
		finish->status = DS_NO_MEMORY;
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct member_domain *domain = store_at(&estate->domains, i);

		if (has_uuid(domain))
			members[used++] = (struct member){estate, &nowhere, domain, 0};
	}
	qsort(members, used, sizeof *members, compare_uuids);
	for (size_t from = 0; from < used && finish->status == DS_OK; from = end) {
		int differs = 0;

		for (end = from + 1; end < used && memcmp(members[end].domain->uuid, members[from].domain->uuid, 16) == 0 &&
				     members[end].domain->host == members[from].domain->host;
		     end++)
			differs |= members[end].domain->content != members[from].domain->content;
		if (differs)
			give_members(finish, RULE_207, uuid_of(&finish->arena, members[from].domain), &members[from], end - from);
	}
	free(members);
}

/* ---- all ------------------------------------------------------------------------------------------------ */

/** Sources with more than one entry, and partitions, by their texts. */
struct candidate {
	struct ds_text text;
	uint32_t source;
};

static int compare_candidates(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	return text_compare(a->text, b->text);
}

static int is_candidate(const struct estate *estate, uint32_t source, struct ds_text text)
{
	const struct entry *first = store_at(&estate->entries, *(uint32_t *)store_at(&estate->first, source) - 1);

	return first->next || whole_of(text).data;
}

static struct candidate *candidates_of(const struct estate *estate, size_t *count)
{
	uint32_t sources = estate->sources.places.count;
	struct candidate *found;
	size_t used = 0;

	for (uint32_t i = 0; i < sources; i++)
		used += is_candidate(estate, i, intern_text(&estate->sources, i)) != 0;
	found = malloc((used + 1) * sizeof *found);
	*count = used;
	used = 0;
	for (uint32_t i = 0; found && i < sources; i++) {
		struct ds_text text = intern_text(&estate->sources, i);

		if (is_candidate(estate, i, text))
			found[used++] = (struct candidate){text, i};
	}
	if (found)
		qsort(found, used, sizeof *found, compare_candidates);
	return found;
}

enum ds_status estate_finish(struct estate *estate, ds_finding_sink *sink, void *context, uint64_t *count)
{
	struct finish finish = {.estate = estate, .sink = sink, .context = context, .count = count, .status = DS_OK};
	struct candidate *candidates;
	size_t candidate_count;

	arena_init(&finish.arena);
	finding_list_init(&finish.list, &finish.arena);
	candidates = candidates_of(estate, &candidate_count);
	if (!candidates)
		finish.status = DS_NO_MEMORY;
	for (size_t i = 0; i < candidate_count && finish.status == DS_OK; i++) {
		judge_source(&finish, candidates[i].source);
		judge_partition(&finish, candidates[i].source);
	}
	free(candidates);
	if (finish.status == DS_OK)
		judge_uuids(&finish);
	if (finish.status == DS_OK)
		judge_loops(&finish);
	finding_list_fini(&finish.list);
	arena_fini(&finish.arena);
	free(finish.members);
	return finish.status;
}
