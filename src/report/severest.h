/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_SEVEREST_H
#define REPORT_SEVEREST_H

#include "report/writer.h"

#include <stdbool.h>

/**
 * The most severe of any number of texts, at most `limit`. When there are more, the last one of the
 * lowest severity is dropped.
 */
struct severest {
	struct severest_level {
		struct buffer *texts;
		size_t count, capacity;
	} levels[SEVERITY_COUNT];
	size_t count, limit;
};

/** Returns whether a text of this severity would be kept. Otherwise it need not be made. */
bool severest_wants(const struct severest *severest, enum ds_severity severity);

/** Adds a text if it is to be kept, and takes over its bytes; the buffer is empty afterwards in any
 * case. Returns false when out of memory. */
bool severest_add(struct severest *severest, enum ds_severity severity, struct buffer *text);

void severest_fini(struct severest *severest);

#endif
