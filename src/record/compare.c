/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memmem() */
#include "record/compare.h"

#include "record/boot.h" /* boot_letters() */
#include "record/explain.h"
#include "record/mask.h"
#include "record/matching.h"
#include "record/text.h"
#include "record/words.h" /* VNC_PORT */

#include <stdlib.h>

struct comparison {
	const struct compare_subject *subject;
	/** The domains of the subject. */
	const struct ds_domain *one, *other;
	bool crosses, has_extras;
	struct arena *arena;
	/** Memory for the extras of two devices, which is freed after each comparison. */
	struct arena scratch;
	bool is_full;
	compare_sink *sink;
	void *context;
	bool is_stopped;
	/** The losses, and the positions of the devices of one kind, both sorted by position. NULL
	 * until they are first needed. */
	struct ds_loss *losses;
	size_t *positions;
	enum devices kind;
	/** The losses sorted by path and then by position, for extras. NULL until first needed. */
	struct ds_loss *by_path;
	/** A path as a list of losses contains it. */
	struct buffer path;
};

const char *compare_kind_word(enum devices kind)
{
	static const char *const words[DEVICES_COUNT] = {
		[DEVICES_DISK] = "disk",
		[DEVICES_INTERFACE] = "interface",
		[DEVICES_GRAPHICS] = "graphics",
		[DEVICES_CHAR] = "port",
		[DEVICES_PCI] = "PCI device",
		[DEVICES_SOUND] = "sound card",
		[DEVICES_INPUT] = "input",
		[DEVICES_PIN] = "vcpu",
	};

	return words[kind];
}

/* ---- what a loss explains ---- */

static int compare_losses(const void *one, const void *other)
{
	const struct ds_loss *a = one, *b = other;

	return (a->at > b->at) - (a->at < b->at);
}

static int compare_sizes(const void *one, const void *other)
{
	const size_t *a = one, *b = other;

	return (*a > *b) - (*a < *b);
}

static int compare_paths(const void *one, const void *other)
{
	const struct ds_loss *a = one, *b = other;
	int order = text_compare(a->path, b->path);

	return order ? order : compare_losses(one, other);
}

/** Sorts the losses when they are first needed: a large domain may have tens of thousands of losses
 * and differences. Returns false when there is no memory. */
static bool sort_losses(struct comparison *comparison, struct ds_loss **losses,
	int (*compare)(const void *one, const void *other))
{
	const struct compare_subject *subject = comparison->subject;

	if (*losses)
		return true;
	*losses = arena_copy(comparison->arena, subject->losses, subject->loss_count,
		sizeof *subject->losses);
	if (*losses)
		qsort(*losses, subject->loss_count, sizeof **losses, compare);
	return *losses != NULL;
}

/** Sorts the positions of the devices of a kind, unless they are sorted already. */
static bool sort_positions(struct comparison *comparison, enum devices kind)
{
	size_t count = device_count(comparison->one, kind);

	if (comparison->positions && comparison->kind == kind)
		return true;
	comparison->positions = arena_alloc(comparison->arena, (count + 1) * sizeof(size_t));
	if (!comparison->positions)
		return false;
	for (size_t i = 0; i < count; i++)
		comparison->positions[i] = device_position(device_at(comparison->one, kind, i));
	qsort(comparison->positions, count, sizeof(size_t), compare_sizes);
	comparison->kind = kind;
	return true;
}

/** Returns the position of the first device of the kind that begins after `at`. */
static size_t end_of(const struct comparison *comparison, enum devices kind, size_t at)
{
	size_t low = 0, count = device_count(comparison->one, kind), high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (comparison->positions[middle] > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low < count ? comparison->positions[low] : SIZE_MAX;
}

/** Returns the index of the first of the sorted losses that does not come before another one. */
static size_t first_loss(const struct comparison *comparison, const struct ds_loss *losses,
	struct ds_loss other, int (*compare)(const void *one, const void *other))
{
	size_t low = 0, high = comparison->subject->loss_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&losses[middle], &other) >= 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/** Returns whether an extra with this path was lost between two positions. */
static bool is_path_lost(struct comparison *comparison, struct ds_text path, size_t begin,
	size_t end)
{
	struct ds_loss wanted = {.path = path, .at = begin};
	size_t i;

	if (!sort_losses(comparison, &comparison->by_path, compare_paths))
		return false;
	i = first_loss(comparison, comparison->by_path, wanted, compare_paths);
	for (; i < comparison->subject->loss_count && comparison->by_path[i].at < end &&
		text_same_bytes(comparison->by_path[i].path, path);
		i++) {
		/* A value that libvirt's schema does not allow is written nevertheless. */
		if (strcmp(comparison->by_path[i].reason, "schema") != 0)
			return true;
	}
	return false;
}

static bool is_extra_explained(struct comparison *comparison,
	const struct compare_difference *difference, size_t begin, size_t end)
{
	struct ds_text path = compare_extra_path(difference);

	/* Only what the input has can be lost. */
	if (!difference->extras[0])
		return false;
	if (is_path_lost(comparison, path, begin, end))
		return true;
	buffer_clear(&comparison->path, (size_t)1 << 10);
	mask_utf8(&comparison->path, path);
	return is_path_lost(comparison,
		(struct ds_text){comparison->path.data, comparison->path.size}, begin, end);
}

static bool is_device_explained(struct comparison *comparison,
	const struct compare_difference *difference)
{
	const void *device;
	size_t begin, end;

	/* A loss cannot be the reason for a device that only the output has. */
	if (difference->one == SIZE_MAX)
		return false;
	device = device_at(comparison->one, difference->kind, difference->one);
	begin = device_position(device);
	if (!sort_positions(comparison, difference->kind))
		return false;
	end = end_of(comparison, difference->kind, begin);
	if (compare_extra_path(difference).data)
		return is_extra_explained(comparison, difference, begin, end);
	if (!sort_losses(comparison, &comparison->losses, compare_losses))
		return false;
	for (size_t i = first_loss(comparison, comparison->losses, (struct ds_loss){.at = begin},
		     compare_losses);
		i < comparison->subject->loss_count && comparison->losses[i].at < end; i++)
		if (explain_difference(&comparison->losses[i], device, difference))
			return true;
	return false;
}

static bool is_explained(struct comparison *comparison, const struct compare_difference *difference)
{
	const struct compare_subject *subject = comparison->subject;

	if (!subject->loss_count)
		return false;
	if (difference->kind != DEVICES_COUNT)
		return is_device_explained(comparison, difference);
	if (compare_extra_path(difference).data)
		return is_extra_explained(comparison, difference, 0, SIZE_MAX);
	for (size_t i = 0; i < subject->loss_count; i++)
		if (explain_difference(&subject->losses[i], NULL, difference))
			return true;
	return false;
}

static void report(struct comparison *comparison, const struct compare_difference *difference)
{
	if (!comparison->is_stopped && !is_explained(comparison, difference))
		comparison->is_stopped = !comparison->sink(comparison->context, difference);
}

/* ---- members ---- */

/** Returns false if the guest boots from the first disk and not from the other one. The opposite is
 * accepted: when the format changes, another disk may become the boot disk, because the flag was
 * lost. */
static bool is_same_boot_disk(const struct ds_disk *one, const struct ds_disk *other)
{
	return one->bootable == other->bootable || one->bootable != DS_FLAG_ON;
}

static bool is_drive(const struct ds_disk *disk)
{
	return disk->device == DS_DEVICE_CDROM || disk->device == DS_DEVICE_FLOPPY;
}

/** Returns whether an HVM guest boots from a disk that was a drive: SEXPR has floppy drives only as
 * fda and fdb, and xend 3.0.2 has CD drives only as hdc. Any other drive becomes a disk, which is
 * reported as a loss. */
static bool boots_from_drive(const struct comparison *comparison)
{
	const struct ds_domain *one = comparison->one, *other = comparison->other;
	size_t boot = 0;

	while (boot < other->disk_count && other->disks[boot].bootable != DS_FLAG_ON)
		boot++;
	for (size_t i = 0; boot < other->disk_count && i < one->disk_count; i++)
		if (text_same(one->disks[i].target, other->disks[boot].target) &&
			is_drive(&one->disks[i]))
			return one->is_hvm;
	return false;
}

/** Returns whether a difference has no meaning in any format: an empty drive has no driver and no
 * format. */
static bool is_implied(size_t field, const struct ds_disk *one, const struct ds_disk *other)
{
	return (field == DISK_driver || field == DISK_format) &&
		(!one->source.data || !other->source.data);
}

static bool has_password(struct ds_text source)
{
	return source.data && memmem(source.data, source.size, "***", 3) != NULL;
}

/** Returns whether a member of a disk is equal across the formats: a lun is a disk in SEXPR. */
static bool is_same_disk_member(const struct comparison *comparison, enum disk_field field,
	const struct ds_disk *one, const struct ds_disk *other)
{
	switch (field) {
	case DISK_device:
		return (one->device == DS_DEVICE_CDROM) == (other->device == DS_DEVICE_CDROM);
	case DISK_bootable:
	case DISK_boot_order:
		/* Each format has its own flag for the boot disk, and omits it where it can. */
		return is_same_boot_disk(one, other) || boots_from_drive(comparison);
	case DISK_bus:
		return one->device == DS_DEVICE_FLOPPY || other->device == DS_DEVICE_FLOPPY;
	case DISK_driver:
		/* In SEXPR a floppy drive is a path in the image, or a disk with its driver. */
		return one->device == DS_DEVICE_FLOPPY && other->device == DS_DEVICE_FLOPPY;
	case DISK_source:
		/* One format may contain a longer password than the other. */
		return has_password(one->source) || has_password(other->source);
	default:
		return false;
	}
}

/** Returns whether neither flag is on: XML cannot express that a feature is off, so that this
 * equals an unset flag. */
static bool is_unset_flag(const struct member *member, const void *one, const void *other)
{
	enum ds_flag flag =
		*(const enum ds_flag *)(const void *)((const char *)one + member->offset);
	enum ds_flag other_flag =
		*(const enum ds_flag *)(const void *)((const char *)other + member->offset);

	return flag != DS_FLAG_ON && other_flag != DS_FLAG_ON;
}

/** Returns whether two ports are equal. For a port that is chosen when the domain starts, the SEXPR
 * of old xends has 5900 plus the number of the domain. */
static bool is_same_port(const struct comparison *comparison, const struct ds_graphics *one,
	const struct ds_graphics *other)
{
	return (one->port == -1 && other->port == VNC_PORT + comparison->one->id) ||
		(other->port == -1 && one->port == VNC_PORT + comparison->other->id);
}

static struct ds_text boot_of(const struct ds_domain *domain, char letters[BOOT_LETTERS])
{
	if (domain->boot_count)
		return (struct ds_text){domain->boot, domain->boot_count};
	return (struct ds_text){letters, boot_letters(domain, NULL, NULL, letters)};
}

/** Returns whether both domains boot from the same kinds of devices in the same order. In XML each
 * device may have a number instead. */
static bool is_same_boot(const struct comparison *comparison)
{
	char letters[BOOT_LETTERS], others[BOOT_LETTERS];

	return text_same(boot_of(comparison->one, letters), boot_of(comparison->other, others));
}

/** Returns whether all that is missing in a boot order is letters without a device. Only these are
 * lost if the devices of XML have numbers instead. */
static bool is_boot_complete(const struct comparison *comparison)
{
	const struct ds_domain *one = comparison->one, *other = comparison->other;
	char letters[BOOT_LETTERS], kept[BOOT_LETTERS];
	size_t count = 0;

	if (one->format != DS_FORMAT_SEXPR || other->format != DS_FORMAT_XML || !one->is_hvm ||
		!one->boot_count || other->boot_count)
		return true;
	for (size_t i = 0; i < one->boot_count && count < BOOT_LETTERS; i++)
		if (boot_has_device(other, one->boot[i]) && !memchr(kept, one->boot[i], count))
			kept[count++] = one->boot[i];
	return text_same((struct ds_text){kept, count}, boot_of(other, letters));
}

/** Returns whether both domains boot in the same order, or a loss explains the difference. */
static bool is_boot_explained(struct comparison *comparison)
{
	const struct compare_difference difference = {.kind = DEVICES_COUNT,
		.one = SIZE_MAX,
		.other = SIZE_MAX,
		.member = &domain_members[FIELD_boot]};

	return is_same_boot(comparison) || is_explained(comparison, &difference);
}

/** Returns whether a member that differs has the same meaning, because one of the formats cannot
 * express the difference. */
static bool is_same_across(struct comparison *comparison, enum devices kind, size_t field,
	const struct member *member, const void *one, const void *other)
{
	switch (kind) {
	case DEVICES_COUNT:
		/* `clock_is_local` and `clock_reset` are compared as members of their own. */
		return (field == FIELD_clock && comparison->one->is_hvm) ||
			(field == FIELD_clock_reset && !comparison->one->is_hvm) ||
			(member->type == MEMBER_FLAG && is_unset_flag(member, one, other));
	case DEVICES_DISK:
		return is_same_disk_member(comparison, (enum disk_field)field, one, other);
	case DEVICES_INTERFACE:
		return field == INTERFACE_boot_order && is_boot_explained(comparison);
	case DEVICES_GRAPHICS:
		return field == GRAPHICS_port && is_same_port(comparison, one, other);
	default:
		return false;
	}
}

static void compare_member(struct comparison *comparison, enum devices kind, size_t field,
	const struct member *member, const void *records[2], const size_t numbers[2])
{
	char rooms[2][MEMBER_TEXT_SIZE];
	struct compare_difference difference = {.kind = kind,
		.one = numbers[0],
		.other = numbers[1],
		.member = member,
		.numbers = {member_number(member, records[0]), member_number(member, records[1])}};

	if ((kind == DEVICES_DISK && is_implied(field, records[0], records[1])) ||
		(kind == DEVICES_COUNT && field == FIELD_boot && is_same_boot(comparison)) ||
		(comparison->crosses &&
			is_same_across(comparison, kind, field, member, records[0], records[1])))
		return;
	difference.before = member_text(member, records[0], rooms[0]);
	difference.after = member_text(member, records[1], rooms[1]);
	if (is_explained(comparison, &difference) &&
		(kind != DEVICES_COUNT || field != FIELD_boot || is_boot_complete(comparison)))
		return;
	comparison->is_stopped = !comparison->sink(comparison->context, &difference);
}

/* ---- extras ---- */

/** Two devices whose extras are compared, or the two domains. */
struct owners {
	struct comparison *comparison;
	enum devices kind;
	size_t one, other;
};

/** Returns whether a path leads to a detail of the disk whose difference was reported already. */
static bool is_reported(const struct owners *owners, struct ds_text path)
{
	const struct device_kind *kind = &device_kinds[DEVICES_DISK];
	const void *one, *other;

	if (owners->kind != DEVICES_DISK)
		return false;
	one = device_at(owners->comparison->one, DEVICES_DISK, owners->one);
	other = device_at(owners->comparison->other, DEVICES_DISK, owners->other);
	for (size_t i = DISK_FIELDS; i < kind->member_count; i++)
		if (explain_names_member(path, DEVICES_DISK, &kind->members[i]) &&
			!member_same(&kind->members[i], one, other))
			return true;
	return false;
}

static bool on_extra(void *context, const struct extra_form *one, const struct extra_form *other)
{
	struct owners *owners = context;
	struct compare_difference difference = {.kind = owners->kind,
		.one = owners->one,
		.other = owners->other,
		.extras = {one, other}};

	if (!is_reported(owners, compare_extra_path(&difference)))
		report(owners->comparison, &difference);
	return !owners->comparison->is_stopped;
}

/** Compares the extras of two devices, or of the two domains if the kind is DEVICES_COUNT. */
static void compare_extras(struct comparison *comparison, enum devices kind, size_t one,
	size_t other)
{
	const struct extra_forms *extras = comparison->subject->extras;
	bool is_device = kind != DEVICES_COUNT;
	struct owners owners = {comparison, kind, is_device ? one : SIZE_MAX,
		is_device ? other : SIZE_MAX};

	if (comparison->is_stopped || !comparison->has_extras)
		return;
	extras_compare(extras_of(&extras[0], kind, one), extras_of(&extras[1], kind, other),
		&comparison->scratch, on_extra, &owners);
	comparison->is_full |= comparison->scratch.failed;
	arena_clear(&comparison->scratch);
}

/* ---- devices ---- */

static void compare_devices(struct comparison *comparison, enum devices kind, size_t one,
	size_t other)
{
	const struct member *members = device_kinds[kind].members;
	const void *records[2] = {device_at(comparison->one, kind, one),
		device_at(comparison->other, kind, other)};
	size_t i = member_first_difference(kind, 0, records[0], records[1]);

	while (i != MEMBER_NONE && !comparison->is_stopped) {
		compare_member(comparison, kind, i, &members[i], records, (size_t[]){one, other});
		i = member_first_difference(kind, i + 1, records[0], records[1]);
	}
}

static void compare_single(struct comparison *comparison, enum devices kind, size_t one,
	size_t other)
{
	struct compare_difference difference = {.kind = kind, .one = one, .other = other};

	report(comparison, &difference);
}

/* ---- devices that match ---- */

static int stop(void *context, const struct compare_difference *difference)
{
	(void)context;
	(void)difference;
	return 0;
}

/** Returns whether nothing would be reported about two devices. */
static bool is_pair_explained(void *context, enum devices kind, size_t one, size_t other)
{
	struct comparison *comparison = context;
	compare_sink *sink = comparison->sink;
	bool is_explained;

	comparison->sink = stop;
	compare_devices(comparison, kind, one, other);
	compare_extras(comparison, kind, one, other);
	is_explained = !comparison->is_stopped;
	comparison->sink = sink;
	comparison->is_stopped = false;
	return is_explained;
}

/** Returns whether all devices are equal in their present order, which is the most frequent
 * case. */
static bool are_same_devices(const struct comparison *comparison, enum devices kind, size_t count)
{
	size_t i = 0;

	/* Canonical forms share the devices that are known to be equal. */
	if (!count || device_at(comparison->one, kind, 0) == device_at(comparison->other, kind, 0))
		return true;
	while (i < count &&
		member_first_difference(kind, 0, device_at(comparison->one, kind, i),
			device_at(comparison->other, kind, i)) == MEMBER_NONE)
		i++;
	return i == count;
}

static enum ds_status compare_kind(struct comparison *comparison, enum devices kind)
{
	size_t count = device_count(comparison->one, kind),
	       others = device_count(comparison->other, kind);
	struct matching matching = {.is_explained = is_pair_explained, .context = comparison};

	if (count == others && are_same_devices(comparison, kind, count)) {
		for (size_t i = 0; comparison->has_extras && i < count; i++)
			compare_extras(comparison, kind, i, i);
		return DS_OK;
	}
	if (!matching_make(&matching, comparison->subject, kind, comparison->arena))
		return DS_NO_MEMORY;
	for (size_t i = 0; i < others; i++) {
		size_t partner = matching.partners[i];

		if (partner == SIZE_MAX) {
			compare_single(comparison, kind, SIZE_MAX, i);
			continue;
		}
		if (!matching.is_equal[i])
			compare_devices(comparison, kind, partner, i);
		compare_extras(comparison, kind, partner, i);
	}
	for (size_t i = 0; i < count; i++)
		if (!matching.is_matched[i])
			compare_single(comparison, kind, i, SIZE_MAX);
	return DS_OK;
}

/** Compares the domains themselves. */
static void compare_fields(struct comparison *comparison)
{
	const void *records[2] = {comparison->one, comparison->other};
	size_t i = member_first_difference(DEVICES_COUNT, 0, records[0], records[1]);

	while (i != MEMBER_NONE && !comparison->is_stopped) {
		if (i != FIELD_id)
			compare_member(comparison, DEVICES_COUNT, i, &domain_members[i], records,
				(size_t[]){SIZE_MAX, SIZE_MAX});
		i = member_first_difference(DEVICES_COUNT, i + 1, records[0], records[1]);
	}
}

enum ds_status compare_records(const struct compare_subject *subject, struct arena *arena,
	compare_sink *sink, void *context)
{
	struct comparison comparison = {.subject = subject,
		.one = subject->one,
		.other = subject->other,
		.crosses = subject->crosses,
		.has_extras = subject->extras[0].count || subject->extras[1].count,
		.arena = arena,
		.sink = sink,
		.context = context};
	enum ds_status status = DS_OK;

	compare_fields(&comparison);
	compare_extras(&comparison, DEVICES_COUNT, 0, 0);
	for (int kind = 0; kind < DEVICES_COUNT && status == DS_OK && !comparison.is_stopped;
		kind++)
		status = compare_kind(&comparison, (enum devices)kind);
	comparison.is_full |= arena->failed || comparison.path.failed;
	buffer_fini(&comparison.path);
	arena_fini(&comparison.scratch);
	if (comparison.is_full)
		return DS_NO_MEMORY;
	return comparison.is_stopped ? DS_STOPPED : status;
}
