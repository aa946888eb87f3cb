/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_GATES_H
#define CLI_GATES_H

#include "cli/baseline.h"
#include "cli/options.h"
#include "cli/status.h"
#include "cli/suppressions.h"
#include "cli/targets.h"

#include <stdio.h>

/**
 * Which findings of an audit are shown, and which of them make the run fail: thresholds, the
 * baseline of findings that are known, and the suppressions that somebody has given a reason for.
 * Damage is in no baseline.
 */

enum verdict {
	VERDICT_SHOWN = 0,
	/** Less severe than is to be shown. */
	VERDICT_BELOW,
	VERDICT_KNOWN,
	VERDICT_SUPPRESSED,
	VERDICTS
};

struct gates {
	enum ds_severity least;
	/** Above all severities: never. */
	unsigned fail_on;
	struct baseline baseline;
	struct suppressions suppressions;
	uint64_t counts[VERDICTS];
	/** Findings at or above `fail_on` that are neither known nor suppressed. */
	uint64_t failures;
	/** Those of them that are below the threshold, and not shown. */
	uint64_t failing_below;
};

/** Reads the files that the options name. Returns STATUS_FINE; STATUS_USAGE after a message with
 * the line of what is wrong; STATUS_FAILED after one when there is no memory. */
enum exit_status gates_open(struct gates *gates, const struct options *options);

/** These two read one file from where it is to its end, for gates that are empty or open. They
 * return NULL, also when reading fails, which the file notes; or what is wrong with it, in line
 * `*line`, or that there is no memory. */
const char *gates_read_baseline(struct gates *gates, FILE *file, uint64_t *line);
const char *gates_read_suppressions(struct gates *gates, FILE *file, uint64_t *line);

/** Judges one finding, counts it, and writes it to the baseline. `status` gets what writing
 * gave. */
enum verdict gates_judge(struct gates *gates, const struct ds_finding *finding,
	enum ds_status *status);

/** Says which suppressions have expired, and which nothing needed. */
void gates_finish(const struct gates *gates);

void gates_close(struct gates *gates);

#endif
