/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/outcome.h"

void outcome_decide(struct ds_input_result *result, const struct outcome_tally *tally, int is_foreign)
{
	result->domains = tally->domains;
	result->disks = tally->disks;
	result->rejected = tally->rejected;
	result->unselected = tally->unselected;
	result->errors = tally->errors;
	if (tally->errors || tally->truncated)
		result->outcome = DS_OUTCOME_DAMAGED;
	else if (is_foreign)
		result->outcome = DS_OUTCOME_FOREIGN;
	else
		result->outcome = tally->domains ? DS_OUTCOME_READ : DS_OUTCOME_NO_DOMAIN;
}

void outcome_of_archive(struct ds_input_result *result, uint64_t domains_of_members, int is_cut)
{
	if (is_cut)
		result->outcome = DS_OUTCOME_DAMAGED;
	else if (result->outcome == DS_OUTCOME_NO_DOMAIN && domains_of_members)
		result->outcome = DS_OUTCOME_READ;
}

void outcome_count(const struct ds_input_result *result, struct ds_counts *counts)
{
	switch (result->outcome) {
	case DS_OUTCOME_READ:
		counts->inputs_read++;
		break;
	case DS_OUTCOME_NO_DOMAIN:
		counts->inputs_without_domain++;
		break;
	case DS_OUTCOME_FOREIGN:
		counts->inputs_foreign++;
		break;
	case DS_OUTCOME_DAMAGED:
		counts->inputs_damaged++;
		break;
	}
}
