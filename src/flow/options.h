/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_OPTIONS_H
#define FLOW_OPTIONS_H

#include "domstream/domstream.h"

/**
 * Copies the options of a caller, which may have been compiled for an older or newer library, into
 * complete structs and checks them. Each function returns NULL, or what is wrong as a sentence
 * without a full stop.
 */

const char *limits_read(struct ds_limits *limits, const struct ds_limits *given);
const char *writer_options_read(struct ds_writer_options *options,
	const struct ds_writer_options *given);
/** The options point to `limits` afterwards. */
const char *reader_options_read(struct ds_reader_options *options, struct ds_limits *limits,
	const struct ds_reader_options *given);

const char *audit_options_read(struct ds_audit_options *options,
	const struct ds_audit_options *given);

/** The options of a run. After the call, every pointer in `run` except `audit` points into this
 * struct. */
struct run_setup {
	struct ds_run_options run;
	struct ds_selection selection;
	struct ds_limits limits;
	struct ds_writer_options writer;
	struct ds_rows_options rows;
	struct ds_audit_options audit;
};

const char *run_setup_read(struct run_setup *setup, const struct ds_run_options *given);

#endif
