/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/magic.h"

#include <string.h>

/* The fields of a header that are checked (POSIX pax, "ustar Interchange Format"). */
enum { MODE_AT = 100, MODE_SIZE = 8, CHECKSUM_AT = 148, CHECKSUM_SIZE = 8, USTAR_AT = 257 };

static const char ustar[5] = {'u', 's', 't', 'a', 'r'};
static const char bom[] = "\xef\xbb\xbf";

static bool is_octal(unsigned char byte)
{
	return byte == ' ' || byte == 0 || (byte >= '0' && byte <= '7');
}

/** Returns whether the mode is a number, possibly with one damaged byte. */
static bool may_be_mode(const unsigned char *bytes)
{
	int wrong = 0;

	for (size_t i = 0; i < MODE_SIZE; i++)
		wrong += !is_octal(bytes[i]);
	return wrong <= 1;
}

/** Returns whether the magic number is correct, possibly with one damaged byte. */
static bool has_magic(const unsigned char *bytes)
{
	int wrong = 0;

	for (size_t i = 0; i < sizeof(ustar); i++)
		wrong += bytes[USTAR_AT + i] != (unsigned char)ustar[i];
	return wrong <= 1;
}

/** Returns -1 if the field is not a number. */
static long read_checksum(const unsigned char *bytes)
{
	long value = 0;
	size_t digits = 0;
	size_t i = 0;

	while (i < CHECKSUM_SIZE && bytes[i] == ' ')
		i++;
	for (; i < CHECKSUM_SIZE && bytes[i] >= '0' && bytes[i] <= '7'; i++, digits++)
		value = value * 8 + (bytes[i] - '0');
	while (i < CHECKSUM_SIZE && (bytes[i] == ' ' || bytes[i] == 0))
		i++;
	return i == CHECKSUM_SIZE && digits > 0 ? value : -1;
}

/** Returns whether the checksum is the sum of all bytes, with blanks in place of the field itself.
 * Some old programs used signed bytes. */
bool magic_tar_checksum(const unsigned char *bytes)
{
	long expected = read_checksum(bytes + CHECKSUM_AT);
	long plain = 0, with_sign = 0;

	for (size_t i = 0; i < MAGIC_TAR_SIZE; i++) {
		unsigned char byte =
			i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_SIZE ? ' ' : bytes[i];

		plain += byte;
		with_sign += byte < 0x80 ? byte : byte - 0x100;
	}
	return expected == plain || expected == with_sign;
}

enum magic_match magic_tar(const unsigned char *bytes, size_t size)
{
	/* The header begins with the member's name. No name begins with these bytes, so most XML
	 * need not be checked any further. */
	if (size > 0 && (bytes[0] == '<' || bytes[0] == 0))
		return MAGIC_NO;
	if (size < MODE_AT + MODE_SIZE)
		return MAGIC_MAYBE;
	if (!may_be_mode(bytes + MODE_AT))
		return MAGIC_NO;
	if (size >= USTAR_AT + sizeof(ustar) && has_magic(bytes))
		return MAGIC_YES;
	if (size < MAGIC_TAR_SIZE)
		return MAGIC_MAYBE;
	return magic_tar_checksum(bytes) ? MAGIC_YES : MAGIC_NO;
}

static size_t skip_blanks(const unsigned char *bytes, size_t size, size_t at)
{
	while (at < size && (bytes[at] == ' ' || (bytes[at] >= '\t' && bytes[at] <= '\r')))
		at++;
	return at;
}

static enum magic_match begins_with(const unsigned char *bytes, size_t size, const char *word)
{
	size_t length = strlen(word);

	if (memcmp(bytes, word, size < length ? size : length) != 0)
		return MAGIC_NO;
	return size < length ? MAGIC_MAYBE : MAGIC_YES;
}

/** Like begins_with(), but ignores the case of the bytes. `word` is in lower case. */
static enum magic_match begins_with_caseless(const unsigned char *bytes, size_t size,
	const char *word)
{
	size_t i;

	for (i = 0; i < size && word[i] != 0; i++) {
		unsigned char byte = bytes[i];

		if ((byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte) != word[i])
			return MAGIC_NO;
	}
	return word[i] == 0 ? MAGIC_YES : MAGIC_MAYBE;
}

/** Matches a tag that is not the beginning of a web page, which looks like XML but is not a
 * dump. */
static enum magic_match match_tag(const unsigned char *bytes, size_t size)
{
	enum magic_match page = begins_with_caseless(bytes, size, "<html");
	enum magic_match type = begins_with_caseless(bytes, size, "<!doctype html");

	if (page == MAGIC_YES || type == MAGIC_YES)
		return MAGIC_NO;
	return page == MAGIC_MAYBE || type == MAGIC_MAYBE ? MAGIC_MAYBE : MAGIC_YES;
}

enum magic_match magic_dump(const unsigned char *bytes, size_t size)
{
	/* The second is xm's "Using config file ...", the third the header of a save file. */
	static const char *const words[] = {"(", "Using config", "LinuxGuestRecord"};
	enum magic_match best = MAGIC_NO;
	bool has_comment = false;
	size_t at = 0;

	if (begins_with(bytes, size, bom) == MAGIC_YES)
		at = sizeof(bom) - 1;
	at = skip_blanks(bytes, size, at);
	while (at < size && bytes[at] == '#') {
		const unsigned char *end = memchr(bytes + at, '\n', size - at);

		has_comment = true;
		at = end == NULL ? size : skip_blanks(bytes, size, (size_t)(end - bytes));
	}
	if (at == size)
		return MAGIC_MAYBE;
	if (bytes[at] == '<')
		return has_comment ? MAGIC_NO : match_tag(bytes + at, size - at);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		enum magic_match match = begins_with(bytes + at, size - at, words[i]);

		best = match > best ? match : best;
	}
	return best;
}

bool magic_holds_domain(const unsigned char *bytes, size_t size)
{
	static const char *const begins[] = {"(domain", "(vm", "<domain"};

	for (size_t at = 0; at < size; at++) {
		for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
			size_t length = strlen(begins[i]);

			if (size - at > length && memcmp(bytes + at, begins[i], length) == 0 &&
				strchr(" \t\r\n(>", bytes[at + length]))
				return true;
		}
	}
	return false;
}
