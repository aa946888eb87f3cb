/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domstream/domstream.h"
#include "frame/border.h"

#include <stdio.h>
#include <string.h>

/** Returns the text after the colon of a border, or NULL if it is not a border. */
static const char *known_at(const char *border)
{
	const char *colon = strchr(border, ':');

	return colon ? colon + 1 : NULL;
}

bool ds_border_join(const char *truth, const struct ds_segment *segment, char next[DS_BORDER_SIZE])
{
	const char *begin, *end;
	char known[BORDER_TEXT_SIZE];
	bool agrees;

	if (!next)
		return false;
	next[0] = '\0';
	if (!truth || !segment)
		return false;
	begin = segment->begin;
	end = segment->end ? segment->end : begin;
	if (!begin || !segment->account || !known_at(truth) || !known_at(begin) || !known_at(end))
		return false;
	agrees = strncmp(truth, begin, (size_t)(known_at(truth) - truth)) == 0 &&
		border_join(known_at(truth), known_at(begin), segment->account, known_at(end),
			known);
	if (!agrees)
		border_predict(known_at(truth), known_at(begin), segment->account, known_at(end),
			known);
	if (segment->end)
		snprintf(next, DS_BORDER_SIZE, "%.*s%s", (int)(known_at(end) - end), end, known);
	return agrees;
}
