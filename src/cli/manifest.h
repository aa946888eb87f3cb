/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_MANIFEST_H
#define CLI_MANIFEST_H

#include "cli/status.h"
#include "cli/targets.h"
#include "record/buffer.h"

/**
 * Writes the manifest of a run: a JSON object that lists every input with its outcome and every
 * output with its size and checksum. domstream(1) describes it. Inputs are written as they end; the
 * files of --output-dir are kept in memory, as its index is.
 *
 * Used by one thread at a time. Failures are reported by the target, so that callers need only pass
 * the status on.
 */
struct manifest {
	/** NULL: no manifest is wanted. */
	struct target *target;
	/** What standard input is called. */
	const char *label;
	/** What is not written yet. */
	struct buffer text;
	/** The files of --output-dir. */
	struct buffer outputs;
	uint64_t input_count;
};

/** `target` NULL: the other functions do nothing. */
enum ds_status manifest_begin(struct manifest *manifest, const struct options *options,
	struct target *target);

enum ds_status manifest_input(struct manifest *manifest, const struct ds_input_result *result);

/** Lists a file of --output-dir with these bytes. */
enum ds_status manifest_file(struct manifest *manifest, const char *directory, const char *name,
	const char *data, size_t size);

/** Lists the other outputs, which were committed, adds the record of --resume unless it is empty,
 * and ends the object. The target is still to be committed. */
enum ds_status manifest_finish(struct manifest *manifest, const struct targets *targets,
	const struct ds_counts *counts, enum exit_status status, struct ds_text resume);

void manifest_fini(struct manifest *manifest);

/** The words for formats and outcomes, which comparing needs too. */
const char *manifest_kind(enum ds_input_kind kind);
const char *manifest_format(enum ds_format format);
const char *manifest_outcome(enum ds_outcome outcome);

#endif
