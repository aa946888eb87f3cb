/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"
#include "cli/comparison.h"
#include "cli/run.h"

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
