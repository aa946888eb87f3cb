/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_GATES_H
#define CLI_GATES_H

#include "cli/baseline.h"
#include "cli/options.h"
#include "cli/status.h"
#include "cli/suppressions.h"

#include <stdio.h>

/**
 * Decides which findings of an audit are shown, and which of them make the run fail: by thresholds,
 * by the baseline of known findings, and by suppressions, each of which has a reason. A baseline
 * never contains damage.
 */

enum gates_verdict {
	VERDICT_SHOWN = 0,
	/** The finding is less severe than the threshold for showing. */
	VERDICT_BELOW,
	VERDICT_KNOWN,
	VERDICT_SUPPRESSED,
	VERDICTS
};

struct gates {
	enum ds_severity least;
	/** A value above all severities means never. */
	unsigned fail_on;
	struct baseline baseline;
	struct suppressions suppressions;
	/** What is wrong with a line of the file of suppressions. */
	char wrong[SUPPRESSION_ERROR_SIZE];
	uint64_t counts[VERDICTS];
	/** The number of findings at or above `fail_on` that are neither known nor suppressed. */
	uint64_t failures;
	/** The number of these findings that are below the threshold and not shown. */
	uint64_t failing_below;
};

/** Reads the files that the options name. Returns STATUS_FINE; STATUS_USAGE after a message with
 * the invalid line; or STATUS_FAILED after a message when there is no memory. */
enum exit_status gates_open(struct gates *gates, const struct options *options);

/** These two functions read a file from its present position to its end. They return a description
 * of what is wrong with line `*line`, or that there is no memory; otherwise NULL. They also return
 * NULL when reading fails, which ferror() shows. */
const char *gates_read_baseline(struct gates *gates, FILE *file, uint64_t *line);
const char *gates_read_suppressions(struct gates *gates, FILE *file, uint64_t *line);

/** Decides on one finding, counts it, and writes it to the baseline. Sets `status` to the status of
 * writing. */
enum gates_verdict gates_judge(struct gates *gates, const struct ds_finding *finding,
	enum ds_status *status);

/** Reports suppressions that have expired and suppressions that hide nothing. */
void gates_finish(const struct gates *gates);

void gates_close(struct gates *gates);

#endif
