/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "record/buffer.h"

/**
 * What the parts of the HTML page are made of. Text may come from strangers, and is escaped;
 * titles, captions and class names are our own.
 */

/** Adds the beginning of a long text. Directions of writing stay inside of it (<bdi>). */
void page_text(struct buffer *out, struct ds_text text);
/** Adds a number, with a thin blank between thousands. */
void page_number(struct buffer *out, uint64_t number);
/** Adds "1 host" or "2 hosts". */
void page_counted(struct buffer *out, uint64_t number, const char *one, const char *many);
/** Adds the word in its colour. */
void page_severity(struct buffer *out, enum ds_severity severity);
/** Opens an entry of a list of terms; the caller ends it with "</dd>". */
void page_term(struct buffer *out, const char *term);
void page_place(struct buffer *out, const struct ds_place *place);

void page_section(struct buffer *out, const char *id, const char *title);
void page_section_end(struct buffer *out);

/** The title of a column; `name` is its class, NULL: none. A column without a title ends them. */
struct page_column {
	const char *title, *name;
};

/** Begins a table. `name` is its class, NULL: none. */
void page_table(struct buffer *out, const char *name, const char *caption,
	const struct page_column *columns);
void page_table_end(struct buffer *out);
/** Begins a row with its heading; the caller ends it with "</tr>". */
void page_heading(struct buffer *out, struct ds_text text);
/** Adds a cell with a number. */
void page_cell(struct buffer *out, uint64_t count);

/** Adds how many did not fit, if any. */
void page_others(struct buffer *out, uint64_t count, uint64_t shown, const char *one,
	const char *many);

/** Adds the row of a finding in the list of all. */
void page_finding(struct buffer *out, const struct ds_finding *finding);

/** Adds a bar of a table, `count` of at most `most`. `severity` < 0: in the colour of what is
 * neither good nor bad. */
void page_bar(struct buffer *out, uint64_t count, uint64_t most, int severity);
/** Adds a bar that has a part for each severity. */
void page_severity_bar(struct buffer *out, const char *name, const uint64_t counts[],
	uint64_t most);

#endif
