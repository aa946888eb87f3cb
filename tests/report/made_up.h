/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef TESTS_REPORT_MADE_UP_H
#define TESTS_REPORT_MADE_UP_H

#include "record/buffer.h"
#include "report/report.h"

/**
 * A small invented estate, with findings and with hostile names. The rules are invented, too, so
 * that the expected reports do not change with the catalogue.
 */

/** The last format. */
#define MADE_UP_LAST REPORT_HTML

/** The file names of the reports, such as "report.txt", in the order of the formats. */
extern const char *const made_up_names[MADE_UP_LAST + 1];

/** Adds a report of the estate to `out`, with `extra` further findings that are similar to each
 * other. */
enum ds_status made_up_report(enum report_format format, uint64_t extra, struct buffer *out);

/** Adds a report without any findings to `out`. */
enum ds_status made_up_nothing(enum report_format format, struct buffer *out);

/** The rules, for tests of the text about one finding. */
extern const struct ds_rule made_up_rules[];
extern const size_t made_up_rule_count;

#endif
