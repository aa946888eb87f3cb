/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"

#include <unistd.h>

#include "cli/run.h"
#include "cli/text.h" /* text_may_be_coloured() */

enum exit_status disks_run(const struct options *given)
{
	struct options options = *given;
	struct run run;

	if (options.run.rows == DS_ROWS_NONE)
		options.run.rows = DS_ROWS_TABLE;
	if (options.run.rows == DS_ROWS_TABLE && options_are_for_stdout(&options) && text_may_be_coloured(STDOUT_FILENO))
		options.run.rows = DS_ROWS_TERMINAL;
	if (run_start(&run, &options) == 0)
		run_pipeline(&run);
	return run_finish(&run);
}
