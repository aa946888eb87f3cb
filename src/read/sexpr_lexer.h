/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_SEXPR_LEXER_H
#define READ_SEXPR_LEXER_H

#include "record/arena.h"
#include "record/scan.h"

#include <stdbool.h>

/**
 * SEXPR tokens, as xend's sxp.py (3.0.2 to 4.4) reads them, with these differences, which are
 * needed for files that xend, libvirt and xl have written:
 *
 *   - `\xhh` means that byte. xend writes it, but misreads the digits a to f.
 *   - `!` and `{ } < > [ ] ;` are bytes of an atom. xl writes `<default>`, libvirt `w!` and `a;b`
 *     bare.
 *   - A backslash before any other byte is literal, and so is the byte. xend drops the byte.
 *   - Bytes from 0x80 on may begin an atom. libvirt and users write them.
 *
 * White space is SP TAB LF VT FF CR, and NUL. `#` outside a string begins a comment up to LF, even
 * directly after an atom. A string is opened by ' or " where a token begins, and closed by the same
 * byte; inside an atom, quotes are plain bytes. There are no numbers: every atom is text.
 */

enum sexpr_kind { SEXPR_END = 0, SEXPR_OPEN, SEXPR_CLOSE, SEXPR_ATOM, SEXPR_STRING, SEXPR_ERROR };

struct sexpr_token {
	enum sexpr_kind kind;
	/** The offset of the first byte. */
	size_t at;
	/** For an atom or string: its bytes, with escapes decoded. They are in the input, or in the
	 * arena if there were escapes. */
	struct ds_text text;
	/** For SEXPR_ERROR: the reason, which is static. */
	const char *error;
};

struct sexpr_lexer {
	const char *data;
	size_t size;
	size_t at;
	struct arena *arena;
};

/** Reads the next token. There is no recursion and no limit on the skipped bytes; an allocation in
 * the arena may fail. */
void sexpr_next(struct sexpr_lexer *lexer, struct sexpr_token *token);

/** Reads the next token if it is a parenthesis, as most tokens between lists are. Returns false and
 * reads nothing when it is not, or when other space is before it than is usual: lists on one line
 * have a blank or nothing between them; lists on several lines have a line feed and blanks. */
static inline bool sexpr_paren(struct sexpr_lexer *lexer, struct sexpr_token *token)
{
	const unsigned char *data = (const unsigned char *)lexer->data;
	size_t at = lexer->at;

	if (at < lexer->size && data[at] == '\n')
		at = scan_find(data, at + 1, lexer->size, scan_no_blank);
	else
		at += at < lexer->size && data[at] == ' ';
	if (at == lexer->size || (data[at] & 0xfe) != '(')
		return false;
	token->kind = data[at] == '(' ? SEXPR_OPEN : SEXPR_CLOSE;
	token->at = at;
	lexer->at = at + 1;
	return true;
}

/** How a list begins. */
enum sexpr_start {
	/** The list begins with something else than an atom, or the input ends there. Nothing was
	 * read. */
	SEXPR_START_OTHER = 0,
	/** The list begins with an atom, which was read. */
	SEXPR_START_KEY,
	/** The list is `KEY VALUE)` or `KEY)`, as most lists are: the value is an atom, a string
	 * without escapes, or missing. All of it was read. */
	SEXPR_START_PAIR
};

/** Reads the beginning of a list after its parenthesis. For a pair, `*value` is set, to NULL if
 * the value is missing. Not all pairs are recognized: if one contains several blanks or a comment,
 * only its key is read. */
enum sexpr_start sexpr_start(struct sexpr_lexer *lexer, struct ds_text *key, struct ds_text *value);

/** Reads an atom whose first `size` bytes are known, and are not all that is left. Returns
 * SEXPR_START_OTHER and reads nothing when the atom continues after them. */
enum sexpr_start sexpr_start_known(struct sexpr_lexer *lexer, size_t size, struct ds_text *value);

/** Returns whether the list at `at` begins with the first bytes of `domain` or `vm`. */
static inline bool sexpr_may_be_domain(const struct sexpr_lexer *lexer, size_t at)
{
	const char *head = lexer->data + at + 1;

	return lexer->size - at > 2 &&
		((head[0] == 'd' && head[1] == 'o') || (head[0] == 'v' && head[1] == 'm'));
}

/** Skips the rest of a list that is in `level` other lists. Returns false, and skips nothing, if
 * the rest is longer than `limit`, contains a comment or a list that may be a domain, or does not
 * end, or if lists are nested more than `depth` levels deep. */
bool sexpr_skip(struct sexpr_lexer *lexer, unsigned level, unsigned depth, size_t limit);

#endif
