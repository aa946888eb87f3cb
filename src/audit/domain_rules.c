/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/rules.h"
#include "record/boot.h"
#include "record/text.h"

#include <stdlib.h>

/* Rules about a single domain. Disks are sorted before they are compared, because a domain may have
 * tens of thousands of disks. */

#define NOTHING ((struct ds_text){NULL, 0})

/** A disk and its sort key: a number, then a text. */
struct sorted_disk {
	uint64_t key;
	struct ds_text text;
	const struct disk_view *disk;
};

/** Compares equal disks by their targets, so that their order does not depend on the format. */
static int compare_targets(const void *left, const void *right)
{
	const struct sorted_disk *a = left, *b = right;
	int order;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	order = text_compare(a->text, b->text);
	if (!order)
		order = text_compare(a->disk->disk->target, b->disk->disk->target);
	return order ? order : (a->disk > b->disk) - (a->disk < b->disk);
}

static bool is_same(const struct sorted_disk *a, const struct sorted_disk *b)
{
	return a->key == b->key && text_same_bytes(a->text, b->text);
}

/** Returns whether any two disks may be equal. A few disks are compared in pairs, which is less
 * work than sorting them. */
static bool may_repeat(const struct sorted_disk *sorted, size_t count)
{
	if (count > VIEW_FEW)
		return true;
	for (size_t i = 1; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (is_same(&sorted[i], &sorted[k]))
				return true;
	return false;
}

/** Returns a text such as "xvda and hda". */
static struct ds_text pair(struct arena *arena, struct ds_text one, struct ds_text other)
{
	char *text = arena_alloc(arena, one.size + 5 + other.size);

	if (!text)
		return NOTHING;
	if (one.size)
		memcpy(text, one.data, one.size);
	memcpy(text + one.size, " and ", 5);
	if (other.size)
		memcpy(text + one.size + 5, other.data, other.size);
	return (struct ds_text){text, one.size + 5 + other.size};
}

/* ---- names in the guest ---- */

static uint64_t name_key(const struct vdev *vdev, bool is_hvm)
{
	/* An emulated disk hda is xvda too, as soon as the guest has drivers of Xen's own kind. */
	enum vdev_kind kind =
		is_hvm && vdev->kind == VDEV_HD && !vdev->partition ? VDEV_XVD : vdev->kind;

	return (uint64_t)kind << 60 | (uint64_t)vdev->disk << 16 | vdev->partition;
}

static size_t list_names(const struct domain_view *view, struct sorted_disk *sorted)
{
	size_t count = 0;

	for (size_t i = 0; i < view->count; i++) {
		const struct disk_view *disk = &view->disks[i];

		if (!text_given(disk->disk->target))
			continue;
		if (disk->has_vdev)
			sorted[count++] = (struct sorted_disk){
				name_key(&disk->vdev, view->domain->is_hvm), NOTHING, disk};
		else
			sorted[count++] =
				(struct sorted_disk){UINT64_MAX, disk->disk->target, disk};
	}
	return count;
}

/** DA201. */
static void duplicate_targets(const struct domain_view *view, struct sorted_disk *sorted,
	struct finding_list *list)
{
	size_t count = list_names(view, sorted);

	if (!may_repeat(sorted, count))
		return;
	qsort(sorted, count, sizeof *sorted, compare_targets);
	for (size_t i = 1; i < count; i++)
		if (is_same(&sorted[i - 1], &sorted[i]))
			rules_note_disk(list, view, sorted[i].disk, RULE_201,
				pair(view->arena, sorted[i - 1].disk->disk->target,
					sorted[i].disk->disk->target));
}

/** DA204: in the order of their names, a whole disk comes before its partitions. */
static void mixed(const struct domain_view *view, struct sorted_disk *sorted,
	struct finding_list *list)
{
	const struct disk_view *whole = NULL;
	size_t count = 0, partitions = 0;

	for (size_t i = 0; i < view->count; i++)
		partitions += view->disks[i].has_vdev && view->disks[i].vdev.partition;
	if (!partitions || partitions == view->count)
		return;
	for (size_t i = 0; i < view->count; i++)
		if (view->disks[i].has_vdev)
			sorted[count++] = (struct sorted_disk){
				name_key(&view->disks[i].vdev, false), NOTHING, &view->disks[i]};
	qsort(sorted, count, sizeof *sorted, compare_targets);
	for (size_t i = 0; i < count; i++) {
		const struct disk_view *disk = sorted[i].disk;

		if (!disk->vdev.partition)
			whole = disk;
		else if (whole && whole->vdev.kind == disk->vdev.kind &&
			whole->vdev.disk == disk->vdev.disk)
			rules_note_disk(list, view, disk, RULE_204,
				pair(view->arena, whole->disk->target, disk->disk->target));
	}
}

/** DA203: the emulated controller has two channels with two disks each. */
static void emulated_disks(const struct domain_view *view, struct finding_list *list)
{
	size_t count = 0;

	for (size_t i = 0; i < view->count && view->domain->is_hvm; i++) {
		count += view->disks[i].has_vdev && view->disks[i].vdev.kind == VDEV_HD;
		if (count == 5) {
			rules_note_domain(list, view, RULE_203, NOTHING);
			return;
		}
	}
}

/* ---- sources ---- */

/** Returns whether two disks have the same source, served by the same domain. */
static bool is_one_image(const struct sorted_disk *a, const struct sorted_disk *b)
{
	return is_same(a, b) && text_same_bytes(a->disk->backend_domain, b->disk->backend_domain);
}

/** DA202: one finding for each disk with the same source, except for the first one. */
static void duplicate_sources(const struct domain_view *view, struct sorted_disk *sorted,
	struct finding_list *list)
{
	size_t count = 0, end;

	for (size_t i = 0; i < view->count; i++)
		if (text_given(view->disks[i].identity) && !view->disks[i].is_nothing)
			sorted[count++] =
				(struct sorted_disk){0, view->disks[i].identity, &view->disks[i]};
	if (!may_repeat(sorted, count))
		return;
	qsort(sorted, count, sizeof *sorted, compare_targets);
	for (size_t from = 0; from < count; from = end) {
		bool is_written = false;

		for (end = from; end < count && is_one_image(&sorted[from], &sorted[end]); end++)
			is_written |= sorted[end].disk->is_writable;
		for (size_t i = from + 1; i < end && is_written; i++)
			rules_note_disk(list, view, sorted[i].disk, RULE_202,
				pair(view->arena, sorted[from].disk->disk->target,
					sorted[i].disk->disk->target));
	}
}

/* ---- boot disks ---- */

/** DA205: since Xen 3.1, xend sets `bootable` of each disk. */
static void boot_disks(const struct domain_view *view, struct finding_list *list)
{
	size_t bootable = 0, flagged = 0, first = view->count;

	for (size_t i = 0; i < view->count; i++) {
		enum ds_flag flag = view->disks[i].disk->bootable;

		flagged += flag != DS_FLAG_UNSET;
		bootable += flag == DS_FLAG_ON;
		if (first == view->count && view->disks[i].disk->klass != DS_CLASS_IMAGE)
			first = i;
	}
	if (!flagged || first == view->count)
		return;
	if (!bootable)
		rules_note_domain(list, view, RULE_205, TEXT("no disk is bootable"));
	else if (bootable > 1)
		rules_note_domain(list, view, RULE_205, TEXT("several disks are bootable"));
	else if (view->disks[first].disk->bootable != DS_FLAG_ON)
		rules_note_domain(list, view, RULE_205,
			TEXT("the bootable disk is not the first one"));
}

/** DA206: pygrub reads the guest's file system with the host's rights. */
static void host_bootloader(const struct domain_view *view, struct finding_list *list)
{
	const struct ds_domain *domain = view->domain;
	const struct ds_disk *first;
	const struct disk_view *disk;

	if (domain->is_hvm || !text_has_word(domain->bootloader, "pygrub"))
		return;
	first = boot_disk(domain);
	if (!first)
		return;
	disk = &view->disks[first - domain->disks];
	/* No boot loader reads a floppy. */
	if (disk->is_writable && !disk->is_floppy)
		rules_note_disk(list, view, disk, RULE_206, domain->bootloader);
}

/** DA207 for one domain: its UUID is missing or invalid. */
static void identity(const struct domain_view *view, struct finding_list *list)
{
	if (!view->has_uuid)
		rules_note_domain(list, view, RULE_207,
			text_given(view->domain->uuid) ? TEXT("invalid UUID") : TEXT("no UUID"));
}

void rules_for_domain(const struct domain_view *view, struct finding_list *list)
{
	struct sorted_disk few[VIEW_FEW];
	struct sorted_disk *sorted = view->count <= VIEW_FEW
		? few
		: arena_alloc(view->arena, view->count * sizeof *sorted);

	if (!sorted)
		return;
	identity(view, list);
	if (view->count > 1) {
		if (view->is_xen) {
			duplicate_targets(view, sorted, list);
			mixed(view, sorted, list);
		}
		duplicate_sources(view, sorted, list);
	}
	if (!view->is_xen)
		return;
	emulated_disks(view, list);
	host_bootloader(view, list);
	if (!view->is_xml)
		boot_disks(view, list);
}
