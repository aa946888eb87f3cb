/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_MANIFEST_H
#define CLI_MANIFEST_H

#include "cli/status.h"
#include "cli/targets.h"
#include "record/buffer.h"

/**
 * Writes the manifest of a run: a JSON object that lists every input with its outcome and every
 * output with its size and checksum, see domstream(1). Inputs are written when they end; the files
 * of --output-dir are kept in memory, like its index.
 *
 * A manifest is used by one thread at a time. The target reports failures, so callers only have to
 * return the status.
 */
struct manifest {
	/** NULL if no manifest is wanted. */
	struct target *target;
	/** The name of standard input. */
	const char *label;
	/** The text that was not written yet. */
	struct buffer text;
	/** The files of --output-dir. */
	struct buffer outputs;
	uint64_t input_count;
	/** The run was stopped inside an input. */
	bool is_stopped;
};

/** If `target` is NULL, the other functions do nothing. */
enum ds_status manifest_begin(struct manifest *manifest, const struct options *options,
	struct target *target);

enum ds_status manifest_input(struct manifest *manifest, const struct ds_input_result *result);

/** Adds a file of --output-dir with these bytes. */
enum ds_status manifest_file(struct manifest *manifest, const char *directory, const char *name,
	const char *data, size_t size);

/** Lists the other outputs, which were committed, adds the record of --resume unless it is empty,
 * and ends the object. The target must be committed afterwards. */
enum ds_status manifest_finish(struct manifest *manifest, const struct targets *targets,
	const struct ds_counts *counts, enum exit_status status, struct ds_text resume);

void manifest_fini(struct manifest *manifest);

/** Return the word in a manifest for a kind, format or outcome. */
const char *manifest_kind(enum ds_input_kind kind);
const char *manifest_format(enum ds_format format);
const char *manifest_outcome(enum ds_outcome outcome);

#endif
