/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef AUDIT_RULES_H
#define AUDIT_RULES_H

#include "audit/finding.h"
#include "audit/view.h"

/** Applies all rules about one disk, and adds their findings. */
void rules_for_disk(const struct domain_view *view, const struct disk_view *disk,
	struct finding_list *list);
/** Applies all rules about a domain as a whole, and adds their findings. */
void rules_for_domain(const struct domain_view *view, struct finding_list *list);

/** Adds a finding about a disk; `detail` is appended to the title. Returns NULL when the rule does
 * not apply to the domain's hypervisor, or when there is no memory, which the arena records. */
struct ds_finding *rules_note_disk(struct finding_list *list, const struct domain_view *view,
	const struct disk_view *disk, enum rule_index rule, struct ds_text detail);
/** Adds a finding about the domain as a whole. */
struct ds_finding *rules_note_domain(struct finding_list *list, const struct domain_view *view,
	enum rule_index rule, struct ds_text detail);

#endif
