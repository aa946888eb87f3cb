/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_SEXPR_LEXER_H
#define READ_SEXPR_LEXER_H

#include "record/arena.h"
#include "record/scan.h"

#include <stdbool.h>

/**
 * Tokens of SEXPR, as xend's sxp.py (3.0.2 to 4.4) reads them, with these differences, each for the
 * good of files that xend, libvirt and xl have written:
 *
 *   - `\xhh` means that byte. xend writes it so, and reads a to f in it wrongly.
 *   - `!` and `{ } < > [ ] ;` are bytes of an atom. xl writes `<default>`, libvirt `w!` and `a;b`
 *     bare.
 *   - A backslash before any other byte is literal, and so is the byte. xend drops the byte.
 *   - Bytes from 0x80 on may begin an atom. libvirt and people write them.
 *
 * White space is SP TAB LF VT FF CR, and NUL. `#` outside a string begins a comment up to LF,
 * behind an atom too. A string is opened by ' or " where a token begins, and closed by the same;
 * inside an atom they are plain. There are no numbers: every atom is text.
 */

enum sexpr_kind { SEXPR_END = 0, SEXPR_OPEN, SEXPR_CLOSE, SEXPR_ATOM, SEXPR_STRING, SEXPR_ERROR };

struct sexpr_token {
	enum sexpr_kind kind;
	/** First byte, from the beginning. */
	size_t at;
	/** Atom or string: its bytes, escapes decoded. They are in the input, or in the arena when
	 * there were escapes. */
	struct ds_text text;
	/** SEXPR_ERROR: why, static. */
	const char *error;
};

struct sexpr_lexer {
	const char *data;
	size_t size;
	size_t at;
	struct arena *arena;
};

/** Reads the next token. There is no recursion and no limit on what is skipped; the arena may
 * fail. */
void sexpr_next(struct sexpr_lexer *lexer, struct sexpr_token *token);

/** As sexpr_paren(), whatever white space precedes it. */
char sexpr_paren_behind_space(struct sexpr_lexer *lexer, size_t *at);

/** Reads a parenthesis, the only token that is allowed here in most contexts. Returns `(` or `)`
 * and its position; 0, and reads nothing, when there is anything else. */
static inline char sexpr_paren(struct sexpr_lexer *lexer, size_t *at)
{
	const unsigned char *data = (const unsigned char *)lexer->data;
	size_t here = lexer->at;

	/* A blank, or nothing, is between lists on one line; a line feed and blanks otherwise. */
	if (lexer->size - here < 2)
		return sexpr_paren_behind_space(lexer, at);
	if (data[here] == '\n')
		here = scan_find(data, here + 1, lexer->size, scan_no_blank);
	else
		here += data[here] == ' ';
	if (here == lexer->size || (data[here] & 0xfe) != '(')
		return sexpr_paren_behind_space(lexer, at);
	*at = here;
	lexer->at = here + 1;
	return (char)data[here];
}

/** How a list begins. */
enum sexpr_start {
	/** With something else than an atom, or the input ends there. Nothing was read. */
	SEXPR_START_OTHER = 0,
	/** With an atom, which was read. */
	SEXPR_START_KEY,
	/** `KEY VALUE)` and `KEY)`, as most lists are: the value an atom, a string without escapes,
	 * or none. All of it was read. */
	SEXPR_START_PAIR
};

/** Reads what a list begins with, behind its parenthesis. `*value` is set for a pair alone, to NULL
 * when there is no pair. Not all pairs are recognized: one of several blanks or with a
 * comment in it is only a key. */
enum sexpr_start sexpr_start(struct sexpr_lexer *lexer, struct ds_text *key, struct ds_text *value);

/** Reads an atom whose first `size` bytes are known, and are not all that is left.
 * SEXPR_START_OTHER, and reads nothing, when the atom goes on behind them. */
enum sexpr_start sexpr_start_known(struct sexpr_lexer *lexer, size_t size, struct ds_text *value);

/** Goes back to behind the key of what sexpr_start() has just read. */
static inline void sexpr_back(struct sexpr_lexer *lexer, struct ds_text key)
{
	lexer->at = (size_t)(key.data - lexer->data) + key.size;
}

/** Passes over the rest of a list, whatever is in it. Returns false, and passes nothing, when that
 * is longer than `limit`, has lists at more than `depth` levels, the list at hand included, holds a
 * comment, or is not closed. */
bool sexpr_skip(struct sexpr_lexer *lexer, unsigned depth, size_t limit);

#endif
