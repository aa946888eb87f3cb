/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_SLOTS_H
#define RECORD_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

/** One slot of a hash table. It contains the hash, so that the items of other slots, most of which
 * are not in a cache, are rarely read. */
struct slot {
	/** Identifies an item of the table's owner; 0 if the slot is free. */
	uint32_t number;
	uint32_t hash;
};

/**
 * A hash table of numbers, with open addressing. Its owner stores the items and compares them. A
 * lookup visits the slots from slots_first() on with slots_next(), until one of them is free or has
 * the same hash and an equal item:
 *
 *     slot = slots_first(slots, hash);
 *     while (slot->number && !(slot->hash == hash && is_equal(slot->number)))
 *             slot = slots_next(slots, slot);
 *
 * A table of zeros is empty and has no slots. The items come from untrusted dumps, so the hashes
 * must be keyed (record/siphash.h).
 */
struct slots {
	struct slot *items;
	/** A power of two. At least half of the slots are free. */
	uint32_t count;
};

/** Doubles the table. Returns false when there is no memory. */
bool slots_grow(struct slots *slots);
/** Doubles the table if half of it is used. Returns false when there is no memory. */
static inline bool slots_make_room(struct slots *slots, uint32_t used)
{
	return used < slots->count / 2 || slots_grow(slots);
}

void slots_fini(struct slots *slots);

/** The table must have slots. */
static inline struct slot *slots_first(const struct slots *slots, uint32_t hash)
{
	return &slots->items[hash & (slots->count - 1)];
}

static inline struct slot *slots_next(const struct slots *slots, const struct slot *slot)
{
	return &slots->items[(uint32_t)(slot - slots->items + 1) & (slots->count - 1)];
}

#endif
