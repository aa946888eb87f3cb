/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_SHELF_H
#define REPORT_SHELF_H

#include "report/writer.h"

#include <stdbool.h>

/**
 * A bounded number of pieces of text, each with a severity. When all places are taken, one of
 * higher severity pushes out the last of the lowest.
 */
struct shelf {
	struct shelf_level {
		struct buffer *pieces;
		size_t count, capacity;
	} levels[SEVERITY_COUNT];
	size_t count, limit;
};

/** Is there a place for one of this severity? Pieces that would not be kept need not be made. */
bool shelf_wants(const struct shelf *shelf, enum ds_severity severity);

/** Takes over the piece's bytes, if there is a place for it; it is empty then in any case. Returns
 * false when out of memory. */
bool shelf_take(struct shelf *shelf, enum ds_severity severity, struct buffer *piece);

void shelf_fini(struct shelf *shelf);

#endif
