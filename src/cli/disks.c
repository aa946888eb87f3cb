/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"
#include "cli/run.h"
#include "cli/text.h" /* text_may_be_coloured() */

#include <unistd.h>

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
