/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h" /* struct options, enum option_group */
#include "cli/status.h" /* enum exit_status */

/** A command that reads dumps: a row of cli/commands.def. All strings are static. */
struct command {
	const char *name;
	/** The text after the name in a usage line: "[OPTION]... [FILE]...". */
	const char *synopsis;
	/** One sentence without a full stop. */
	const char *summary;
	/** The groups of options that the command has, as bits. */
	unsigned groups;
	/** The meaning of exit status 1; "" if the command does not use it. */
	const char *status_1;
	/** The meaning of exit status 2. */
	const char *status_2;
	/** Two command lines. */
	const char *examples[2];
	enum exit_status (*run)(const struct options *options);
};

#define DS_COMMAND(name, ...) enum exit_status name##_run(const struct options *options);
#include "cli/commands.def"

extern const struct command commands[];
extern const size_t command_count;

/** Returns the command of this name, or NULL. */
const struct command *command_find(const char *name);

#endif
