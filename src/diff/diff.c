/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/diff_index.h"

#include "record/error.h" /* error_place() */
#include "record/secret.h"
#include "record/text.h"

#include <stdlib.h>

/* Two dumps: the old one is packed into an index, the new one is held against it domain by domain. */

struct ds_diff {
	ds_difference_sink *sink;
	void *context;
	struct diff_index index;
	/** Of one call. */
	struct arena arena;
	int is_closed;
	/** Sticky. */
	enum ds_status status;
};

/** One domain that is in both dumps. */
struct pair {
	struct ds_diff *diff;
	const struct diff_domain *old;
	const struct ds_domain *domain;
	/** Of the new dump; places are found when they are wanted. */
	struct diff_disk *disks;
	/** For each new disk the old one, and for each old one whether it has a new one. */
	const struct diff_disk **partners;
	char *is_paired;
	/** The two stand in different formats, each of which cannot say all that the other can. */
	int crosses;
	/** The last place that was wanted, and its bytes from the domain's first. */
	struct ds_place place;
	size_t place_at;
};

struct ds_diff *ds_diff_new(ds_difference_sink *sink, void *context)
{
	struct ds_diff *diff = calloc(1, sizeof *diff);

	if (!diff)
		return NULL;
	diff->sink = sink;
	diff->context = context;
	diff_index_init(&diff->index);
	arena_init(&diff->arena);
	return diff;
}

void ds_diff_free(struct ds_diff *diff)
{
	if (!diff)
		return;
	diff_index_fini(&diff->index);
	arena_fini(&diff->arena);
	free(diff);
}

/* ---- telling ------------------------------------------------------------------------------------------- */

/** Gives a difference out, with the secrets in its values hidden. */
static enum ds_status tell(struct ds_diff *diff, const struct ds_difference *difference)
{
	struct ds_difference shown = *difference;

	shown.before = secret_masked(&diff->arena, shown.before);
	shown.after = secret_masked(&diff->arena, shown.after);
	if (diff->arena.failed)
		return DS_NO_MEMORY;
	return diff->sink(diff->context, &shown);
}

static enum ds_status tell_old(struct ds_diff *diff, enum ds_difference_kind kind, const char *field,
			       const struct diff_domain *domain)
{
	struct ds_difference difference = {.kind = kind, .domain = domain->name, .uuid = domain->uuid, .field = field};

	difference.old_place = domain->place;
	difference.rule = kind == DS_DOMAIN_REMOVED ? ds_rule_find("DA404") : NULL;
	return tell(diff, &difference);
}

static enum ds_status tell_new(struct ds_diff *diff, enum ds_difference_kind kind, const char *field,
			       const struct ds_domain *domain)
{
	struct ds_difference difference = {.kind = kind, .domain = domain->name, .uuid = domain->uuid, .field = field};

	difference.new_place = domain->place;
	difference.rule = kind == DS_DOMAIN_ADDED ? ds_rule_find("DA404") : NULL;
	return tell(diff, &difference);
}

/** On from the place before: to count the lines of a large domain anew for each of many disks takes long. */
static struct ds_place place_of(struct pair *pair, const struct diff_disk *disk)
{
	struct ds_text raw = pair->domain->raw;
	size_t at = pair->domain->disks[disk - pair->disks].at;

	at = at < raw.size ? at : raw.size;
	if (at < pair->place_at) {
		pair->place = pair->domain->place;
		pair->place_at = 0;
	}
	pair->place = error_place(pair->place, raw.data + pair->place_at, at - pair->place_at);
	pair->place_at = at;
	return pair->place;
}

/** Fills in what all differences of a disk have. One of the two may be NULL. */
static struct ds_difference of_disk(struct pair *pair, enum ds_difference_kind kind, const struct diff_disk *old,
				    const struct diff_disk *disk)
{
	struct ds_difference difference = {.kind = kind, .domain = pair->domain->name, .uuid = pair->domain->uuid};

	if (disk)
		difference.disk = disk->target;
	else if (old)
		difference.disk = old->target;
	difference.old_place = old ? old->place : pair->old->place;
	difference.new_place = disk ? place_of(pair, disk) : pair->domain->place;
	return difference;
}

/** A disk that is in one of the dumps alone. */
static enum ds_status tell_disk(struct pair *pair, const struct diff_disk *old, const struct diff_disk *disk)
{
	struct ds_difference difference = of_disk(pair, old ? DS_DISK_REMOVED : DS_DISK_ADDED, old, disk);

	difference.rule = ds_rule_find("DA404");
	difference.field = "source";
	if (old)
		difference.before = old->source;
	if (disk)
		difference.after = disk->source;
	return tell(pair->diff, &difference);
}

/* ---- one disk ------------------------------------------------------------------------------------------ */

static void judge(struct ds_difference *difference, int crosses)
{
	const char *field = difference->field;
	const char *id = NULL;

	if (crosses)
		id = "DA401";
	else if (difference->is_escalation)
		id = "DA402";
	else if (strcmp(field, "source") == 0 || strcmp(field, "driver") == 0 || strcmp(field, "format") == 0)
		id = "DA403";
	difference->rule = id ? ds_rule_find(id) : NULL;
	difference->severity = difference->rule ? difference->rule->severity : DS_SEVERITY_INFO;
	/* Another image is worse than another way to it. */
	if (difference->rule && !crosses && strcmp(field, "source") == 0)
		difference->severity = DS_SEVERITY_HIGH;
}

static enum ds_status tell_change(struct pair *pair, const struct diff_disk *old, const struct diff_disk *disk,
				  const char *field, struct ds_text before, struct ds_text after)
{
	struct ds_difference difference = of_disk(pair, DS_DISK_CHANGED, old, disk);

	difference.field = field;
	difference.before = before;
	difference.after = after;
	difference.is_escalation = strcmp(field, "access") == 0 && disk->access > old->access;
	judge(&difference, pair->crosses);
	return tell(pair->diff, &difference);
}

static struct ds_text word(const char *text)
{
	return (struct ds_text){text, strlen(text)};
}

/** What a disk is for the guest. SEXPR has no word for a lun, and says of a floppy only where it stands. */
static enum ds_device device_of(const struct pair *pair, const struct diff_disk *disk)
{
	return pair->crosses && disk->device != DS_DEVICE_CDROM ? DS_DEVICE_DISK : disk->device;
}

/** libvirt takes each CD drive for read-only, so XML cannot say otherwise. */
static int is_access_said(const struct pair *pair, const struct diff_disk *old, const struct diff_disk *disk)
{
	return !pair->crosses || old->device != DS_DEVICE_CDROM || disk->device != DS_DEVICE_CDROM;
}

static enum ds_status compare_disk(struct pair *pair, const struct diff_disk *old, const struct diff_disk *disk)
{
	static const char *const accesses[] = {"r", "w", "w!"};
	static const char *const devices[] = {"disk", "cdrom", "floppy", "lun"};
	static const char *const flags[] = {"", "no", "yes"};
	/* An empty drive has no driver and no format. */
	int has_image = old->source.data && disk->source.data;
	int is_other_access = old->access != disk->access && is_access_said(pair, old, disk);
	int is_bootable_said = old->bootable != DS_FLAG_UNSET && disk->bootable != DS_FLAG_UNSET;
	const struct {
		int differs;
		const char *field;
		struct ds_text before, after;
	} fields[] = {
		{!text_same(old->source, disk->source), "source", old->source, disk->source},
		{has_image && !text_same(old->driver, disk->driver), "driver", old->driver, disk->driver},
		{has_image && !text_same(old->format, disk->format), "format", old->format, disk->format},
		{is_other_access, "access", word(accesses[old->access]), word(accesses[disk->access])},
		{device_of(pair, old) != device_of(pair, disk), "device", word(devices[old->device]), word(devices[disk->device])},
		{!text_same(old->target, disk->target), "target", old->target, disk->target},
		{!text_same(old->backend, disk->backend), "backend", old->backend, disk->backend},
		{is_bootable_said && old->bootable != disk->bootable, "bootable", word(flags[old->bootable]), word(flags[disk->bootable])},
	};
	enum ds_status status = DS_OK;

	for (size_t i = 0; i < sizeof fields / sizeof *fields && status == DS_OK; i++)
		if (fields[i].differs)
			status = tell_change(pair, old, disk, fields[i].field, fields[i].before, fields[i].after);
	return status;
}

/* ---- which disk is which ------------------------------------------------------------------------------- */

/** A disk that has no partner yet. */
struct single {
	struct ds_text key;
	size_t at;
};

static int compare_singles(const void *left, const void *right)
{
	const struct single *a = left, *b = right;
	int order = text_compare(a->key, b->key);

	return order ? order : (a->at > b->at) - (a->at < b->at);
}

/** Returns the sorted disks that have no partner; NULL when there is no memory. */
static struct single *singles_of(struct pair *pair, int is_old, int by_source, size_t *count)
{
	const struct diff_disk *disks = is_old ? pair->old->disks : pair->disks;
	size_t all = is_old ? pair->old->disk_count : pair->domain->disk_count;
	struct single *singles = arena_alloc(&pair->diff->arena, (all + 1) * sizeof *singles);

	*count = 0;
	for (size_t i = 0; singles && i < all; i++) {
		struct ds_text key = by_source ? disks[i].source : disks[i].target;

		/* Empty drives are not the same one because they are empty. */
		if ((is_old ? pair->is_paired[i] : pair->partners[i] != NULL) || (by_source && !key.data))
			continue;
		singles[(*count)++] = (struct single){key, i};
	}
	if (*count > 1)
		qsort(singles, *count, sizeof *singles, compare_singles);
	return singles;
}

static void marry(struct pair *pair, size_t old, size_t disk)
{
	pair->partners[disk] = &pair->old->disks[old];
	pair->is_paired[old] = 1;
}

/** The first with the first that has the same key, the second with the second. */
static void join(struct pair *pair, int by_source)
{
	size_t old_count, count;
	struct single *old = singles_of(pair, 1, by_source, &old_count);
	struct single *disks = singles_of(pair, 0, by_source, &count);

	for (size_t i = 0, j = 0; old && disks && i < old_count && j < count;) {
		int order = text_compare(old[i].key, disks[j].key);

		if (order == 0)
			marry(pair, old[i].at, disks[j].at);
		i += order <= 0;
		j += order >= 0;
	}
}

static void join_disks(struct pair *pair)
{
	size_t count = pair->domain->disk_count;
	size_t i = 0;

	/* Nearly all domains have the same disks in the same order. */
	if (count == pair->old->disk_count) {
		while (i < count && text_same(pair->old->disks[i].target, pair->disks[i].target))
			i++;
		for (size_t k = 0; k < count && i == count; k++)
			marry(pair, k, k);
		if (i == count)
			return;
	}
	join(pair, 0);
	join(pair, 1);
}

/* ---- one domain ---------------------------------------------------------------------------------------- */

static int pair_init(struct pair *pair, struct ds_diff *diff, const struct diff_domain *old, const struct ds_domain *domain)
{
	struct arena *arena = &diff->arena;

	memset(pair, 0, sizeof *pair);
	pair->diff = diff;
	pair->old = old;
	pair->domain = domain;
	pair->crosses = old->format != domain->format;
	pair->place = domain->place;
	pair->disks = arena_alloc(arena, (domain->disk_count + 1) * sizeof *pair->disks);
	pair->partners = arena_alloc(arena, (domain->disk_count + 1) * sizeof *pair->partners);
	pair->is_paired = arena_alloc(arena, old->disk_count + 1);
	if (arena->failed)
		return 0;
	memset(pair->is_paired, 0, old->disk_count + 1);
	for (size_t i = 0; i < domain->disk_count; i++) {
		diff_disk_init(&pair->disks[i], &domain->disks[i], arena);
		pair->partners[i] = NULL;
	}
	join_disks(pair);
	return !arena->failed;
}

static enum ds_status compare_domain(struct pair *pair)
{
	struct ds_difference renamed = {.kind = DS_DOMAIN_RENAMED, .field = "name"};
	enum ds_status status = DS_OK;

	if (!text_same(pair->old->name, pair->domain->name)) {
		renamed.domain = pair->domain->name;
		renamed.uuid = pair->domain->uuid;
		renamed.before = pair->old->name;
		renamed.after = pair->domain->name;
		renamed.old_place = pair->old->place;
		renamed.new_place = pair->domain->place;
		status = tell(pair->diff, &renamed);
	}
	for (size_t i = 0; i < pair->domain->disk_count && status == DS_OK; i++) {
		if (pair->partners[i])
			status = compare_disk(pair, pair->partners[i], &pair->disks[i]);
		else
			status = tell_disk(pair, NULL, &pair->disks[i]);
	}
	for (size_t i = 0; i < pair->old->disk_count && status == DS_OK; i++)
		if (!pair->is_paired[i])
			status = tell_disk(pair, &pair->old->disks[i], NULL);
	return status;
}

/* ---- all ----------------------------------------------------------------------------------------------- */

enum ds_status ds_diff_old(struct ds_diff *diff, const struct ds_domain *domain)
{
	if (diff->status != DS_OK)
		return diff->status;
	if (diff->is_closed)
		return DS_USAGE;
	arena_clear(&diff->arena);
	diff->status = diff_index_add(&diff->index, domain, &diff->arena);
	return diff->status;
}

/** Ends the old dump, and tells what of it is repeated. */
static enum ds_status close_old(struct ds_diff *diff)
{
	struct diff_domain domain;
	enum ds_status status;

	if (diff->is_closed)
		return DS_OK;
	diff->is_closed = 1;
	status = diff_index_close(&diff->index);
	for (uint32_t at = diff_index_first(&diff->index); at != DIFF_NONE && status == DS_OK;
	     at = diff_index_next(&diff->index, at)) {
		if (!diff_index_is_repeated(&diff->index, at))
			continue;
		arena_clear(&diff->arena);
		if (!diff_index_get(&diff->index, at, &domain, &diff->arena))
			return DS_NO_MEMORY;
		status = tell_old(diff, DS_DOMAIN_REPEATED, text_given(domain.uuid) ? "uuid" : "name", &domain);
	}
	return status;
}

static enum ds_status compare(struct ds_diff *diff, const struct ds_domain *domain)
{
	enum ds_status status = close_old(diff);
	struct diff_domain old;
	struct pair pair;
	const char *repeated;
	uint32_t at;

	if (status != DS_OK)
		return status;
	arena_clear(&diff->arena);
	at = diff_index_take(&diff->index, domain->name, domain->uuid, &repeated);
	if (repeated)
		status = tell_new(diff, DS_DOMAIN_REPEATED, repeated, domain);
	if (status != DS_OK)
		return status;
	if (at == DIFF_NONE)
		return tell_new(diff, DS_DOMAIN_ADDED, NULL, domain);
	if (!diff_index_get(&diff->index, at, &old, &diff->arena) || !pair_init(&pair, diff, &old, domain))
		return DS_NO_MEMORY;
	return compare_domain(&pair);
}

enum ds_status ds_diff_compare(struct ds_diff *diff, const struct ds_domain *domain)
{
	if (diff->status == DS_OK)
		diff->status = compare(diff, domain);
	return diff->status;
}

static enum ds_status finish(struct ds_diff *diff)
{
	enum ds_status status = close_old(diff);
	struct diff_domain domain;

	for (uint32_t at = diff_index_first(&diff->index); at != DIFF_NONE && status == DS_OK;
	     at = diff_index_next(&diff->index, at)) {
		if (diff_index_is_taken(&diff->index, at))
			continue;
		arena_clear(&diff->arena);
		if (!diff_index_get(&diff->index, at, &domain, &diff->arena))
			return DS_NO_MEMORY;
		status = tell_old(diff, DS_DOMAIN_REMOVED, NULL, &domain);
	}
	return status;
}

enum ds_status ds_diff_finish(struct ds_diff *diff)
{
	if (diff->status == DS_OK)
		diff->status = finish(diff);
	return diff->status;
}
