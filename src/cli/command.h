/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h" /* struct options, enum option_group */
#include "cli/status.h"  /* enum exit_status */

/** What the first word of the command line may be. */
struct command {
	const char *name;
	/** Behind the name in its help: "[OPTION]... [FILE]...". */
	const char *synopsis;
	/** One line that says what it does. */
	const char *summary;
	/** The groups of options that it takes, or-ed. */
	unsigned groups;
	enum exit_status (*run)(const struct options *options);
};

enum exit_status convert_run(const struct options *options);
enum exit_status extract_run(const struct options *options);
enum exit_status disks_run(const struct options *options);
enum exit_status audit_run(const struct options *options);
enum exit_status diff_run(const struct options *options);
enum exit_status check_run(const struct options *options);

#endif
