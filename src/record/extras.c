/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/extras.h"

#include "record/normal.h"
#include "record/text.h"

#include <stdlib.h>

/* ---- the devices that extras belong to ---- */

/** Finds the devices of extras. Both come in the order of the input, so each search begins where
 * the last one ended. */
struct owners {
	const struct ds_domain *domain, *form;
	/** For each kind: how many devices begin before the last extra, and the number of the last
	 * of these devices in the canonical form. */
	size_t next[DEVICES_COUNT], in_form[DEVICES_COUNT];
};

/** Returns the position of a device in the input. */
static size_t position(const struct ds_domain *domain, enum devices kind, size_t number)
{
	return device_position(device_at(domain, kind, number));
}

/** Returns whether a path leads into an element or a list, and not to the whole element or list. */
static bool is_in(struct ds_text path, const char *device)
{
	size_t size = strlen(device);

	return text_starts(path, device) && path.size > size &&
		(path.data[size] == '/' || path.data[size] == '@');
}

/** Returns the kind of device that an extra belongs to. */
static enum devices kind_of(const struct ds_extra *extra)
{
	if (extra->disk)
		return DEVICES_DISK;
	for (int kind = DEVICES_DISK + 1; kind < DEVICES_COUNT; kind++) {
		if (device_lists[kind] && is_in(extra->path, device_lists[kind]))
			return (enum devices)kind;
		for (size_t i = 0; device_elements[kind][i]; i++)
			if (is_in(extra->path, device_elements[kind][i]))
				return (enum devices)kind;
	}
	return DEVICES_COUNT;
}

/** Returns the number, in the canonical form, of the last device that begins before an extra, or
 * SIZE_MAX if there is no such device or the form does not have it. */
static size_t find_device(struct owners *owners, enum devices kind, size_t at)
{
	const struct ds_domain *domain = owners->domain, *form = owners->form;
	size_t *next = &owners->next[kind], *in_form = &owners->in_form[kind];
	size_t begin;

	if (*next && position(domain, kind, *next - 1) > at)
		*next = *in_form = 0;
	while (*next < device_count(domain, kind) && position(domain, kind, *next) <= at)
		++*next;
	if (!*next)
		return SIZE_MAX;
	begin = position(domain, kind, *next - 1);
	while (*in_form < device_count(form, kind) && position(form, kind, *in_form) < begin)
		++*in_form;
	if (*in_form == device_count(form, kind) || position(form, kind, *in_form) != begin)
		return SIZE_MAX;
	return *in_form;
}

/** Stores the device that an extra belongs to. If the canonical form leaves that device out, the
 * extra is compared as one of the domain. */
static void find_owner(struct owners *owners, const struct ds_extra *extra, struct extra_form *item)
{
	enum devices kind = kind_of(extra);
	size_t number = SIZE_MAX;

	if (kind == DEVICES_DISK && extra->disk <= owners->form->disk_count)
		number = extra->disk - 1;
	else if (kind != DEVICES_DISK && kind != DEVICES_COUNT)
		number = find_device(owners, kind, extra->at);
	item->kind = number == SIZE_MAX ? DEVICES_COUNT : kind;
	item->number = number == SIZE_MAX ? 0 : number;
}

/* ---- the form of extras ---- */

static int compare_owners(const struct extra_form *a, enum devices kind, size_t number)
{
	if (a->kind != kind)
		return a->kind < kind ? -1 : 1;
	return (a->number > number) - (a->number < number);
}

static int compare_forms(const void *left, const void *right)
{
	const struct extra_form *a = left, *b = right;
	int order = compare_owners(a, b->kind, b->number);

	if (!order)
		order = text_compare(a->path, b->path);
	return order ? order : (a->order > b->order) - (a->order < b->order);
}

static bool is_compared(const struct ds_extra *extra)
{
	switch (extra->kind) {
	case DS_EXTRA_KNOWN:
	case DS_EXTRA_UNKNOWN:
	case DS_EXTRA_INVALID:
		return true;
	case DS_EXTRA_REDUNDANT:
	case DS_EXTRA_DEFAULT:
	case DS_EXTRA_DETAIL:
		break;
	}
	return false;
}

/** Returns whether an extra is the invalid UUID that the record has: the first UUID, if no valid
 * one came before it. */
static bool is_uuid(const struct ds_domain *domain, const struct ds_extra *extra, bool *has_uuid)
{
	if (*has_uuid || extra->kind != DS_EXTRA_INVALID || !text_is(extra->path, "uuid") ||
		text_is_uuid(domain->uuid))
		return false;
	return *has_uuid = true;
}

uint64_t extra_digest(struct siphash_key key, struct ds_text value)
{
	return siphash_13(key, value.data, value.size) >> (64 - 8 * EXTRA_DIGEST_SIZE);
}

bool extras_form(const struct ds_domain *domain, const struct ds_domain *form,
	struct siphash_key key, struct arena *arena, struct extra_forms *forms)
{
	struct extra_form *items = arena_alloc(arena, (domain->extra_count + 1) * sizeof *items);
	struct owners owners = {.domain = domain, .form = form};
	struct buffer value;
	bool has_uuid = false;
	size_t count = 0;

	if (!items)
		return false;
	buffer_init(&value);
	for (size_t i = 0; i < domain->extra_count; i++) {
		const struct ds_extra *extra = &domain->extras[i];
		struct extra_form *item = &items[count];

		if (!is_compared(extra) || is_uuid(domain, extra, &has_uuid))
			continue;
		*item = (struct extra_form){.path = extra->path, .at = extra->at, .order = count};
		find_owner(&owners, extra, item);
		value.size = 0;
		normal_extra(&value, domain->format, extra);
		item->size = value.size;
		item->value = arena_text(arena, value.data ? value.data : "", value.size);
		item->digest = extra_digest(key, item->value);
		count++;
	}
	arena->failed |= value.failed;
	buffer_fini(&value);
	qsort(items, count, sizeof *items, compare_forms);
	*forms = (struct extra_forms){items, count};
	return !arena->failed;
}

struct extra_forms extras_of(const struct extra_forms *forms, enum devices kind, size_t number)
{
	size_t low = 0, high = forms->count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_owners(&forms->items[middle], kind, number) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < forms->count && !compare_owners(&forms->items[end], kind, number);)
		end++;
	return (struct extra_forms){forms->items + low, end - low};
}

/* ---- comparing ---- */

/** Returns the extras at the beginning of a list that have the same path. */
static struct extra_forms first_path(struct extra_forms forms)
{
	size_t count = 0;

	while (count < forms.count && text_same_bytes(forms.items[count].path, forms.items[0].path))
		count++;
	return (struct extra_forms){forms.items, count};
}

static int compare_digests(const void *left, const void *right)
{
	const struct extra_form *const *a = left, *const *b = right;

	if ((*a)->digest != (*b)->digest)
		return (*a)->digest < (*b)->digest ? -1 : 1;
	return ((*a)->order > (*b)->order) - ((*a)->order < (*b)->order);
}

static int compare_pointers(const void *left, const void *right)
{
	const struct extra_form *const *a = left, *const *b = right;

	return ((*a)->order > (*b)->order) - ((*a)->order < (*b)->order);
}

/** Returns pointers to some extras, sorted by their digests, or NULL when there is no memory. */
static const struct extra_form **sort(struct extra_forms forms, struct arena *arena)
{
	const struct extra_form **sorted = arena_alloc(arena, (forms.count + 1) * sizeof *sorted);

	for (size_t i = 0; sorted && i < forms.count; i++)
		sorted[i] = &forms.items[i];
	if (sorted)
		qsort(sorted, forms.count, sizeof *sorted, compare_digests);
	return sorted;
}

/** The extras whose values the other side does not have, in their order. */
struct rest {
	const struct extra_form **items;
	size_t count;
};

/** Removes the pairs of equal values from two sorted lists. */
static void remove_equal(struct rest *one, struct rest *other)
{
	size_t i = 0, k = 0, used = 0, others = 0;

	while (i < one->count || k < other->count)
		if (k == other->count ||
			(i < one->count && one->items[i]->digest < other->items[k]->digest)) {
			one->items[used++] = one->items[i++];
		} else if (i == one->count || one->items[i]->digest > other->items[k]->digest) {
			other->items[others++] = other->items[k++];
		} else {
			i++;
			k++;
		}
	one->count = used;
	other->count = others;
	qsort(one->items, used, sizeof *one->items, compare_pointers);
	qsort(other->items, others, sizeof *other->items, compare_pointers);
}

/** Compares the extras of one path. Returns false to stop. */
static bool compare_path(struct extra_forms one, struct extra_forms other, struct arena *arena,
	extras_sink *sink, void *context)
{
	struct rest rest = {NULL, one.count}, others = {NULL, other.count};
	size_t same = 0;

	while (same < one.count && same < other.count &&
		one.items[same].digest == other.items[same].digest)
		same++;
	if (same == one.count && same == other.count)
		return true;
	rest.items = sort(one, arena);
	others.items = sort(other, arena);
	if (!rest.items || !others.items)
		return false;
	remove_equal(&rest, &others);
	for (size_t i = 0; i < rest.count || i < others.count; i++)
		if (!sink(context, i < rest.count ? rest.items[i] : NULL,
			    i < others.count ? others.items[i] : NULL))
			return false;
	return true;
}

static void skip(struct extra_forms *forms, size_t count)
{
	forms->items += count;
	forms->count -= count;
}

bool extras_compare(struct extra_forms one, struct extra_forms other, struct arena *arena,
	extras_sink *sink, void *context)
{
	while (one.count || other.count) {
		struct extra_forms path = {one.items, 0}, others = {other.items, 0};
		int order = !other.count ? -1
			: !one.count     ? 1
					 : text_compare(one.items[0].path, other.items[0].path);

		if (order <= 0)
			path = first_path(one);
		if (order >= 0)
			others = first_path(other);
		if (!compare_path(path, others, arena, sink, context))
			break;
		skip(&one, path.count);
		skip(&other, others.count);
	}
	return !arena->failed;
}
