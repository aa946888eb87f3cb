/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_PAGE_TABLES_H
#define REPORT_PAGE_TABLES_H

#include "report/tally.h"
#include "report/writer.h"

/**
 * The tables of the HTML page below its list of findings. All functions write to the report's
 * output.
 */

/** Writes the hosts sorted by name, up to the maximum number, with their findings and counts. */
void page_host_table(struct report *report);
/** Writes the rules, sorted by the highest severity of their findings, each with its text. */
void page_rules(struct report *report);
/** Writes the number of findings of each severity. */
void page_severities(struct report *report);
/** Writes the number of domains and disks of each kind. */
void page_kinds(struct buffer *out, const struct tally *tally);
/** Writes the number of disks for each word, such as the name of a driver. */
void page_words(struct buffer *out, const char *caption, const char *what,
	const struct tally_words *words, uint64_t disks);

#endif
