/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_SELECT_H
#define FLOW_SELECT_H

#include "domstream/domstream.h"

#include <stdbool.h>

/** A `struct ds_selection` made ready for many domains. Workers share it; nothing in it changes. */
struct selection;

/** Returns DS_OK; DS_USAGE for an invalid UUID or an unknown field; DS_NO_MEMORY.
 * `*selection` is NULL when every domain is selected. The patterns are borrowed. */
enum ds_status selection_new(const struct ds_selection *wanted, struct selection **selection);

/** Whether a domain is selected. */
bool selection_has(const struct selection *selection, const struct ds_domain *domain);

/** Whether a disk of a selected domain meets all conditions for disks. */
bool selection_has_disk(const struct selection *selection, const struct ds_domain *domain,
	const struct ds_disk *disk);

/** How many disks of a selected domain do. */
size_t selection_disks(const struct selection *selection, const struct ds_domain *domain);

/** Whether a condition is about the field of a disk that has this name. `wanted` may be NULL. */
bool selection_asks(const struct ds_selection *wanted, const char *field);

void selection_free(struct selection *selection);

#endif
