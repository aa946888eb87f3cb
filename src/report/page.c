/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/page.h"

#include "record/text.h"
#include "report/markup.h"

/** The maximum number of bytes of a name that are shown. */
#define SHOWN_BYTES 1000

/* ---- values ---- */

void page_text(struct buffer *out, struct ds_text text)
{
	struct ds_text shown = text_beginning(text, SHOWN_BYTES);

	buffer_literal(out, "<bdi>");
	markup_text(out, shown);
	buffer_string(out, shown.size < text.size ? "\xe2\x80\xa6</bdi>" : "</bdi>");
}

void page_number(struct buffer *out, uint64_t number)
{
	if (number >= 1000) {
		page_number(out, number / 1000);
		buffer_literal(out, "\xe2\x80\xaf");
		buffer_byte(out, (char)('0' + number / 100 % 10));
		buffer_byte(out, (char)('0' + number / 10 % 10));
		buffer_byte(out, (char)('0' + number % 10));
	} else {
		buffer_unsigned(out, number);
	}
}

void page_counted(struct buffer *out, uint64_t number, const char *one, const char *many)
{
	page_number(out, number);
	buffer_byte(out, ' ');
	buffer_string(out, number == 1 ? one : many);
}

void page_severity(struct buffer *out, enum ds_severity severity)
{
	buffer_literal(out, "<span class=\"severity\">");
	buffer_string(out, ds_severity_text(severity));
	buffer_literal(out, "</span>");
}

void page_term(struct buffer *out, const char *term)
{
	buffer_literal(out, "<dt>");
	buffer_string(out, term);
	buffer_literal(out, "</dt><dd>");
}

void page_place(struct buffer *out, const struct ds_place *place)
{
	buffer_literal(out, "<code><bdi>");
	markup_place(out, place);
	buffer_literal(out, "</bdi></code>");
}

/* ---- sections and tables ---- */

void page_section(struct buffer *out, const char *id, const char *title)
{
	buffer_literal(out, "<section aria-labelledby=\"");
	buffer_string(out, id);
	buffer_literal(out, "\">\n<h2 id=\"");
	buffer_string(out, id);
	buffer_literal(out, "\">");
	buffer_string(out, title);
	buffer_literal(out, "</h2>\n");
}

void page_section_end(struct buffer *out)
{
	buffer_literal(out, "</section>\n");
}

static void add_class(struct buffer *out, const char *name)
{
	if (!name)
		return;
	buffer_literal(out, " class=\"");
	buffer_string(out, name);
	buffer_byte(out, '"');
}

void page_table(struct buffer *out, const char *name, const char *caption,
	const struct page_column *columns)
{
	buffer_literal(out, "<table");
	add_class(out, name);
	buffer_literal(out, "><caption>");
	buffer_string(out, caption);
	buffer_literal(out, "</caption><thead><tr>");
	for (; columns->title; columns++) {
		buffer_literal(out, "<th scope=\"col\"");
		add_class(out, columns->name);
		buffer_byte(out, '>');
		buffer_string(out, columns->title);
		buffer_literal(out, "</th>");
	}
	buffer_literal(out, "</tr></thead><tbody>\n");
}

void page_table_end(struct buffer *out)
{
	buffer_literal(out, "</tbody></table>\n");
}

void page_heading(struct buffer *out, struct ds_text text)
{
	buffer_literal(out, "<tr><th scope=\"row\">");
	page_text(out, text);
	buffer_literal(out, "</th>");
}

void page_cell(struct buffer *out, uint64_t count)
{
	buffer_literal(out, "<td class=\"number\">");
	page_number(out, count);
	buffer_literal(out, "</td>");
}

void page_others(struct buffer *out, uint64_t count, uint64_t shown, const char *one,
	const char *many)
{
	if (count <= shown)
		return;
	buffer_literal(out, "<p>and ");
	page_counted(out, count - shown, one, many);
	buffer_literal(out, "</p>\n");
}
