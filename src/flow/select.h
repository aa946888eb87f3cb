/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_SELECT_H
#define FLOW_SELECT_H

#include "domstream/domstream.h"

#include <stdbool.h>

/** A `struct ds_selection` that is prepared for many domains. It does not change, so threads can
 * share it. */
struct selection;

/** Prepares a selection. Returns DS_OK, DS_USAGE for an invalid UUID or an unknown field, or
 * DS_NO_MEMORY. `*selection` is NULL when every domain is selected. The patterns are borrowed. */
enum ds_status selection_new(const struct ds_selection *wanted, struct selection **selection);

/** Returns whether a domain is selected. */
bool selection_has(const struct selection *selection, const struct ds_domain *domain);

/** Returns whether a disk of a selected domain meets all conditions for disks. */
bool selection_has_disk(const struct selection *selection, const struct ds_domain *domain,
	const struct ds_disk *disk);

/** Returns how many disks of a selected domain meet all conditions. */
size_t selection_disks(const struct selection *selection, const struct ds_domain *domain);

/** Returns whether a condition is about the field of a disk that has this name. `wanted` may be
 * NULL. */
bool selection_uses(const struct ds_selection *wanted, const char *field);

void selection_free(struct selection *selection);

#endif
