/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"

#include <string.h>

const struct command commands[] = {
#define DS_COMMAND(name, synopsis, summary, groups, status_1, status_2, first, second) \
	{#name, synopsis, summary, groups, status_1, status_2, {first, second}, name##_run},
#include "cli/commands.def"
#undef DS_COMMAND
};

const size_t command_count = sizeof commands / sizeof commands[0];

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < command_count; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}
