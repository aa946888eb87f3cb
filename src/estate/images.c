/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "estate/finish.h"
#include "estate/image_list.h"
#include "record/source.h"
#include "record/text.h"

#include <stdlib.h>

/* DA406: compares the images that domains use with lists of existing images. */

struct images {
	struct finish *finish;
	struct image_list *lists;
	size_t count;
	/** Memory for names, until the next name is needed. */
	struct arena arena;
	/** Names of images whose directory is unknown: volumes of storage pools, images on servers,
	 * relative paths. */
	struct text_table vague;
	/** The only rbd pool that domains use; NULL if they use no pool, or several. */
	struct ds_text pool;
	bool has_rbd, has_pools;
};

/* ---- lists ---- */

static bool open_lists(struct images *images)
{
	const struct estate *estate = images->finish->estate;
	const struct ds_audit_options *options = estate->options;

	images->lists = calloc(options->image_list_count, sizeof *images->lists);
	if (!images->lists)
		return false;
	for (size_t i = 0; i < options->image_list_count; i++) {
		const struct ds_image_list *given = &options->image_lists[i];
		struct image_list *list = &images->lists[i];

		images->count = i + 1;
		if (!image_list_init(list, given, estate->texts.key))
			return false;
		if (given->host)
			list->host = text_table_find(&estate->texts, TEXT_MACHINE,
				(struct ds_text){given->host, strlen(given->host)});
	}
	return true;
}

static void close_lists(struct images *images)
{
	for (size_t i = 0; i < images->count; i++)
		image_list_fini(&images->lists[i]);
	free(images->lists);
}

/** Returns whether a list describes what a host sees. `is_everywhere` is set if every host sees the
 * image. */
static bool is_about(const struct image_list *list, uint32_t host, bool is_everywhere)
{
	return !list->given->host || list->host == host || is_everywhere;
}

/* ---- what is used ---- */

static void note_pool(struct images *images, struct ds_text pool)
{
	images->has_rbd = true;
	if (!images->pool.data)
		images->pool = pool;
	else
		images->has_pools |= !text_same_bytes(images->pool, pool);
}

/** Adds the last component of a name that cannot be in a list. */
static bool note_vague(struct images *images, struct ds_text source)
{
	struct ds_text name = image_base_name(source);

	return text_table_add(&images->vague, TEXT_WORD, name,
		       text_table_hash(images->vague.key, name)) != 0;
}

/** Notes that a domain of a host uses an image. */
static bool use(struct images *images, uint32_t host, struct ds_text name, bool is_everywhere)
{
	for (size_t i = 0; i < images->count; i++)
		if (is_about(&images->lists[i], host, is_everywhere) &&
			!image_list_use(&images->lists[i], name))
			return false;
	return true;
}

/** Returns whether a name is the same image for all hosts: an image on a server, or a path on
 * shared storage. */
static bool is_for_all(const struct images *images, struct ds_text source, struct ds_text name)
{
	return image_pool(name).data ||
		source_is_everywhere(images->finish->estate->options, source);
}

static bool use_source(struct images *images, uint32_t number)
{
	const struct estate *estate = images->finish->estate;
	struct ds_text source = text_table_get(&estate->texts, number);
	struct ds_text name = image_name(&images->arena, source);

	if (!name.data)
		return !images->arena.failed && note_vague(images, source);
	if (image_pool(name).data)
		note_pool(images, image_pool(name));
	for (uint32_t at = estate->texts.entries[number].value; at != ESTATE_NO_DISK;
		at = estate->disks[at].previous)
		if (!use(images, estate->domains[estate->disks[at].domain].host, name,
			    is_for_all(images, source, name)))
			return false;
	return true;
}

/** Notes all images that domains use, as disks or otherwise. */
static bool use_all(struct images *images)
{
	const struct text_table *texts = &images->finish->estate->texts;
	bool is_fine = true;

	for (uint32_t i = 1; i <= texts->count && is_fine; i++) {
		if (texts->entries[i].kind == TEXT_SOURCE &&
			texts->entries[i].flags & SOURCE_IS_USED)
			is_fine = use_source(images, i);
		else if (texts->entries[i].kind == TEXT_FILE)
			is_fine = use(images, 0, text_table_get(texts, i), true);
		arena_clear(&images->arena);
	}
	/* If there is only one pool, names without a pool belong to it. */
	for (size_t i = 0; i < images->count && is_fine; i++)
		if (images->lists[i].has_bare_names && images->has_rbd && !images->has_pools)
			is_fine = image_list_add_pool(&images->lists[i], images->pool);
	return is_fine;
}

/* ---- what is missing ---- */

/** Returns whether a disk's image is missing according to the lists. */
static bool is_missing(const struct images *images, const struct disk_record *disk,
	struct ds_text name, bool is_everywhere)
{
	uint32_t host = images->finish->estate->domains[disk->domain].host;
	bool is_covered = false;

	/* The file system of a domain that serves disks is unknown. */
	if (disk->flags & ESTATE_OPTIONAL || disk->machine != host)
		return false;
	for (size_t i = 0; i < images->count; i++) {
		const struct image_list *list = &images->lists[i];

		if (!is_about(list, host, is_everywhere))
			continue;
		if (image_list_find(list, name))
			return false;
		is_covered |= image_list_covers(list, name);
	}
	return is_covered;
}

static void give_missing(struct finish *finish, const struct member *member, struct ds_text source)
{
	bool is_drive = member->disk->flags & (ESTATE_CDROM | ESTATE_FLOPPY);
	struct ds_finding *finding =
		finish_finding(finish, RULE_406, source, "missing", member, 1, 1);

	if (finding && member->disk->flags & ESTATE_BACKING)
		finding_distinguish(finding, source);
	if (finding && is_drive)
		finding->severity = DS_SEVERITY_MEDIUM;
	finish_report(finish, finding);
}

/** Returns the name that a source has in lists, in the arena. */
static struct ds_text name_of(struct images *images, struct ds_text source)
{
	arena_clear(&images->arena);
	return image_name(&images->arena, source);
}

/** Returns whether the image of any disk of a source is missing. */
static bool is_any_missing(const struct finish *finish, uint32_t number, void *context)
{
	const struct estate *estate = finish->estate;
	struct ds_text source = text_table_get(&estate->texts, number);
	struct ds_text name = name_of(context, source);

	if (!name.data || !(estate->texts.entries[number].flags & SOURCE_IS_USED))
		return false;
	for (uint32_t at = estate->texts.entries[number].value; at != ESTATE_NO_DISK;
		at = estate->disks[at].previous)
		if (is_missing(context, &estate->disks[at], name,
			    is_for_all(context, source, name)))
			return true;
	return false;
}

static void judge_missing(struct finish *finish, uint32_t number, void *context)
{
	const struct member_list *list = &finish->members;
	struct ds_text source = text_table_get(&finish->estate->texts, number);
	struct ds_text name = name_of(context, source);

	if (!members_of_source(finish, &finish->members, number, false))
		return;
	for (size_t i = 0; i < list->count && finish->status == DS_OK; i++)
		if (is_missing(context, list->items[i].disk, name,
			    is_for_all(context, source, name)))
			give_missing(finish, &list->items[i], source);
}

/* ---- what is not used ---- */

/** Returns whether all domains that could use an image of the list are known. */
static bool is_complete(const struct estate *estate, const struct image_list *list)
{
	if (estate->is_unread)
		return false;
	if (!list->given->host)
		return !estate->has_unread_hosts;
	/* A host without a domain may be one that could not be reached. */
	return list->host && !(estate->texts.entries[list->host].flags & HOST_IS_UNREAD);
}

static void give_unused(struct finish *finish, const struct image_list *list, uint32_t number)
{
	static const char before[] = "no domain uses ";
	const struct text_entry *entry = &list->names.entries[number];
	struct ds_text name = text_table_get(&list->names, number), detail = name;
	struct ds_finding *finding;
	char *text = arena_alloc(&finish->arena, sizeof before - 1 + name.size);

	if (text) {
		memcpy(text, before, sizeof before - 1);
		memcpy(text + sizeof before - 1, name.data, name.size);
		detail = (struct ds_text){text, sizeof before - 1 + name.size};
	}
	finding = finding_add(&finish->list, RULE_406, detail);
	if (finding) {
		finding->severity = DS_SEVERITY_INFO;
		finding->place = (struct ds_place){list->given->name, entry->more, entry->value, 1};
		if (list->given->host)
			finding->host =
				(struct ds_text){list->given->host, strlen(list->given->host)};
		finding->source = name;
		finding_sign(finding);
		finding_distinguish(finding, name);
	}
	finish_report(finish, finding);
}

/** Returns whether an earlier list has handled the image. */
static bool is_repeated_image(const struct images *images, size_t at, struct ds_text name,
	bool is_everywhere)
{
	const struct image_list *list = &images->lists[at];

	for (size_t i = 0; i < at; i++)
		if ((is_everywhere || images->lists[i].host == list->host) &&
			image_list_find(&images->lists[i], name))
			return true;
	return false;
}

/** Returns whether a domain uses a directory that contains the path, for example the root file
 * system of a container. */
static bool is_inside(const struct estate *estate, struct ds_text path)
{
	const struct text_table *texts = &estate->texts;

	for (size_t size = path.size; size > 1; size--) {
		struct ds_text directory = {path.data, size - 1};

		if (path.data[size - 1] == '/' &&
			(text_table_find(texts, TEXT_FILE, directory) ||
				text_table_find(texts, TEXT_SOURCE, directory)))
			return true;
	}
	return false;
}

static void judge_unused(struct images *images, size_t at)
{
	struct finish *finish = images->finish;
	const struct image_list *list = &images->lists[at];

	for (uint32_t i = 1; i <= list->names.count && finish->status == DS_OK; i++) {
		struct ds_text name = text_table_get(&list->names, i);
		bool is_everywhere = is_for_all(images, name, name);

		if (!image_list_is_unused(list, i) || (image_pool(name).data && !images->has_rbd) ||
			(is_everywhere && finish->estate->has_unread_hosts) ||
			text_table_find(&images->vague, TEXT_WORD, image_base_name(name)) ||
			is_inside(finish->estate, name) ||
			is_repeated_image(images, at, name, is_everywhere))
			continue;
		give_unused(finish, list, i);
	}
}

void finish_judge_images(struct finish *finish)
{
	struct images images = {.finish = finish};

	if (!finish->estate->options->image_list_count)
		return;
	arena_init(&images.arena);
	text_table_init(&images.vague, finish->estate->texts.key);
	if (!open_lists(&images) || !use_all(&images))
		finish->status = DS_NO_MEMORY;
	finish_judge_sources(finish, is_any_missing, judge_missing, &images);
	for (size_t i = 0; i < images.count && finish->status == DS_OK; i++)
		if (is_complete(finish->estate, &images.lists[i]))
			judge_unused(&images, i);
	close_lists(&images);
	text_table_fini(&images.vague);
	arena_fini(&images.arena);
}
