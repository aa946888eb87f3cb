/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memmem() */
#include "record/secret.h"

#include "record/mask.h"
#include "record/scan.h"
#include "record/secret_search.h"
#include "record/text.h"

/* The masking functions append a text with its secrets hidden to a buffer, and return whether it
 * contains any. Without a buffer, they only return whether it does. */

/* ---- texts without secrets ---- */

/** Returns whether a text contains one of the bytes that introduce secrets. Most texts contain none
 * of these. */
static bool may_hold(struct ds_text text)
{
	return !scan_has_none((const unsigned char *)text.data, text.size, scan_sign);
}

/** Returns whether a text is a SEXPR list with one plain word, such as (uuid 73ec-…), whose name is
 * not that of a secret. Most values that a conversion loses are like that. */
static bool is_plain_list(struct ds_text text)
{
	const unsigned char *bytes = (const unsigned char *)text.data;
	size_t end = 1;

	if (text.size < 4 || text.data[0] != '(' || text.data[text.size - 1] != ')')
		return false;
	/* A name that contains a colon needs no further check either. */
	end = scan_find(bytes, end, text.size, scan_no_name);
	return text.data[end] == ' ' && !secret_is_name((struct ds_text){text.data + 1, end - 1}) &&
		scan_is_bare(bytes + end + 1, text.size - end - 2);
}

/* ---- plain texts ---- */

/** Appends a text that is neither XML nor encoded. `out` may be NULL. */
static bool mask_literal(struct buffer *out, struct ds_text text)
{
	struct secret_search search = {text, 0, 0};
	struct ds_text secret;
	size_t from = 0;
	bool is_found = false;

	while (secret_search_next(&search, &secret)) {
		size_t begin = (size_t)(secret.data - text.data);

		is_found = true;
		if (!out)
			return true;
		buffer_add(out, text.data + from, begin - from);
		buffer_literal(out, "***");
		from = search.at = begin + secret.size;
	}
	if (out)
		buffer_add(out, text.data + from, text.size - from);
	return is_found;
}

/* ---- encoded bytes ---- */

/** Returns the size of a run of "25" from `at` on, which is a % that was encoded repeatedly. */
static size_t encoded_percents(struct ds_text text, size_t at)
{
	size_t end = at;

	while (end + 1 < text.size && text.data[end] == '2' && text.data[end + 1] == '5')
		end += 2;
	return end - at;
}

/** Returns whether two hexadecimal digits at `at` form a byte, and stores it in `*byte`. */
static bool is_hex_byte(struct ds_text text, size_t at, char *byte)
{
	int high = at + 1 < text.size ? byte_hex(text.data[at]) : -1;
	int low = high < 0 ? -1 : byte_hex(text.data[at + 1]);

	if (low < 0)
		return false;
	*byte = (char)(high * 16 + low);
	return true;
}

/** Decodes the character at `at`: %40 and %2540 of a URL, \u0040 of JSON, or an ordinary character.
 * Returns its size. */
static size_t decode(struct ds_text text, size_t at, char *byte)
{
	size_t end = at + 1;

	if (text.data[at] == '%') {
		size_t percents = encoded_percents(text, end);

		if (is_hex_byte(text, end + percents, byte))
			return percents + 3;
		if (percents && is_hex_byte(text, end + percents - 2, byte))
			return percents + 1;
	} else if (text.data[at] == '\\' && text_starts(text_from(text, end), "u00") &&
		is_hex_byte(text, end + 3, byte)) {
		return 6;
	}
	*byte = text.data[at];
	return 1;
}

static bool is_encoded(struct ds_text text)
{
	char byte;

	if (!text_has(text, '%') && !text_has(text, '\\'))
		return false;
	for (size_t at = 0; at < text.size; at++)
		if ((text.data[at] == '%' || text.data[at] == '\\') && decode(text, at, &byte) > 1)
			return true;
	return false;
}

/** Appends the decoded text to `plain`, with one byte for each encoded one. */
static void decode_all(struct buffer *plain, struct ds_text text)
{
	char byte;

	for (size_t at = 0; at < text.size;) {
		at += decode(text, at, &byte);
		buffer_byte(plain, byte);
	}
}

/** A position in an encoded text, and the corresponding position in the decoded text. */
struct position {
	size_t encoded, decoded;
};

/** Moves to a position in the decoded text; appends the skipped bytes to `out`, which may be
 * NULL. */
static void move_to(struct position *position, size_t decoded, struct ds_text text,
	struct buffer *out)
{
	size_t from = position->encoded;
	char byte;

	for (; position->decoded < decoded; position->decoded++)
		position->encoded += decode(text, position->encoded, &byte);
	if (out)
		buffer_add(out, text.data + from, position->encoded - from);
}

/** Appends an encoded text, with the secrets hidden that its decoded form `plain` contains. The
 * text may contain "***" where a secret was hidden before. `out` may be NULL. */
static bool mask_decoded(struct buffer *out, struct ds_text text, struct ds_text plain)
{
	struct secret_search search = {plain, 0, 0};
	struct position position = {0, 0};
	struct ds_text secret;
	bool is_found = false;

	while (secret_search_next(&search, &secret)) {
		size_t begin = (size_t)(secret.data - plain.data);

		search.at = begin + secret.size;
		if (text_is(secret, "***"))
			continue;
		is_found = true;
		if (!out)
			return true;
		move_to(&position, begin, text, out);
		buffer_literal(out, "***");
		move_to(&position, search.at, text, NULL);
	}
	move_to(&position, plain.size, text, out);
	return is_found;
}

/** Appends a text that is not XML. `out` may be NULL. A text with encoded bytes is searched as it
 * is, because iSCSI has a % before the password, and then in its decoded form. */
static bool mask_plain(struct buffer *out, struct ds_text text)
{
	struct buffer masked = {0}, plain = {0};
	bool is_found;

	if (!is_encoded(text))
		return mask_literal(out, text);
	is_found = mask_literal(&masked, text);
	decode_all(&plain, (struct ds_text){masked.data, masked.size});
	if (masked.failed || plain.failed) {
		is_found = true;
		if (out)
			out->failed = true;
	} else {
		is_found |= mask_decoded(out, (struct ds_text){masked.data, masked.size},
			(struct ds_text){plain.data, plain.size});
	}
	buffer_fini(&masked);
	buffer_fini(&plain);
	return is_found;
}

/* ---- XML ---- */

static bool contains(struct ds_text text, const char *word)
{
	return memmem(text.data, text.size, word, strlen(word)) != NULL;
}

/** Returns whether one of the words in a text is the name of a secret. */
static bool has_name(struct ds_text text)
{
	for (size_t at = 0, end; at < text.size; at = end + 1) {
		for (end = at; end < text.size && secret_is_name_byte(text.data[end]);)
			end++;
		if (secret_is_name((struct ds_text){text.data + at, end - at}))
			return true;
	}
	return false;
}

/** Returns whether a value may contain a secret whose delimiters are written as references. Such a
 * value is hidden completely. */
static bool is_opaque(struct ds_text value)
{
	if (!text_has(value, '&'))
		return false;
	if (contains(value, "&#") &&
		(text_has(value, ':') || text_has(value, '%') || text_has(value, '=')))
		return true;
	return (contains(value, "&#") || contains(value, "&quot;") || contains(value, "&apos;")) &&
		has_name(value);
}

/** Appends the value of an attribute, or a text, of raw XML. */
static bool mask_value(struct buffer *out, struct ds_text value, bool is_secret)
{
	if (!is_secret && !is_opaque(value))
		return mask_plain(out, value);
	if (out && value.size)
		buffer_literal(out, "***");
	return value.size != 0;
}

static void pass(struct buffer *out, struct ds_text text, size_t from, size_t end)
{
	if (out)
		buffer_add(out, text.data + from, end - from);
}

/** Appends the tag that begins at `at`. Returns the position after it. Sets `*is_secret` when an
 * element begins whose text is a secret. */
static size_t mask_tag(struct buffer *out, struct ds_text text, size_t at, bool *is_found,
	bool *is_secret)
{
	size_t from = at, name = ++at, end;
	bool is_named = false;

	while (at < text.size && text.data[at] != '>' && text.data[at] != '/' &&
		!byte_is_blank(text.data[at]))
		at++;
	*is_secret = secret_is_name(secret_name_before(text, at)) && text.data[name] != '/';
	while (at < text.size && text.data[at] != '>') {
		struct ds_text attribute;
		char quote = text.data[at];
		size_t equals = at;

		if (quote != '"' && quote != '\'') {
			at++;
			continue;
		}
		while (equals > from &&
			(text.data[equals - 1] == '=' || byte_is_blank(text.data[equals - 1])))
			equals--;
		attribute = secret_name_before(text, equals);
		end = at + 1;
		while (end < text.size && text.data[end] != quote)
			end++;
		pass(out, text, from, at + 1);
		*is_found |= mask_value(out, (struct ds_text){text.data + at + 1, end - at - 1},
			(secret_is_name(attribute) && !text_is(attribute, "key")) ||
				(is_named && text_is(attribute, "value")));
		/* As in <qemu:env name='TOKEN' value='…'/>. */
		is_named |= text_is(attribute, "name") &&
			secret_is_name((struct ds_text){text.data + at + 1, end - at - 1});
		from = end;
		at = end < text.size ? end + 1 : end;
	}
	end = at < text.size ? at + 1 : at;
	*is_secret &= end >= 2 && text.data[end - 2] != '/';
	pass(out, text, from, end);
	return end;
}

/** Appends raw XML. `out` may be NULL. */
static bool mask_xml(struct buffer *out, struct ds_text text)
{
	bool is_found = false, is_secret = false;
	size_t at = 0;

	while (at < text.size) {
		size_t end = at;

		while (end < text.size && text.data[end] != '<')
			end++;
		if (end > at)
			is_found |= mask_value(out, (struct ds_text){text.data + at, end - at},
				is_secret);
		at = end < text.size ? mask_tag(out, text, end, &is_found, &is_secret) : end;
	}
	return is_found;
}

/* ---- any text ---- */

static bool mask(struct buffer *out, struct ds_text text)
{
	struct ds_text trimmed = text.size ? text_trim(text) : text;

	return text_starts(trimmed, "<") ? mask_xml(out, text) : mask_plain(out, text);
}

bool secret_is_in(struct ds_text text)
{
	return text.size && !is_plain_list(text) && may_hold(text) && mask(NULL, text);
}

bool secret_mask(struct buffer *out, struct ds_text text)
{
	if (text.size && may_hold(text))
		return mask(out, text);
	buffer_add(out, text.data, text.size);
	return false;
}

/** If only the beginning of a text is shown, secrets are looked for in this many bytes of it. */
#define BEGINNING_MAX ((size_t)4096)

void secret_mask_beginning(struct buffer *out, struct ds_text text, size_t size)
{
	struct buffer masked = {0};

	if (text.size > BEGINNING_MAX)
		text.size = BEGINNING_MAX;
	secret_mask(&masked, text);
	out->failed |= masked.failed;
	mask_text(out,
		(struct ds_text){masked.data ? masked.data : "",
			masked.size < size ? masked.size : size});
	buffer_fini(&masked);
}

struct ds_text secret_masked(struct arena *arena, struct ds_text text)
{
	struct ds_text copy = {NULL, 0};
	struct buffer masked;

	if (!secret_is_in(text))
		return text;
	buffer_init(&masked);
	mask(&masked, text);
	if (masked.failed)
		arena->failed = true;
	else
		copy = arena_text(arena, masked.data, masked.size);
	buffer_fini(&masked);
	return copy;
}

/** Returns whether a text is `(NAME WORD)` with a plain word, as most SEXPR losses are. */
static bool is_list_of_word(struct ds_text text, struct ds_text name)
{
	size_t word = name.size + 2;

	return name.size && text.size > word + 1 && text.data[0] == '(' &&
		text.data[word - 1] == ' ' && text.data[text.size - 1] == ')' &&
		memcmp(text.data + 1, name.data, name.size) == 0 &&
		scan_is_bare((const unsigned char *)text.data + word, text.size - word - 1);
}

/** Returns whether a source may begin with a password. In the uname joe:password@host the reader
 * parses the user as a backend, so the source is password@host. */
static bool is_user_lost(struct ds_text source)
{
	struct ds_text rest, before = text_split(source, '@', &rest);

	return rest.data && before.size && !text_has(before, '/') && !text_has(before, ':') &&
		!text_has(before, '%');
}

struct ds_text secret_value_masked(struct arena *arena, struct ds_text path, struct ds_text value)
{
	const char *begin = path.data + path.size;
	struct ds_text name;

	while (begin != path.data && begin[-1] != '/' && begin[-1] != '@')
		begin--;
	name = (struct ds_text){begin, (size_t)(path.data + path.size - begin)};
	if (value.size && secret_is_name(name) && value.data[0] != '<')
		return TEXT("***");
	if (is_list_of_word(value, name))
		return value;
	if (text_is(path, "devices/disk/source") && value.size && value.data[0] != '<' &&
		is_user_lost(value))
		return TEXT("***");
	return secret_masked(arena, value);
}
