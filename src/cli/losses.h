/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_LOSSES_H
#define CLI_LOSSES_H

#include "cli/targets.h"
#include "record/buffer.h"
#include "record/place.h"

/**
 * The file of --losses: one JSON object a line, always with the same keys; what is not known is
 * null.
 */

#define LOSSES_BUFFER_SIZE 65536

struct losses {
	struct target *target;
	/** Lines are short and many, so they are collected up to LOSSES_BUFFER_SIZE. */
	struct buffer lines;
	/** Of the domain whose losses are written. */
	struct place_finder places;
};

void losses_init(struct losses *losses, struct target *target);

/** DS_OK, DS_SYSTEM, DS_NO_MEMORY. */
enum ds_status losses_add(struct losses *losses, const struct ds_loss *loss);

/** Writes what was collected. DS_OK or DS_SYSTEM. */
enum ds_status losses_finish(struct losses *losses);

void losses_fini(struct losses *losses);

#endif
