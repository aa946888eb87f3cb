/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_LOSSES_H
#define CLI_LOSSES_H

#include "cli/targets.h"
#include "record/buffer.h"
#include "record/place.h"

/**
 * The file of --losses: one JSON object per line, always with the same keys; unknown values are
 * null.
 */

#define LOSSES_BUFFER_SIZE 65536

struct losses {
	struct target *target;
	/** The lines are short and many, so they are buffered up to LOSSES_BUFFER_SIZE. */
	struct buffer lines;
	/** Finds positions in the domain whose losses are written. */
	struct place_finder places;
};

void losses_init(struct losses *losses, struct target *target);

/** Returns DS_OK, DS_SYSTEM or DS_NO_MEMORY. */
enum ds_status losses_add(struct losses *losses, const struct ds_loss *loss);

/** Writes the buffered lines. Returns DS_OK or DS_SYSTEM. */
enum ds_status losses_finish(struct losses *losses);

void losses_fini(struct losses *losses);

#endif
