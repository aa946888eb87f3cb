/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gen_layout.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/*
 * `xm list --long` has the layout of xend's PrettyPrint: a list that fits into the rest of 80
 * columns is on one line. In any other list, each child except the first begins a line, four
 * columns to the right, and the closing parenthesis is on a line below the opening one. The width
 * of a list must therefore be known before its first byte is written. A domain is first stored as
 * an array of items, in which the width of a list is set when it is closed, and then printed.
 */

void notes_clear(struct notes *notes)
{
	notes->count = 0;
	notes->depth = 0;
	notes->atoms.size = 0;
}

static struct item *add_item(struct notes *notes, enum item_kind kind)
{
	struct item *item = &notes->items[notes->count++];

	assert(notes->count <= ITEMS_MAX);
	*item = (struct item){.kind = kind, .start = notes->atoms.size};
	return item;
}

/** Adds the width of a child to the open list, and that of the blank before it unless it is the
 * first. */
static void widen(struct notes *notes, size_t width)
{
	struct item *list;

	if (notes->depth == 0)
		return;
	list = &notes->items[notes->open[notes->depth - 1]];
	list->width += width + (list->width > strlen("()"));
}

/** Quotes a text that is not an atom for xend, as Python's repr() does. */
static void put_quoted(struct text *out, const char *string)
{
	static const char digits[] = "0123456789abcdef";
	char quote = strchr(string, '\'') && !strchr(string, '"') ? '"' : '\'';

	text_put_byte(out, quote);
	for (; *string; string++) {
		unsigned char byte = (unsigned char)*string;

		if (byte == (unsigned char)quote || byte == '\\') {
			text_put_byte(out, '\\');
			text_put_byte(out, *string);
		} else if (byte < 0x20 || byte > 0x7e) {
			const char escape[] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};

			text_add(out, escape, sizeof(escape));
		} else {
			text_put_byte(out, *string);
		}
	}
	text_put_byte(out, quote);
}

void notes_add_atom(struct notes *notes, const char *string)
{
	static const char bare[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:/~";
	struct item *item = add_item(notes, ITEM_ATOM);

	if (*string && string[strspn(string, bare)] == '\0')
		text_put(&notes->atoms, string);
	else
		put_quoted(&notes->atoms, string);
	item->width = notes->atoms.size - item->start;
	widen(notes, item->width);
}

void notes_open(struct notes *notes, const char *name)
{
	assert(notes->depth < DEPTH_MAX);
	notes->open[notes->depth++] = notes->count;
	add_item(notes, ITEM_OPEN)->width = strlen("()");
	if (name)
		notes_add_atom(notes, name);
}

void notes_close(struct notes *notes)
{
	size_t width = notes->items[notes->open[--notes->depth]].width;

	add_item(notes, ITEM_CLOSE);
	widen(notes, width);
}

void notes_add_pair(struct notes *notes, const char *name, const char *value)
{
	notes_open(notes, name);
	notes_add_atom(notes, value);
	notes_close(notes);
}

void notes_add_number(struct notes *notes, const char *name, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	notes_add_pair(notes, name, digits);
}

void notes_add_hundredths(struct notes *notes, const char *name, uint64_t value)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%" PRIu64 ".%02u", value / 100, (unsigned)(value % 100));
	notes_add_pair(notes, name, digits);
}

void notes_print(struct text *out, const struct notes *notes, size_t line_width)
{
	struct {
		size_t column;
		bool is_broken;
		bool has_child;
	} lists[DEPTH_MAX + 1] = {{0, 0, 0}};
	size_t depth = 0, line_start = out->size;

	for (const struct item *item = notes->items; item < notes->items + notes->count; item++) {
		if (item->kind == ITEM_CLOSE ? lists[depth].is_broken : lists[depth].has_child) {
			if (lists[depth].is_broken) {
				text_put_byte(out, '\n');
				line_start = out->size;
				text_put_blanks(out,
					lists[depth].column + (item->kind == ITEM_CLOSE ? 0 : 4));
			} else {
				text_put_byte(out, ' ');
			}
		}
		lists[depth].has_child = 1;
		if (item->kind == ITEM_ATOM) {
			text_add(out, notes->atoms.data + item->start, item->width);
		} else if (item->kind == ITEM_CLOSE) {
			text_put_byte(out, ')');
			depth--;
		} else {
			depth++;
			lists[depth].column = out->size - line_start;
			lists[depth].is_broken = lists[depth].column + item->width > line_width;
			lists[depth].has_child = 0;
			text_put_byte(out, '(');
		}
	}
	text_put_byte(out, '\n');
}
