/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/signature.h"

#include <string.h>

/** The size of the header of a .lzma file. */
#define LZMA_HEADER_SIZE 13

/** "<" in EBCDIC. */
#define EBCDIC_TAG 0x4c

#define GZIP_SIGNATURE \
	{ \
		SIGNATURE_GZIP, 0, 2, 0, {0x1f, 0x8b}, "gzip", "gzip -dc" \
	}

const struct signature signature_gzip = GZIP_SIGNATURE;

static const struct signature lzma_signature = {SIGNATURE_FILTER, 0, 3, 0, {0x5d, 0, 0}, "lzma",
	"xz -dc --format=lzma"};

/* If one signature is the beginning of another one, the longer one comes first. */
static const struct signature signatures[] = {
	{SIGNATURE_ENCODED, 4, 4, 0, {0xff, 0xfe, 0, 0}, "UTF-32LE", NULL},
	{SIGNATURE_ENCODED, 4, 4, 0, {0, 0, 0xfe, 0xff}, "UTF-32BE", NULL},
	/* Two characters are needed, because the zeros around one may be a run of NUL bytes. */
	{SIGNATURE_ENCODED, 0, 8, 4, {'<', 0, 0, 0, 1, 0, 0, 0}, "UTF-32LE", NULL},
	{SIGNATURE_ENCODED, 0, 8, 7, {0, 0, 0, '<', 0, 0, 0, 1}, "UTF-32BE", NULL},
	{SIGNATURE_ENCODED, 2, 2, 0, {0xff, 0xfe}, "UTF-16LE", NULL},
	{SIGNATURE_ENCODED, 2, 2, 0, {0xfe, 0xff}, "UTF-16BE", NULL},
	{SIGNATURE_ENCODED, 0, 4, 2, {'<', 0, 1, 0}, "UTF-16LE", NULL},
	{SIGNATURE_ENCODED, 0, 4, 3, {0, '<', 0, 1}, "UTF-16BE", NULL},
	/* "<?xm" in EBCDIC. */
	{SIGNATURE_ENCODED, 0, 4, 0, {EBCDIC_TAG, 0x6f, 0xa7, 0x94}, "IBM037", NULL},
	GZIP_SIGNATURE,
	{SIGNATURE_FILTER, 0, 6, 0, {0xfd, '7', 'z', 'X', 'Z', 0}, "xz", "xz -dc"},
	{SIGNATURE_FILTER, 0, 4, 0, {0x28, 0xb5, 0x2f, 0xfd}, "zstd", "zstd -dc"},
	{SIGNATURE_FILTER, 0, 3, 0, {'B', 'Z', 'h'}, "bzip2", "bzip2 -dc"},
	{SIGNATURE_FILTER, 0, 4, 0, {0x04, 0x22, 0x4d, 0x18}, "lz4", "lz4 -dc"},
	{SIGNATURE_FILTER, 0, 5, 0, {'L', 'Z', 'I', 'P', 1}, "lzip", "lzip -dc"},
	{SIGNATURE_FILTER, 0, 2, 0, {0x1f, 0x9d}, "compress", "gzip -dc"},
	/* libarchive reads these only by running a program, so they are refused. */
	{SIGNATURE_FILTER, 0, 5, 0, {0x89, 'L', 'Z', 'O', 0}, "lzop", "lzop -dc"},
	{SIGNATURE_FILTER, 0, 5, 0, {'L', 'R', 'Z', 'I', 0}, "lrzip", "lrzcat"},
};

enum { SIGNATURES_COUNT = sizeof(signatures) / sizeof(signatures[0]) };

static bool begins_with(const struct input_head *head, const struct signature *signature,
	size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (signature->any != 0 && i == signature->any
				? head->bytes[i] == 0
				: head->bytes[i] != signature->bytes[i])
			return false;
	return true;
}

/** Compares the available first bytes with the signatures. Sets `*found`, to NULL if none matches.
 * Returns false when more bytes are needed, unless `is_all` is set. */
static bool compare_all(const struct input_head *head, bool is_all, const struct signature **found)
{
	*found = NULL;
	for (size_t i = 0; i < SIGNATURES_COUNT; i++) {
		const struct signature *signature = &signatures[i];
		size_t size = head->end < signature->size ? head->end : signature->size;

		if (!begins_with(head, signature, size))
			continue;
		if (size == signature->size) {
			*found = signature;
			return true;
		}
		if (!is_all)
			return false;
	}
	return true;
}

/** Returns whether this is the header of a gzip file with one damaged byte. No text contains two of
 * these three bytes. */
static bool is_damaged_gzip(const struct input_head *head)
{
	const unsigned char *bytes = head->bytes;

	if (head->end < 4 || (bytes[3] & 0xe0) != 0)
		return false;
	return (bytes[0] == 0x1f) + (bytes[1] == 0x8b) + (bytes[2] == 8) == 2;
}

/** Returns whether this is a .lzma file, which has no magic number. It is recognized by what xz and
 * the LZMA SDK always write: the same first three bytes, and a size that is either unknown or less
 * than 4 GiB. */
static bool is_lzma(struct input_head *head)
{
	static const unsigned char begin[] = {0x5d, 0, 0}, unknown[] = {255, 255, 255, 255};
	static const unsigned char small[sizeof(unknown)];

	if (head->end < sizeof(begin) || memcmp(head->bytes, begin, sizeof(begin)) != 0)
		return false;
	while (head->end < LZMA_HEADER_SIZE && input_head_fill(head, INPUT_HEAD_SIZE))
		;
	return head->end >= LZMA_HEADER_SIZE &&
		(memcmp(head->bytes + 9, unknown, sizeof(unknown)) == 0 ||
			memcmp(head->bytes + 9, small, sizeof(small)) == 0);
}

const struct signature *signature_recognize(struct input_head *head)
{
	const struct signature *found;
	bool is_decided;

	do
		is_decided = compare_all(head, false, &found);
	while (!is_decided && input_head_fill(head, INPUT_HEAD_SIZE));
	if (!is_decided)
		compare_all(head, true, &found);
	if (!found && is_lzma(head))
		return &lzma_signature;
	return !found && is_damaged_gzip(head) ? &signature_gzip : found;
}

/* ---- encodings ---- */

/** Returns the ASCII form of a byte of an encoding's name, or 0 if such a name cannot contain
 * it. */
static char ebcdic_letter(unsigned char byte)
{
	static const char rows[7][10] = {"abcdefghi", "jklmnopqr", "stuvwxyz", "", "ABCDEFGHI",
		"JKLMNOPQR", "STUVWXYZ"};
	unsigned row = byte >> 4;
	unsigned column = byte & 15;

	if (byte == 0x60)
		return '-';
	if (row == 15 && column <= 9)
		return (char)('0' + column);
	if (row < 8 || row > 14 || column == 0)
		return 0;
	/* The third row of each case begins one column later. */
	column -= row == 10 || row == 14 ? 2 : 1;
	return column < 9 ? rows[row - 8][column] : 0;
}

/** Finds the variant of EBCDIC that a document declares. All variants agree on the characters of a
 * declaration. */
static void find_ebcdic(struct input_head *head, char *encoding)
{
	/* "encoding" */
	static const unsigned char key[] = {0x85, 0x95, 0x83, 0x96, 0x84, 0x89, 0x95, 0x87};
	size_t at = 0;
	size_t size = 0;

	while (input_head_fill(head, 256))
		;
	while (at + sizeof(key) < head->end && memcmp(head->bytes + at, key, sizeof(key)) != 0)
		at++;
	/* The name is in quotes: in EBCDIC, " is 0x7f and ' is 0x7d. */
	for (at += sizeof(key);
		at < head->end && head->bytes[at] != 0x7f && head->bytes[at] != 0x7d; at++)
		;
	for (at++; at < head->end && size + 1 < SIGNATURE_ENCODING_SIZE; at++) {
		char letter = ebcdic_letter(head->bytes[at]);

		if (letter == 0)
			break;
		encoding[size++] = letter;
	}
	if (size > 0)
		encoding[size] = '\0';
}

void signature_encoding(const struct signature *signature, struct input_head *head,
	char encoding[SIGNATURE_ENCODING_SIZE])
{
	memcpy(encoding, signature->name, strlen(signature->name) + 1);
	if (signature->bytes[0] == EBCDIC_TAG)
		find_ebcdic(head, encoding);
}
