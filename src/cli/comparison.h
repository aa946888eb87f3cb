/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_COMPARISON_H
#define CLI_COMPARISON_H

#include "cli/options.h"
#include "cli/status.h"

/**
 * Compares a manifest with the files that it lists, which are read a second time. The whole
 * manifest is kept in memory, with about 100 bytes for each input in addition to its text.
 */
struct comparison;

/** Called when an input was read. Returns DS_OK, or the status of writing a difference. */
enum ds_status comparison_input(struct comparison *comparison,
	const struct ds_input_result *result);

/** Runs `domstream check --manifest FILE`. */
enum exit_status comparison_run(const struct options *options);

#endif
