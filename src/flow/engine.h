/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_ENGINE_H
#define FLOW_ENGINE_H

#include "flow/emit.h"
#include "flow/fill.h"

/** Runs the four stages on `jobs` threads, including the caller's, until everything is done.
 * `selection` may be NULL. Returns the status of the first stage that failed, or DS_OK. */
enum ds_status engine_run(const struct ds_run_options *options, unsigned jobs,
	struct filler *filler, struct emitter *emitter, const struct selection *selection);

#endif
