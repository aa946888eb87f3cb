/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/page.h"

#define BAR_WIDTH 1000

/** Returns the width of a bar, wide enough to be seen unless it is 0. */
static uint64_t width_of(uint64_t count, uint64_t most)
{
	uint64_t width = most ? (uint64_t)((double)count / (double)most * BAR_WIDTH + 0.5) : 0;

	return count && width < 4 ? 4 : width;
}

static void begin_svg(struct buffer *out, const char *name)
{
	buffer_literal(out, "<svg ");
	if (name) {
		buffer_literal(out, "class=\"");
		buffer_string(out, name);
		buffer_literal(out, "\" ");
	}
	buffer_literal(out,
		"viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
}

/** Adds a rectangle unless its width is 0. Returns the position of the next one. */
static uint64_t add_rectangle(struct buffer *out, int severity, uint64_t x, uint64_t width)
{
	if (!width)
		return x;
	buffer_literal(out, "<rect ");
	if (severity >= 0) {
		buffer_literal(out, "class=\"s");
		buffer_unsigned(out, (uint64_t)severity);
		buffer_literal(out, "\" ");
	}
	buffer_literal(out, "x=\"");
	buffer_unsigned(out, x);
	buffer_literal(out, "\" width=\"");
	buffer_unsigned(out, width);
	buffer_literal(out, "\" height=\"10\"/>");
	return x + width;
}

void page_bar(struct buffer *out, uint64_t count, uint64_t most, int severity)
{
	begin_svg(out, NULL);
	add_rectangle(out, severity, 0, width_of(count, most));
	buffer_literal(out, "</svg>");
}

void page_severity_bar(struct buffer *out, const char *name, const uint64_t counts[], uint64_t most)
{
	uint64_t x = 0;

	begin_svg(out, name);
	for (int i = DS_SEVERITY_CRITICAL; i >= 0; i--)
		x = add_rectangle(out, i, x, width_of(counts[i], most));
	buffer_literal(out, "</svg>");
}
