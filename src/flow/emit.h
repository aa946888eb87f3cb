/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_EMIT_H
#define FLOW_EMIT_H

#include "flow/batch.h"
#include "flow/outcome.h"

#include <stdbool.h>

/**
 * The stage "emit" passes batches in input order to the caller: errors, losses and bytes. It is
 * used by one thread at a time.
 */
struct emitter {
	const struct ds_run_options *options;
	struct ds_counts counts;
	/** The counts of the open input, and the domains in the members of its archive. */
	struct outcome_tally tally;
	uint64_t archive_domains;
	/** Compresses output that does not come from a batch: the wrapper, and the domain that was
	 * held back. */
	struct bgzf *bgzf;
	struct buffer compressed;
	/** The first XML domain, held back until it is known whether it is the only one. */
	struct buffer held;
	uint64_t written_domains;
	/** The format of the output; DS_FORMAT_AUTO while it is unknown. */
	enum ds_format format;
	bool has_wrapper;
	/** The header of the rows was written. */
	bool has_header;
	/** NULL if this is not an audit. */
	struct estate *estate;
	/** The error of a refused range that spans several batches, and the names of its stream and
	 * host. */
	struct ds_error range_error;
	char *range_name, *range_host;
};

bool emitter_init(struct emitter *emitter, const struct ds_run_options *options);

/** Emits one batch. Returns DS_OK, the status of a callback, DS_STOPPED at `max_errors`, or
 * DS_NO_MEMORY. */
enum ds_status emitter_emit(struct emitter *emitter, struct batch *batch);

/** Writes the end of the document. */
enum ds_status emitter_finish(struct emitter *emitter);

void emitter_fini(struct emitter *emitter);

#endif
