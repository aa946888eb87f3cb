/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_OPTIONS_H
#define FLOW_OPTIONS_H

#include "domstream/domstream.h"

/**
 * Copies the options of a caller, which may have been compiled for an older or newer library, into
 * complete structs and checks them. Each function returns NULL, or a text without a full stop that
 * says what is wrong.
 */

const char *options_read_writer(struct ds_writer_options *options,
	const struct ds_writer_options *given);
/** After the call, the options point to `limits`. */
const char *options_read_reader(struct ds_reader_options *options, struct ds_limits *limits,
	const struct ds_reader_options *given);

const char *options_read_audit(struct ds_audit_options *options,
	const struct ds_audit_options *given);

/** The options of a run. After the call, every pointer in `run` except `audit` points into this
 * struct. */
struct options_run {
	struct ds_run_options run;
	struct ds_selection selection;
	struct ds_limits limits;
	struct ds_writer_options writer;
	struct ds_rows_options rows;
	struct ds_audit_options audit;
};

const char *options_read_run(struct options_run *setup, const struct ds_run_options *given);

#endif
