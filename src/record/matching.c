/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/matching.h"

#include "record/explain.h"
#include "record/text.h"

#include <string.h>

/** Stores the members that identify a device of a kind, and NULL after them. */
static void get_keys(enum devices kind, const struct member *keys[5])
{
	const struct member *members = device_kinds[kind].members;

	memset(keys, 0, 5 * sizeof *keys);
	switch (kind) {
	case DEVICES_DISK:
		keys[0] = &members[DISK_target];
		break;
	case DEVICES_INTERFACE:
		keys[0] = &members[INTERFACE_mac];
		break;
	case DEVICES_GRAPHICS:
		keys[0] = &members[GRAPHICS_type];
		break;
	case DEVICES_CHAR:
		keys[0] = &members[CHAR_kind];
		keys[1] = &members[CHAR_port];
		break;
	case DEVICES_PCI:
		for (size_t i = 0; i < 4; i++)
			keys[i] = &members[i];
		break;
	case DEVICES_SOUND:
		keys[0] = &members[SOUND_word];
		break;
	case DEVICES_INPUT:
		keys[0] = &members[INPUT_word];
		break;
	case DEVICES_PIN:
		keys[0] = &members[PIN_vcpu];
		break;
	case DEVICES_COUNT:
		break;
	}
}

static bool has_same_keys(enum devices kind, const void *one, const void *other)
{
	const struct member *keys[5];

	get_keys(kind, keys);
	for (size_t i = 0; keys[i]; i++)
		if (!member_same(keys[i], one, other))
			return false;
	return true;
}

/** Returns whether two disks have the same source. Disks match by it when their names differ. */
static bool has_same_source(enum devices kind, const void *one, const void *other)
{
	const struct ds_disk *disk = one, *other_disk = other;

	return kind == DEVICES_DISK && text_given(disk->source) &&
		text_same(disk->source, other_disk->source);
}

/** Returns whether two disks have the same name and source. They match first, because a name may be
 * repeated. */
static bool has_same_keys_and_source(enum devices kind, const void *one, const void *other)
{
	return has_same_keys(kind, one, other) && has_same_source(kind, one, other);
}

/** Returns whether two disks also have the same access, and whether either both or none of them are
 * boot disks, or CD drives. One image may be used by several disks of one name. */
static bool has_same_use(enum devices kind, const void *one, const void *other)
{
	const struct ds_disk *disk = one, *other_disk = other;

	return has_same_keys_and_source(kind, one, other) &&
		disk->readonly == other_disk->readonly &&
		disk->shareable == other_disk->shareable &&
		disk->bootable == other_disk->bootable &&
		(disk->device == DS_DEVICE_CDROM) == (other_disk->device == DS_DEVICE_CDROM);
}

/** If there are more devices of a kind than this, they are only matched in their order, because
 * comparing every pair of them would take too long. */
#define MATCHED_MAX 2048

static bool is_same_device(enum devices kind, const void *one, const void *other)
{
	return member_first_difference(kind, 0, one, other) == MEMBER_NONE;
}

/** Matches each unmatched device of the other record with the first free device of the first record
 * for which `is_match` holds. Devices are mostly in the same order, so the search begins after the
 * one that was found last; unless devices have moved, it still finds the first of several. */
static void match(const struct compare_subject *subject, struct matching *matching,
	bool (*is_match)(enum devices kind, const void *one, const void *other))
{
	enum devices kind = matching->kind;
	size_t count = device_count(subject->one, kind),
	       others = device_count(subject->other, kind);
	size_t next = 0;

	for (size_t i = 0; i < others; i++) {
		if (matching->partners[i] != SIZE_MAX)
			continue;
		for (size_t k = 0; k < count; k++) {
			size_t at = next + k < count ? next + k : next + k - count;

			if (matching->is_matched[at] || matching->is_lost[at] ||
				(is_match &&
					!is_match(kind, device_at(subject->one, kind, at),
						device_at(subject->other, kind, i))))
				continue;
			matching->partners[i] = at;
			matching->is_equal[i] = is_match == is_same_device;
			matching->is_matched[at] = true;
			next = at + 1 < count ? at + 1 : 0;
			break;
		}
	}
}

/* ---- pairs whose differences the losses explain ---- */

/** A search gives up after this many comparisons of identities, each of which is much faster than a
 * comparison of whole devices: the name of a disk may be repeated thousands of times. */
#define SEARCH_MAX ((size_t)1 << 20)
#define COST_OF_DEVICES 16

/**
 * Matches devices whose differences the losses explain. If several devices have the same identity,
 * the first pair that fits may leave others without a partner, so the search changes its earlier
 * pairs, too: it looks for augmenting paths in a bipartite graph. If all devices can have such a
 * partner, they get one.
 */
struct search {
	const struct compare_subject *subject;
	struct matching *matching;
	/** For each device of the first record: its partner, if this search has found it, and the
	 * device of the other record from which it was reached. SIZE_MAX: none. */
	size_t *owners, *froms;
	/** The devices of the other record that need a partner, in the order of the search. */
	size_t *queue;
	size_t queued, compared;
	/** The device of the first record after the one that was paired last. */
	size_t next;
};

static void clear(size_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		numbers[i] = SIZE_MAX;
}

static bool search_fits(struct search *search, size_t one, size_t other)
{
	struct matching *matching = search->matching;
	enum devices kind = matching->kind;

	if (matching->is_lost[one] || search->froms[one] != SIZE_MAX ||
		(matching->is_matched[one] && search->owners[one] == SIZE_MAX))
		return false;
	search->compared++;
	if (!has_same_keys(kind, device_at(search->subject->one, kind, one),
		    device_at(search->subject->other, kind, other)))
		return false;
	search->compared += COST_OF_DEVICES;
	return matching->is_explained(matching->context, kind, one, other);
}

/** Pairs the free device `one`, and changes the earlier pairs on the way to the device for which
 * the search began. */
static void search_pair(struct search *search, size_t one)
{
	search->matching->is_matched[one] = true;
	while (one != SIZE_MAX) {
		size_t other = search->froms[one], before = search->matching->partners[other];

		search->matching->partners[other] = one;
		search->owners[one] = other;
		one = before;
	}
}

/** Compares a device of the other record with those that have not been reached. Returns whether the
 * device for which the search began now has a partner. */
static bool search_step(struct search *search, size_t other)
{
	size_t count = device_count(search->subject->one, search->matching->kind);
	size_t next = search->next;

	for (size_t k = 0; k < count && search->compared < SEARCH_MAX; k++) {
		size_t one = next + k < count ? next + k : next + k - count;

		if (!search_fits(search, one, other))
			continue;
		search->froms[one] = other;
		if (search->owners[one] == SIZE_MAX) {
			search_pair(search, one);
			search->next = one + 1 < count ? one + 1 : 0;
			return true;
		}
		search->queue[search->queued++] = search->owners[one];
	}
	return false;
}

/** Returns false when there is no memory. */
static bool match_explained(const struct compare_subject *subject, struct matching *matching,
	struct arena *arena)
{
	size_t count = device_count(subject->one, matching->kind),
	       others = device_count(subject->other, matching->kind);
	struct search search = {.subject = subject,
		.matching = matching,
		.owners = arena_alloc(arena, (count + 1) * sizeof(size_t)),
		.froms = arena_alloc(arena, (count + 1) * sizeof(size_t)),
		.queue = arena_alloc(arena, (others + 1) * sizeof(size_t))};

	if (!search.owners || !search.froms || !search.queue)
		return false;
	clear(search.owners, count);
	for (size_t i = 0; i < others && search.compared < SEARCH_MAX; i++) {
		if (matching->partners[i] != SIZE_MAX)
			continue;
		clear(search.froms, count);
		search.queue[0] = i;
		search.queued = 1;
		for (size_t at = 0; at < search.queued; at++)
			if (search_step(&search, search.queue[at]))
				break;
	}
	return true;
}

/* ---- all devices ---- */

/** Sets `is_lost` for the devices that were lost as a whole. */
static void find_lost(const struct compare_subject *subject, struct matching *matching)
{
	size_t count = device_count(subject->one, matching->kind);

	for (size_t k = 0; k < subject->loss_count; k++) {
		const struct ds_loss *loss = &subject->losses[k];

		if (!explain_has_device(loss, matching->kind))
			continue;
		for (size_t i = 0; i < count; i++)
			matching->is_lost[i] |= explain_is_whole(loss, matching->kind,
				device_at(subject->one, matching->kind, i));
	}
}

/** Returns whether the output has another name for a disk, because it cannot have its own one. */
static bool is_name_lost(const struct compare_subject *subject, const void *disk)
{
	const struct member *target = &device_kinds[DEVICES_DISK].members[DISK_target];

	for (size_t i = 0; i < subject->loss_count; i++) {
		const struct ds_loss *loss = &subject->losses[i];

		if (loss->at == device_position(disk) &&
			!explain_is_whole(loss, DEVICES_DISK, disk) &&
			explain_names_member(loss->path, DEVICES_DISK, target))
			return true;
	}
	return false;
}

/** Matches the disks whose names were lost in their order. */
static void match_renamed(const struct compare_subject *subject, struct matching *matching)
{
	for (size_t i = 0; i < subject->one->disk_count; i++)
		matching->is_lost[i] |=
			!matching->is_matched[i] && !is_name_lost(subject, &subject->one->disks[i]);
	match(subject, matching, NULL);
}

/** Returns false when there is no memory. */
static bool match_by_keys(const struct compare_subject *subject, struct matching *matching,
	struct arena *arena)
{
	match(subject, matching, is_same_device);
	if (!match_explained(subject, matching, arena))
		return false;
	if (matching->kind == DEVICES_DISK) {
		match(subject, matching, has_same_use);
		match(subject, matching, has_same_keys_and_source);
	}
	match(subject, matching, has_same_keys);
	if (matching->kind == DEVICES_DISK)
		match(subject, matching, has_same_source);
	return true;
}

static bool match_all(const struct compare_subject *subject, struct matching *matching,
	struct arena *arena)
{
	enum devices kind = matching->kind;
	size_t count = device_count(subject->one, kind),
	       others = device_count(subject->other, kind);

	if (count <= MATCHED_MAX && others <= MATCHED_MAX) {
		/* A disk that was lost is not written. Its loss, which names all of its fields,
		 * must not explain the differences to another one. */
		if (kind == DEVICES_DISK || count > others)
			find_lost(subject, matching);
		if (!match_by_keys(subject, matching, arena))
			return false;
		if (kind == DEVICES_DISK && subject->loss_count)
			match_renamed(subject, matching);
		if (kind != DEVICES_DISK) {
			memset(matching->is_lost, 0, count * sizeof *matching->is_lost);
			if (!match_by_keys(subject, matching, arena))
				return false;
		}
		/* A disk with another name is another disk. */
		if (kind == DEVICES_DISK || kind == DEVICES_CHAR || kind == DEVICES_PCI ||
			kind == DEVICES_PIN)
			return true;
	}
	match(subject, matching, NULL);
	return true;
}

bool matching_make(struct matching *matching, const struct compare_subject *subject,
	enum devices kind, struct arena *arena)
{
	size_t count = device_count(subject->one, kind),
	       others = device_count(subject->other, kind);

	matching->kind = kind;
	matching->partners = arena_alloc(arena, (others + 1) * sizeof(size_t));
	matching->is_matched = arena_alloc(arena, (count + 1) * sizeof(bool));
	matching->is_lost = arena_alloc(arena, (count + 1) * sizeof(bool));
	matching->is_equal = arena_alloc(arena, (others + 1) * sizeof(bool));
	if (!matching->partners || !matching->is_matched || !matching->is_lost ||
		!matching->is_equal)
		return false;
	for (size_t i = 0; i < others; i++)
		matching->partners[i] = SIZE_MAX;
	memset(matching->is_equal, 0, others * sizeof(bool));
	memset(matching->is_matched, 0, count * sizeof(bool));
	memset(matching->is_lost, 0, count * sizeof(bool));
	return match_all(subject, matching, arena);
}
