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
};

/** Whom a finding is about. */
struct party {
	/** Those that are named. */
	const struct member *members;
	size_t count;
	/** With those that are not. */
	size_t total;
	/** A fingerprint of those that are not; NULL: there are none. */
	const char *others;
};

/** Growing array. */
struct member_list {
	struct member *items;
	size_t count, capacity;
};

struct side;

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
	struct member_list members;
	/** Those of the disk whose partitions are judged, and its number plus one. */
	struct member_list whole;
	uint32_t whole_source;
	int whole_everywhere;
	struct side *sides;
	size_t side_count;
	struct member_list shown;
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
	struct ds_text target = {NULL, 0};

	if (member->entry->target != UINT16_MAX)
		target = intern_text(&member->estate->targets, member->entry->target);
	return target.size ? target : (struct ds_text){NULL, 0};
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

/** What is no disk comes last. */
static int compare_kinds(const struct member *a, const struct member *b)
{
	return (a->entry->flags & ESTATE_BACKING) - (b->entry->flags & ESTATE_BACKING);
}

static int compare_members(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = 0;

	if (a->domain->host != b->domain->host)
		order = text_compare(host_of(a), host_of(b));
	if (!order)
		order = compare_kinds(a, b);
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
	if (text.size)
		memcpy(to + used, text.data, text.size);
	return used + text.size;
}

/** "SOURCE of web01 (xvda), web02 (xvdb)". */
static struct ds_text who(struct arena *arena, struct ds_text source, const struct party *party)
{
	size_t shown = party->count < 4 ? party->count : 4, size = source.size + 64, used = 0;
	char *text;

	for (size_t i = 0; i < shown; i++)
		size += name_of(&party->members[i]).size + target_of(&party->members[i]).size + 8;
	text = arena_alloc(arena, size);
	if (!text)
		return source;
	used = add_text(text, used, source);
	for (size_t i = 0; i < shown; i++) {
		struct ds_text target = target_of(&party->members[i]);

		used = add_text(text, used, i ? TEXT(", ") : TEXT(" of "));
		used = add_text(text, used, name_of(&party->members[i]));
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

static void add_members(struct fingerprint *fingerprint, const struct member *members, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct member_domain *domain = members[i].domain;

		fingerprint_add(fingerprint, has_uuid(domain) ? (struct ds_text){(const char *)domain->uuid, 16} : name_of(&members[i]));
		fingerprint_add(fingerprint, target_of(&members[i]));
	}
}

/** A finding about a party, which stands at its first member. */
static void give_party(struct finish *finish, enum rule_index rule, struct ds_text source, const struct party *party)
{
	const struct member *first = party->members;
	struct ds_finding *finding;
	struct fingerprint fingerprint = fingerprint_begin(rule_at(rule)->id);

	if (finish->status != DS_OK)
		return;
	finding = finding_add(&finish->list, rule, who(&finish->arena, source, party));
	if (finding) {
		finding->place = placed(&finish->arena, first);
		finding->host = host_of(first);
		finding->domain = name_of(first);
		finding->uuid = uuid_of(&finish->arena, first->domain);
		finding->disk = target_of(first);
		finding->source = source;
		add_related(&finish->arena, finding, first, party->count);
		fingerprint_add(&fingerprint, source);
		add_members(&fingerprint, first, party->count);
		if (party->others)
			fingerprint_add(&fingerprint, (struct ds_text){party->others, strlen(party->others)});
		fingerprint_write(&fingerprint, finding->fingerprint);
	}
	give(finish, finding);
}

static void give_members(struct finish *finish, enum rule_index rule, struct ds_text source, const struct member *members,
			 size_t count)
{
	give_party(finish, rule, source, &(struct party){members, count, count, NULL});
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

/** DA301, DA302, DA303, DA305, DA306. */
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

/** Room for one more; NULL when there is no memory, which is noted. */
static struct member *add_member(struct finish *finish, struct member_list *list)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? list->capacity * 2 : 64;
		struct member *items = realloc(list->items, capacity * sizeof *items);

		if (!items) {
			finish->status = DS_NO_MEMORY;
			return NULL;
		}
		list->items = items;
		list->capacity = capacity;
	}
	return &list->items[list->count++];
}

/** Sets the list to all members of a source. */
static int collect(struct finish *finish, struct member_list *list, uint32_t source)
{
	const struct estate *estate = finish->estate;
	uint32_t next = *(uint32_t *)store_at(&estate->first, source);

	list->count = 0;
	while (next) {
		const struct entry *entry = store_at(&estate->entries, next - 1);
		struct member *member = add_member(finish, list);

		if (!member)
			return 0;
		*member = (struct member){estate, entry, store_at(&estate->domains, entry->domain)};
		next = entry->next;
	}
	return 1;
}

static int compare_on_one_host(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = compare_kinds(a, b);

	if (!order)
		order = compare_domains(a, b);
	return order ? order : compare_members(a, b);
}

/** Hosts one after another; on storage that all see, there is one host. */
static void sort(const struct member_list *list, int is_everywhere)
{
	if (list->count > 1)
		qsort(list->items, list->count, sizeof *list->items, is_everywhere ? compare_on_one_host : compare_members);
}

/** End of the members that are of one host with the first one. */
static size_t group_end(const struct member_list *list, size_t from, int is_everywhere)
{
	size_t end = from + 1;

	while (end < list->count && (is_everywhere || list->items[end].domain->host == list->items[from].domain->host))
		end++;
	return end;
}

static void judge_source(struct finish *finish, uint32_t source)
{
	const struct member_list *list = &finish->members;
	struct ds_text text = intern_text(&finish->estate->sources, source);
	int is_everywhere = is_shared_storage(finish->estate, text);
	size_t end;

	if (!collect(finish, &finish->members, source))
		return;
	sort(list, is_everywhere);
	for (size_t from = 0; from < list->count && finish->status == DS_OK; from = end) {
		end = group_end(list, from, is_everywhere);
		judge_group(finish, text, &list->items[from], end - from);
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

/*
 * A disk may have very many partitions and be in very many domains, so what is asked of its members for each partition is
 * answered once for each host: are there two domains, are there two that write, and who are they all.
 */

struct side {
	const struct member *members;
	/** Disks alone. */
	size_t count;
	/** Two of different domains, and two that write; NULL: there are not as many. */
	const struct member *any[2], *writers[2];
	char fingerprint[DS_FINGERPRINT_SIZE];
};

static void note_two(const struct member *two[2], const struct member *member)
{
	if (!two[0])
		two[0] = member;
	else if (!two[1] && compare_domains(two[0], member) != 0)
		two[1] = member;
}

static struct side side_of(const struct member *members, size_t count)
{
	struct side side = {.members = members};

	for (size_t i = 0; i < count && !(members[i].entry->flags & ESTATE_BACKING); i++) {
		note_two(side.any, &members[i]);
		if (members[i].entry->flags & ESTATE_WRITABLE)
			note_two(side.writers, &members[i]);
		side.count++;
	}
	return side;
}

/** Does one of the one side write to what another domain has on the other side? */
static int disturbs(const struct side *one, const struct side *other)
{
	if (!one->writers[0] || !other->any[0])
		return 0;
	return one->writers[1] || other->any[1] || compare_domains(one->writers[0], other->any[0]) != 0;
}

/** DA304. */
static void judge_overlap(struct finish *finish, struct ds_text source, const struct side *part, const struct side *whole)
{
	size_t shown = whole->count < RELATED_MAX ? whole->count : RELATED_MAX;

	if (!disturbs(part, whole) && !disturbs(whole, part))
		return;
	finish->shown.count = 0;
	for (size_t i = 0; i < part->count + shown; i++) {
		struct member *member = add_member(finish, &finish->shown);

		if (!member)
			return;
		*member = i < part->count ? part->members[i] : whole->members[i - part->count];
	}
	give_party(finish, RULE_304, source,
		   &(struct party){finish->shown.items, finish->shown.count, part->count + whole->count, whole->fingerprint});
}

/** Sets the members of the whole disk, and its sides: one a host. */
static int open_whole(struct finish *finish, uint32_t source, int is_everywhere)
{
	const struct member_list *list = &finish->whole;
	size_t end;

	if (finish->whole_source == source + 1 && finish->whole_everywhere == is_everywhere)
		return 1;
	finish->whole_source = 0;
	free(finish->sides);
	finish->side_count = 0;
	finish->sides = NULL;
	if (!collect(finish, &finish->whole, source))
		return 0;
	sort(list, is_everywhere);
	for (size_t from = 0; from < list->count; from = group_end(list, from, is_everywhere))
		finish->side_count++;
	finish->sides = calloc(finish->side_count + 1, sizeof *finish->sides);
	if (!finish->sides) {
		finish->status = DS_NO_MEMORY;
		return 0;
	}
	finish->side_count = 0;
	for (size_t from = 0; from < list->count; from = end) {
		struct side *side = &finish->sides[finish->side_count++];
		struct fingerprint fingerprint = fingerprint_begin("");

		end = group_end(list, from, is_everywhere);
		*side = side_of(&list->items[from], end - from);
		add_members(&fingerprint, side->members, side->count);
		fingerprint_write(&fingerprint, side->fingerprint);
	}
	finish->whole_source = source + 1;
	finish->whole_everywhere = is_everywhere;
	return 1;
}

static void judge_partition(struct finish *finish, uint32_t source)
{
	const struct member_list *list = &finish->members;
	struct ds_text text = intern_text(&finish->estate->sources, source);
	struct ds_text whole = whole_of(text);
	uint32_t other = whole.data ? intern_find(&finish->estate->sources, whole) : INTERN_NONE;
	int is_everywhere = is_shared_storage(finish->estate, text);
	size_t end, at = 0;

	if (other == INTERN_NONE || !open_whole(finish, other, is_everywhere) || !collect(finish, &finish->members, source))
		return;
	sort(list, is_everywhere);
	/* Both are in the order of the hosts. */
	for (size_t from = 0; from < list->count && finish->status == DS_OK; from = end) {
		struct side part;

		end = group_end(list, from, is_everywhere);
		part = side_of(&list->items[from], end - from);
		while (!is_everywhere && at < finish->side_count &&
		       text_compare(host_of(finish->sides[at].members), host_of(part.members)) < 0)
			at++;
		if (at < finish->side_count && part.count &&
		    (is_everywhere || finish->sides[at].members->domain->host == part.members->domain->host))
			judge_overlap(finish, text, &part, &finish->sides[at]);
	}
}

/* ---- hosts and domains ---------------------------------------------------------------------------------- */

/** A text to sort by, and whose it is. */
struct candidate {
	struct ds_text text;
	uint32_t number;
};

static int compare_candidates(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	return text_compare(a->text, b->text);
}

static void give_loops(struct finish *finish, struct ds_text host, uint64_t loops, uint64_t budget)
{
	struct fingerprint fingerprint = fingerprint_begin("DA208");
	struct ds_finding *finding;
	char text[64];
	int size = snprintf(text, sizeof text, "%" PRIu64 " disks on files, %" PRIu64 " loop devices", loops, budget);

	finding = finding_add(&finish->list, RULE_208, arena_text(&finish->arena, text, (size_t)size));
	if (finding) {
		finding->place.name = terminated(&finish->arena, host.data, host.size);
		finding->host = host;
		fingerprint_add(&fingerprint, host);
		fingerprint_write(&fingerprint, finding->fingerprint);
	}
	give(finish, finding);
}

/** DA208. */
static void judge_loops(struct finish *finish)
{
	const struct estate *estate = finish->estate;
	uint64_t budget = estate->options->loop_budget ? estate->options->loop_budget : LOOP_BUDGET;
	uint32_t count = estate->hosts.places.count;
	struct candidate *hosts = malloc((count + (size_t)1) * sizeof *hosts);

	if (!hosts) {
		finish->status = DS_NO_MEMORY;
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		hosts[i] = (struct candidate){intern_text(&estate->hosts, i), i};
	if (count > 1)
		qsort(hosts, count, sizeof *hosts, compare_candidates);
	for (uint32_t i = 0; i < count && finish->status == DS_OK; i++) {
		uint64_t loops = *(uint64_t *)store_at(&estate->loops, hosts[i].number);

		if (loops > budget)
			give_loops(finish, hosts[i].text, loops, budget);
	}
	free(hosts);
}

static int compare_numbers(const void *left, const void *right)
{
	const struct member_domain *const *a = left, *const *b = right;

	return memcmp((*a)->uuid, (*b)->uuid, sizeof (*a)->uuid);
}

static int compare_uuids(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = 0;

	if (a->domain->host != b->domain->host)
		order = text_compare(host_of(a), host_of(b));
	if (!order)
		order = text_compare(name_of(a), name_of(b));
	if (!order)
		order = text_compare(intern_text(&a->estate->files, a->domain->file), intern_text(&b->estate->files, b->domain->file));
	return order ? order : (a->domain->content > b->domain->content) - (a->domain->content < b->domain->content);
}

/** DA207: the domains of one UUID. */
static void judge_uuid(struct finish *finish, const struct member_domain *const *domains, size_t count)
{
	static const struct entry nowhere = {.target = UINT16_MAX};
	const struct member_list *list = &finish->members;
	size_t end;

	finish->members.count = 0;
	for (size_t i = 0; i < count; i++) {
		struct member *member = add_member(finish, &finish->members);

		if (!member)
			return;
		*member = (struct member){finish->estate, &nowhere, domains[i]};
	}
	qsort(list->items, count, sizeof *list->items, compare_uuids);
	for (size_t from = 0; from < count && finish->status == DS_OK; from = end) {
		int differs = 0;

		end = group_end(list, from, 0);
		for (size_t i = from + 1; i < end; i++)
			differs |= list->items[i].domain->content != list->items[from].domain->content;
		if (differs)
			give_members(finish, RULE_207, uuid_of(&finish->arena, domains[0]), &list->items[from], end - from);
	}
}

static void judge_uuids(struct finish *finish)
{
	struct estate *estate = finish->estate;
	uint32_t count = estate->domains.count;
	const struct member_domain **domains = malloc((count + (size_t)1) * sizeof *domains);
	size_t used = 0, end;

	if (!domains) {
		finish->status = DS_NO_MEMORY;
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct member_domain *domain = store_at(&estate->domains, i);

		if (has_uuid(domain))
			domains[used++] = domain;
	}
	if (used > 1)
		qsort(domains, used, sizeof *domains, compare_numbers);
	for (size_t from = 0; from < used && finish->status == DS_OK; from = end) {
		for (end = from + 1; end < used && compare_numbers(&domains[from], &domains[end]) == 0;)
			end++;
		if (end - from > 1)
			judge_uuid(finish, &domains[from], end - from);
	}
	free(domains);
}

/* ---- all ------------------------------------------------------------------------------------------------ */

static int is_candidate(const struct estate *estate, uint32_t source, struct ds_text text)
{
	const struct entry *first = store_at(&estate->entries, *(uint32_t *)store_at(&estate->first, source) - 1);

	return first->next || whole_of(text).data;
}

/** Sources with more than one entry, and partitions, by their texts. */
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
		judge_source(&finish, candidates[i].number);
		judge_partition(&finish, candidates[i].number);
	}
	free(candidates);
	if (finish.status == DS_OK)
		judge_uuids(&finish);
	if (finish.status == DS_OK)
		judge_loops(&finish);
	finding_list_fini(&finish.list);
	arena_fini(&finish.arena);
	free(finish.members.items);
	free(finish.whole.items);
	free(finish.shown.items);
	free(finish.sides);
	return finish.status;
}
