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

struct row {
	const char *input;
	const char *expected;
	/** 0 for the length of the string. */
	size_t size;
};

static void tokens_are_read(void **state)
{
	static const struct row rows[] = {
		/* Strings and atoms are values. */
		{"(a 'b c')", "( \"a\" \"b c\" )", 0},
		{"(a \"b c\")", "( \"a\" \"b c\" )", 0},
		{"(a '')", "( \"a\" \"\" )", 0},
		{"(a \"\")", "( \"a\" \"\" )", 0},
		{"(a )", "( \"a\" )", 0},
		{"(a)", "( \"a\" )", 0},
		{"(a ())", "( \"a\" ( ) )", 0},
		{"(a \"x'y\")", "( \"a\" \"x'y\" )", 0},
		{"(a 'x\"y')", "( \"a\" \"x\\x22y\" )", 0},
		{"a b (c)", "\"a\" \"b\" ( \"c\" )", 0},
		{"(a 1.5 -7 0x1f @ $)", "( \"a\" \"1.5\" \"-7\" \"0x1f\" \"@\" \"$\" )", 0},
		{"", "", 0},
		{" \t\n\v\f\r ", "", 0},
		{"()", "( )", 0},
		{")(", ") (", 0},
		/* A quote begins a string only where a token begins. */
		{"(a b'c)", "( \"a\" \"b'c\" )", 0},
		{"(a b\"c)", "( \"a\" \"b\\x22c\" )", 0},
		{"(a 'b'c)", "( \"a\" \"b\" \"c\" )", 0},
		{"(a 'b''c')", "( \"a\" \"b\" \"c\" )", 0},
		{"(a 'b'(c))", "( \"a\" \"b\" ( \"c\" ) )", 0},
		{"(kernel'/x y')", "( \"kernel'/x\" \"y'\" )", 0},
		{"('a'b)", "( \"a\" \"b\" )", 0},
		{")'a b'", ") \"a b\"", 0},
		{"(a \0'b c')", "( \"a\" \"b c\" )", 11},
		/* Separators of old xends are bytes of an atom. */
		{"(a w!)", "( \"a\" \"w!\" )", 0},
		{"(a 'w!')", "( \"a\" \"w!\" )", 0},
		{"(mode w !)", "( \"mode\" \"w\" \"!\" )", 0},
		{"(a b;c)", "( \"a\" \"b;c\" )", 0},
		{"(a {b})", "( \"a\" \"{b}\" )", 0},
		{"(a <b>)", "( \"a\" \"<b>\" )", 0},
		{"(a [b])", "( \"a\" \"[b]\" )", 0},
		{"(a <<x<hello world<x<)", "( \"a\" \"<<x<hello\" \"world<x<\" )", 0},
		{"(a x\\ty)", "( \"a\" \"x\\x5cty\" )", 0},
		{"(a \\b)", "( \"a\" \"\\x5cb\" )", 0},
		/* Comments end with their line. */
		{"(a b # c)\n d)", "( \"a\" \"b\" \"d\" )", 0},
		{"(a b#c)\n)", "( \"a\" \"b\" )", 0},
		{"#\n#'(\n(a)#", "( \"a\" )", 0},
		{"(a 'b'#'\n)", "( \"a\" \"b\" )", 0},
		/* A carriage return does not end a comment. */
		{"(a #b)\r c)\n)", "( \"a\" )", 0},
		{"(a '#b' \"#c\")", "( \"a\" \"#b\" \"#c\" )", 0},
		{"(a b # c", "( \"a\" \"b\"", 0},
		/* Escapes are decoded in strings. */
		{"(a 'x\\ty')", "( \"a\" \"x\\x09y\" )", 0},
		{"(a 'x\\\\y')", "( \"a\" \"x\\x5cy\" )", 0},
		{"(a 'x\\'y')", "( \"a\" \"x'y\" )", 0},
		{"(a \"x\\\"y\")", "( \"a\" \"x\\x22y\" )", 0},
		{"(a 'x\\\"y')", "( \"a\" \"x\\x22y\" )", 0},
		{"('\\a\\b\\t\\n\\v\\f\\r')", "( \"\\x07\\x08\\x09\\x0a\\x0b\\x0c\\x0d\" )", 0},
		{"(a 'x\\x41y')", "( \"a\" \"xAy\" )", 0},
		{"(a 'x\\x2fy')", "( \"a\" \"x/y\" )", 0},
		{"(a 'x\\x2Fy')", "( \"a\" \"x/y\" )", 0},
		{"(a '\\xc3\\xa9')", "( \"a\" \"\\xc3\\xa9\" )", 0},
		{"(a 'x\\x27y')", "( \"a\" \"x'y\" )", 0},
		{"(a 'x\\x5cy')", "( \"a\" \"x\\x5cy\" )", 0},
		{"(a 'x\\101y')", "( \"a\" \"xAy\" )", 0},
		{"(a 'x\\1y')", "( \"a\" \"x\\x01y\" )", 0},
		{"(a 'x\\12y')", "( \"a\" \"x\\x0ay\" )", 0},
		{"(a 'x\\0')", "( \"a\" \"x\\x00\" )", 0},
		{"(a 'x\\377y')", "( \"a\" \"x\\xffy\" )", 0},
		{"(a 'x\\1018')", "( \"a\" \"xA8\" )", 0},
		/* Any other backslash is literal. */
		{"(a 'x\\qy')", "( \"a\" \"x\\x5cqy\" )", 0},
		{"(a 'x\\x4 y')", "( \"a\" \"x\\x5cx4 y\" )", 0},
		{"(a 'x\\x4')", "( \"a\" \"x\\x5cx4\" )", 0},
		{"(a 'x\\x')", "( \"a\" \"x\\x5cx\" )", 0},
		{"(a 'x\\xg1')", "( \"a\" \"x\\x5cxg1\" )", 0},
		{"(a 'x\\400y')", "( \"a\" \"x\\x5c400y\" )", 0},
		{"(a 'x\\8')", "( \"a\" \"x\\x5c8\" )", 0},
		{"(a 'x\\\ny')", "( \"a\" \"x\\x5c\\x0ay\" )", 0},
		{"(a 'x\\\0y')", "( \"a\" \"x\\x5c\\x00y\" )", 10},
		/* Other bytes are plain. */
		{"(a '\xc3\xa9')", "( \"a\" \"\\xc3\\xa9\" )", 0},
		{"(a b\xc3\xa9)", "( \"a\" \"b\\xc3\\xa9\" )", 0},
		{"(a \xc3\xa9)", "( \"a\" \"\\xc3\\xa9\" )", 0},
		{"(a b\vc)", "( \"a\" \"b\" \"c\" )", 0},
		{"(a b\fc)", "( \"a\" \"b\" \"c\" )", 0},
		{"(a b\0c)", "( \"a\" \"b\" \"c\" )", 7},
		{"(a 'b\0c')", "( \"a\" \"b\\x00c\" )", 9},
		{"(a 'b\nc(;#)')", "( \"a\" \"b\\x0ac(;#)\" )", 0},
		/* Ctrl-D, which ends the input on a terminal, is an ordinary byte in a file. */
		{"(a b)\004(c d)", "( \"a\" \"b\" ) \"\\x04\" ( \"c\" \"d\" )", 0},
		{"\xef\xbb\xbf(a b)", "\"\\xef\\xbb\\xbf\" ( \"a\" \"b\" )", 0},
		{"(\x7f \x1f)", "( \"\\x7f\" \"\\x1f\" )", 0},
		/* A list that is not closed is for the reader to find; a string is an error. */
		{"(a b", "( \"a\" \"b\"", 0},
		{"(a b ", "( \"a\" \"b\"", 0},
		{"(a b))(c d)", "( \"a\" \"b\" ) ) ( \"c\" \"d\" )", 0},
		{"(a 'b", "( \"a\" <a string is not closed at 3>", 0},
		{"(a '", "( \"a\" <a string is not closed at 3>", 0},
		{"(a 'b\\", "( \"a\" <a string is not closed at 3>", 0},
		{"(a 'b\\'", "( \"a\" <a string is not closed at 3>", 0},
		{"(a 'b\"", "( \"a\" <a string is not closed at 3>", 0},
		{"(a 'b') 'c", "( \"a\" \"b\" ) <a string is not closed at 8>", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer out = {0};

		tokens(rows[i].input, rows[i].size ? rows[i].size : strlen(rows[i].input), &out);
		if (strcmp(as_string(&out), rows[i].expected) != 0)
			fail_msg("row %zu, %s: %s instead of %s", i, rows[i].input, out.data,
				rows[i].expected);
		buffer_fini(&out);
	}
}

/* ---- skipping a list ---- */

/** Returns where the present list ends, according to its tokens; 0 if it cannot be skipped because
 * it is longer or deeper than allowed, is not closed, or contains a comment. */
static size_t list_end(const char *data, size_t size, unsigned depth, size_t limit)
{
	struct arena arena;
	struct sexpr_lexer lexer = {data, size, 0, &arena};
	struct sexpr_token token = {SEXPR_OPEN, 0, {NULL, 0}, NULL};
	unsigned lists = 1;

	arena_init(&arena);
	while (lists && lists <= depth) {
		size_t from = lexer.at;

		sexpr_next(&lexer, &token);
		if (token.kind == SEXPR_END || token.kind == SEXPR_ERROR ||
			memchr(data + from, '#', token.at - from))
			break;
		lists += token.kind == SEXPR_OPEN;
		lists -= token.kind == SEXPR_CLOSE;
	}
	arena_fini(&arena);
	return lists || lexer.at > limit ? 0 : lexer.at;
}

static void a_list_is_skipped_to_where_its_tokens_end(void **state)
{
	static const char alphabet[] = "(()))  '\"\\\n#\0\xffx017aaaaaaa";
	uint64_t seed = 11;
	size_t passed = 0;

	(void)state;
	for (int round = 0; round < 300000; round++) {
		size_t size = 1 + chance_below(&seed, 60),
		       limit = chance_below(&seed, 4) ? size : chance_below(&seed, size);
		unsigned depth = chance_below(&seed, 4) ? 9 : (unsigned)chance_below(&seed, 4);
		char *data = malloc(size);
		struct sexpr_lexer lexer = {data, size, 0, NULL};
		size_t end;
		bool is;

		assert_non_null(data);
		for (size_t i = 0; i < size; i++)
			data[i] = alphabet[chance_below(&seed, sizeof alphabet - 1)];
		end = list_end(data, size, depth ? depth : 1, limit);
		is = sexpr_skip(&lexer, 0, depth, limit);
		if (is != (end != 0) || lexer.at != end)
			fail_msg("%.*s: %zu instead of %zu", (int)size, data, lexer.at, end);
		passed += is != 0;
		free(data);
	}
	assert_true(passed > 30000);
}

/* ---- parentheses and what follows them ---- */

/** sexpr_paren() reads a token exactly where the next one is a parenthesis after usual space. */
static void check_paren(const char *data, size_t size, size_t from, struct arena *arena)
{
	struct sexpr_lexer lexer = {data, size, from, arena}, slow = lexer;
	struct sexpr_token token, expected;
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

static void assert_start(const struct sexpr_lexer *lexer, enum sexpr_start start,
	struct ds_text key, struct ds_text value)
{
	struct sexpr_lexer slow = *lexer;
	struct ds_text slow_key = {NULL, 0}, slow_value = {NULL, 0};

	slow.at = (size_t)(key.data - lexer->data);
	assert_int_equal(start, start_of(&slow, &slow_key, &slow_value));
	assert_int_equal(lexer->at, slow.at);
	if (start == SEXPR_START_OTHER)
		return;
	assert_true(text_same(key, slow_key));
	if (start == SEXPR_START_PAIR)
		assert_true(text_same(value, slow_value));
}

static void check_start(const char *data, size_t size, size_t from, struct arena *arena)
{
	struct sexpr_lexer lexer = {data, size, from, arena}, known = lexer;
	struct ds_text key = {data + from, 0}, value = {NULL, 0};
	enum sexpr_start start = sexpr_start(&lexer, &key, &value);

	assert_start(&lexer, start, key, value);
	if (start == SEXPR_START_OTHER || from + key.size == size)
		return;
	/* With the whole key, the same token follows; with a part of it, nothing is found. */
	for (size_t less = 1; less < key.size; less++)
		assert_int_equal(sexpr_start_known(&known, less, &value), SEXPR_START_OTHER);
	assert_int_equal(known.at, from);
	assert_int_equal(sexpr_start_known(&known, key.size, &value), start);
	assert_start(&known, start, key, value);
}

static void lists_begin_as_their_tokens_do(void **state)
{
	static const char alphabet[] = "(())   \n\n'\"\\#\t\1aaaaaaaaaabbbbbbbbbbbbbb\xc3";
	uint64_t seed = 12;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (int round = 0; round < 300000; round++) {
		size_t size = 1 + chance_below(&seed, 80), from;
		/* Long words and indentations would be rare by chance alone. */
		size_t run = chance_below(&seed, 40);
		char *data = malloc(size);

		assert_non_null(data);
		for (size_t i = 0; i < size; i++)
			data[i] = run && i && chance_below(&seed, run)
				? data[i - 1]
				: alphabet[chance_below(&seed, sizeof alphabet - 1)];
		from = chance_below(&seed, size);
		check_paren(data, size, from, &arena);
		check_start(data, size, from, &arena);
		arena_clear(&arena);
		free(data);
	}
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_read),
		cmocka_unit_test(a_list_is_skipped_to_where_its_tokens_end),
		cmocka_unit_test(lists_begin_as_their_tokens_do),
	};

	return cmocka_run_group_tests_name("sexpr_lexer", tests, NULL, NULL);
}
