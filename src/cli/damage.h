/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_DAMAGE_H
#define CLI_DAMAGE_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * The findings of an audit about damaged input. Damage that costs little in itself, such as a shell
 * prompt behind a dump, is of high severity when no domain of the input was read: then the text may
 * be all that is left of a host. Whether that is so is known when the input ends. Until then, the
 * last such error waits here, and no other one: so the order of the findings stays the same, and
 * the memory does not grow.
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

/** Something could not be read. DS_OK, DS_NO_MEMORY, or what the sink has returned. */
enum ds_status damage_error(struct damage *damage, const struct ds_error *error);
/** To be called before anything else is reported: passes on the error that waits. Returns what the
 * sink has returned. */
enum ds_status damage_flush(struct damage *damage);
/** An input has ended. Returns what the sink has returned. */
enum ds_status damage_input(struct damage *damage, const struct ds_input_result *result);

void damage_fini(struct damage *damage);

#endif
