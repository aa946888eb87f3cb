/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_SCAN_H
#define RECORD_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/**
 * Finds the few bytes that matter in SEXPR and XML. Only this file and record/lines.c have code for
 * one kind of processor.
 *
 * Bytes are looked at in vectors of SCAN_WIDTH bytes: sixteen where the processor has SSE2, which
 * every x86-64 has, and a single one elsewhere. Vectors support the operators | & ^ ~ of C. A set
 * of bytes is a function that returns a mask with one bit for each byte of a vector that is in the
 * set; scan_find() and scan_has_none() are the loops over it: scan_find(data, at, size, scan_low).
 */

#if defined(__GNUC__)
#define SCAN_INLINE static inline __attribute__((always_inline))
#else
#define SCAN_INLINE static inline
#endif

/* ---- vectors: each byte of a comparison's result has all of its bits set, or none ---- */

#ifdef __SSE2__
#include <emmintrin.h>

#define SCAN_WIDTH ((size_t)16)
typedef __m128i scan_vector;

static inline scan_vector scan_load(const unsigned char *data)
{
	return _mm_loadu_si128((const __m128i *)(const void *)data);
}

static inline scan_vector scan_splat(int byte)
{
	return _mm_set1_epi8((char)byte);
}

/** Tests which bytes equal the bytes of another vector. */
static inline scan_vector scan_same(scan_vector a, scan_vector b)
{
	return _mm_cmpeq_epi8(a, b);
}

/** Tests which bytes are from `first` to `last`. */
static inline scan_vector scan_between(scan_vector bytes, int first, int last)
{
	const scan_vector above = _mm_sub_epi8(bytes, scan_splat(first));

	return _mm_cmpeq_epi8(_mm_min_epu8(above, scan_splat(last - first)), above);
}

/** Tests which bytes are control bytes or not ASCII: as signed numbers, both are less than a
 * blank. */
static inline scan_vector scan_strange(scan_vector bytes)
{
	return _mm_cmpgt_epi8(scan_splat(' '), bytes);
}

/** Returns one bit for each byte of a comparison's result. */
static inline unsigned scan_mask(scan_vector bytes)
{
	return (unsigned)_mm_movemask_epi8(bytes);
}

/** Returns the index of the lowest bit that is set. */
static inline size_t scan_first(unsigned mask)
{
	return (unsigned)__builtin_ctz(mask);
}

/** Returns the sum of all bytes. */
static inline size_t scan_sum(scan_vector bytes)
{
	const scan_vector sums = _mm_sad_epu8(bytes, _mm_setzero_si128());

	return (size_t)_mm_cvtsi128_si32(sums) + (size_t)_mm_extract_epi16(sums, 4);
}

/** Adds one to each byte of the sums for which a comparison is true, by subtracting its result. */
static inline scan_vector scan_count(scan_vector sums, scan_vector result)
{
	return _mm_sub_epi8(sums, result);
}

/** Loads 4 to 15 bytes: the first and the last ones, some of them twice. */
static inline scan_vector scan_load_short(const unsigned char *data, size_t size)
{
	int begin, end;

	if (size >= 8)
		return _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)(const void *)data),
			_mm_loadl_epi64((const __m128i *)(const void *)(data + size - 8)));
	memcpy(&begin, data, 4);
	memcpy(&end, data + size - 4, 4);
	return _mm_shuffle_epi32(
		_mm_unpacklo_epi32(_mm_cvtsi32_si128(begin), _mm_cvtsi32_si128(end)), 0x44);
}
#else
#define SCAN_WIDTH ((size_t)1)
typedef unsigned scan_vector;

static inline scan_vector scan_load(const unsigned char *data)
{
	return *data;
}

static inline scan_vector scan_splat(int byte)
{
	return (unsigned char)byte;
}

static inline scan_vector scan_same(scan_vector a, scan_vector b)
{
	return a == b ? 0xff : 0;
}

static inline scan_vector scan_between(scan_vector byte, int first, int last)
{
	return byte - (unsigned)first <= (unsigned)(last - first) ? 0xff : 0;
}

static inline scan_vector scan_strange(scan_vector byte)
{
	return byte < ' ' || byte >= 0x80 ? 0xff : 0;
}

static inline unsigned scan_mask(scan_vector byte)
{
	return byte & 1;
}

static inline size_t scan_first(unsigned mask)
{
	return mask & 1 ? 0 : 1;
}

static inline size_t scan_sum(scan_vector byte)
{
	return byte;
}

static inline scan_vector scan_count(scan_vector sum, scan_vector result)
{
	return sum + (result & 1);
}
#endif

/** Tests which bytes equal a byte. */
static inline scan_vector scan_equal(scan_vector bytes, int byte)
{
	return scan_same(bytes, scan_splat(byte));
}

/** Tests which bytes equal one of two bytes that only differ in the bit `bit`; `byte` is the one in
 * which it is set. */
static inline scan_vector scan_equal_two(scan_vector bytes, int byte, int bit)
{
	return scan_equal(bytes | scan_splat(bit), byte);
}

/** Tests which bytes are letters. */
static inline scan_vector scan_letters(scan_vector bytes)
{
	return scan_between(bytes | scan_splat(0x20), 'a', 'z');
}

/* ---- loops over a set ---- */

typedef unsigned scan_set(scan_vector bytes);

/** Returns the position of the next byte from `at` on that is in the set, or `size`. */
SCAN_INLINE size_t scan_find(const unsigned char *data, size_t at, size_t size, scan_set *set)
{
	for (; size - at >= SCAN_WIDTH; at += SCAN_WIDTH) {
		unsigned found = set(scan_load(data + at));

		if (found)
			return at + scan_first(found);
	}
	while (at < size && !(set(scan_splat(data[at])) & 1))
		at++;
	return at;
}

/** Returns whether no byte is in the set. It is written for short texts, since most texts are
 * short. */
SCAN_INLINE bool scan_has_none(const unsigned char *data, size_t size, scan_set *set)
{
#ifdef __SSE2__
	if (size >= 4 && size < SCAN_WIDTH)
		return !set(scan_load_short(data, size));
#endif
	if (size < SCAN_WIDTH)
		return scan_find(data, 0, size, set) == size;
	for (size_t at = 0; at < size - SCAN_WIDTH; at += SCAN_WIDTH)
		if (set(scan_load(data + at)))
			return false;
	return !set(scan_load(data + size - SCAN_WIDTH));
}

/* ---- sets ---- */

/** The bytes ( ) ' " and # */
static inline unsigned scan_structure(scan_vector bytes)
{
	return scan_mask(scan_equal_two(bytes, ')', 1) | scan_equal_two(bytes, '#', 1) |
		scan_equal(bytes, '\''));
}

/** The bytes ' " and # */
static inline unsigned scan_quote(scan_vector bytes)
{
	return scan_mask(scan_equal_two(bytes, '#', 1) | scan_equal(bytes, '\''));
}

/** The bytes that may end an atom of SEXPR: control bytes, blanks, ( ) " and # */
static inline unsigned scan_end(scan_vector bytes)
{
	return scan_mask(scan_equal_two(bytes, ')', 1) | scan_equal_two(bytes, '#', 1) |
		scan_between(bytes, 0, ' '));
}

/** All bytes up to ), which are those that may end an atom and few others. */
static inline unsigned scan_low(scan_vector bytes)
{
	return scan_mask(scan_between(bytes, 0, ')'));
}

/** All bytes except blanks. */
static inline unsigned scan_no_blank(scan_vector bytes)
{
	return scan_mask(~scan_equal(bytes, ' '));
}

/** The bytes that must be escaped or checked in XML text: control bytes, & ' " < > and bytes that
 * are not ASCII. */
static inline unsigned scan_markup(scan_vector bytes)
{
	return scan_mask(scan_strange(bytes) | scan_equal_two(bytes, '\'', 1) |
		scan_equal_two(bytes, '>', 2) | scan_equal(bytes, '"'));
}

/** All bytes except letters, digits, and . - _ : / ~ */
static inline unsigned scan_quoted(scan_vector bytes)
{
	/* The bytes from '-' to ':' are - . / the digits and : */
	return scan_mask(~(scan_between(bytes, '-', ':') | scan_letters(bytes) |
		scan_equal(bytes, '_') | scan_equal(bytes, '~')));
}

/** All bytes except letters, digits, and - . _ : */
static inline unsigned scan_no_name(scan_vector bytes)
{
	return scan_mask(
		~(scan_between(bytes, '-', ':') | scan_letters(bytes) | scan_equal(bytes, '_')) |
		scan_equal(bytes, '/'));
}

/** The bytes that must be escaped or checked in a JSON string that may be shown on a terminal:
 * control bytes, DEL, " \ and bytes that are not ASCII. */
static inline unsigned scan_json(scan_vector bytes)
{
	return scan_mask(scan_strange(bytes) | scan_equal(bytes, '"') | scan_equal(bytes, '\\') |
		scan_equal(bytes, 0x7f));
}

/** The bytes < = ' % ( " and @ */
static inline unsigned scan_sign(scan_vector bytes)
{
	return scan_mask(scan_equal_two(bytes, '=', 1) | scan_equal_two(bytes, '\'', 2) |
		scan_equal(bytes, '(') | scan_equal(bytes, '"') | scan_equal(bytes, '@'));
}

/** Returns whether there is at least one byte, and all bytes are letters, digits or . - _ : / ~ */
static inline bool scan_is_bare(const unsigned char *data, size_t size)
{
	return size != 0 && scan_has_none(data, size, scan_quoted);
}

/** Returns the position of the next byte from `at` on that is a backslash or the quote that ends a
 * SEXPR string, or `size`. If `at` is after `size`, returns `at`. */
static inline size_t scan_string(const unsigned char *data, size_t at, size_t size, char quote)
{
	for (; at + SCAN_WIDTH <= size; at += SCAN_WIDTH) {
		const scan_vector bytes = scan_load(data + at);
		unsigned found = scan_mask(scan_equal(bytes, quote) | scan_equal(bytes, '\\'));

		if (found)
			return at + scan_first(found);
	}
	while (at < size && data[at] != '\\' && data[at] != (unsigned char)quote)
		at++;
	return at;
}

/* ---- several bytes in a row ---- */

/** Returns one bit for each byte of a vector: whether `<!`, `<?` or `do` begins there. Reads one
 * byte after the vector, too. */
static inline unsigned scan_border_set(const unsigned char *data)
{
	const scan_vector bytes = scan_load(data), second = scan_load(data + 1);

	return scan_mask(
		(scan_equal(bytes, '<') & (scan_equal(second, '!') | scan_equal(second, '?'))) |
		(scan_equal(bytes, 'd') & scan_equal(second, 'o')));
}

/** Returns whether `<!`, `<?`, `<do` or `</do` begins at `at`, or a `<` that is followed by fewer
 * than three bytes. */
static inline bool scan_is_border(const unsigned char *data, size_t at, size_t size)
{
	const unsigned char *after = data + at + 1;

	if (data[at] != '<' || size - at < 4)
		return data[at] == '<';
	if (*after == '!' || *after == '?')
		return true;
	after += *after == '/';
	return after[0] == 'd' && after[1] == 'o';
}

/** Returns the position of the next byte from `at` on for which scan_is_border() is true, or
 * `size`. */
static inline size_t scan_border(const unsigned char *data, size_t at, size_t size)
{
	const size_t begin = at;

	/* A `<` near the end counts as a border, because what follows it is not in the bytes. */
	for (; size - at >= 2 * SCAN_WIDTH + 4; at += 2 * SCAN_WIDTH) {
		unsigned found = scan_border_set(data + at) |
			scan_border_set(data + at + SCAN_WIDTH) << SCAN_WIDTH;

		for (; found; found &= found - 1) {
			size_t here = at + scan_first(found);

			/* The bytes from `do` on may be the name of a tag. */
			for (size_t back = 0; back <= 2 && back <= here - begin; back++)
				if (scan_is_border(data, here - back, size))
					return here - back;
		}
	}
	at -= at - begin < 2 ? at - begin : 2;
	while (at < size && !scan_is_border(data, at, size))
		at++;
	return at;
}

/** Returns the number of line feeds. */
static inline size_t scan_lines(const unsigned char *data, size_t size)
{
	size_t lines = 0, at = 0;

	while (size - at >= 4 * SCAN_WIDTH) {
		/* Each byte of the sums counts up to 4 in a round, and may count up to 255. */
		size_t rounds = (size - at) / (4 * SCAN_WIDTH);
		size_t end = at + 4 * SCAN_WIDTH * (rounds < 63 ? rounds : 63);
		scan_vector sums = scan_splat(0);

		for (; at < end; at += 4 * SCAN_WIDTH)
			for (size_t i = 0; i < 4; i++)
				sums = scan_count(sums,
					scan_equal(scan_load(data + at + i * SCAN_WIDTH), '\n'));
		lines += scan_sum(sums);
	}
	for (; at < size; at++)
		lines += data[at] == '\n';
	return lines;
}

/** Tests which bytes are a ( after a line feed. Reads the byte before the vector, too. */
static inline scan_vector scan_list_at_line(const unsigned char *data)
{
	return scan_equal(scan_load(data), '(') & scan_equal(scan_load(data - 1), '\n');
}

/** Returns the position of the next ( that begins a line, or `size`. `at` must not be 0. */
static inline size_t scan_line_list(const unsigned char *data, size_t at, size_t size)
{
	const size_t width = SCAN_WIDTH;

	for (; size - at >= 4 * width; at += 4 * width)
		if (scan_mask(scan_list_at_line(data + at) | scan_list_at_line(data + at + width) |
			    scan_list_at_line(data + at + 2 * width) |
			    scan_list_at_line(data + at + 3 * width)))
			break;
	for (; size - at >= width; at += width) {
		unsigned found = scan_mask(scan_list_at_line(data + at));

		if (found)
			return at + scan_first(found);
	}
	while (at < size && (data[at] != '(' || data[at - 1] != '\n'))
		at++;
	return at;
}

/* ---- digits ---- */

#ifdef __SSE2__
/** Converts sixteen lower-case hexadecimal digits to eight bytes, each in the low byte of a pair.
 * Returns false if there are other characters among them. */
static inline bool scan_hex_16(scan_vector bytes, scan_vector *values)
{
	const scan_vector is_number = scan_between(bytes, '0', '9');
	const scan_vector is_letter = scan_between(bytes, 'a', 'f');
	const scan_vector all = (is_number & _mm_sub_epi8(bytes, scan_splat('0'))) |
		(is_letter & _mm_sub_epi8(bytes, scan_splat('a' - 10)));

	*values = (_mm_slli_epi16(all, 4) & _mm_set1_epi16(0xf0)) | _mm_srli_epi16(all, 8);
	return scan_mask(is_number | is_letter) == 0xffff;
}
#endif

/** Converts 32 lower-case hexadecimal digits into 16 bytes. Returns false if there are other
 * characters among them. The digits are in words whose first digit is the least significant byte:
 * loading a vector from memory that was just written in smaller units would stall the processor. */
static inline bool scan_hex(const uint64_t words[4], unsigned char *bytes)
{
#ifdef __SSE2__
	scan_vector first, second;
	bool is_hex = scan_hex_16(_mm_set_epi64x((long long)words[1], (long long)words[0]), &first);

	is_hex &= scan_hex_16(_mm_set_epi64x((long long)words[3], (long long)words[2]), &second);

	_mm_storeu_si128((__m128i *)(void *)bytes, _mm_packus_epi16(first, second));
	return is_hex;
#else
	static const char known[] = "0123456789abcdef";

	for (size_t i = 0; i < 32; i += 2) {
		unsigned pair = (unsigned)(words[i / 8] >> i % 8 * 8);
		const char *high = memchr(known, pair & 0xff, 16),
			   *low = memchr(known, pair >> 8 & 0xff, 16);

		if (!high || !low)
			return false;
		bytes[i / 2] = (unsigned char)((high - known) << 4 | (low - known));
	}
	return true;
#endif
}

#endif
