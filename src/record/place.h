/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_PLACE_H
#define RECORD_PLACE_H

#include "domstream/domstream.h"

/**
 * Positions in an input. Lines and columns are only counted when a position is needed.
 */

/** Returns the position `size` bytes after `place`; `data` are the bytes at `place`. */
struct ds_place place_after(struct ds_place place, const char *data, size_t size);

/** Finds positions in one domain. Each search continues from the last one, because counting the
 * lines of a large domain from its beginning for each device would take too long. */
struct place_finder {
	const struct ds_domain *domain;
	/** The position that was found last, and its distance from the domain's first byte. */
	struct ds_place place;
	size_t at;
};

static inline struct place_finder place_finder_of(const struct ds_domain *domain)
{
	return (struct place_finder){domain, domain->place, 0};
}

/** Returns the position `at` bytes after the domain's first byte. Searches in ascending order are
 * the fastest. */
struct ds_place place_find(struct place_finder *finder, size_t at);

#endif
