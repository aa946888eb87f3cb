/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer_private.h"

/*
 * Lays out SEXPR like `xm list --long` (xend's PrettyPrint). A list that fits into the rest of 80
 * columns is on one line. In any other list, each child begins a line, four columns to the right
 * of the list's parenthesis, and the closing parenthesis is directly below the opening one. The
 * flat text has one blank between elements, so the width of a list is the number of its bytes.
 */

#define WIDTH 80
#define INDENT 4

/** Returns the position after the string or list that begins at `at`. */
static size_t item_end(const char *flat, size_t size, size_t at)
{
	size_t depth = 0;

	for (; at < size; at++) {
		if (flat[at] == '\'') {
			for (at++; at < size && flat[at] != '\''; at++)
				at += flat[at] == '\\';
			if (!depth)
				return at + 1;
		} else if (flat[at] == '(') {
			depth++;
		} else if (flat[at] == ')') {
			if (!depth)
				return at;
			if (!--depth)
				return at + 1;
		} else if (flat[at] == ' ' && !depth) {
			return at;
		}
	}
	return size;
}

static void new_line(struct buffer *out, size_t column)
{
	char *room = buffer_room(out, column + 1);

	if (!room)
		return;
	room[0] = '\n';
	memset(room + 1, ' ', column);
	out->size += column + 1;
}

/** Each list is scanned once more for every list around it that is broken into lines. This costs
 * little, because such lists are few and not deeply nested. */
void sexpr_layout(const char *flat, size_t size, struct buffer *out)
{
	size_t depth = 0;
	size_t at = 0;
	bool is_first = true;

	while (at < size) {
		size_t end;

		if (flat[at] == ' ') {
			at++;
			continue;
		}
		if (flat[at] == ')') {
			depth--;
			new_line(out, depth * INDENT);
			buffer_byte(out, ')');
			at++;
			continue;
		}
		if (!is_first)
			new_line(out, depth * INDENT);
		end = item_end(flat, size, at);
		is_first = false;
		if (flat[at] != '(' || depth * INDENT + (end - at) <= WIDTH) {
			buffer_add(out, flat + at, end - at);
			at = end;
			continue;
		}
		/* The head is directly after the parenthesis. */
		end = item_end(flat, size, at + 1);
		buffer_add(out, flat + at, end - at);
		at = end;
		depth++;
	}
	buffer_byte(out, '\n');
}
