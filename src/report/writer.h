/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_WRITER_H
#define REPORT_WRITER_H

#include "record/buffer.h"
#include "report/host_table.h"
#include "report/report.h"

#include <stdbool.h>

/**
 * The private header of the writers in this folder.
 */

#define SEVERITY_COUNT (DS_SEVERITY_CRITICAL + 1)

struct report {
	const struct report_writer *writer;
	struct report_options options;
	/** The bytes that have not been passed to the sink yet. A writer that has no memory for its
	 * own state sets `failed` here. */
	struct buffer out;
	/** The first failure, which is sticky. */
	enum ds_status status;
	bool has_begun;
	/** The number of findings so far. */
	uint64_t finding_count;
	/** The number of findings so far, by rule and severity: [rule * SEVERITY_COUNT +
	 * severity]. */
	uint64_t *counts;
	/** The counts of each host. They are sorted before finish() is called. */
	struct host_table hosts;
	/** The writer's own state; NULL if it needs none. */
	void *own;
};

/** A format. Any function may be NULL. All of them write to `report->out`. */
struct report_writer {
	/** Creates `own`. Returns false when there is no memory. */
	bool (*init)(struct report *report);
	/** Called before the first domain or finding, or before the end. */
	void (*begin)(struct report *report);
	void (*domain)(struct report *report, const struct ds_domain *domain);
	/** `rule` is the index of its rule in `options.rules`. The finding was counted already. */
	void (*finding)(struct report *report, const struct ds_finding *finding, size_t rule);
	/** Called for a finding in the baseline, which is not counted. */
	void (*known)(struct report *report, const struct ds_finding *finding, size_t rule);
	void (*gone)(struct report *report, const struct report_gone *gone);
	void (*shared)(struct report *report, const struct ds_shared_image *image);
	void (*input)(struct report *report, const struct ds_input_result *result);
	void (*finish)(struct report *report, const struct report_totals *totals);
	void (*fini)(struct report *report);
};

extern const struct report_writer report_text, report_terminal, report_ndjson, report_sarif,
	report_junit, report_prom, report_html;

static inline uint64_t report_count(const struct report *report, size_t rule,
	enum ds_severity severity)
{
	return report->counts[rule * SEVERITY_COUNT + severity];
}

/** Returns the number of findings of all rules. */
uint64_t report_count_severity(const struct report *report, enum ds_severity severity);
uint64_t report_count_rule(const struct report *report, size_t rule);

#endif
