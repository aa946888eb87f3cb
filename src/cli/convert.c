/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"

#include <string.h>
#include <unistd.h>

#include "cli/run.h"

static int ends_in_gz(const char *name)
{
	size_t size = strlen(name);

	return size > 3 && strcmp(name + size - 3, ".gz") == 0;
}

enum exit_status convert_run(const struct options *given)
{
	struct options options = *given;
	int is_standard = !options.output || strcmp(options.output, "-") == 0;
	struct run run;

	if (is_standard && options.run.gzip_level > 0 && isatty(STDOUT_FILENO)) {
		message_usage("compressed output is not written to a terminal");
		return STATUS_USAGE;
	}
	if (!is_standard && options.run.gzip_level == 0 && ends_in_gz(options.output))
		options.run.gzip_level = GZIP_LEVEL_DEFAULT;
	if (run_start(&run, &options) == 0)
		run_pipeline(&run);
	return run_finish(&run);
}
