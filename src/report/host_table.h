/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_HOST_TABLE_H
#define REPORT_HOST_TABLE_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * What a report counts for each host. Some 300 bytes a host.
 */

#define HOST_SEVERITIES (DS_SEVERITY_CRITICAL + 1)

/** Findings of a rule with a severity. */
struct host_cell {
	uint64_t count;
	/** Index of the rule. */
	uint32_t rule;
	enum ds_severity severity;
};

struct host_row {
	uint64_t domains, disks, rejected, damaged_inputs;
	uint64_t findings[HOST_SEVERITIES];
	struct host_cell *cells;
	size_t cell_count, cell_capacity;
	/** In the order in which the hosts came, from 0. */
	size_t number;
	/** Terminated by NUL. */
	const char *name;
};

struct host_table {
	/** Sorted by host_table_sort(). */
	struct host_row **rows;
	size_t count, capacity;
	/** Hash table, and the row that was asked for last. */
	void *index;
	struct host_row *last;
};

/** The row of a host, which is added when it is new; NULL when there is no memory. */
struct host_row *host_table_row(struct host_table *table, struct ds_text name);

/** Counts a finding. Returns false when out of memory. */
bool host_table_count(struct host_table *table, struct ds_text host, size_t rule,
	enum ds_severity severity);

/** Sorts the rows by the names of the hosts, and their cells by rules and severities. */
void host_table_sort(struct host_table *table);

void host_table_fini(struct host_table *table);

#endif
