/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"

#include "cli/comparison.h"
#include "cli/run.h"
#include "cli/text.h" /* text_may_be_coloured() */

#include <string.h>
#include <unistd.h>

const struct command commands[] = {
#define DS_COMMAND(name, synopsis, summary, groups, status_1, status_2, first, second) \
	{#name, synopsis, summary, groups, status_1, status_2, {first, second}, name##_run},
#include "cli/commands.def"
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

/* ---- commands that only differ in the options of their run ---- */

/** Returns a table with all columns for -v, and in colour on a terminal. */
static enum ds_rows table_for(const struct options *options)
{
	bool is_wide = options->verbosity == VERBOSITY_VERBOSE;

	if (options_are_for_stdout(options) && text_may_be_coloured(STDOUT_FILENO))
		return is_wide ? DS_ROWS_WIDE_TERMINAL : DS_ROWS_TERMINAL;
	return is_wide ? DS_ROWS_WIDE : DS_ROWS_TABLE;
}

enum exit_status disks_run(const struct options *given)
{
	struct options options = *given;
	struct run run;

	if (options.rows.format == DS_ROWS_NONE)
		options.rows.format = DS_ROWS_TABLE;
	if (options.rows.format == DS_ROWS_TABLE)
		options.rows.format = table_for(&options);
	if (run_start(&run, &options) == 0)
		run_pipeline(&run);
	return run_finish(&run);
}

enum exit_status convert_run(const struct options *options)
{
	struct run run;

	if (run_start(&run, options) == 0)
		run_pipeline(&run);
	return run_finish(&run);
}

enum exit_status extract_run(const struct options *given)
{
	struct options options = *given;
	struct run run;

	options.run.extract = true;
	if (run_start(&run, &options) == 0)
		run_pipeline(&run);
	return run_finish(&run);
}

enum exit_status check_run(const struct options *given)
{
	struct options options = *given;
	struct run run;

	/* Without an input, a manifest is compared; to list standard input in a manifest, it must
	 * be named. */
	if (given->manifest && !given->run.name_count && !given->run.files_from)
		return comparison_run(given);
	options.run.check_only = true;
	if (run_start(&run, &options) == 0 && run_pipeline(&run) == 0)
		run_write_counts(&run);
	return run_finish(&run);
}
