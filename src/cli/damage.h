/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_DAMAGE_H
#define CLI_DAMAGE_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * The findings of an audit about damaged input. Damage that is harmless in itself, such as a shell
 * prompt after a dump, has a high severity if no domain of the input was read, because the text may
 * then be all that is left of a host's dump. This is only known when the input ends. Until then,
 * the last such error waits here. Any other report flushes it first, so the order of the findings
 * stays the same, and the memory does not grow.
 */
struct damage {
	ds_finding_sink *sink;
	void *context;
	bool is_waiting;
	/** The error that waits, with its own copies of the names. */
	struct ds_error error;
	char *name, *host;
	/** A domain was read from a member of the archive that is being read. */
	bool is_archive_read;
};

/** Findings go to the sink. */
void damage_init(struct damage *damage, ds_finding_sink *sink, void *context);

/** Called when something could not be read. Returns DS_OK, DS_NO_MEMORY, or what the sink has
 * returned. */
enum ds_status damage_error(struct damage *damage, const struct ds_error *error);
/** Passes on the error that waits. Must be called before anything else is reported. Returns what
 * the sink has returned. */
enum ds_status damage_flush(struct damage *damage);
/** Called when an input has ended. Returns what the sink has returned. */
enum ds_status damage_input(struct damage *damage, const struct ds_input_result *result);

void damage_fini(struct damage *damage);

#endif
