/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"
#include "cli/run.h"

enum exit_status convert_run(const struct options *options)
{
	struct run run;

	if (run_start(&run, options) == 0)
		run_pipeline(&run);
	return run_finish(&run);
}
