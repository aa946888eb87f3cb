/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_RESUME_H
#define CLI_RESUME_H

#include "cli/options.h"
#include "cli/status.h"
#include "cli/targets.h"
#include "record/buffer.h"

/**
 * --resume: a run records in its manifest and part file what it was and what it has written. A
 * later run that is the same, over the same files, finds that record and does nothing.
 *
 * The record is a text of bytes: a digest of the program's version, the options and the inputs; the
 * exit status by its reasons; and the size and CRC-32 of each output.
 */

struct resume {
	/** Every input is a file whose change would show. Otherwise nothing is recorded, and
	 * nothing is found. */
	bool is_known;
	uint64_t digest;
};

/** Finds out what the run is. DS_OK or DS_NO_MEMORY. Without --resume it is not known. */
enum ds_status resume_begin(struct resume *resume, const struct options *options);

/** Whether the manifest and the part file that the options name record this run, and all outputs
 * are as they were written. Sets the exit status by its reasons then. With -v it says why not. */
bool resume_is_done(const struct resume *resume, const struct options *options,
	enum exit_status reasons[STATUS_REASONS]);

/** Adds the record of a run whose outputs are committed. Adds nothing when it is not known. */
void resume_encode(const struct resume *resume, const struct targets *targets,
	const enum exit_status reasons[STATUS_REASONS], struct buffer *out);

#endif
