/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memmem() */
#include "record/secret_search.h"

#include "record/secret.h"
#include "record/text.h"

/*
 * A text is searched in one pass. At each byte that may introduce a secret, the functions below
 * decide whether it does. They look back at most LOOK_BACK_MAX bytes, and ahead only over bytes
 * that are then skipped or that belong to one path component, so the time is linear in the text's
 * size.
 */

/** No name of a secret is longer than this. */
#define NAME_MAX 64
/** The word which shows that qemu's `data` is a secret precedes it by at most this many bytes. */
#define LOOK_BACK_MAX 256

/* ---- helpers ---- */

/**
 * Returns the end of a string that begins after its quote, at `at`. JSON inside of a JSON string
 * escapes its quotes: `level` is the number of backslashes before the opening quote, and the
 * closing one has as many. A backslash in the string itself is written as twice that number of
 * backslashes and two more.
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

/** Returns whether a word occurs in the last LOOK_BACK_MAX bytes before a name. */
static bool is_preceded_by(struct ds_text name, struct ds_text text, const char *word)
{
	size_t size = (size_t)(name.data - text.data);

	if (size > LOOK_BACK_MAX)
		size = LOOK_BACK_MAX;
	return memmem(name.data - size, size, word, strlen(word)) != NULL;
}

/* ---- names ---- */

bool secret_is_name_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
		byte_is_digit(byte) || byte == '_' || byte == '-' || byte == '.';
}

struct secret_word {
	struct ds_text text;
	/** The word must be the whole name, or all that follows the last - _ or . of the name:
	 * "access-key" is a secret, but "monkey" is not. */
	bool is_whole;
};

/** The ends of the names of secrets, by their last letter. */
static const struct secret_word secret_words[26][6] = {
	['d' - 'a'] = {{TEXT("password"), false}, {TEXT("passwd"), false}, {TEXT("pwd"), true}},
	['e' - 'a'] = {{TEXT("passphrase"), false}, {TEXT("cookie"), false},
		{TEXT("signature"), false}},
	['g' - 'a'] = {{TEXT("sig"), true}},
	['l' - 'a'] = {{TEXT("credential"), false}},
	['n' - 'a'] = {{TEXT("token"), false}, {TEXT("authorization"), false}},
	['r' - 'a'] = {{TEXT("bearer"), true}},
	['s' - 'a'] = {{TEXT("pass"), true}, {TEXT("cookies"), true}, {TEXT("credentials"), true}},
	['t' - 'a'] = {{TEXT("secret"), false}, {TEXT("jwt"), true}},
	['w' - 'a'] = {{TEXT("pw"), true}},
	['y' - 'a'] = {{TEXT("apikey"), false}, {TEXT("key"), true}, {TEXT("accesskey"), true},
		{TEXT("secretkey"), false}, {TEXT("privatekey"), false}},
};

/** Returns whether a name ends with a word in lower case. Case is ignored. */
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

struct ds_text secret_name_before(struct ds_text text, size_t end)
{
	size_t begin = end;

	while (begin && end - begin <= NAME_MAX && secret_is_name_byte(text.data[begin - 1]))
		begin--;
	return (struct ds_text){text.data + begin, end - begin};
}

/* ---- user:password@ ---- */

/** Returns the position of the next @ from `from` on, or the text's size. `from` never
 * decreases. */
static size_t find_at(struct secret_search *search, size_t from)
{
	const char *found;

	if (search->next_at < from) {
		found = memchr(search->text.data + from, '@', search->text.size - from);
		search->next_at = found ? (size_t)(found - search->text.data) : search->text.size;
	}
	return search->next_at;
}

/** Returns whether // precedes `at`, as in a URL. */
static bool is_after_slashes(struct ds_text text, size_t at)
{
	return at >= 2 && text.data[at - 1] == '/' && text.data[at - 2] == '/';
}

/** Returns whether iscsi:// precedes `at`, in any case. */
static bool is_after_iscsi(struct ds_text text, size_t at)
{
	const struct ds_text scheme = TEXT("iscsi");

	return at >= scheme.size + 3 && memcmp(text.data + at - 3, "://", 3) == 0 &&
		ends_with((struct ds_text){text.data, at - 3}, scheme);
}

/** Returns whether the % at `at` begins an encoded byte of a URL. In iSCSI, it separates user and
 * password instead. */
static bool is_encoded_byte(struct ds_text text, size_t begin, size_t at)
{
	if (at + 2 >= text.size || byte_hex(text.data[at + 1]) < 0 ||
		byte_hex(text.data[at + 2]) < 0)
		return false;
	if (text.data[at + 1] == '3' && (text.data[at + 2] | 0x20) == 'a')
		return false;
	return is_after_slashes(text, begin) && !is_after_iscsi(text, begin);
}

/** The kinds of secrets that a byte may introduce. */
enum {
	/** A name, a quoted string or a list follows; no user name contains such a byte. */
	SIGN_OPENING = 1,
	/** A component begins after it, which may begin with user:password@. */
	SIGN_BEGIN = 2,
	/** The byte is a delimiter in name=value, JSON or SEXPR. */
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

static bool is_iscsi_name(struct ds_text text, size_t at)
{
	struct ds_text rest = text_from(text, at);

	return text_starts(rest, "iqn.") || text_starts(rest, "eui.") || text_starts(rest, "naa.");
}

/** Returns the end of an initiator's name, which is the user in
 * iscsi://iqn.2001-04.org.example:a%password@portal, or 0 if the iSCSI name that begins at `begin`
 * is not that of a user. */
static size_t end_of_initiator(struct ds_text text, size_t begin)
{
	size_t at = begin;

	if (!is_after_iscsi(text, begin))
		return 0;
	while (at < text.size && text.data[at] != '%' && text.data[at] != '@' &&
		text.data[at] != '/')
		at++;
	return at < text.size && text.data[at] == '%' ? at : 0;
}

/** Returns the end of the user's name in the component that begins at `begin`, after which a
 * password may follow, or 0 if no password follows. In a URL the name may be empty. */
static size_t end_of_user(struct ds_text text, size_t begin)
{
	size_t at = begin;

	if (is_iscsi_name(text, begin))
		return end_of_initiator(text, begin);
	while (at < text.size && text.data[at] != ':' && text.data[at] != '@' &&
		text.data[at] != '/' && !is_opening(text.data[at]) &&
		(text.data[at] != '%' || is_encoded_byte(text, begin, at)))
		at++;
	if (at == text.size || (text.data[at] != ':' && text.data[at] != '%') ||
		text.data[begin] == '[')
		return 0;
	return at > begin || (text.data[at] == ':' && is_after_slashes(text, begin)) ? at : 0;
}

/** Returns whether the text before the first slash in a presumed password is a port:
 * host:2000/path@x. */
static bool is_port(struct ds_text text, size_t begin, size_t slash)
{
	size_t digits = slash;

	while (digits > begin && byte_is_digit(text.data[digits - 1]))
		digits--;
	/* In nbd:host:2000/path@x, the text after the first colon is a port and not a password. */
	return digits == begin || (digits < slash && text.data[digits - 1] == ':');
}

/** Returns whether the @ at `end` begins a snapshot's name: rbd:pool/image@snapshot. */
static bool is_snapshot(struct ds_text text, size_t begin, size_t end)
{
	const size_t size = sizeof "rbd:" - 1;

	return text_starts(text_from(text, begin), "rbd:") &&
		!memchr(text.data + begin + size, ':', end - begin - size);
}

/**
 * Finds a password in the component that begins at `at`, up to the last @ before a slash. If the
 * component is the first one of the text or of a URL, the password may contain slashes.
 */
static bool find_userinfo(struct secret_search *search, struct ds_text *secret)
{
	struct ds_text text = search->text;
	size_t at = search->at, user, begin, end, slash;
	bool may_have_slash = at == 0 || text.data[at - 1] != '/' || is_after_slashes(text, at);
	const char *found;

	if (find_at(search, at + 1) == text.size)
		return false;
	user = end_of_user(text, at);
	if (!user || text_starts(text_from(text, at), "json:{"))
		return false;
	begin = user +
		(text.data[user] == '%' && user + 2 < text.size && text.data[user + 1] == '3' &&
					(text.data[user + 2] | 0x20) == 'a'
				? 3
				: 1);
	if (begin >= text.size || is_iscsi_name(text, begin) || byte_is_blank(text.data[begin]))
		return false;
	end = find_at(search, begin);
	if (end == text.size || end == begin || is_snapshot(text, at, end))
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

/* ---- name=value ---- */

static bool is_separator(char byte)
{
	return byte == ',' || byte == '&' || byte == ';' || byte == ':' || byte_is_blank(byte);
}

/** Returns whether another name=value begins at `at`. */
static bool is_option(struct ds_text text, size_t at)
{
	size_t end = at;

	while (end < text.size && end - at <= NAME_MAX && secret_is_name_byte(text.data[end]))
		end++;
	return end > at && end < text.size && text.data[end] == '=';
}

/** Returns the end of an option's value. `before` is the byte before its name. If that is a
 * separator, the value ends at the same separator, and otherwise at any of them; it also ends at
 * the quote that encloses the option. */
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

/** Returns whether the name before the = is that of a secret. `before` is the byte before the
 * name. */
static bool is_secret_option(struct ds_text text, struct ds_text name, char before)
{
	static const char *const queries[] = {"auth", "sas", "session", "sessionid", "jsessionid",
		NULL};

	if (secret_is_name(name))
		return true;
	/* The name in qemu's -object secret,data=… does not show that this is a secret. */
	if (text_is(name, "data"))
		return is_preceded_by(name, text, "secret,");
	return (before == '?' || before == '&' || before == ';') && text_is_one_of(name, queries);
}

/** Returns whether the quote at `at`, after a =, begins a value, and does not end the text that
 * contains the option. */
static bool begins_value(struct ds_text text, size_t at, char before)
{
	return text.data[at] != before && at + 1 < text.size &&
		text.data[at + 1] != text.data[at] && !strchr(",}])>", text.data[at + 1]);
}

/** Finds the value after the = at `at`. */
static bool find_option(const struct secret_search *search, struct ds_text *secret)
{
	struct ds_text text = search->text;
	struct ds_text name = secret_name_before(text, search->at);
	char before = name.data > text.data ? name.data[-1] : 0;
	size_t begin = search->at + 1, end;
	char quote;

	if (begin == text.size || !is_secret_option(text, name, before))
		return false;
	quote = text.data[begin];
	if ((quote == '"' || quote == '\'') && begins_value(text, begin, before))
		end = end_of_string(text, ++begin, quote, 0);
	else
		end = end_of_option(text, begin, before);
	*secret = (struct ds_text){text.data + begin, end - begin};
	return end > begin;
}

/* ---- JSON ---- */

static size_t skip_blanks(struct ds_text text, size_t at)
{
	while (at < text.size && byte_is_blank(text.data[at]))
		at++;
	return at;
}

/** Returns how many backslashes precede `at`. */
static size_t escapes(struct ds_text text, size_t at)
{
	size_t count = 0;

	while (count < at && count <= NAME_MAX && text.data[at - count - 1] == '\\')
		count++;
	return count;
}

/** Returns whether the member of this name is a secret. */
static bool is_secret_member(struct ds_text text, struct ds_text name)
{
	/* {"qom-type":"secret","id":"a","data":"…"} is the JSON form of qemu's -object secret. */
	return secret_is_name(name) ||
		(text_is(name, "data") && is_preceded_by(name, text, "qom-type"));
}

/** Returns the position after the array that begins at `at`, or the text's size. */
static size_t end_of_array(struct ds_text text, size_t at)
{
	size_t depth = 0;

	for (; at < text.size; at++) {
		char byte = text.data[at];

		if (byte == '"' || byte == '\'')
			at = end_of_string(text, at + 1, byte, 0);
		else if (byte == '[')
			depth++;
		else if (byte == ']' && !--depth)
			return at + 1;
	}
	return text.size;
}

/** Finds the value of a JSON member whose name ends with the quote at `at`. */
static bool find_member(const struct secret_search *search, struct ds_text *secret)
{
	struct ds_text text = search->text;
	size_t level = escapes(text, search->at), at, end;
	struct ds_text name = secret_name_before(text, search->at - level);
	char quote = text.data[search->at];

	if (name.data == text.data || name.data[-1] != quote || !is_secret_member(text, name))
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
	} else if (end < text.size && text.data[end] == '[') {
		end = end_of_array(text, end);
	} else if (end < text.size && text.data[end] != '{') {
		while (end < text.size && !strchr(",}] \t\r\n", text.data[end]))
			end++;
	}
	*secret = (struct ds_text){text.data + at, end - at};
	return end > at;
}

/* ---- SEXPR ---- */

/** Returns the position of the closing parenthesis of the list whose items begin at `at`, or the
 * text's size. */
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

/** Finds the value of the list that begins at `at`: (vncpasswd secret). If the value is enclosed in
 * quotes and contains no others, they are not part of the secret. */
static bool find_list(const struct secret_search *search, struct ds_text *secret)
{
	struct ds_text text = search->text;
	size_t at = search->at + 1, end = at;
	struct ds_text name;
	char quote;

	while (end < text.size && end - at <= NAME_MAX && secret_is_name_byte(text.data[end]))
		end++;
	name = (struct ds_text){text.data + at, end - at};
	/* (key …) by itself is as common as <entry key='…'/>, and is not a secret. */
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

/* ---- a text ---- */

/** Finds the secret that the byte at `search->at` introduces. */
static bool find_here(const struct secret_search *search, unsigned sign, struct ds_text *secret)
{
	if (sign & SIGN_OPTION)
		return find_option(search, secret);
	if (sign & SIGN_MEMBER)
		return find_member(search, secret);
	return sign & SIGN_LIST && find_list(search, secret);
}

bool secret_search_next(struct secret_search *search, struct ds_text *secret)
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
