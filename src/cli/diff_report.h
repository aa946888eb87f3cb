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
	enum diff_format format;
	bool is_coloured;
	/** Lines are short and many, so they are collected up to DIFF_REPORT_BUFFER_SIZE. */
	struct buffer lines;
};

void diff_report_init(struct diff_report *report, struct target *target, enum diff_format format,
	bool is_coloured);

/** DS_OK, DS_SYSTEM, DS_NO_MEMORY. */
enum ds_status diff_report_add(struct diff_report *report, const struct ds_difference *difference);

/** Writes what was collected. DS_OK or DS_SYSTEM. */
enum ds_status diff_report_finish(struct diff_report *report);

void diff_report_fini(struct diff_report *report);

#endif
