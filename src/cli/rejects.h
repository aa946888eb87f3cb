/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_REJECTS_H
#define CLI_REJECTS_H

#include "cli/targets.h"

#include <stdbool.h>

/**
 * The file of --rejects: for each range that could not be read a comment that says where and why,
 * then its bytes as they were. The comment is one of XML when the bytes look like XML, else a line
 * that begins with '#'.
 */

struct rejects {
	struct target *target;
	/** The last byte written was no newline. */
	bool is_in_line;
};

void rejects_init(struct rejects *rejects, struct target *target);

/** `error` is NULL for a further piece of the same range. DS_OK, DS_SYSTEM, DS_NO_MEMORY. */
enum ds_status rejects_add(struct rejects *rejects, const struct ds_error *error,
	struct ds_text raw);

/** Ends the last line. DS_OK or DS_SYSTEM. */
enum ds_status rejects_finish(struct rejects *rejects);

#endif
