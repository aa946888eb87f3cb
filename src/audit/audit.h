/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include "audit/finding.h"
#include "audit/view.h"

#include <stdbool.h>

/**
 * Checks the rules that depend on one domain only; the others are in estate/. Any number of threads
 * may check domains at the same time.
 */

/** Applies the rules to one domain, and adds its findings to the list. Fills the view, which the
 * caller passes to estate_part_fill(). Returns false when out of memory. */
bool audit_domain(struct domain_view *view, const struct ds_domain *domain,
	const struct ds_audit_options *options, struct finding_list *list);

#endif
