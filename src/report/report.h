/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * The reports of an audit: findings are added one by one, and the bytes of the chosen format are
 * passed to a sink.
 *
 * All formats are deterministic: they only contain the times, hosts and paths that are passed to
 * these functions. Names are untrusted; each format escapes them in its own way, so that they
 * cannot change the structure. Passwords must have been masked before.
 *
 * Memory does not grow with the number of findings, except for texts in groups. A report that needs
 * the counts first (JUnit, HTML) keeps a bounded amount: one suite, or the most severe findings.
 *
 * A handle must be used by one thread at a time.
 */

enum report_format {
	/** One line per finding, as compilers print them, and one line for each other disk that is
	 * involved. */
	REPORT_TEXT = 0,
	/** Text for people on a terminal (ECMA-48): grouped by domain, coloured, with counts at the
	 * end. */
	REPORT_TERMINAL,
	/** One JSON object per line, always with all keys. */
	REPORT_NDJSON,
	/** SARIF 2.1.0, with the whole catalogue. */
	REPORT_SARIF,
	/** One test suite per domain, and one failed test case per finding. No two cases have the
	 * same class and name. */
	REPORT_JUNIT,
	/** Prometheus' text format, for the textfile collector of node_exporter: only counts. */
	REPORT_PROM,
	/** One page that needs no network and no scripts, with at most REPORT_HTML_FINDINGS
	 * findings. */
	REPORT_HTML,
};

/** The maximum number of findings on a page: the most severe ones, and the first of equal ones.
 * More would make browsers slow. */
#define REPORT_HTML_FINDINGS 2000

/** How a text is grouped. */
enum report_group {
	REPORT_GROUP_NONE = 0,
	REPORT_GROUP_RULE,
	REPORT_GROUP_HOST,
	REPORT_GROUP_DOMAIN
};

struct report_options {
	enum report_format format;
	/** For REPORT_TEXT and REPORT_TERMINAL: groups are written at the end, so the text is kept
	 * in memory. */
	enum report_group group;
	/** For REPORT_TEXT: ends with a summary, as REPORT_TERMINAL always does. */
	bool has_summary;
	/** For REPORT_SARIF: the maximum number of results, of which the most severe are kept in
	 * memory; 0 for all. */
	uint64_t sarif_limit;
	/** There is a baseline, so every finding is a new one. */
	bool has_baseline;
	/** The rules; every finding's rule is one of them. Borrowed as long as the report exists.
	 * NULL means ds_rules(). */
	const struct ds_rule *rules;
	size_t rule_count;
	/** Gets the bytes in chunks of about 64 KiB. */
	ds_sink *sink;
	void *context;
};

/** The facts that are known after everything was read. */
struct report_totals {
	struct ds_counts counts;
	/** The number of findings that are not in the report: below the threshold, in the baseline,
	 * or suppressed by the user. */
	uint64_t below_threshold, in_baseline, suppressed;
	/** The number of findings below the threshold that affect the exit status. */
	uint64_t failing_below;
	/** The number of findings in the baseline that are gone, and of those that belong to hosts
	 * that were not read. */
	uint64_t gone, kept;
	/** The time at which the run ended, in seconds since 1970, its duration, and its exit
	 * status. */
	int64_t time;
	double seconds;
	int status;
};

/** A finding in the baseline that is gone, as far as the baseline describes it. */
struct report_gone {
	struct ds_text fingerprint, rule, host, domain, disk;
};

struct report;

/** Returns NULL when there is no memory or the format is unknown. */
struct report *report_new(const struct report_options *options);

/**
 * Adds a domain that was read, before its findings. Findings about several domains, or about the
 * input, may be added at any time.
 *
 * These functions return DS_OK, the status of the sink, DS_NO_MEMORY, or DS_USAGE for a finding of
 * an unknown rule. After a failure, they do nothing and return the same status.
 */
enum ds_status report_domain(struct report *report, const struct ds_domain *domain);

enum ds_status report_finding(struct report *report, const struct ds_finding *finding);

/** Add a finding that is in the baseline, and one that is gone from it. Most formats only count
 * them. */
enum ds_status report_known(struct report *report, const struct ds_finding *finding);
enum ds_status report_gone(struct report *report, const struct report_gone *gone);

/** Add an image that several domains use, if the report lists them, as only the HTML page does. */
bool report_lists_shared_images(const struct report *report);
enum ds_status report_shared_image(struct report *report, const struct ds_shared_image *image);

/** Adds the outcome of an input. */
enum ds_status report_input(struct report *report, const struct ds_input_result *result);

/** Ends the report. Must be called once; otherwise the report is truncated. */
enum ds_status report_finish(struct report *report, const struct report_totals *totals);

void report_free(struct report *report);

#endif
