/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/glob.h"

#include "record/text.h"

/** Returns the size of the character at `at`, at least one. */
static size_t character(struct ds_text text, size_t at)
{
	size_t size = text_character(text, at);

	return size ? size : 1;
}

static bool is_same(struct ds_text one, size_t at, size_t size, struct ds_text other,
	size_t other_at, size_t other_size)
{
	return size == other_size && memcmp(one.data + at, other.data + other_at, size) == 0;
}

/** Returns whether a character equals another one or sorts after it. UTF-8 sorts by its bytes. */
static bool is_from(struct ds_text one, size_t at, size_t size, struct ds_text other,
	size_t other_at, size_t other_size)
{
	return text_compare((struct ds_text){one.data + at, size},
		       (struct ds_text){other.data + other_at, other_size}) >= 0;
}

/** Returns the position after the set that begins at `at`, or 0 when it has no end, so that its `[`
 * is an ordinary character. */
static size_t set_end(struct ds_text pattern, size_t at)
{
	at++;
	if (at < pattern.size && (pattern.data[at] == '!' || pattern.data[at] == '^'))
		at++;
	/* A bracket in the first position is a member. */
	for (size_t first = at; at < pattern.size; at++)
		if (pattern.data[at] == ']' && at > first)
			return at + 1;
	return 0;
}

/** Returns whether the character of the text is in the set between `at` and `end`. */
static bool set_has(struct ds_text pattern, size_t at, size_t end, struct ds_text text,
	size_t text_at, size_t size)
{
	bool is_negated = pattern.data[at + 1] == '!' || pattern.data[at + 1] == '^';
	bool found = false;

	for (at += is_negated ? 2 : 1; at < end - 1;) {
		size_t first = at, first_size = character(pattern, at);

		at += first_size;
		if (at + 1 < end - 1 && pattern.data[at] == '-') {
			size_t last = at + 1, last_size = character(pattern, last);

			found |= is_from(text, text_at, size, pattern, first, first_size) &&
				is_from(pattern, last, last_size, text, text_at, size);
			at = last + last_size;
		} else {
			found |= is_same(text, text_at, size, pattern, first, first_size);
		}
	}
	return found != is_negated;
}

/** Matches the one element of the pattern at `*at`, which is not `*`, and moves both positions
 * after it. */
static bool match_one(struct ds_text pattern, size_t *at, struct ds_text text, size_t *text_at)
{
	size_t size = character(text, *text_at);
	size_t begin = *at;
	size_t end = pattern.data[begin] == '[' ? set_end(pattern, begin) : 0;
	bool matches;

	if (pattern.data[begin] == '?') {
		matches = true;
		*at = begin + 1;
	} else if (end) {
		matches = set_has(pattern, begin, end, text, *text_at, size);
		*at = end;
	} else {
		size_t own;

		begin += pattern.data[begin] == '\\' && begin + 1 < pattern.size;
		own = character(pattern, begin);
		matches = is_same(pattern, begin, own, text, *text_at, size);
		*at = begin + own;
	}
	*text_at += size;
	return matches;
}

/* When a match fails, only the last star can match more: the stars before it matched the shortest
 * possible texts. The time is therefore at most the product of both sizes. */
bool glob_match(const char *pattern_string, struct ds_text text)
{
	const struct ds_text pattern = {pattern_string, strlen(pattern_string)};
	size_t at = 0, text_at = 0;
	size_t star = SIZE_MAX, star_text = 0;

	while (text_at < text.size) {
		if (at < pattern.size && pattern.data[at] == '*') {
			star = ++at;
			star_text = text_at;
		} else if (at == pattern.size || !match_one(pattern, &at, text, &text_at)) {
			if (star == SIZE_MAX)
				return false;
			star_text += character(text, star_text);
			text_at = star_text;
			at = star;
		}
	}
	while (at < pattern.size && pattern.data[at] == '*')
		at++;
	return at == pattern.size;
}
