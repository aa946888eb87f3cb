/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/select.h"

#include "record/arena.h"
#include "record/glob.h"
#include "record/text.h"
#include "write/writer.h" /* disk_rows_field(), disk_rows_value() */

#include <stdlib.h>

struct uuid {
	char form[UUID_TEXT_SIZE];
};

struct selection {
	const struct ds_selection *wanted;
	/** The UUIDs in their usual form, as in records. */
	struct uuid *uuids;
	/** The number of the field of each condition. */
	int *fields;
};

static bool get_uuids(struct selection *selection)
{
	const struct ds_selection *wanted = selection->wanted;

	for (size_t i = 0; i < wanted->uuid_count; i++) {
		struct ds_text text = {wanted->uuids[i], strlen(wanted->uuids[i])};

		if (!text_uuid(text_trim(text), selection->uuids[i].form))
			return false;
	}
	return true;
}

static bool get_fields(struct selection *selection)
{
	const struct ds_selection *wanted = selection->wanted;

	for (size_t i = 0; i < wanted->condition_count; i++) {
		selection->fields[i] = disk_rows_field(wanted->conditions[i].field);
		if (selection->fields[i] < 0)
			return false;
	}
	return true;
}

enum ds_status selection_new(const struct ds_selection *wanted, struct selection **selection)
{
	struct selection *made;

	*selection = NULL;
	if (!wanted->name_count && !wanted->uuid_count && !wanted->host_count &&
		!wanted->condition_count)
		return DS_OK;
	made = calloc(1, sizeof *made);
	if (!made)
		return DS_NO_MEMORY;
	made->wanted = wanted;
	made->uuids = calloc(wanted->uuid_count + 1, sizeof *made->uuids);
	made->fields = calloc(wanted->condition_count + 1, sizeof *made->fields);
	if (!made->uuids || !made->fields) {
		selection_free(made);
		return DS_NO_MEMORY;
	}
	if (!get_uuids(made) || !get_fields(made)) {
		selection_free(made);
		return DS_USAGE;
	}
	*selection = made;
	return DS_OK;
}

bool selection_uses(const struct ds_selection *wanted, const char *field)
{
	for (size_t i = 0; wanted && i < wanted->condition_count; i++)
		if (strcmp(wanted->conditions[i].field, field) == 0)
			return true;
	return false;
}

void selection_free(struct selection *selection)
{
	if (!selection)
		return;
	free(selection->uuids);
	free(selection->fields);
	free(selection);
}

/** Returns whether one of the patterns matches; true if there are no patterns. */
static bool matches_any(const char *const *patterns, size_t count, struct ds_text text)
{
	for (size_t i = 0; i < count; i++)
		if (glob_match(patterns[i], text))
			return true;
	return !count;
}

static bool has_uuid(const struct selection *selection, struct ds_text uuid)
{
	for (size_t i = 0; i < selection->wanted->uuid_count; i++)
		if (uuid.size == UUID_TEXT_SIZE &&
			memcmp(selection->uuids[i].form, uuid.data, UUID_TEXT_SIZE) == 0)
			return true;
	return !selection->wanted->uuid_count;
}

/** Returns whether all conditions hold for this disk. */
static bool has_fields(const struct selection *selection, const struct ds_domain *domain,
	const struct ds_disk *disk)
{
	const struct ds_selection *wanted = selection->wanted;
	struct arena arena;
	bool has_all = true;

	arena_init(&arena);
	for (size_t i = 0; i < wanted->condition_count && has_all; i++)
		has_all = glob_match(wanted->conditions[i].glob,
			disk_rows_value(domain, disk, selection->fields[i], &arena));
	arena_fini(&arena);
	return has_all;
}

static bool has_disk(const struct selection *selection, const struct ds_domain *domain)
{
	for (size_t i = 0; i < domain->disk_count; i++)
		if (has_fields(selection, domain, &domain->disks[i]))
			return true;
	return !selection->wanted->condition_count;
}

bool selection_has_disk(const struct selection *selection, const struct ds_domain *domain,
	const struct ds_disk *disk)
{
	return !selection || has_fields(selection, domain, disk);
}

size_t selection_disks(const struct selection *selection, const struct ds_domain *domain)
{
	size_t count = 0;

	if (!selection || !selection->wanted->condition_count)
		return domain->disk_count;
	for (size_t i = 0; i < domain->disk_count; i++)
		count += has_fields(selection, domain, &domain->disks[i]);
	return count;
}

bool selection_has(const struct selection *selection, const struct ds_domain *domain)
{
	const struct ds_selection *wanted;

	if (!selection)
		return true;
	wanted = selection->wanted;
	return matches_any(wanted->names, wanted->name_count, domain->name) &&
		has_uuid(selection, domain->uuid) &&
		matches_any(wanted->hosts, wanted->host_count,
			(struct ds_text){domain->host, strlen(domain->host)}) &&
		has_disk(selection, domain);
}
