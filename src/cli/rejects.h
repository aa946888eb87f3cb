/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_REJECTS_H
#define CLI_REJECTS_H

#include "cli/targets.h"

#include <stdbool.h>

/**
 * The file of --rejects: for each range that could not be read, a comment with the position and the
 * error, and then its unchanged bytes. The comment is an XML comment when the bytes look like XML,
 * and otherwise a line that begins with '#'.
 */

struct rejects {
	struct target *target;
	/** The last byte written was not a newline. */
	bool is_in_line;
};

void rejects_init(struct rejects *rejects, struct target *target);

/** Adds bytes that could not be read. `error` is NULL for further bytes of the same range. Returns
 * DS_OK, DS_SYSTEM or DS_NO_MEMORY. */
enum ds_status rejects_add(struct rejects *rejects, const struct ds_error *error,
	struct ds_text raw);

/** Ends the last line. Returns DS_OK or DS_SYSTEM. */
enum ds_status rejects_finish(struct rejects *rejects);

#endif
