/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/accepted.h"
#include "diff/diff_index.h"
#include "record/explain.h"
#include "record/place.h"
#include "record/secret.h"
#include "record/sized.h"
#include "record/text.h"
#include "record/words.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* Two dumps: the old one is encoded into an index, and the new one is compared with it domain by
 * domain. */

struct ds_diff {
	ds_difference_sink *sink;
	void *context;
	struct diff_index index;
	/** The losses between the two dumps. */
	struct accepted accepted;
	bool has_accepted;
	/** The memory of one call. */
	struct arena arena;
	/** Whether a domain was added, whether the old dump has ended, and whether the new dump has
	 * ended. */
	bool has_begun, is_closed, is_finished;
	bool only_disks;
	/** The first failure, which is sticky. */
	enum ds_status status;
};

/** A domain that is in both dumps. */
struct pair {
	struct ds_diff *diff;
	const struct diff_domain *old;
	const struct ds_domain *domain;
	/** The canonical form of the new domain, and its extras. */
	const struct ds_domain *form;
	struct extra_forms extras;
	/** The two domains have different formats, and neither format can express everything that
	 * the other one can. */
	bool crosses;
	/** The losses of the conversion of the old domain. */
	const struct ds_loss *losses;
	size_t loss_count;
	/** Finds positions in the new domain. */
	struct place_finder places;
	/** The status of the sink. */
	enum ds_status status;
};

enum ds_status ds_diff_new(ds_difference_sink *sink, void *context, struct ds_diff **made)
{
	struct ds_diff *diff;

	if (!sink || !made)
		return DS_USAGE;
	diff = calloc(1, sizeof *diff);
	if (!diff)
		return DS_NO_MEMORY;
	diff->sink = sink;
	diff->context = context;
	diff_index_init(&diff->index);
	accepted_init(&diff->accepted, diff->index.key);
	arena_init(&diff->arena);
	*made = diff;
	return DS_OK;
}

void ds_diff_free(struct ds_diff *diff)
{
	if (!diff)
		return;
	diff_index_fini(&diff->index);
	accepted_fini(&diff->accepted);
	arena_fini(&diff->arena);
	free(diff);
}

enum ds_status ds_diff_only_disks(struct ds_diff *diff)
{
	if (!diff || diff->has_begun || diff->is_finished)
		return DS_USAGE;
	diff->only_disks = true;
	return DS_OK;
}

enum ds_status ds_diff_accept(struct ds_diff *diff, const struct ds_listed_loss *loss)
{
	if (!diff || !loss || !loss->reason.data || !loss->path.data || !loss->file.data ||
		diff->is_closed)
		return DS_USAGE;
	if (diff->status != DS_OK)
		return diff->status;
	diff->has_accepted = true;
	diff->status = accepted_add(&diff->accepted, loss);
	return diff->status;
}

/* ---- reporting ---- */

/** Reports a difference, with the secrets in its values hidden. */
static enum ds_status report(struct ds_diff *diff, const struct ds_difference *difference)
{
	struct ds_difference shown = *difference;

	shown.before = secret_masked(&diff->arena, shown.before);
	shown.after = secret_masked(&diff->arena, shown.after);
	if (diff->arena.failed)
		return DS_NO_MEMORY;
	return diff->sink(diff->context, &shown);
}

static enum ds_status report_old(struct ds_diff *diff, enum ds_difference_kind kind,
	const char *field, const struct diff_domain *domain)
{
	struct ds_difference difference = {.kind = kind,
		.domain = domain->name,
		.uuid = domain->uuid,
		.field = field};

	difference.old_place = domain->place;
	difference.rule = kind == DS_DOMAIN_REMOVED ? ds_rule_find("DA404") : NULL;
	return report(diff, &difference);
}

static enum ds_status report_new(struct ds_diff *diff, enum ds_difference_kind kind,
	const char *field, const struct ds_domain *domain)
{
	struct ds_difference difference = {.kind = kind,
		.domain = domain->name,
		.uuid = domain->uuid,
		.field = field};

	difference.new_place = domain->place;
	difference.rule = kind == DS_DOMAIN_ADDED ? ds_rule_find("DA404") : NULL;
	return report(diff, &difference);
}

/** Reports a difference, and keeps the status. Returns whether to continue. */
static bool pass(struct pair *pair, const struct ds_difference *difference)
{
	pair->status = report(pair->diff, difference);
	return pair->status == DS_OK;
}

/* ---- the subject of a difference ---- */

/** Returns the name of a device: for a disk, its name in the guest; for an interface, its MAC
 * address; for other devices, what identifies them. */
static struct ds_text name_of(enum devices kind, const void *device, char room[MEMBER_TEXT_SIZE])
{
	const struct member *members = device_kinds[kind].members;

	switch (kind) {
	case DEVICES_DISK:
		return ((const struct ds_disk *)device)->target;
	case DEVICES_INTERFACE:
		return ((const struct ds_interface *)device)->mac;
	case DEVICES_GRAPHICS:
		return text_of_string(graphics_words[((const struct ds_graphics *)device)->type]);
	case DEVICES_CHAR:
		snprintf(room, MEMBER_TEXT_SIZE, "%s %" PRIu32,
			char_kind_words[((const struct ds_char *)device)->kind],
			((const struct ds_char *)device)->port);
		return text_of_string(room);
	case DEVICES_PCI: {
		const struct ds_pci *pci = device;

		snprintf(room, MEMBER_TEXT_SIZE, "%04x:%02x:%02x.%x", pci->domain, pci->bus,
			pci->slot, pci->function);
		return text_of_string(room);
	}
	case DEVICES_PIN:
		snprintf(room, MEMBER_TEXT_SIZE, "%" PRIu64, ((const struct ds_pin *)device)->vcpu);
		return text_of_string(room);
	default:
		return member_text(&members[0], device, room);
	}
}

/** Sets the members that all differences of a pair share. `kind` is DEVICES_COUNT for the domain
 * itself. */
static struct ds_difference describe(struct pair *pair, const struct compare_difference *found,
	char room[MEMBER_TEXT_SIZE])
{
	struct ds_difference difference = {.domain = pair->domain->name,
		.uuid = pair->domain->uuid};
	struct ds_text name;

	difference.old_place = pair->old->place;
	difference.new_place = pair->domain->place;
	if (found->kind == DEVICES_COUNT)
		return difference;
	if (found->one != SIZE_MAX)
		difference.old_place = pair->old->decoded.places[found->kind][found->one];
	if (found->other != SIZE_MAX)
		difference.new_place = place_find(&pair->places,
			device_position(device_at(pair->form, found->kind, found->other)));
	name = found->other != SIZE_MAX
		? name_of(found->kind, device_at(pair->form, found->kind, found->other), room)
		: name_of(found->kind,
			  device_at(&pair->old->decoded.record, found->kind, found->one), room);
	if (found->kind == DEVICES_DISK) {
		difference.disk = name;
	} else {
		difference.device = compare_kind_word(found->kind);
		difference.device_name = name;
	}
	return difference;
}

/* ---- rules and severities ---- */

static void judge(struct ds_difference *difference, bool crosses)
{
	const char *field = difference->field;
	const char *id = NULL;

	if (crosses)
		id = "DA401";
	else if (difference->is_escalation)
		id = "DA402";
	else if (strcmp(field, "source") == 0 || strcmp(field, "driver") == 0 ||
		strcmp(field, "format") == 0)
		id = "DA403";
	difference->rule = id ? ds_rule_find(id) : NULL;
	difference->severity = difference->rule ? difference->rule->severity : DS_SEVERITY_INFO;
	/* A different image is more severe than a different way to access it. */
	if (difference->rule && !crosses && strcmp(field, "source") == 0)
		difference->severity = DS_SEVERITY_HIGH;
}

/** Reports a device that is only in one of the dumps. */
static bool report_single(struct pair *pair, const struct compare_difference *found)
{
	bool is_disk = found->kind == DEVICES_DISK, is_old = found->one != SIZE_MAX;
	char room[MEMBER_TEXT_SIZE];
	struct ds_difference difference = describe(pair, found, room);

	if (is_disk) {
		difference.kind = is_old ? DS_DISK_REMOVED : DS_DISK_ADDED;
		difference.rule = ds_rule_find("DA404");
		difference.field = "source";
		if (is_old)
			difference.before = pair->old->decoded.record.disks[found->one].source;
		else
			difference.after = pair->form->disks[found->other].source;
	} else {
		difference.kind = is_old ? DS_DEVICE_REMOVED : DS_DEVICE_ADDED;
	}
	return pass(pair, &difference);
}

static int access_of(const struct ds_disk *disk)
{
	return disk->readonly ? 0 : disk->shareable ? 2 : 1;
}

/** The access to a disk is one field that consists of two members. */
static bool report_access(struct pair *pair, const struct compare_difference *found)
{
	static const char *const words[] = {"r", "w", "w!"};
	const struct ds_disk *old = &pair->old->decoded.record.disks[found->one];
	const struct ds_disk *disk = &pair->form->disks[found->other];
	char room[MEMBER_TEXT_SIZE];
	struct ds_difference difference = describe(pair, found, room);

	/* If both members differ, the difference was reported with the first one. */
	if (found->member == &device_kinds[DEVICES_DISK].members[DISK_shareable] &&
		old->readonly != disk->readonly)
		return true;
	difference.kind = DS_DISK_CHANGED;
	difference.field = "access";
	difference.before = text_of_string(words[access_of(old)]);
	difference.after = text_of_string(words[access_of(disk)]);
	difference.is_escalation = access_of(disk) > access_of(old);
	judge(&difference, pair->crosses);
	return pass(pair, &difference);
}

/** Returns the text of a value in a difference. Unlike elsewhere, the first constant of an enum has
 * a word, and a flag that is off is "no". */
static struct ds_text value_of(const struct member *member, const void *record,
	char room[MEMBER_TEXT_SIZE])
{
	if (member->type == MEMBER_BOOL)
		return member_number(member, record) ? TEXT("yes") : TEXT("no");
	if (member->type >= MEMBER_DEVICE && !member_is_set(member, record))
		return text_of_string(member_first_word(member));
	return member_text(member, record, room);
}

static bool is_boot_flag(const struct member *member)
{
	const struct member *members = device_kinds[DEVICES_DISK].members;

	return member == &members[DISK_bootable] || member == &members[DISK_boot_order];
}

static bool is_boot_disk(const struct ds_disk *disk)
{
	return disk->bootable == DS_FLAG_ON;
}

static const void *record_of(const struct ds_domain *domain, enum devices kind, size_t number)
{
	return kind == DEVICES_COUNT ? domain : device_at(domain, kind, number);
}

static bool report_member(struct pair *pair, const struct compare_difference *found)
{
	char room[MEMBER_TEXT_SIZE], rooms[2][MEMBER_TEXT_SIZE];
	struct ds_difference difference = describe(pair, found, room);
	const void *old = record_of(&pair->old->decoded.record, found->kind, found->one);
	const void *new = record_of(pair->form, found->kind, found->other);

	difference.kind = found->kind == DEVICES_DISK ? DS_DISK_CHANGED
		: found->kind == DEVICES_COUNT        ? DS_DOMAIN_CHANGED
						      : DS_DEVICE_CHANGED;
	difference.field = found->member->name;
	difference.before = value_of(found->member, old, rooms[0]);
	difference.after = value_of(found->member, new, rooms[1]);
	if (is_boot_flag(found->member)) {
		/* The disk is the boot disk of only one of the two domains, whether it is set
		 * explicitly or not. */
		difference.field = "bootable";
		difference.before = is_boot_disk(old) ? TEXT("yes") : TEXT("no");
		difference.after = is_boot_disk(new) ? TEXT("yes") : TEXT("no");
	}
	if (found->member == &device_kinds[DEVICES_GRAPHICS].members[GRAPHICS_password]) {
		/* The value is never shown. */
		difference.before = found->before.data ? TEXT("***") : found->before;
		difference.after = found->after.data ? TEXT("***") : found->after;
	}
	if (found->kind == DEVICES_DISK)
		judge(&difference, pair->crosses);
	return pass(pair, &difference);
}

/** Returns the value of an extra, with its secrets hidden, or its size if the value was not
 * stored. */
static struct ds_text extra_value(struct pair *pair, const struct extra_form *extra)
{
	struct arena *arena = &pair->diff->arena;
	char text[48];
	int size;

	if (!extra)
		return (struct ds_text){NULL, 0};
	if (extra->value.data)
		return secret_value_masked(arena, extra->path, extra->value);
	size = snprintf(text, sizeof text, "(%zu bytes)", extra->size);
	return arena_text(arena, text, (size_t)size);
}

/** Reports an extra that differs: a value for which the record has no member. */
static bool report_extra(struct pair *pair, const struct compare_difference *found)
{
	char room[MEMBER_TEXT_SIZE];
	struct ds_difference difference = describe(pair, found, room);
	struct ds_text path = compare_extra_path(found);
	char *field = arena_alloc(&pair->diff->arena, path.size + 1);

	if (!field) {
		pair->status = DS_NO_MEMORY;
		return false;
	}
	memcpy(field, path.data, path.size);
	field[path.size] = '\0';
	difference.kind = found->kind == DEVICES_DISK ? DS_DISK_CHANGED
		: found->kind == DEVICES_COUNT        ? DS_DOMAIN_CHANGED
						      : DS_DEVICE_CHANGED;
	difference.field = field;
	difference.before = extra_value(pair, found->extras[0]);
	difference.after = extra_value(pair, found->extras[1]);
	if (found->extras[1])
		difference.new_place = place_find(&pair->places, found->extras[1]->at);
	return pass(pair, &difference);
}

static int on_difference(void *context, const struct compare_difference *found)
{
	const struct member *disk_members = device_kinds[DEVICES_DISK].members;
	struct pair *pair = context;

	if (found->member == &domain_members[FIELD_name] ||
		found->member == &domain_members[FIELD_uuid])
		return 1;
	if (pair->diff->only_disks && found->kind != DEVICES_DISK)
		return 1;
	if (compare_extra_path(found).data)
		return report_extra(pair, found);
	if (!found->member)
		return report_single(pair, found);
	if (found->member == &disk_members[DISK_readonly] ||
		found->member == &disk_members[DISK_shareable])
		return report_access(pair, found);
	return report_member(pair, found);
}

/* ---- one domain ---- */

/** Returns whether the losses of the conversion explain the new name. */
static bool is_name_explained(const struct pair *pair)
{
	const struct compare_difference difference = {.kind = DEVICES_COUNT,
		.member = &domain_members[FIELD_name]};

	for (size_t i = 0; i < pair->loss_count; i++)
		if (explain_difference(&pair->losses[i], NULL, &difference))
			return true;
	return false;
}

/** Compares the names and the hosts of the two domains. */
static enum ds_status compare_identity(struct pair *pair)
{
	struct ds_difference difference = {.domain = pair->domain->name,
		.uuid = pair->domain->uuid};
	struct ds_text host = text_of_string(pair->domain->host), old_host = pair->old->host;
	enum ds_status status = DS_OK;

	difference.old_place = pair->old->place;
	difference.new_place = pair->domain->place;
	if (!text_same(pair->old->name, pair->domain->name) && !is_name_explained(pair)) {
		difference.kind = DS_DOMAIN_RENAMED;
		difference.field = "name";
		difference.before = pair->old->name;
		difference.after = pair->domain->name;
		status = report(pair->diff, &difference);
	}
	/* The NUL byte is not part of the host. */
	old_host.size--;
	if (status != DS_OK || pair->diff->only_disks || text_same(host, old_host) ||
		!diff_index_has_host(&pair->diff->index, pair->domain->host))
		return status;
	difference.kind = DS_DOMAIN_MOVED;
	difference.field = "host";
	difference.before = old_host;
	difference.after = host;
	return report(pair->diff, &difference);
}

static enum ds_status compare_domain(struct ds_diff *diff, const struct diff_domain *old,
	const struct ds_domain *domain)
{
	struct pair pair = {.diff = diff,
		.old = old,
		.domain = domain,
		.places = place_finder_of(domain)};
	enum ds_status status;

	/* SEXPR may have been converted to SEXPR for another release of xend. */
	pair.crosses = old->format != domain->format || diff->has_accepted;
	pair.form = compare_canonical(domain, &diff->arena);
	if (!pair.form ||
		!extras_form(domain, pair.form, diff->index.key, &diff->arena, &pair.extras))
		return DS_NO_MEMORY;
	status = accepted_find(&diff->accepted,
		&(struct accepted_domain){old->name, old->uuid, old->place, old->size,
			&diff->index.files},
		&diff->arena, &pair.losses, &pair.loss_count);
	if (status == DS_OK)
		status = compare_identity(&pair);
	if (status != DS_OK)
		return status;
	status = compare_records(&(struct compare_subject){.one = &old->decoded.record,
					 .other = pair.form,
					 .crosses = pair.crosses,
					 .losses = pair.losses,
					 .loss_count = pair.loss_count,
					 .extras = {old->extras, pair.extras}},
		&diff->arena, on_difference, &pair);
	return status == DS_STOPPED ? pair.status : status;
}

/* ---- two dumps ---- */

enum ds_status ds_diff_old(struct ds_diff *diff, const struct ds_domain *given)
{
	struct ds_domain copy;
	const struct ds_domain *domain = sized_domain(given, &copy);

	if (!diff || !domain || diff->is_closed)
		return DS_USAGE;
	if (diff->status != DS_OK)
		return diff->status;
	diff->has_begun = true;
	arena_clear(&diff->arena);
	diff->status = diff_index_add(&diff->index, domain, &diff->arena);
	return diff->status;
}

/** Ends the old dump, and reports repeated domains in it. */
static enum ds_status close_old(struct ds_diff *diff)
{
	struct diff_domain domain;
	enum ds_status status;

	if (diff->is_closed)
		return DS_OK;
	diff->is_closed = true;
	status = diff_index_close(&diff->index);
	for (uint32_t at = diff_index_first(&diff->index); at != DIFF_NONE && status == DS_OK;
		at = diff_index_next(&diff->index, at)) {
		if (!diff_index_is_repeated(&diff->index, at))
			continue;
		arena_clear(&diff->arena);
		if (!diff_index_get(&diff->index, at, &domain, &diff->arena))
			return DS_NO_MEMORY;
		status = report_old(diff, DS_DOMAIN_REPEATED,
			text_given(domain.uuid) ? "uuid" : "name", &domain);
	}
	return status;
}

static enum ds_status compare(struct ds_diff *diff, const struct ds_domain *domain)
{
	enum ds_status status = close_old(diff);
	struct diff_domain old;
	const char *repeated;
	uint32_t at;

	if (status != DS_OK)
		return status;
	arena_clear(&diff->arena);
	at = diff_index_remove(&diff->index, domain->name, domain->uuid, &repeated);
	if (repeated)
		status = report_new(diff, DS_DOMAIN_REPEATED, repeated, domain);
	if (status != DS_OK)
		return status;
	if (at == DIFF_NONE)
		return report_new(diff, DS_DOMAIN_ADDED, NULL, domain);
	if (!diff_index_get(&diff->index, at, &old, &diff->arena))
		return DS_NO_MEMORY;
	return compare_domain(diff, &old, domain);
}

enum ds_status ds_diff_compare(struct ds_diff *diff, const struct ds_domain *given)
{
	struct ds_domain copy;
	const struct ds_domain *domain = sized_domain(given, &copy);

	if (!diff || !domain || diff->is_finished)
		return DS_USAGE;
	diff->has_begun = true;
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
		if (diff_index_is_removed(&diff->index, at))
			continue;
		arena_clear(&diff->arena);
		if (!diff_index_get(&diff->index, at, &domain, &diff->arena))
			return DS_NO_MEMORY;
		status = report_old(diff, DS_DOMAIN_REMOVED, NULL, &domain);
	}
	return status;
}

enum ds_status ds_diff_finish(struct ds_diff *diff)
{
	if (!diff)
		return DS_USAGE;
	if (diff->is_finished)
		return diff->status;
	diff->is_finished = true;
	if (diff->status == DS_OK)
		diff->status = finish(diff);
	return diff->status;
}
