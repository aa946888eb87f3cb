/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli/inputs.h"
#include "cli/loss_summary.h"
#include "cli/losses.h"
#include "cli/manifest.h"
#include "cli/name_list.h"
#include "cli/options.h"
#include "cli/part_file.h"
#include "cli/rejects.h"
#include "cli/resume.h"
#include "cli/status.h"
#include "cli/targets.h"

#include <stdbool.h>

/**
 * One run of the library together with the program's files, signals, messages and exit status. It
 * is used as follows:
 *
 *     if (run_start(&run, &options) == 0)
 *             run_pipeline(&run);
 *     return run_finish(&run);
 *
 * A command may write a result to the output before run_finish(), which must always be called. The
 * library calls back from any thread, but one call at a time.
 */
struct run {
	const struct options *options;
	struct targets targets;
	/** The list of --files-from, or a copy of it. */
	const char *files_from;
	struct name_list names;
	struct rejects rejects;
	struct losses losses;
	struct manifest manifest;
	struct part_file part_file;
	/** NULL if there is no comparison with a manifest. */
	struct comparison *comparison;
	/** NULL if all domains are written to one output. */
	struct separate *separate;
	struct loss_summary loss_summary;
	/** NULL if there are no reports. */
	struct audit *audit;
	/** The events of the parts of an audit; NULL if the inputs are read. */
	const struct replay *replay;
	/** NULL if this is not a comparison of two dumps. */
	struct diff *diff;
	struct inputs inputs;
	struct ds_counts counts;
	/** All files were opened. */
	bool is_open;
	/** The worst status so far, whatever --accept says. Outputs and the manifest record it. */
	enum exit_status status;
	/** The worst status so far for each reason. */
	enum exit_status reasons[STATUS_REASONS];
	struct resume resume;
};

/** Installs the signal handlers and opens the files. Returns 0, or -1 after a message. */
int run_start(struct run *run, const struct options *options);

/** Reads everything. Returns 0, or -1 when the counts are not a valid result. */
int run_pipeline(struct run *run);

/** Makes the exit status worse if the counts require it. Merges also call this, and the functions
 * that follow. */
void run_judge(struct run *run);
/** Adds the worst exit status of all parts, and the worst status that --accept never covers. */
void run_add_parts(struct run *run, enum exit_status status, enum exit_status never_accepted);
/** Returns the exit status of the process: the worst status of the reasons that --accept does not
 * name. */
enum exit_status run_final_status(const struct run *run);
void run_print_summary(struct run *run);
/** Writes the counts to the output, as the result of `check`. */
void run_write_counts(struct run *run);

/** Commits or removes the files, prints the summary, and ends the process by a signal if one was
 * received. Returns the exit status. */
enum exit_status run_finish(struct run *run);

#endif
