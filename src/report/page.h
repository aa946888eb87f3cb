/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "record/buffer.h"

/**
 * The building blocks of the HTML page. Text may be untrusted and is escaped; titles, captions and
 * class names are our own.
 */

/** Appends the beginning of a long text. The text direction inside of it does not affect the text
 * around it (<bdi>). */
void page_text(struct buffer *out, struct ds_text text);
/** Appends a number with a thin blank between thousands, at which lines are not broken. */
void page_number(struct buffer *out, uint64_t number);
/** Appends "1 host" or "2 hosts". */
void page_counted(struct buffer *out, uint64_t number, const char *one, const char *many);
/** Appends the name of a severity in its colour. */
void page_severity(struct buffer *out, enum ds_severity severity);
/** Opens an entry of a list of terms; the caller closes it with "</dd>". */
void page_term(struct buffer *out, const char *term);
void page_place(struct buffer *out, const struct ds_place *place);

void page_section(struct buffer *out, const char *id, const char *title);
void page_section_end(struct buffer *out);

/** The title of a column; `name` is its class, or NULL. A column without a title ends the list. */
struct page_column {
	const char *title, *name;
};

/** Begins a table. `name` is its class, or NULL. */
void page_table(struct buffer *out, const char *name, const char *caption,
	const struct page_column *columns);
void page_table_end(struct buffer *out);
/** Begins a row with its heading; the caller closes it with "</tr>". */
void page_heading(struct buffer *out, struct ds_text text);
/** Appends a cell with a number. */
void page_cell(struct buffer *out, uint64_t count);

/** Appends the number of items that were not shown, if there are any. */
void page_others(struct buffer *out, uint64_t count, uint64_t shown, const char *one,
	const char *many);

/** Appends the row of a finding in the list of all findings. */
void page_finding(struct buffer *out, const struct ds_finding *finding);

/** Appends a bar whose full width is `most`. If `severity` < 0, it has a neutral colour. */
void page_bar(struct buffer *out, uint64_t count, uint64_t most, int severity);
/** Appends a bar with a segment for each severity. */
void page_severity_bar(struct buffer *out, const char *name, const uint64_t counts[],
	uint64_t most);

#endif
