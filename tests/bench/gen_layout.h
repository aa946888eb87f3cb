/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef GEN_LAYOUT_H
#define GEN_LAYOUT_H

/**
 * The lists and atoms of one SEXPR value, which are added one by one and then printed as xend does.
 * A value begins with its opening parenthesis and ends with its closing one. The generator aborts
 * if it has no room for more or deeper lists, which is a fault of it.
 */

#include "gen.h"

#define ITEMS_MAX 2048
#define DEPTH_MAX 16

enum item_kind { ITEM_OPEN, ITEM_CLOSE, ITEM_ATOM };

struct item {
	enum item_kind kind;
	/** ITEM_ATOM: the offset of its bytes in `atoms`. */
	size_t start;
	/** Columns on one line; for a list, with its parentheses. */
	size_t width;
};

struct notes {
	struct item items[ITEMS_MAX];
	size_t count;
	/** The lists that are open, as indexes of `items`. */
	size_t open[DEPTH_MAX];
	size_t depth;
	struct text atoms;
};

/** Removes all items and keeps the memory. A `struct notes` of zeros is empty. */
void notes_clear(struct notes *notes);

/** Begins a list, without a name if it is NULL. */
void notes_open(struct notes *notes, const char *name);
void notes_close(struct notes *notes);

/** Adds an atom, in quotes where xend would use them. */
void notes_add_atom(struct notes *notes, const char *string);

/** Adds `(name value)`. */
void notes_add_pair(struct notes *notes, const char *name, const char *value);
void notes_add_number(struct notes *notes, const char *name, uint64_t value);
/** Adds a number with two decimals, given in hundredths. */
void notes_add_hundredths(struct notes *notes, const char *name, uint64_t value);

/** Adds the value and a line feed. With SIZE_MAX as the width, it is on one line. */
void notes_print(struct text *out, const struct notes *notes, size_t line_width);

#endif
