/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/secret.h"

#include "record/scan.h"
#include "record/text.h"

/*
 * A text is searched in one pass. At each byte that may introduce a secret the functions below
 * decide whether it does; they look back at most NAME_MAX bytes, and ahead only over bytes that are
 * then skipped or that belong to one path component, so the time is linear in the text's size.
 */

/** Names longer than this are not those of secrets. */
#define NAME_MAX 64

struct search {
	struct ds_text text;
	size_t at;
	/** Position of an @ at or after `at` that was found before; the text's size when there is
	 * none. */
	size_t next_at;
};

/* ---- names
 * --------------------------------------------------------------------------------------------- */

static bool is_name_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
		byte_is_digit(byte) || byte == '_' || byte == '-' || byte == '.';
}

struct secret_word {
	struct ds_text text;
	/** The whole name, or what follows the last - _ or . in it: "access-key", but not
	 * "monkey". */
	bool is_whole;
};

/** Ends of the names of secrets, by their last letter. */
static const struct secret_word secret_words[26][4] = {
	['d' - 'a'] = {{TEXT("password"), false}, {TEXT("passwd"), false}, {TEXT("pwd"), true}},
	['e' - 'a'] = {{TEXT("passphrase"), false}, {TEXT("cookie"), false},
		{TEXT("signature"), false}},
	['g' - 'a'] = {{TEXT("sig"), true}},
	['l' - 'a'] = {{TEXT("credential"), false}},
	['n' - 'a'] = {{TEXT("token"), false}, {TEXT("authorization"), false}},
	['s' - 'a'] = {{TEXT("pass"), true}, {TEXT("cookies"), true}, {TEXT("credentials"), true}},
	['t' - 'a'] = {{TEXT("secret"), false}},
	['y' - 'a'] = {{TEXT("apikey"), false}, {TEXT("key"), true}, {TEXT("accesskey"), true}},
};

/** Whether a name ends with a word of small letters. Upper and lower case are the same. */
static bool ends_with(struct ds_text name, struct ds_text word)
{
	size_t at = name.size - word.size;

	if (name.size < word.size)
		return false;
	for (size_t i = 0; i < word.size; i++)
		if ((name.data[at + i] | 0x20) != word.data[i])
			return false;
	return true;
}

bool secret_is_name(struct ds_text name)
{
	const struct secret_word *word;
	unsigned last;

	if (!name.size || name.size > NAME_MAX)
		return false;
	last = ((unsigned char)name.data[name.size - 1] | 0x20u) - 'a';
	if (last > 'z' - 'a')
		return false;
	for (word = secret_words[last]; word->text.size; word++)
		if (ends_with(name, word->text) &&
			(!word->is_whole || name.size == word->text.size ||
				strchr("-_.", name.data[name.size - word->text.size - 1])))
			return true;
	return false;
}

/** The name that ends before `end`; empty when no name ends there. */
static struct ds_text name_before(struct ds_text text, size_t end)
{
	size_t begin = end;

	while (begin && end - begin <= NAME_MAX && is_name_byte(text.data[begin - 1]))
		begin--;
	return (struct ds_text){text.data + begin, end - begin};
}

/* ---- user:password@
 * ------------------------------------------------------------------------------------ */

/** Position of the next @ from `from` on, or the text's size. `from` never decreases. */
static size_t find_at(struct search *search, size_t from)
{
	const char *found;

	if (search->next_at < from) {
		found = memchr(search->text.data + from, '@', search->text.size - from);
		search->next_at = found ? (size_t)(found - search->text.data) : search->text.size;
	}
	return search->next_at;
}

/** Whether the % at `at` begins an encoded byte of a URL that is not iSCSI's, where it separates
 * user and password. */
static bool is_encoded(struct ds_text text, size_t begin, size_t at)
{
	static const char iscsi[] = "iscsi://";
	const size_t size = sizeof iscsi - 1;

	if (at + 2 >= text.size || byte_hex(text.data[at + 1]) < 0 ||
		byte_hex(text.data[at + 2]) < 0)
		return false;
	if (text.data[at + 1] == '3' && (text.data[at + 2] | 0x20) == 'a')
		return false;
	return begin >= 2 && text.data[begin - 1] == '/' && text.data[begin - 2] == '/' &&
		!(begin >= size && memcmp(text.data + begin - size, iscsi, size) == 0);
}

/** What a byte may be a sign of. */
enum {
	/** A name, a quoted string or a list follows; no user has such a byte in its name. */
	SIGN_OPENING = 1,
	/** A component begins after it, and may begin with user:password@. */
	SIGN_BEGIN = 2,
	/** Of name=value, of JSON and of SEXPR. */
	SIGN_OPTION = 4,
	SIGN_MEMBER = 8,
	SIGN_LIST = 16
};

static const unsigned char signs[256] = {
	['/'] = SIGN_BEGIN,
	['{'] = SIGN_OPENING | SIGN_BEGIN,
	['<'] = SIGN_OPENING | SIGN_BEGIN,
	['"'] = SIGN_OPENING | SIGN_BEGIN | SIGN_MEMBER,
	['\''] = SIGN_OPENING | SIGN_BEGIN | SIGN_MEMBER,
	['('] = SIGN_OPENING | SIGN_BEGIN | SIGN_LIST,
	['='] = SIGN_OPTION,
};

static unsigned sign_of(char byte)
{
	return signs[(unsigned char)byte];
}

static bool is_opening(char byte)
{
	return sign_of(byte) & SIGN_OPENING;
}

/** The end of the user's name in the component that begins at `begin`, where a password may follow;
 * 0 without a user name. */
static size_t end_of_user(struct ds_text text, size_t begin)
{
	size_t at = begin;

	while (at < text.size && text.data[at] != ':' && text.data[at] != '@' &&
		text.data[at] != '/' && !is_opening(text.data[at]) &&
		(text.data[at] != '%' || is_encoded(text, begin, at)))
		at++;
	if (at == begin || at == text.size || (text.data[at] != ':' && text.data[at] != '%') ||
		text.data[begin] == '[')
		return 0;
	return at;
}

static bool is_iscsi_name(struct ds_text text, size_t at)
{
	struct ds_text rest = text_from(text, at);

	return text_starts(rest, "iqn.") || text_starts(rest, "eui.") || text_starts(rest, "naa.");
}

/** Whether what precedes the first slash in a presumed password is a port: host:2000/path@x. */
static bool is_port(struct ds_text text, size_t begin, size_t slash)
{
	size_t digits = slash;

	while (digits > begin && byte_is_digit(text.data[digits - 1]))
		digits--;
	/* nbd:host:2000/path@x: the text after the first colon is not a password, but a port. */
	return digits == begin || (digits < slash && text.data[digits - 1] == ':');
}

/**
 * A password in the component that begins at `at`, up to the last @ before a slash. When the
 * component is the first one of the text or of a URL, the password may contain slashes.
 */
static bool find_userinfo(struct search *search, struct ds_text *secret)
{
	struct ds_text text = search->text;
	size_t at = search->at, user, begin, end, slash;
	bool may_have_slash =
		at == 0 || text.data[at - 1] != '/' || (at >= 2 && text.data[at - 2] == '/');
	const char *found;

	if (find_at(search, at + 1) == text.size)
		return false;
	user = end_of_user(text, at);
	if (!user || is_iscsi_name(text, at) || text_starts(text_from(text, at), "json:{"))
		return false;
	begin = user +
		(text.data[user] == '%' && user + 2 < text.size && text.data[user + 1] == '3' &&
					(text.data[user + 2] | 0x20) == 'a'
				? 3
				: 1);
	if (begin >= text.size || is_iscsi_name(text, begin) || byte_is_blank(text.data[begin]))
		return false;
	end = find_at(search, begin);
	if (end == text.size || end == begin)
		return false;
	found = memchr(text.data + begin, '/', end - begin);
	slash = found ? (size_t)(found - text.data) : end;
	if (slash < end && (!may_have_slash || is_port(text, begin, slash)))
		return false;
	for (size_t i = end; i < text.size && text.data[i] != '/'; i++)
		if (text.data[i] == '@')
			end = i;
	*secret = (struct ds_text){text.data + begin, end - begin};
	return true;
}

/* ---- name=value
 * ---------------------------------------------------------------------------------------- */

static bool is_separator(char byte)
{
	return byte == ',' || byte == '&' || byte == ';' || byte == ':' || byte_is_blank(byte);
}

/** Whether another name=value begins at `at`. */
static bool is_option(struct ds_text text, size_t at)
{
	size_t end = at;

	while (end < text.size && end - at <= NAME_MAX && is_name_byte(text.data[end]))
		end++;
	return end > at && end < text.size && text.data[end] == '=';
}

/** The end of an option's value. `before` is the byte before its name: the value ends at the same
 * separator, or after anything else at any of them; and at the quote that encloses the option. */
static size_t end_of_option(struct ds_text text, size_t at, char before)
{
	bool is_query = before == '?' || before == '&';

	for (; at < text.size; at++) {
		char byte = text.data[at];

		if (byte == '\\' || (byte == ',' && at + 1 < text.size && text.data[at + 1] == ','))
			at++;
		else if ((is_query && byte == '"') ||
			((before == '"' || before == '\'') && byte == before))
			return at;
		else if (is_query ? byte == '&'
				: is_separator(before)
				? byte == before || (byte_is_blank(before) && byte_is_blank(byte))
				: is_separator(byte)) {
			if (is_option(text, at + 1))
				return at;
		}
	}
	return text.size;
}

/** The value after the = at `at`. */
static bool find_option(const struct search *search, struct ds_text *secret)
{
	struct ds_text text = search->text;
	struct ds_text name = name_before(text, search->at);
	size_t begin = search->at + 1, end;

	/* qemu's -object secret,data=… has no telling name. */
	if (!secret_is_name(name) && !(text_is(name, "data") && text_starts(text, "secret,")))
		return false;
	end = end_of_option(text, begin, name.data > text.data ? name.data[-1] : 0);
	*secret = (struct ds_text){text.data + begin, end - begin};
	return end > begin;
}

/* ---- JSON
 * ---------------------------------------------------------------------------------------------- */

static size_t skip_blanks(struct ds_text text, size_t at)
{
	while (at < text.size && byte_is_blank(text.data[at]))
		at++;
	return at;
}

/** How many backslashes precede `at`. */
static size_t escapes(struct ds_text text, size_t at)
{
	size_t count = 0;

	while (count < at && count <= NAME_MAX && text.data[at - count - 1] == '\\')
		count++;
	return count;
}

/**
 * The end of a string that begins after its quote, at `at`. JSON inside of a string of JSON escapes
 * its quotes: `level` is the number of backslashes before the opening quote, which the closing one
 * has too. A backslash of the string itself is written as twice that number of them and two more.
 */
static size_t end_of_string(struct ds_text text, size_t at, char quote, size_t level)
{
	size_t backslashes = 0;

	for (; at < text.size; at++) {
		size_t own = backslashes % (2 * level + 2);

		if (text.data[at] == quote && own <= level)
			return at - own;
		backslashes = text.data[at] == '\\' ? backslashes + 1 : 0;
	}
	return text.size;
}

/** The value of a member of JSON whose name ends with the quote at `at`. */
static bool find_member(const struct search *search, struct ds_text *secret)
{
	struct ds_text text = search->text;
	size_t level = escapes(text, search->at), at, end;
	struct ds_text name = name_before(text, search->at - level);
	char quote = text.data[search->at];

	if (name.data == text.data || name.data[-1] != quote || !secret_is_name(name))
		return false;
	at = skip_blanks(text, search->at + 1);
	if (at == text.size || text.data[at] != ':')
		return false;
	at = skip_blanks(text, at + 1);
	end = at;
	while (end < text.size && text.data[end] == '\\')
		end++;
	if (end < text.size && (text.data[end] == '"' || text.data[end] == '\'')) {
		level = end - at;
		at = end + 1;
		end = end_of_string(text, at, text.data[at - 1], level);
	} else if (end < text.size && text.data[end] != '{' && text.data[end] != '[') {
		while (end < text.size && !strchr(",}] \t\r\n", text.data[end]))
			end++;
	}
	*secret = (struct ds_text){text.data + at, end - at};
	return end > at;
}

/* ---- SEXPR
 * --------------------------------------------------------------------------------------------- */

/** The closing parenthesis of the list whose items begin at `at`, or the text's size. */
static size_t end_of_list(struct ds_text text, size_t at)
{
	size_t depth = 0;
	bool begins_item = true;

	for (; at < text.size; at++) {
		char byte = text.data[at];

		if (begins_item && (byte == '"' || byte == '\''))
			at = end_of_string(text, at + 1, byte, 0);
		else if (byte == '(')
			depth++;
		else if (byte == ')' && !depth--)
			return at;
		begins_item = byte == '(' || byte == ')' || byte_is_blank(byte);
	}
	return text.size;
}

/** The value of the list that begins at `at`: (vncpasswd secret). The quotes around a value that
 * has no others are not part of the secret. */
static bool find_list(const struct search *search, struct ds_text *secret)
{
	struct ds_text text = search->text;
	size_t at = search->at + 1, end = at;
	struct ds_text name;
	char quote;

	while (end < text.size && end - at <= NAME_MAX && is_name_byte(text.data[end]))
		end++;
	name = (struct ds_text){text.data + at, end - at};
	/* (key …) alone is as common as <entry key='…'/>, and no secret. */
	if (end == text.size || !byte_is_blank(text.data[end]) || !secret_is_name(name) ||
		text_is(name, "key"))
		return false;
	at = skip_blanks(text, end);
	if (at == text.size)
		return false;
	end = end_of_list(text, at);
	quote = text.data[at];
	if (quote == '\'' || quote == '"') {
		size_t closing = end_of_string(text, at + 1, quote, 0);

		if (closing == text.size || skip_blanks(text, closing + 1) == end) {
			at++;
			end = closing;
		}
	}
	*secret = (struct ds_text){text.data + at, end - at};
	return end > at;
}

/* ---- a text
 * -------------------------------------------------------------------------------------------- */

/** A text has no secret without one of the bytes that introduce them. Most texts have none. */
static bool may_hold(struct ds_text text)
{
	return !scan_has_no_sign((const unsigned char *)text.data, text.size);
}

/** Whether a text is a list of SEXPR that holds one plain word, such as (uuid 73ec-…), and whose
 * name is not that of a secret. Most parts of a domain that have no place are. */
static bool is_plain_list(struct ds_text text)
{
	const unsigned char *bytes = (const unsigned char *)text.data;
	size_t end = 1;

	if (text.size < 4 || text.data[0] != '(' || text.data[text.size - 1] != ')')
		return false;
	/* A name that has a colon in it needs no closer look, either. */
	end = scan_name(bytes, end, text.size);
	return text.data[end] == ' ' && !secret_is_name((struct ds_text){text.data + 1, end - 1}) &&
		scan_is_bare(bytes + end + 1, text.size - end - 2);
}

/** Finds what the byte at `search->at` introduces. */
static bool find_here(const struct search *search, unsigned sign, struct ds_text *secret)
{
	if (sign & SIGN_OPTION)
		return find_option(search, secret);
	if (sign & SIGN_MEMBER)
		return find_member(search, secret);
	return sign & SIGN_LIST && find_list(search, secret);
}

/** Finds the next secret from `search->at` on. */
static bool find(struct search *search, struct ds_text *secret)
{
	struct ds_text text = search->text;
	unsigned sign = search->at ? sign_of(text.data[search->at - 1]) : SIGN_BEGIN;

	for (; search->at < text.size; search->at++) {
		if (sign & SIGN_BEGIN && find_userinfo(search, secret))
			return true;
		while (search->at < text.size && !(sign = sign_of(text.data[search->at])))
			search->at++;
		if (search->at < text.size && find_here(search, sign, secret))
			return true;
	}
	return false;
}

/** Adds a text that is not XML. `out` may be NULL. */
static bool mask_plain(struct buffer *out, struct ds_text text)
{
	struct search search = {text, 0, 0};
	struct ds_text secret;
	size_t from = 0;
	bool is_found = false;

	while (find(&search, &secret)) {
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

/* ---- XML
 * -----------------------------------------------------------------------------------------------
 */

static bool has(struct ds_text text, const char *part)
{
	size_t size = strlen(part);

	for (size_t at = 0; at + size <= text.size; at++) {
		const char *found = memchr(text.data + at, part[0], text.size - size + 1 - at);

		if (!found)
			return false;
		at = (size_t)(found - text.data);
		if (memcmp(found, part, size) == 0)
			return true;
	}
	return false;
}

/** Whether one of the words in a text is the name of a secret. */
static bool has_name(struct ds_text text)
{
	for (size_t at = 0, end; at < text.size; at = end + 1) {
		for (end = at; end < text.size && is_name_byte(text.data[end]);)
			end++;
		if (secret_is_name((struct ds_text){text.data + at, end - at}))
			return true;
	}
	return false;
}

/** Whether a value may hold a secret whose signs are written as references: then it is hidden as a
 * whole. */
static bool is_opaque(struct ds_text value)
{
	if (!text_has(value, '&'))
		return false;
	if (has(value, "&#") &&
		(text_has(value, ':') || text_has(value, '%') || text_has(value, '=')))
		return true;
	return (has(value, "&#") || has(value, "&quot;") || has(value, "&apos;")) &&
		has_name(value);
}

/** Adds an attribute's value or a text of raw XML. */
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

/** Adds a tag that begins at `at`; returns the position behind it. `*is_secret` is set when an
 * element begins whose text is a secret. */
static size_t mask_tag(struct buffer *out, struct ds_text text, size_t at, bool *is_found,
	bool *is_secret)
{
	size_t from = at, name = ++at, end;
	bool is_named = false;

	while (at < text.size && text.data[at] != '>' && text.data[at] != '/' &&
		!byte_is_blank(text.data[at]))
		at++;
	*is_secret = secret_is_name(name_before(text, at)) && text.data[name] != '/';
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
		attribute = name_before(text, equals);
		end = at + 1;
		while (end < text.size && text.data[end] != quote)
			end++;
		pass(out, text, from, at + 1);
		*is_found |= mask_value(out, (struct ds_text){text.data + at + 1, end - at - 1},
			(secret_is_name(attribute) && !text_is(attribute, "key")) ||
				(is_named && text_is(attribute, "value")));
		/* <qemu:env name='TOKEN' value='…'/> */
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

/** Adds raw XML. `out` may be NULL. */
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

/* ---- for all
 * ------------------------------------------------------------------------------------------- */

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

struct ds_text secret_masked(struct arena *arena, struct ds_text text)
{
	struct ds_text copy = {NULL, 0};
	struct buffer masked;

	if (!secret_is_in(text))
		return text;
	buffer_init(&masked);
	mask(&masked, text);
	if (masked.failed)
		arena->failed = 1;
	else
		copy = arena_text(arena, masked.data, masked.size);
	buffer_fini(&masked);
	return copy;
}

/** In the uname joe:password@host the reader takes the user for a backend, and the source is
 * password@host. */
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
	if (text_is(path, "devices/disk/source") && value.size && value.data[0] != '<' &&
		is_user_lost(value))
		return TEXT("***");
	return secret_masked(arena, value);
}
