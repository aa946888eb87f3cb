/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * The reports of an audit: findings in, one by one, bytes of the chosen format out.
 *
 * All are deterministic: there is no clock, host or path in them but those that came in; HTML and
 * Prometheus' format have the time of the run. Names are those of strangers; each format escapes
 * them in its own way, and none lets them say anything else. Passwords must be masked before.
 *
 * Memory does not grow with the number of findings. A report that needs the counts first (JUnit,
 * HTML) keeps a bounded part: one suite, or the most severe findings.
 *
 * A handle is to be used by one thread at a time.
 */

enum report_format {
	/** A line a finding, as compilers print them, and a line for each other disk that it is
	 * about. */
	REPORT_TEXT = 0,
	/** Text for people on a terminal (ECMA-48): grouped by domain, coloured, with counts at
	 * the end. */
	REPORT_TERMINAL,
	/** One JSON object a line, every key always there. */
	REPORT_NDJSON,
	/** SARIF 2.1.0, with the whole catalogue. */
	REPORT_SARIF,
	/** A test suite a domain, a failed test case a finding. No two cases have the same class
	 * and name. */
	REPORT_JUNIT,
	/** Prometheus' text format, for the textfile collector of node_exporter: counts alone. */
	REPORT_PROM,
	/** One page that needs no network and no scripts, at most REPORT_HTML_FINDINGS findings in
	 * it. */
	REPORT_HTML,
};

/** Findings that a page holds: the most severe, of equal ones the first. More would make browsers
 * slow. */
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
	/** REPORT_TEXT and REPORT_TERMINAL: groups are made when all is known, so that the text is
	 * held in memory. */
	enum report_group group;
	/** REPORT_TEXT: ends with a summary, as REPORT_TERMINAL always does. */
	bool has_summary;
	/** REPORT_SARIF: at most so many results, the most severe; 0: all. They are held in
	 * memory. */
	uint64_t sarif_limit;
	/** There is a baseline, so that every finding is a new one. */
	bool has_baseline;
	/** What the rules are; every finding's rule is one of them. Borrowed while the report
	 * lives. NULL: ds_rules(). */
	const struct ds_rule *rules;
	size_t rule_count;
	/** Gets the bytes, in pieces of some 64 KiB. */
	ds_sink *sink;
	void *context;
};

/** What is known when all was read. */
struct report_totals {
	struct ds_counts counts;
	/** Findings that are not in the report: under the threshold, in the baseline, suppressed by
	 * a rule of the user's. */
	uint64_t below_threshold, in_baseline, suppressed;
	/** Those under the threshold that decide the exit status. */
	uint64_t failing_below;
	/** Findings of the baseline that are not there any more, and those of hosts that were not
	 * read. */
	uint64_t gone, kept;
	/** When the run ended, in seconds since 1970, how long it took, and its exit status. */
	int64_t time;
	double seconds;
	int status;
};

/** A finding of the baseline that is gone, as far as the baseline describes it. */
struct report_gone {
	struct ds_text fingerprint, rule, host, domain, disk;
};

struct report;

/** NULL: no memory, or no such format. */
struct report *report_new(const struct report_options *options);

/**
 * A domain that was read, before the findings of it. Findings about several domains, or about the
 * input, may come at any time.
 *
 * These return DS_OK, what the sink returned, DS_NO_MEMORY, or DS_USAGE for a finding of an unknown
 * rule; from then on they do nothing and return the same.
 */
enum ds_status report_domain(struct report *report, const struct ds_domain *domain);

enum ds_status report_finding(struct report *report, const struct ds_finding *finding);

/** A finding that is in the baseline, and one that is gone from it. Most formats only count
 * them. */
enum ds_status report_known(struct report *report, const struct ds_finding *finding);
enum ds_status report_gone(struct report *report, const struct report_gone *gone);

/** An image that several domains have. Only the page lists them. */
bool report_lists_shared_images(const struct report *report);
enum ds_status report_shared_image(struct report *report, const struct ds_shared_image *image);

/** How an input ended. */
enum ds_status report_input(struct report *report, const struct ds_input_result *result);

/** Ends the report, once. Without it, the report is truncated. */
enum ds_status report_finish(struct report *report, const struct report_totals *totals);

void report_free(struct report *report);

#endif
