/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_PART_FILE_H
#define CLI_PART_FILE_H

#include "cli/options.h"
#include "cli/status.h"
#include "cli/targets.h"
#include "part/events.h"

/**
 * The file of --part-file: what a part has read, for `domstream merge`. It is written while the
 * part runs, and committed after everything else.
 */
struct part_file {
	/** NULL if not given. */
	struct part_writer *writer;
	const struct options *options;
	struct target *target;
	/** Records of inputs that were not written yet, and their number. */
	struct buffer inputs;
	uint64_t input_count;
	/** For an audit: events that were not written yet. */
	struct part_events events;
};

/** Begins the file. If the target is NULL, all functions do nothing. Returns DS_OK or
 * DS_NO_MEMORY. */
enum ds_status part_file_begin(struct part_file *part, const struct options *options,
	struct target *target);

/** Adds an input that has ended. Returns DS_OK, DS_NO_MEMORY or DS_SYSTEM. */
enum ds_status part_file_input(struct part_file *part, const struct ds_input_result *result);

/** Add a domain of an audit, or an error. Return the same statuses as part_file_input(). */
enum ds_status part_file_domain(struct part_file *part, const struct ds_place *place,
	const struct ds_record *record);
enum ds_status part_file_error(struct part_file *part, const struct ds_error *error);

/** Writes the rest, and the record of --resume unless it is empty. Returns the same statuses as
 * part_file_input(). */
enum ds_status part_file_finish(struct part_file *part, const struct ds_counts *counts,
	enum exit_status status, enum exit_status never_accepted, struct ds_text resume);

void part_file_fini(struct part_file *part);

#endif
