/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"

#include <inttypes.h>

#include "cli/comparison.h"
#include "cli/run.h"
#include "cli/text.h" /* text_plural() */

/** The counts are what was asked for, so they go to the output. */
static void write_counts(struct run *run)
{
	const struct ds_counts *counts = &run->counts;
	uint64_t domains = counts->domains - counts->unselected;
	char unselected[40] = "", line[256];
	int size;

	if (counts->unselected)
		snprintf(unselected, sizeof unselected, " %" PRIu64 " not selected,",
			counts->unselected);
	size = snprintf(line, sizeof line,
		"%" PRIu64 " domain%s, %" PRIu64 " disk%s, %" PRIu64 " rejected,%s %" PRIu64
		" file%s, %" PRIu64 " byte%s\n",
		domains, text_plural(domains), counts->disks, text_plural(counts->disks),
		counts->rejected, unselected, counts->files, text_plural(counts->files),
		counts->bytes_read, text_plural(counts->bytes_read));

	/* A failure is sticky: run_finish() finds it. */
	target_write(&run->targets.all[TARGET_OUTPUT], line, (size_t)size);
}

enum exit_status check_run(const struct options *given)
{
	struct options options = *given;
	struct run run;

	/* Whoever names no input has a manifest compared; standard input must be named to be listed
	 * in one. */
	if (given->manifest && !given->run.name_count && !given->run.files_from)
		return comparison_run(given);
	options.run.check_only = 1;
	if (run_start(&run, &options) == 0 && run_pipeline(&run) == 0)
		write_counts(&run);
	return run_finish(&run);
}
