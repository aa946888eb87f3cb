/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/place.h"

#include "record/lines.h"

struct ds_place place_after(struct ds_place place, const char *data, size_t size)
{
	size_t last;

	place.line += lines_count(data, size, &last);
	place.column = last ? size - last + 1 : place.column + size;
	place.offset += size;
	return place;
}

struct ds_place place_find(struct place_finder *finder, size_t at)
{
	struct ds_text raw = finder->domain->raw;

	if (at > raw.size)
		at = raw.size;
	if (at < finder->at)
		*finder = place_finder_of(finder->domain);
	finder->place = place_after(finder->place, raw.data + finder->at, at - finder->at);
	finder->at = at;
	return finder->place;
}

struct ds_place ds_domain_place(const struct ds_domain *domain, size_t at)
{
	struct place_finder finder = place_finder_of(domain);

	return place_find(&finder, at);
}
