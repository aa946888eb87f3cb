/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/text.h"

#include "record/bytes.h"
#include "record/scan.h"

int byte_hex(char byte)
{
	if (byte_is_digit(byte))
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	if (byte >= 'A' && byte <= 'F')
		return byte - 'A' + 10;
	return -1;
}

struct ds_text text_trim(struct ds_text text)
{
	while (text.size && byte_is_blank(text.data[0]))
		text = text_from(text, 1);
	while (text.size && byte_is_blank(text.data[text.size - 1]))
		text.size--;
	return text;
}

struct ds_text text_split(struct ds_text text, char byte, struct ds_text *rest)
{
	const char *at = text.size ? memchr(text.data, byte, text.size) : NULL;

	if (!at) {
		*rest = (struct ds_text){NULL, 0};
		return text;
	}
	*rest = text_from(text, (size_t)(at - text.data) + 1);
	return (struct ds_text){text.data, (size_t)(at - text.data)};
}

/** This many digits fit into 64 bits in any base. */
#define DIGITS_FIT 16

static bool digits(struct ds_text text, unsigned base, uint64_t *value)
{
	uint64_t sum = 0;

	if (!text.size)
		return false;
	for (size_t i = 0; i < text.size; i++) {
		int digit = byte_hex(text.data[i]);

		if (digit < 0 || (unsigned)digit >= base)
			return false;
		if (i >= DIGITS_FIT && sum > (UINT64_MAX - (unsigned)digit) / base)
			return false;
		sum = sum * base + (unsigned)digit;
	}
	*value = sum;
	return true;
}

bool text_matches(struct ds_text pattern, struct ds_text text)
{
	size_t at = 0, next = 0;
	/* The position after the last "*", and the position in the text where what follows it was
	 * last tried. */
	size_t star = SIZE_MAX, back = 0;

	while (at < text.size) {
		if (next < pattern.size && pattern.data[next] == '*') {
			star = ++next;
			back = at;
		} else if (next < pattern.size && pattern.data[next] == text.data[at]) {
			next++;
			at++;
		} else if (star != SIZE_MAX) {
			next = star;
			at = ++back;
		} else {
			return false;
		}
	}
	while (next < pattern.size && pattern.data[next] == '*')
		next++;
	return next == pattern.size;
}

bool text_unsigned(struct ds_text text, uint64_t *value)
{
	return digits(text, 10, value);
}

bool text_signed(struct ds_text text, int64_t *value)
{
	bool minus = text_starts(text, "-");
	uint64_t size;

	if (minus || text_starts(text, "+"))
		text = text_from(text, 1);
	if (!digits(text, 10, &size) || size > INT64_MAX)
		return false;
	*value = minus ? -(int64_t)size : (int64_t)size;
	return true;
}

bool text_number(struct ds_text text, uint64_t *value)
{
	if (text_starts(text, "0x") || text_starts(text, "0X"))
		return digits(text_from(text, 2), 16, value);
	return digits(text, 10, value);
}

struct ds_text text_beginning(struct ds_text text, size_t most)
{
	size_t size = most;

	if (text.size <= most)
		return text;
	/* A character has at most three bytes after its first one. */
	while (size && most - size < 4 && ((unsigned char)text.data[size] & 0xc0) == 0x80)
		size--;
	return (struct ds_text){text.data, size && most - size < 4 ? size : most};
}

size_t text_character(struct ds_text text, size_t at)
{
	const unsigned char *bytes = (const unsigned char *)text.data + at;
	unsigned char lead = bytes[0];
	size_t size = lead < 0x80             ? 1
		: lead >= 0xc2 && lead < 0xe0 ? 2
		: lead >= 0xe0 && lead < 0xf0 ? 3
		: lead >= 0xf0 && lead < 0xf5 ? 4
					      : 0;

	if (size > text.size - at)
		return 0;
	for (size_t i = 1; i < size; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	if ((lead == 0xe0 && bytes[1] < 0xa0) || (lead == 0xed && bytes[1] > 0x9f) ||
		(lead == 0xf0 && bytes[1] < 0x90) || (lead == 0xf4 && bytes[1] > 0x8f))
		return 0;
	return size;
}

unsigned text_code_point(const char *at, size_t size)
{
	/* In a longer character, size + 1 bits precede the first byte's part of the code. */
	unsigned code = (unsigned char)at[0] & (size == 1 ? 0x7fu : 0x7fu >> size);

	for (size_t i = 1; i < size; i++)
		code = code << 6 | ((unsigned char)at[i] & 0x3fu);
	return code;
}

char *text_put_code_point(char *to, unsigned code)
{
	if (code < 0x80) {
		*to++ = (char)code;
		return to;
	}
	if (code < 0x800) {
		*to++ = (char)(0xc0 | code >> 6);
	} else if (code < 0x10000) {
		*to++ = (char)(0xe0 | code >> 12);
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
	} else {
		*to++ = (char)(0xf0 | code >> 18);
		*to++ = (char)(0x80 | (code >> 12 & 0x3f));
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (code & 0x3f));
	return to;
}

const char *text_entity(char byte)
{
	switch (byte) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '\'':
		return "&apos;";
	case '"':
		return "&quot;";
	default:
		return "";
	}
}

bool text_is_control(struct ds_text text, size_t at)
{
	unsigned char byte = (unsigned char)text.data[at];

	return byte < 0x20 || byte == 0x7f ||
		(byte == 0xc2 && text_character(text, at) &&
			(unsigned char)text.data[at + 1] < 0xa0);
}

bool text_is_unsafe(struct ds_text text, size_t at)
{
	const unsigned char *bytes = (const unsigned char *)text.data + at;

	if (text_is_control(text, at))
		return true;
	if (bytes[0] != 0xd8 && bytes[0] != 0xe2)
		return false;
	switch (text_character(text, at)) {
	case 2:
		return bytes[1] == 0x9c;
	case 3:
		return bytes[1] == 0x80 ? bytes[2] == 0x8e || bytes[2] == 0x8f ||
				(bytes[2] >= 0xa8 && bytes[2] <= 0xae)
					: bytes[1] == 0x81 && bytes[2] >= 0xa6 && bytes[2] <= 0xa9;
	default:
		return false;
	}
}

bool text_parse_uuid(struct ds_text text, unsigned char bytes[UUID_BYTES])
{
	const unsigned char *data = (const unsigned char *)text.data;

	if (text.size != UUID_TEXT_SIZE || data[8] != '-' || data[13] != '-' || data[18] != '-' ||
		data[23] != '-')
		return false;
	return scan_hex((uint64_t[]){bytes_word(data),
				bytes_half_word(data + 9) | bytes_half_word(data + 14) << 32,
				bytes_half_word(data + 19) | bytes_half_word(data + 24) << 32,
				bytes_word(data + 28)},
		bytes);
}

void text_format_uuid(const unsigned char bytes[UUID_BYTES], char uuid[UUID_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < UUID_BYTES; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*uuid++ = '-';
		*uuid++ = digits[bytes[i] >> 4];
		*uuid++ = digits[bytes[i] & 15];
	}
}

bool text_is_uuid(struct ds_text text)
{
	unsigned char bytes[UUID_BYTES];

	return text_parse_uuid(text, bytes);
}

bool text_uuid(struct ds_text text, char uuid[UUID_TEXT_SIZE])
{
	char form[UUID_TEXT_SIZE];
	size_t count = 0;

	for (size_t i = 0; i < text.size; i++) {
		int digit = byte_hex(text.data[i]);

		if (text.data[i] == '-')
			continue;
		if (digit < 0 || count == sizeof form)
			return false;
		if (count == 8 || count == 13 || count == 18 || count == 23)
			form[count++] = '-';
		form[count++] = "0123456789abcdef"[digit];
	}
	if (count != sizeof form)
		return false;
	memcpy(uuid, form, sizeof form);
	return true;
}
