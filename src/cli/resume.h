/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_RESUME_H
#define CLI_RESUME_H

#include "cli/options.h"
#include "cli/status.h"
#include "cli/targets.h"
#include "record/buffer.h"

/**
 * --resume: a run records in its manifest and part file what it was and what it has written. A
 * later identical run over the same files finds that record and does nothing.
 *
 * The record is binary: a digest of the program's version, the options and the inputs; the exit
 * status by its reasons; and the size and CRC-32 of each output.
 */

struct resume {
	/** Every input is a file whose changes can be detected. Otherwise nothing is recorded, and
	 * no record is used. */
	bool is_known;
	uint64_t digest;
};

/** Computes the digest of the run. Returns DS_OK or DS_NO_MEMORY. Without --resume there is no
 * digest. */
enum ds_status resume_begin(struct resume *resume, const struct options *options);

/** Returns whether the manifest and the part file that the options name record this run, and all
 * outputs are unchanged. If so, sets the exit status by its reasons. With -v, prints why not. */
bool resume_is_done(const struct resume *resume, const struct options *options,
	enum exit_status reasons[STATUS_REASONS]);

/** Adds the record of a run whose outputs are committed. Adds nothing if there is no digest. */
void resume_encode(const struct resume *resume, const struct targets *targets,
	const enum exit_status reasons[STATUS_REASONS], struct buffer *out);

#endif
