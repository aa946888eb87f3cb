/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include "audit/estate.h"
#include "audit/finding.h"

/**
 * The audit in two steps. What a domain decides alone is found in parallel, domain by domain; what takes several is
 * found at the end, by the estate, which each domain's part is added to in the order of the input.
 */

/** Judges one domain: findings go to the list, and what the estate, whose key it is, must know of it to `part`, all in the
 * list's arena. Returns 0 when there is no memory. */
int audit_domain(const struct ds_domain *domain, struct sip_key key, struct finding_list *list, struct estate_part *part);

#endif
