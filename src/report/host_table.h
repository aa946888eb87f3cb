/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_HOST_TABLE_H
#define REPORT_HOST_TABLE_H

#include "domstream/domstream.h"
#include "record/value_set.h"

#include <stdbool.h>

/**
 * The counts of a report for each host, about 300 bytes per host.
 */

#define HOST_SEVERITIES (DS_SEVERITY_CRITICAL + 1)

/** The findings of a rule with one severity. */
struct host_cell {
	uint64_t count;
	/** The index of the rule. */
	uint32_t rule;
	enum ds_severity severity;
};

struct host_row {
	uint64_t domains, disks, rejected, damaged_inputs;
	uint64_t findings[HOST_SEVERITIES];
	struct host_cell *cells;
	size_t cell_count, cell_capacity;
	/** The number of the host in the order of their first use, from 0. */
	size_t number;
	/** Terminated by NUL. */
	char name[];
};

struct host_table {
	/** Sorted by host_table_sort(). */
	struct host_row **rows;
	size_t count, capacity;
	/** The numbers of the rows before they are sorted, from 1; and the row that was used
	 * last. */
	struct value_set *numbers;
	struct host_row *last;
};

/** Returns the row of a host, which is added if it is new, or NULL when there is no memory. Must
 * not be called after sorting. */
struct host_row *host_table_row(struct host_table *table, struct ds_text name);

/** Counts a finding. Returns false when out of memory. */
bool host_table_count(struct host_table *table, struct ds_text host, size_t rule,
	enum ds_severity severity);

/** Sorts the rows by the names of the hosts, and their cells by rule and severity. */
void host_table_sort(struct host_table *table);

void host_table_fini(struct host_table *table);

#endif
