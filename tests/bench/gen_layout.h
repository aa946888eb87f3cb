/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef GEN_LAYOUT_H
#define GEN_LAYOUT_H

/**
 * Lists and atoms of one SEXPR value, noted one by one and then printed as xend prints them.
 *
 * A value is noted from its opening to its closing parenthesis; more lists or deeper ones than
 * there is room for are a mistake in the generator and end it.
 */

#include "gen.h"

#define ITEMS_MAX 2048
#define DEPTH_MAX 16

enum item_kind { ITEM_OPEN, ITEM_CLOSE, ITEM_ATOM };

struct item {
	enum item_kind kind;
	/** ITEM_ATOM: where its bytes begin in `atoms`. */
	size_t start;
	/** Columns on one line; of a list, its parentheses too. */
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

/** Forgets what was noted and keeps the memory. All zero is an empty `struct notes`. */
void notes_clear(struct notes *notes);

/** Begins a list; NULL: one without a name. */
void notes_open(struct notes *notes, const char *name);
void notes_close(struct notes *notes);

/** Quoted when xend would quote it. */
void notes_add_atom(struct notes *notes, const char *string);

/** `(name value)` */
void notes_add_pair(struct notes *notes, const char *name, const char *value);
void notes_add_number(struct notes *notes, const char *name, uint64_t value);
/** A number with two decimals, given in hundredths. */
void notes_add_hundredths(struct notes *notes, const char *name, uint64_t value);

/** Adds the value and a line feed. SIZE_MAX as width: on one line. */
void notes_print(struct text *out, const struct notes *notes, size_t line_width);

#endif
