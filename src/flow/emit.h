/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_EMIT_H
#define FLOW_EMIT_H

#include "flow/batch.h"
#include "flow/outcome.h"

#include <stdbool.h>

/**
 * The stage "emit": batches in input order to the caller: errors, losses, bytes. Used by one thread
 * at a time.
 */
struct emitter {
	const struct ds_run_options *options;
	struct ds_counts counts;
	/** Of the input that is open, and the domains in the members of its archive. */
	struct outcome_tally tally;
	uint64_t archive_domains;
	/** For what is not of a batch: the wrapper, and what was held back. */
	struct bgzf *bgzf;
	struct buffer packed;
	/** XML: the first domain, held back until it is known whether it is the only one. */
	struct buffer held;
	uint64_t written_domains;
	/** Format of the output; DS_FORMAT_AUTO until it is known. */
	enum ds_format format;
	bool has_wrapper;
	/** Rows: the header is written. */
	bool has_header;
	/** NULL: no audit. */
	struct estate *estate;
	/** The error of a refused range that comes in pieces, and the names of its stream and
	 * host. */
	struct ds_error range_error;
	char *range_name, *range_host;
};

bool emitter_init(struct emitter *emitter, const struct ds_run_options *options);

/** Gives one batch out. Returns DS_OK, what a callback returned, DS_STOPPED at `max_errors`,
 * DS_NO_MEMORY. */
enum ds_status emitter_emit(struct emitter *emitter, struct batch *batch);

/** Ends the document. */
enum ds_status emitter_finish(struct emitter *emitter);

void emitter_fini(struct emitter *emitter);

#endif
