/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/inputs.h"

#include "cli/message.h"
#include "cli/text.h" /* text_plural() */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Warns if the argument has no domain. Damage was already reported as an error. */
static void judge_argument(struct inputs *inputs)
{
	const struct ds_place place = {.name = inputs->argument};

	if (!inputs->argument || inputs->domains || inputs->is_damaged)
		return;
	inputs->without_domain++;
	message_input_warning(&place, "no domain in this input%s%s%s%s",
		inputs->recognized ? ": " : "", inputs->recognized ? inputs->recognized : "",
		inputs->advice ? "; " : "", inputs->advice ? inputs->advice : "");
}

enum ds_status inputs_add(struct inputs *inputs, const struct ds_input_result *result)
{
	if (!inputs->argument || strcmp(inputs->argument, result->argument) != 0) {
		uint64_t without_domain;

		inputs_finish(inputs);
		without_domain = inputs->without_domain;
		*inputs = (struct inputs){.argument = strdup(result->argument),
			.without_domain = without_domain};
		if (!inputs->argument)
			return DS_NO_MEMORY;
	}
	inputs->domains += result->domains;
	inputs->is_damaged |= result->outcome == DS_OUTCOME_DAMAGED;
	if (strcmp(result->name, result->argument) == 0) {
		inputs->recognized = result->recognized;
		inputs->advice = result->advice;
	}
	return DS_OK;
}

void inputs_finish(struct inputs *inputs)
{
	judge_argument(inputs);
	free(inputs->argument);
	inputs->argument = NULL;
}

void inputs_print_outcomes(const struct ds_counts *counts)
{
	const struct {
		uint64_t count;
		const char *text;
	} outcomes[] = {
		{counts->inputs_read, "read"},
		{counts->inputs_damaged, "damaged"},
		{counts->inputs_without_domain, "without a domain"},
		{counts->inputs_foreign, "foreign"},
	};
	uint64_t all = 0;
	size_t used = 0;
	char line[256] = "";

	for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
		all += outcomes[i].count;
		if (outcomes[i].count)
			used += (size_t)snprintf(line + used, sizeof line - used,
				"%s%" PRIu64 " %s", used ? ", " : "", outcomes[i].count,
				outcomes[i].text);
	}
	message_note("%" PRIu64 " input%s: %s", all, text_plural(all), line);
}
