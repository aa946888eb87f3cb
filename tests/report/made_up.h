/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef TESTS_REPORT_MADE_UP_H
#define TESTS_REPORT_MADE_UP_H

#include "record/buffer.h"
#include "report/report.h"

/**
 * A small estate that does not exist, with findings and with names that mean harm. The rules are
 * made up too, so that what is expected does not change with the catalogue.
 */

/** The last format that there is. */
#define MADE_UP_LAST REPORT_HTML

/** What the reports are called in tests/report/expected and elsewhere: "report.txt". In the order
 * of the formats. */
extern const char *const made_up_names[MADE_UP_LAST + 1];

/** Reports the estate; `extra`: so many findings more, all much the same. Adds the report to
 * `out`. */
enum ds_status made_up_report(enum report_format format, uint64_t extra, struct buffer *out);

/** Reports nothing at all. */
enum ds_status made_up_nothing(enum report_format format, struct buffer *out);

/** For tests of the text about one finding. */
extern const struct ds_rule made_up_rules[];
extern const size_t made_up_rule_count;

#endif
