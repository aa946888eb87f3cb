/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_EXTRAS_H
#define RECORD_EXTRAS_H

#include "record/arena.h"
#include "record/members.h"
#include "record/siphash.h"

#include <stdbool.h>

/**
 * The extras of a domain, in the form in which two domains are compared: each with the device that
 * it is part of, and with its value in normal form (record/normal.h).
 *
 * Extras are left out if they repeat another value, if they are the default anyway, or if a member
 * of the record has the same value.
 */

struct extra_form {
	/** The device that the extra belongs to, by its kind and its number in the domain's
	 * canonical form. DEVICES_COUNT: it belongs to no device. */
	enum devices kind;
	size_t number;
	struct ds_text path;
	/** The normal form. NULL: it was not kept; only its size and digest are known. */
	struct ds_text value;
	size_t size;
	/** extra_digest() of the normal form. If two digests are equal, the values count as
	 * equal. */
	uint64_t digest;
	/** As in struct ds_extra. */
	size_t at;
	/** Its number among the extras of the domain. */
	size_t order;
};

/** Sorted by device, then by path, then in the order of the input. */
struct extra_forms {
	const struct extra_form *items;
	size_t count;
};

/** The number of bytes of a digest. It depends on a random key, so that nobody can create values
 * with equal digests. By chance, one difference in 10^14 is missed. */
#define EXTRA_DIGEST_SIZE 6

uint64_t extra_digest(struct siphash_key key, struct ds_text value);

/** Stores the extras of a domain in the arena. `form` is its canonical form, and `key` the key of
 * the digests. Returns false when there is no memory. */
bool extras_form(const struct ds_domain *domain, const struct ds_domain *form,
	struct siphash_key key, struct arena *arena, struct extra_forms *forms);

/** Returns the extras of one device, or those that belong to no device (DEVICES_COUNT and 0). */
struct extra_forms extras_of(const struct extra_forms *forms, enum devices kind, size_t number);

/** Receives two extras with the same path and different values. One of them is NULL if that side
 * does not have the extra. Returns false to stop. */
typedef bool extras_sink(void *context, const struct extra_form *one,
	const struct extra_form *other);

/**
 * Compares the extras of two devices. If a path is repeated, equal values are paired first, in any
 * order; the others are paired in the order of the input. Returns false when there is no memory.
 */
bool extras_compare(struct extra_forms one, struct extra_forms other, struct arena *arena,
	extras_sink *sink, void *context);

#endif
