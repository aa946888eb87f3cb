/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/message.h"
#include "domstream/domstream.h"

static void print_list(const struct ds_explanation *explanations, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%-12s %s\n", explanations[i].id, explanations[i].title);
}

static int print_one(const struct ds_explanation *explanations, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(explanations[i].id, id) == 0) {
			printf("%s: %s\n\n%s\n", id, explanations[i].title, explanations[i].text);
			return 1;
		}
	}
	return 0;
}

enum exit_status explain_run(char *const *words)
{
	size_t count;
	const struct ds_explanation *explanations = ds_explanations(&count);
	int failed;

	if (words[0] && (strcmp(words[0], "-h") == 0 || strcmp(words[0], "--help") == 0)) {
		fputs("Usage: domstream explain [ID]...\nSay what the id of a message or of a loss means; without ID, list them all.\n",
		      stdout);
	} else if (!words[0]) {
		print_list(explanations, count);
	}
	for (size_t i = 0; words[0] && words[0][0] != '-' && words[i]; i++) {
		if (i)
			putchar('\n');
		if (!print_one(explanations, count, words[i])) {
			message_usage("'%s' is no id; 'domstream explain' lists them", words[i]);
			return STATUS_USAGE;
		}
	}
	failed = ferror(stdout);
	if (fclose(stdout) == 0 && !failed)
		return STATUS_FINE;
	message_error("cannot write to standard output: %s", strerror(errno));
	return STATUS_FAILED;
}
