/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_DIFF_REPORT_H
#define CLI_DIFF_REPORT_H

#include "cli/targets.h"
#include "record/buffer.h"

#include <stdbool.h>

/**
 * Prints differences, one per line: as text for people, or as JSON objects.
 */

#define DIFF_REPORT_BUFFER_SIZE 65536

struct diff_report {
	struct target *target;
	enum options_diff_format format;
	bool is_coloured;
	/** The lines are short and many, so they are buffered up to DIFF_REPORT_BUFFER_SIZE. */
	struct buffer lines;
};

void diff_report_init(struct diff_report *report, struct target *target,
	enum options_diff_format format, bool is_coloured);

/** Returns DS_OK, DS_SYSTEM or DS_NO_MEMORY. */
enum ds_status diff_report_add(struct diff_report *report, const struct ds_difference *difference);

/** Writes the buffered lines. Returns DS_OK or DS_SYSTEM. */
enum ds_status diff_report_finish(struct diff_report *report);

void diff_report_fini(struct diff_report *report);

#endif
