/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"
#include "cli/run.h"

enum exit_status extract_run(const struct options *given)
{
	struct options options = *given;
	struct run run;

	options.run.extract = true;
	if (run_start(&run, &options) == 0)
		run_pipeline(&run);
	return run_finish(&run);
}
