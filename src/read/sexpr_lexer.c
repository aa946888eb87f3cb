/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/sexpr_lexer.h"

#include "record/scan.h"
#include "record/text.h"

/** The class of a byte at which a token may begin. SPACE, PAREN and HASH end an atom. */
enum { ATOM = 0, SPACE, PAREN, QUOTE, HASH };

static const unsigned char classes[256] = {
	[0] = SPACE,
	[' '] = SPACE,
	['\t'] = SPACE,
	['\n'] = SPACE,
	['\v'] = SPACE,
	['\f'] = SPACE,
	['\r'] = SPACE,
	['('] = PAREN,
	[')'] = PAREN,
	['\''] = QUOTE,
	['"'] = QUOTE,
	['#'] = HASH,
};

/** Returns whether a byte may be inside an atom: quotes and most control bytes may. */
static inline bool is_of_atom(char byte)
{
	unsigned char class = classes[(unsigned char)byte];

	return class == ATOM || class == QUOTE;
}

/** Returns the position after the atom that begins at `at`. */
static inline size_t atom_end(const unsigned char *data, size_t at, size_t size)
{
	for (at = scan_find(data, at + 1, size, scan_end); at < size;
		at = scan_find(data, at + 1, size, scan_end))
		if (!is_of_atom((char)data[at]))
			break;
	return at;
}

/** Decodes the escape whose letter is at `at`. Returns the number of its bytes after the
 * backslash, or 0 if it is not an escape. */
static size_t escape(const char *data, size_t at, size_t end, char *byte)
{
	static const char letters[] = "abtnvfr\\'\"";
	static const char values[] = "\a\b\t\n\v\f\r\\'\"";
	const char *letter = memchr(letters, data[at], sizeof letters - 1);
	unsigned value = 0;
	size_t used = 0;

	if (letter) {
		*byte = values[letter - letters];
		return 1;
	}
	if (data[at] == 'x') {
		if (end - at < 3 || byte_hex(data[at + 1]) < 0 || byte_hex(data[at + 2]) < 0)
			return 0;
		*byte = (char)(byte_hex(data[at + 1]) * 16 + byte_hex(data[at + 2]));
		return 3;
	}
	while (used < 3 && at + used < end && data[at + used] >= '0' && data[at + used] <= '7')
		value = value * 8 + (unsigned)(data[at + used++] - '0');
	if (value > 0xff)
		return 0;
	*byte = (char)value;
	return used;
}

/** Returns the position after the string that begins at `at`. If the string is not closed, that is
 * more than `size`. */
static size_t string_end(const unsigned char *data, size_t at, size_t size)
{
	char quote = (char)data[at];

	for (at = scan_string(data, at + 1, size, quote); at < size && data[at] == '\\';
		at = scan_string(data, at, size, quote))
		at += 2;
	return at + 1;
}

/** Returns the text between the quotes, decoded. Decoding never makes it longer. */
static struct ds_text decode(struct sexpr_lexer *lexer, size_t from, size_t end)
{
	const char *data = lexer->data;
	size_t size = 0;
	char *copy;

	if (!memchr(data + from, '\\', end - from))
		return (struct ds_text){data + from, end - from};
	copy = arena_alloc(lexer->arena, end - from);
	if (!copy)
		return (struct ds_text){NULL, 0};
	while (from < end) {
		size_t used = data[from] == '\\' ? escape(data, from + 1, end, &copy[size]) : 0;

		if (used) {
			from += 1 + used;
			size++;
		} else {
			copy[size++] = data[from++];
		}
	}
	return (struct ds_text){copy, size};
}

static void read_string(struct sexpr_lexer *lexer, struct sexpr_token *token)
{
	size_t end = string_end((const unsigned char *)lexer->data, token->at, lexer->size);

	if (end > lexer->size) {
		lexer->at = lexer->size;
		token->kind = SEXPR_ERROR;
		token->error = "a string is not closed";
		return;
	}
	lexer->at = end;
	token->kind = SEXPR_STRING;
	token->text = decode(lexer, token->at + 1, end - 1);
}

/** Skips white space and comments. Most lists follow the one before directly, or after one
 * blank, or are on a line of their own. */
static inline size_t pass_space(const unsigned char *data, size_t at, size_t size)
{
	while (at < size) {
		if (data[at] == '\n') {
			at = scan_find(data, at + 1, size, scan_no_blank);
		} else if (classes[data[at]] == SPACE) {
			at++;
		} else if (data[at] == '#') {
			while (at < size && data[at] != '\n')
				at++;
		} else {
			break;
		}
	}
	return at;
}

void sexpr_next(struct sexpr_lexer *lexer, struct sexpr_token *token)
{
	const unsigned char *data = (const unsigned char *)lexer->data;
	size_t at = pass_space(data, lexer->at, lexer->size);

	token->at = at;
	lexer->at = at;
	if (at == lexer->size) {
		token->kind = SEXPR_END;
		return;
	}
	switch (classes[data[at]]) {
	case PAREN:
		token->kind = data[at] == '(' ? SEXPR_OPEN : SEXPR_CLOSE;
		lexer->at = at + 1;
		break;
	case QUOTE:
		read_string(lexer, token);
		break;
	default:
		at = atom_end(data, at, lexer->size);
		token->kind = SEXPR_ATOM;
		token->text = (struct ds_text){lexer->data + token->at, at - token->at};
		lexer->at = at;
	}
}

/** Does what pair_of() does when its fast test fails: reads a string, an atom that contains bytes
 * which usually end one, or a missing value, or finds that the list is not a pair. */
static enum sexpr_start pair_slowly(struct sexpr_lexer *lexer, size_t from, struct ds_text *value)
{
	const unsigned char *data = (const unsigned char *)lexer->data;
	bool is_string = classes[data[from]] == QUOTE;
	size_t end = from, close;

	if (is_string)
		end = scan_string(data, from + 1, lexer->size, (char)data[from]);
	else if (classes[data[from]] == ATOM)
		end = atom_end(data, from, lexer->size);
	close = end + (size_t)is_string;
	if (close >= lexer->size || data[close] != ')' || (is_string && data[end] != data[from]))
		return SEXPR_START_KEY;
	from += (size_t)is_string;
	*value = is_string || end > from ? (struct ds_text){lexer->data + from, end - from}
					 : (struct ds_text){NULL, 0};
	lexer->at = close + 1;
	return SEXPR_START_PAIR;
}

/** Reads the rest of a list that has at most one value, which begins at `from`. */
SCAN_INLINE enum sexpr_start pair_of(struct sexpr_lexer *lexer, size_t from, struct ds_text *value)
{
	const unsigned char *data = (const unsigned char *)lexer->data;
	size_t end = scan_find(data, from, lexer->size, scan_low);

	if (end == lexer->size)
		return SEXPR_START_KEY;
	/* Most values are an atom without any of these bytes, and the list ends after them. */
	if (data[end] != ')' || end == from)
		return data[from] == '(' ? SEXPR_START_KEY : pair_slowly(lexer, from, value);
	*value = (struct ds_text){lexer->data + from, end - from};
	lexer->at = end + 1;
	return SEXPR_START_PAIR;
}

/** Reads what follows a key that ends at `end`. */
SCAN_INLINE enum sexpr_start after_key(struct sexpr_lexer *lexer, size_t end, struct ds_text *value)
{
	char byte = end < lexer->size ? lexer->data[end] : '\0';

	lexer->at = end;
	if (byte != ' ' && byte != ')')
		return SEXPR_START_KEY;
	return pair_of(lexer, end + (byte == ' '), value);
}

enum sexpr_start sexpr_start(struct sexpr_lexer *lexer, struct ds_text *key, struct ds_text *value)
{
	const unsigned char *data = (const unsigned char *)lexer->data;
	size_t at = lexer->at, end;

	if (at == lexer->size || classes[data[at]] != ATOM)
		return SEXPR_START_OTHER;
	end = atom_end(data, at, lexer->size);
	*key = (struct ds_text){lexer->data + at, end - at};
	return after_key(lexer, end, value);
}

enum sexpr_start sexpr_start_known(struct sexpr_lexer *lexer, size_t size, struct ds_text *value)
{
	size_t end = lexer->at + size;
	char byte = lexer->data[end];

	return byte == ' ' || !is_of_atom(byte) ? after_key(lexer, end, value) : SEXPR_START_OTHER;
}

bool sexpr_skip(struct sexpr_lexer *lexer, unsigned level, unsigned depth, size_t limit)
{
	const unsigned char *data = (const unsigned char *)lexer->data;
	size_t size = lexer->size - lexer->at < limit ? lexer->size : lexer->at + limit;
	size_t at = lexer->at, fresh = at;
	unsigned lists = level + 1;

	while (lists > level) {
		at = scan_find(data, at, size, scan_structure);
		if (at >= size || data[at] == '#')
			return false;
		if (data[at] == '(') {
			if (++lists > depth || sexpr_may_be_domain(lexer, at))
				return false;
		} else if (data[at] == ')') {
			lists--;
		} else if (at == fresh || classes[data[at - 1]] == SPACE ||
			classes[data[at - 1]] == PAREN) {
			fresh = string_end(data, at, size);
			if (fresh > size)
				return false;
			at = fresh;
			continue;
		}
		at++;
	}
	lexer->at = at;
	return true;
}
