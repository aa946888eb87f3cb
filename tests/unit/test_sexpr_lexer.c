/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/sexpr_lexer.h"
#include "support.h"

#include <stdlib.h>

/* xend, libvirt and xl read some inputs differently. This reader follows xend, except for the
 * differences in sexpr_lexer.h. */

/** Prints tokens: ( ) and quoted values, and an error in angle brackets. The input is copied into
 * an allocation of its exact size, so that a sanitizer detects reads beyond its end. */
static void tokens(const char *data, size_t size, struct buffer *out)
{
	char *copy = malloc(size ? size : 1);
	struct arena arena;
	struct sexpr_lexer lexer = {copy, size, 0, &arena};
	struct sexpr_token token;
	size_t last = 0;

	assert_non_null(copy);
	memcpy(copy, data, size);
	arena_init(&arena);
	for (;;) {
		sexpr_next(&lexer, &token);
		assert_true(token.at >= last && token.at <= size);
		last = token.at;
		if (token.kind == SEXPR_END || token.kind == SEXPR_ERROR)
			break;
		if (out->size)
			buffer_byte(out, ' ');
		if (token.kind == SEXPR_OPEN || token.kind == SEXPR_CLOSE)
			buffer_byte(out, token.kind == SEXPR_OPEN ? '(' : ')');
		else
			add_quoted(out, token.text);
	}
	if (token.kind == SEXPR_ERROR)
		add_format(out, "%s<%s at %zu>", out->size ? " " : "", token.error, token.at);
	else
		assert_int_equal(token.at, size);
	arena_fini(&arena);
	free(copy);
}

/** An input, whose bytes may be NUL, and its tokens. */
#define ROW(input, tokens) \
	{ \
		{input, sizeof input - 1}, tokens \
	}

static void tokens_are_read(void **state)
{
	static const struct {
		struct ds_text input;
		const char *expected;
	} rows[] = {
		/* Strings and atoms are values. */
		ROW("(a 'b c' \"b c\" '' \"\" \"x'y\" 'x\"y')",
			"( \"a\" \"b c\" \"b c\" \"\" \"\" \"x'y\" \"x\\x22y\" )"),
		ROW("(a )(a)(a ())()", "( \"a\" ) ( \"a\" ) ( \"a\" ( ) ) ( )"),
		ROW("a b (c)", "\"a\" \"b\" ( \"c\" )"),
		ROW("(a 1.5 -7 0x1f @ $)", "( \"a\" \"1.5\" \"-7\" \"0x1f\" \"@\" \"$\" )"),
		ROW("", ""),
		ROW(" \t\n\v\f\r ", ""),
		ROW(")(", ") ("),
		/* A quote begins a string only where a token begins. */
		ROW("(a b'c b\"c)", "( \"a\" \"b'c\" \"b\\x22c\" )"),
		ROW("(a 'b'c 'b''c' 'b'(c))", "( \"a\" \"b\" \"c\" \"b\" \"c\" \"b\" ( \"c\" ) )"),
		ROW("(kernel'/x y')", "( \"kernel'/x\" \"y'\" )"),
		ROW("('a'b)'a b'", "( \"a\" \"b\" ) \"a b\""),
		ROW("(a \0'b c')", "( \"a\" \"b c\" )"),
		/* Separators of old xends are bytes of an atom. */
		ROW("(a w! 'w!' w !)", "( \"a\" \"w!\" \"w!\" \"w\" \"!\" )"),
		ROW("(a b;c {b} <b> [b])", "( \"a\" \"b;c\" \"{b}\" \"<b>\" \"[b]\" )"),
		ROW("(a <<x<hello world<x<)", "( \"a\" \"<<x<hello\" \"world<x<\" )"),
		ROW("(a x\\ty \\b)", "( \"a\" \"x\\x5cty\" \"\\x5cb\" )"),
		/* Comments end with their line. */
		ROW("(a b # c)\n d)", "( \"a\" \"b\" \"d\" )"),
		ROW("(a b#c)\n 'b'#'\n)", "( \"a\" \"b\" \"b\" )"),
		ROW("#\n#'(\n(a)#", "( \"a\" )"),
		ROW("(a '#b' \"#c\" # d", "( \"a\" \"#b\" \"#c\""),
		/* A carriage return does not end a comment. */
		ROW("(a #b)\r c)\n)", "( \"a\" )"),
		/* Escapes are decoded in strings. */
		ROW("('x\\ty' 'x\\\\y' 'x\\'y' \"x\\\"y\" 'x\\\"y')",
			"( \"x\\x09y\" \"x\\x5cy\" \"x'y\" \"x\\x22y\" \"x\\x22y\" )"),
		ROW("('\\a\\b\\t\\n\\v\\f\\r')", "( \"\\x07\\x08\\x09\\x0a\\x0b\\x0c\\x0d\" )"),
		ROW("('x\\x41y' 'x\\x2fy' 'x\\x2Fy' '\\xc3\\xa9' 'x\\x27y' 'x\\x5cy')",
			"( \"xAy\" \"x/y\" \"x/y\" \"\\xc3\\xa9\" \"x'y\" \"x\\x5cy\" )"),
		ROW("('x\\101y' 'x\\1y' 'x\\12y' 'x\\0' 'x\\377y' 'x\\1018')",
			"( \"xAy\" \"x\\x01y\" \"x\\x0ay\" \"x\\x00\" \"x\\xffy\" \"xA8\" )"),
		/* Any other backslash is literal. */
		ROW("('x\\qy' 'x\\x4 y' 'x\\x4' 'x\\x' 'x\\xg1')",
			"( \"x\\x5cqy\" \"x\\x5cx4 y\" \"x\\x5cx4\" \"x\\x5cx\" \"x\\x5cxg1\" )"),
		ROW("('x\\400y' 'x\\8' 'x\\\ny' 'x\\\0y')",
			"( \"x\\x5c400y\" \"x\\x5c8\" \"x\\x5c\\x0ay\" \"x\\x5c\\x00y\" )"),
		/* Other bytes are plain. */
		ROW("('\xc3\xa9' b\xc3\xa9 \xc3\xa9)",
			"( \"\\xc3\\xa9\" \"b\\xc3\\xa9\" \"\\xc3\\xa9\" )"),
		ROW("(a b\vc b\fc b\0c)", "( \"a\" \"b\" \"c\" \"b\" \"c\" \"b\" \"c\" )"),
		ROW("(a 'b\0c' 'b\nc(;#)')", "( \"a\" \"b\\x00c\" \"b\\x0ac(;#)\" )"),
		/* Ctrl-D, which ends the input on a terminal, is an ordinary byte in a file. */
		ROW("(a b)\004(c d)", "( \"a\" \"b\" ) \"\\x04\" ( \"c\" \"d\" )"),
		ROW("\xef\xbb\xbf(a b)", "\"\\xef\\xbb\\xbf\" ( \"a\" \"b\" )"),
		ROW("(\x7f \x1f)", "( \"\\x7f\" \"\\x1f\" )"),
		/* A list that is not closed is for the reader to find; a string is an error. */
		ROW("(a b", "( \"a\" \"b\""),
		ROW("(a b ", "( \"a\" \"b\""),
		ROW("(a b))(c d)", "( \"a\" \"b\" ) ) ( \"c\" \"d\" )"),
		ROW("(a 'b", "( \"a\" <a string is not closed at 3>"),
		ROW("(a '", "( \"a\" <a string is not closed at 3>"),
		ROW("(a 'b\\", "( \"a\" <a string is not closed at 3>"),
		ROW("(a 'b\\'", "( \"a\" <a string is not closed at 3>"),
		ROW("(a 'b\"", "( \"a\" <a string is not closed at 3>"),
		ROW("(a 'b') 'c", "( \"a\" \"b\" ) <a string is not closed at 8>"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer out = {0};

		tokens(rows[i].input.data, rows[i].input.size, &out);
		if (strcmp(as_string(&out), rows[i].expected) != 0)
			fail_msg("%s: %s instead of %s", rows[i].input.data, out.data,
				rows[i].expected);
		buffer_fini(&out);
	}
}

/* ---- lists are read as their tokens are ---- */

/** sexpr_paren() reads a token exactly where the next one is a parenthesis after usual space. */
static void check_paren(const char *data, size_t size, size_t from, struct arena *arena)
{
	struct sexpr_lexer lexer = {data, size, from, arena}, slow = lexer;
	struct sexpr_token token = {.kind = SEXPR_END}, expected;
	size_t usual = from < size && (data[from] == ' ' || data[from] == '\n');

	if (usual && data[from] == '\n')
		while (from + usual < size && data[from + usual] == ' ')
			usual++;
	sexpr_next(&slow, &expected);
	if (expected.at == from + usual &&
		(expected.kind == SEXPR_OPEN || expected.kind == SEXPR_CLOSE)) {
		assert_true(sexpr_paren(&lexer, &token));
		assert_int_equal(token.kind, expected.kind);
		assert_int_equal(token.at, expected.at);
		assert_int_equal(lexer.at, slow.at);
	} else {
		assert_false(sexpr_paren(&lexer, &token));
		assert_int_equal(lexer.at, from);
	}
}

/** Determines the start of a list by its tokens. A key is an atom; a pair is a key and at most one
 * value, with one blank between them and the end of the list right after; a string has no
 * backslash. */
static enum sexpr_start start_of(struct sexpr_lexer *lexer, struct ds_text *key,
	struct ds_text *value)
{
	struct sexpr_lexer slow = *lexer;
	struct sexpr_token token;
	size_t from;

	sexpr_next(&slow, &token);
	if (token.kind != SEXPR_ATOM || token.at != lexer->at)
		return SEXPR_START_OTHER;
	*key = token.text;
	*lexer = slow;
	from = slow.at + (slow.at < slow.size && slow.data[slow.at] == ' ');
	sexpr_next(&slow, &token);
	if (token.at != from)
		return SEXPR_START_KEY;
	*value = (struct ds_text){NULL, 0};
	if ((token.kind == SEXPR_ATOM || token.kind == SEXPR_STRING) && from > lexer->at) {
		*value = token.text;
		if (token.kind == SEXPR_STRING && memchr(slow.data + from, '\\', slow.at - from))
			return SEXPR_START_KEY;
		from = slow.at;
		sexpr_next(&slow, &token);
	}
	if (token.kind != SEXPR_CLOSE || token.at != from)
		return SEXPR_START_KEY;
	lexer->at = slow.at;
	return SEXPR_START_PAIR;
}

static void check_start(const char *data, size_t size, size_t from, struct arena *arena)
{
	struct sexpr_lexer lexer = {data, size, from, arena}, known = lexer, slow = lexer;
	struct ds_text key = {NULL, 0}, value = key, slow_key = key, slow_value = key;
	enum sexpr_start start = start_of(&slow, &slow_key, &slow_value);

	assert_int_equal(sexpr_start(&lexer, &key, &value), start);
	assert_int_equal(lexer.at, slow.at);
	assert_true(text_same(key, slow_key));
	if (start == SEXPR_START_PAIR)
		assert_true(text_same(value, slow_value));
	if (start == SEXPR_START_OTHER || from + key.size == size)
		return;
	/* With a part of the key, nothing is found; with the whole key, the same token follows. */
	for (size_t less = 1; less < key.size; less++)
		assert_int_equal(sexpr_start_known(&known, less, &value), SEXPR_START_OTHER);
	assert_int_equal(known.at, from);
	assert_int_equal(sexpr_start_known(&known, key.size, &value), start);
	assert_int_equal(known.at, slow.at);
	if (start == SEXPR_START_PAIR)
		assert_true(text_same(value, slow_value));
}

/** Returns where the list ends that is open at the beginning, according to its tokens; 0 if it
 * cannot be skipped because it is longer or deeper than allowed, is not closed, or contains a
 * comment. */
static size_t list_end(struct sexpr_lexer lexer, unsigned depth, size_t limit)
{
	struct sexpr_token token;
	unsigned lists = 1;

	while (lists && lists <= depth) {
		size_t from = lexer.at;

		sexpr_next(&lexer, &token);
		if (token.kind == SEXPR_END || token.kind == SEXPR_ERROR ||
			memchr(lexer.data + from, '#', token.at - from))
			return 0;
		lists += token.kind == SEXPR_OPEN;
		lists -= token.kind == SEXPR_CLOSE;
	}
	return lists || lexer.at > limit ? 0 : lexer.at;
}

/** sexpr_skip() skips a list that may be skipped. Returns whether it is one. */
static bool check_skip(const char *data, size_t size, struct arena *arena, uint64_t *seed)
{
	struct sexpr_lexer lexer = {data, size, 0, arena};
	size_t limit = chance_below(seed, 4) ? size : chance_below(seed, size);
	unsigned depth = chance_below(seed, 4) ? 9 : (unsigned)chance_below(seed, 4);
	unsigned level = (unsigned)chance_below(seed, 3);
	size_t end = list_end(lexer, depth ? depth : 1, limit);

	assert_int_equal(sexpr_skip(&lexer, level, level + depth, limit), end != 0);
	assert_int_equal(lexer.at, end);
	return end != 0;
}

static void lists_are_read_as_their_tokens_are(void **state)
{
	static const char alphabet[] = "(()))*   \n\n''\"\\#\0\t\1x017aaaaaaabbbbb\xff";
	uint64_t seed = 12;
	size_t skipped = 0;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (int round = 0; round < 600000; round++) {
		size_t size = 1 + chance_below(&seed, 80), from;
		/* Long words and indentations would be rare by chance alone. */
		size_t run = chance_below(&seed, 40) / 2;
		char *data = malloc(size);

		assert_non_null(data);
		for (size_t i = 0; i < size; i++)
			data[i] = run && i && chance_below(&seed, run)
				? data[i - 1]
				: alphabet[chance_below(&seed, sizeof alphabet - 1)];
		from = chance_below(&seed, size);
		check_paren(data, size, from, &arena);
		check_start(data, size, from, &arena);
		skipped += check_skip(data, size, &arena, &seed);
		arena_clear(&arena);
		free(data);
	}
	assert_true(skipped > 30000);
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_read),
		cmocka_unit_test(lists_are_read_as_their_tokens_are),
	};

	return cmocka_run_group_tests_name("sexpr_lexer", tests, NULL, NULL);
}
