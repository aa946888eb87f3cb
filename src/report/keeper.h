/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_KEEPER_H
#define REPORT_KEEPER_H

#include "record/buffer.h"

#include <stdbool.h>

/**
 * The rows of a report that cannot contain all findings: the most severe ones of every host, and
 * the most severe of all others. If several are equally severe, the first ones are kept.
 */

/** The number of rows that each of the first hosts has for itself; later hosts have one, and hosts
 * beyond the limit have none. */
#define KEEPER_HOST_ROWS 10
#define KEEPER_HOSTS ((size_t)1000)
#define KEEPER_HOSTS_MAX ((size_t)10000)
/** The number to be used where the host does not matter. */
#define KEEPER_NO_HOST SIZE_MAX

struct kept_row {
	struct buffer text;
	enum ds_severity severity;
	/** The number of the finding among all, from 1. */
	uint64_t number;
	/** The index of its rule. */
	size_t rule;
};

struct kept_rows {
	struct kept_row *items;
	size_t count, capacity;
};

struct keeper {
	/** The rows of each host, by the number of the host. */
	struct kept_rows *hosts;
	size_t host_count;
	/** The other rows, by severity. */
	struct kept_rows levels[DS_SEVERITY_CRITICAL + 1];
	/** The number of these other rows, and its maximum. */
	size_t count, limit;
};

/** Returns whether a finding of this severity would be kept. */
bool keeper_wants(const struct keeper *keeper, size_t host, enum ds_severity severity);

/** Takes ownership of a row, and frees it if it is not among those to keep. Returns false when out
 * of memory. */
bool keeper_take(struct keeper *keeper, size_t host, struct kept_row *row);

/** Moves all rows to one list, the most severe first. Returns false when out of memory. */
bool keeper_finish(struct keeper *keeper, struct kept_rows *rows);

void kept_rows_fini(struct kept_rows *rows);
void keeper_fini(struct keeper *keeper);

#endif
