/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/outcome.h"

#include "record/error.h"

#include <stdio.h>

/** Returns whether an input that should be a dump certainly is not one. Either its name is that of
 * a dump, or it is a web page that was named on the command line, which cannot be what the user
 * wants to read. */
static bool is_mistaken(const struct input_facts *facts, const char *name, bool is_met)
{
	return facts->begin == KIND_OTHER && facts->is_certain &&
		(kind_name_is_dump(name) || (facts->is_page && !is_met));
}

enum outcome_treatment outcome_treatment(const struct input_facts *facts, const char *name,
	bool is_met)
{
	bool is_promised = kind_name_is_dump(name);

	if (is_met && facts->begin == KIND_REJECTS)
		return TREAT_AS_FOREIGN;
	if (is_mistaken(facts, name, is_met))
		return TREAT_AS_DOUBTFUL;
	if (facts->begin == KIND_OTHER && !is_promised) {
		if (is_met)
			return TREAT_AS_FOREIGN;
		if (facts->is_certain)
			return TREAT_AS_OTHER;
	}
	return is_met && !is_promised ? TREAT_AS_DOUBTFUL : TREAT_AS_DUMP;
}

bool outcome_mistaken(const struct input_facts *facts, const char *name, bool is_met,
	struct ds_error *error)
{
	if (!is_mistaken(facts, name, is_met))
		return false;
	error_set(error, "DA904", (struct ds_place){name, 0, 1, 1}, "");
	snprintf(error->text, sizeof error->text, "the input is not a dump; it looks like: %s%s%s",
		facts->recognized, facts->advice ? "; " : "", facts->advice ? facts->advice : "");
	return true;
}

bool outcome_missing(const struct input_facts *facts, const char *name, bool is_met, bool is_blank,
	uint64_t size, struct ds_error *error)
{
	const struct ds_place place = {name, 0, 1, 1};
	bool is_promised = kind_name_is_dump(name);

	if (is_blank && (is_promised || !is_met)) {
		error_set(error, "DA901", place,
			size ? "the input contains only blanks or NUL bytes"
			     : "the input is empty");
		return true;
	}
	if (is_blank || facts->begin != KIND_OTHER || !is_promised)
		return false;
	error_set(error, "DA904", place, "the input does not begin like a dump");
	return true;
}

void outcome_decide(struct ds_input_result *result, const struct outcome_tally *tally,
	bool is_foreign)
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

void outcome_of_archive(struct ds_input_result *result, uint64_t domains_of_members, bool is_cut)
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
