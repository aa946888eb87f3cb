/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_SCAN_H
#define RECORD_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/**
 * Finding the few bytes that matter in SEXPR and XML, sixteen at a time where the processor has
 * SSE2 (every x86-64 has), one at a time elsewhere and at the end. Both give the same answer. This
 * is the only place that knows of processors.
 *
 * A set of bytes is a pair of functions: scan_NAME_byte() looks at one byte, scan_NAME_16() at
 * sixteen, with one bit for each that is in the set. scan_find() and scan_has_none() are the loops
 * over them.
 */

#if defined(__GNUC__)
#define SCAN_INLINE static inline __attribute__((always_inline))
#else
#define SCAN_INLINE static inline
#endif

typedef bool scan_byte(unsigned char byte);

#ifdef __SSE2__
#include <emmintrin.h>

typedef unsigned scan_bytes(__m128i bytes);
#define SCAN_SET(name) scan_##name##_byte, scan_##name##_16

static inline __m128i scan_load(const unsigned char *data)
{
	return _mm_loadu_si128((const __m128i *)(const void *)data);
}

/** Which bytes are equal to a byte. */
static inline __m128i scan_equal(const __m128i bytes, int byte)
{
	return _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)byte));
}

/** Which bytes are one of two that differ in the bit `bit` alone; `byte` has 0 there. */
static inline __m128i scan_equal_two(const __m128i bytes, int byte, int bit)
{
	return scan_equal(_mm_andnot_si128(_mm_set1_epi8((char)bit), bytes), byte);
}

/** Which bytes are from `first` to `last`. */
static inline __m128i scan_between(const __m128i bytes, int first, int last)
{
	const __m128i above = _mm_sub_epi8(bytes, _mm_set1_epi8((char)first));

	return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8((char)(last - first))), above);
}

/** Which bytes are letters. */
static inline __m128i scan_letters(const __m128i bytes)
{
	return scan_between(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
}

/** Which bytes are control bytes or not ASCII: as signed numbers, both are less than a blank. */
static inline __m128i scan_strange(const __m128i bytes)
{
	return _mm_cmpgt_epi8(_mm_set1_epi8(' '), bytes);
}

static inline unsigned scan_mask(const __m128i bytes)
{
	return (unsigned)_mm_movemask_epi8(bytes);
}

/** Place of the first of the bits. It has no sign to extend. */
static inline size_t scan_first(unsigned found)
{
	return (unsigned)__builtin_ctz(found);
}

/** The first and the last four bytes, twice. */
static inline __m128i scan_ends_4(const unsigned char *data, size_t size)
{
	int begin, end;
	__m128i both;

	memcpy(&begin, data, 4);
	memcpy(&end, data + size - 4, 4);
	both = _mm_unpacklo_epi32(_mm_cvtsi32_si128(begin), _mm_cvtsi32_si128(end));
	return _mm_unpacklo_epi64(both, both);
}

/** The first and the last eight bytes. */
static inline __m128i scan_ends_8(const unsigned char *data, size_t size)
{
	return _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)(const void *)data),
		_mm_loadl_epi64((const __m128i *)(const void *)(data + size - 8)));
}
#else
typedef void scan_bytes(void);
#define SCAN_SET(name) scan_##name##_byte, NULL
#endif

/** Position of the next byte from `at` on that is in the set, or `size`. */
SCAN_INLINE size_t scan_find(const unsigned char *data, size_t at, size_t size, scan_byte *is_in,
	scan_bytes *find)
{
#ifdef __SSE2__
	for (; size - at >= 16; at += 16) {
		unsigned found = find(scan_load(data + at));

		if (found)
			return at + scan_first(found);
	}
#else
	(void)find;
#endif
	while (at < size && !is_in(data[at]))
		at++;
	return at;
}

/** Whether no byte is in the set. Most texts are short: up to 16 bytes are looked at with two reads
 * that overlap. */
SCAN_INLINE bool scan_has_none(const unsigned char *data, size_t size, scan_byte *is_in,
	scan_bytes *find)
{
#ifdef __SSE2__
	if (size >= 16) {
		for (size_t at = 0; at < size - 16; at += 16)
			if (find(scan_load(data + at)))
				return false;
		return !find(scan_load(data + size - 16));
	}
	if (size >= 4)
		return !find(size >= 8 ? scan_ends_8(data, size) : scan_ends_4(data, size));
#endif
	return scan_find(data, 0, size, is_in, find) == size;
}

/* ---- sets ---- */

/** ( ) ' " or # */
static inline bool scan_structure_byte(unsigned char byte)
{
	return (byte & 0xfe) == '(' || (byte & 0xfe) == '"' || byte == '\'';
}

/** A control byte, a blank, ( ) " or #. */
static inline bool scan_end_byte(unsigned char byte)
{
	return byte <= ' ' || (byte & 0xfe) == '(' || (byte & 0xfe) == '"';
}

/** Any byte up to ). */
static inline bool scan_low_byte(unsigned char byte)
{
	return byte <= ')';
}

/** No blank. */
static inline bool scan_token_byte(unsigned char byte)
{
	return byte != ' ';
}

/** A control byte, & ' " < >, or not ASCII. */
static inline bool scan_markup_byte(unsigned char byte)
{
	return byte < ' ' || byte >= 0x80 || (byte & 0xfe) == '&' || (byte & 0xfd) == '<' ||
		byte == '"';
}

/** Neither a letter nor a digit, and not . - _ : / or ~ */
static inline bool scan_quoted_byte(unsigned char byte)
{
	/* From '-' to ':' there are - . / the digits and : alone. */
	return (byte < '-' || byte > ':') && ((byte | 0x20) < 'a' || (byte | 0x20) > 'z') &&
		byte != '_' && byte != '~';
}

/** A control byte, DEL, " or \, or not ASCII. */
static inline bool scan_json_byte(unsigned char byte)
{
	return byte < ' ' || byte >= 0x7f || byte == '"' || byte == '\\';
}

/** < = ' % ( " or @ */
static inline bool scan_sign_byte(unsigned char byte)
{
	return (byte & 0xfe) == '<' || (byte & 0xfd) == '%' || byte == '(' || byte == '"' ||
		byte == '@';
}

#ifdef __SSE2__
static inline unsigned scan_structure_16(const __m128i bytes)
{
	const __m128i pairs =
		_mm_or_si128(scan_equal_two(bytes, '(', 1), scan_equal_two(bytes, '"', 1));

	return scan_mask(_mm_or_si128(pairs, scan_equal(bytes, '\'')));
}

static inline unsigned scan_end_16(const __m128i bytes)
{
	const __m128i pairs =
		_mm_or_si128(scan_equal_two(bytes, '(', 1), scan_equal_two(bytes, '"', 1));

	return scan_mask(_mm_or_si128(pairs, scan_between(bytes, 0, ' ')));
}

static inline unsigned scan_low_16(const __m128i bytes)
{
	return scan_mask(scan_between(bytes, 0, ')'));
}

static inline unsigned scan_token_16(const __m128i bytes)
{
	return scan_mask(scan_equal(bytes, ' ')) ^ 0xffffu;
}

static inline unsigned scan_markup_16(const __m128i bytes)
{
	const __m128i pairs =
		_mm_or_si128(scan_equal_two(bytes, '&', 1), scan_equal_two(bytes, '<', 2));

	return scan_mask(
		_mm_or_si128(_mm_or_si128(scan_strange(bytes), pairs), scan_equal(bytes, '"')));
}

static inline unsigned scan_quoted_16(const __m128i bytes)
{
	const __m128i others = _mm_or_si128(scan_equal(bytes, '_'), scan_equal(bytes, '~'));
	const __m128i bare = _mm_or_si128(scan_between(bytes, '-', ':'), scan_letters(bytes));

	return scan_mask(_mm_or_si128(bare, others)) ^ 0xffffu;
}

static inline unsigned scan_json_16(const __m128i bytes)
{
	const __m128i quotes = _mm_or_si128(scan_equal(bytes, '"'), scan_equal(bytes, '\\'));

	return scan_mask(
		_mm_or_si128(_mm_or_si128(scan_strange(bytes), quotes), scan_equal(bytes, 0x7f)));
}

static inline unsigned scan_sign_16(const __m128i bytes)
{
	const __m128i pairs =
		_mm_or_si128(scan_equal_two(bytes, '<', 1), scan_equal_two(bytes, '%', 2));
	const __m128i others = _mm_or_si128(scan_equal(bytes, '('), scan_equal(bytes, '@'));

	return scan_mask(_mm_or_si128(_mm_or_si128(pairs, scan_equal(bytes, '"')), others));
}
#endif

/* ---- runs of bytes ---- */

/** Position of the next ( ) ' " or # from `at` on, or `size`. */
static inline size_t scan_structure(const unsigned char *data, size_t at, size_t size)
{
	return scan_find(data, at, size, SCAN_SET(structure));
}

/** Position of the next byte that may end an atom: a control byte, a blank, ( ) " or #. */
static inline size_t scan_end(const unsigned char *data, size_t at, size_t size)
{
	return scan_find(data, at, size, SCAN_SET(end));
}

/** Position of the next byte up to ): all that may end an atom are among them, and little else
 * is. */
static inline size_t scan_low(const unsigned char *data, size_t at, size_t size)
{
	return scan_find(data, at, size, SCAN_SET(low));
}

/** Position of the next byte that is no blank, for runs of indentation. */
static inline size_t scan_indentation(const unsigned char *data, size_t at, size_t size)
{
	return scan_find(data, at, size, SCAN_SET(token));
}

/** Position of the next byte that XML text may not hold as it stands: a control byte, & ' " < >, or
 * one from 0x80 on. */
static inline size_t scan_markup(const unsigned char *data, size_t at, size_t size)
{
	return scan_find(data, at, size, SCAN_SET(markup));
}

/** Whether the bytes can be written as XML text without escapes. */
static inline bool scan_is_plain(const unsigned char *data, size_t size)
{
	return scan_has_none(data, size, SCAN_SET(markup));
}

/** Whether all of it are letters, digits and . - _ : / ~, and there is any. */
static inline bool scan_is_bare(const unsigned char *data, size_t size)
{
	return size != 0 && scan_has_none(data, size, SCAN_SET(quoted));
}

/** Position of the next byte that a string of JSON may not hold as it stands, on a terminal too: a
 * control byte, " or \, DEL, or one from 0x80 on. */
static inline size_t scan_json(const unsigned char *data, size_t at, size_t size)
{
	return scan_find(data, at, size, SCAN_SET(json));
}

/** Whether scan_json() would pass all of it. */
static inline bool scan_is_shown(const unsigned char *data, size_t size)
{
	return scan_has_none(data, size, SCAN_SET(json));
}

/** Whether it lacks all of the bytes < = ' % ( " and @ in it. */
static inline bool scan_has_no_sign(const unsigned char *data, size_t size)
{
	return scan_has_none(data, size, SCAN_SET(sign));
}

/** Position of the next byte that is neither a letter, nor a digit, nor - . _ or : */
static inline size_t scan_name(const unsigned char *data, size_t at, size_t size)
{
	static const unsigned char others[256] =
		{['-'] = 1, ['.'] = 1, ['0'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, [':'] = 1, ['_'] = 1};

#ifdef __SSE2__
	while (size - at >= 16) {
		unsigned found = scan_mask(scan_letters(scan_load(data + at))) ^ 0xffffu;

		at += found ? scan_first(found) : 16;
		if (!found)
			continue;
		if (!others[data[at]])
			return at;
		at++;
	}
#endif
	while (at < size &&
		(others[data[at]] || ((data[at] | 0x20) >= 'a' && (data[at] | 0x20) <= 'z')))
		at++;
	return at;
}

/** Position of the next byte that ends a string of SEXPR, the quote, or of a backslash; `at` or
 * `size` when that is not before `size`. */
static inline size_t scan_string(const unsigned char *data, size_t at, size_t size, char quote)
{
#ifdef __SSE2__
	for (; at + 16 <= size; at += 16) {
		const __m128i bytes = scan_load(data + at);
		unsigned found = (unsigned)_mm_movemask_epi8(
			_mm_or_si128(scan_equal(bytes, quote), scan_equal(bytes, '\\')));

		if (found)
			return at + scan_first(found);
	}
#endif
	while (at < size && data[at] != '\\' && data[at] != (unsigned char)quote)
		at++;
	return at;
}

#ifdef __SSE2__
/** One bit for each of the sixteen bytes: does `<!`, `<?` or `do` begin there? Looks at one byte
 * more. */
static inline unsigned scan_border_16(const unsigned char *data)
{
	const __m128i bytes = scan_load(data), second = scan_load(data + 1);
	const __m128i marks = _mm_or_si128(scan_equal(second, '!'), scan_equal(second, '?'));
	const __m128i sections = _mm_and_si128(scan_equal(bytes, '<'), marks);
	const __m128i names = _mm_and_si128(scan_equal(bytes, 'd'), scan_equal(second, 'o'));

	return scan_mask(_mm_or_si128(sections, names));
}
#endif

/** Whether `<!`, `<?`, `<do` or `</do` begins at `at`, or a `<` with fewer than three bytes behind
 * it. */
static inline bool scan_is_border(const unsigned char *data, size_t at, size_t size)
{
	const unsigned char *behind = data + at + 1;

	if (data[at] != '<' || size - at < 4)
		return data[at] == '<';
	if (*behind == '!' || *behind == '?')
		return true;
	behind += *behind == '/';
	return behind[0] == 'd' && behind[1] == 'o';
}

/** Position of the next of these from `at` on, or `size`. */
static inline size_t scan_border(const unsigned char *data, size_t at, size_t size)
{
#ifdef __SSE2__
	const size_t begin = at;

	/* A `<` near the end counts whatever follows it. */
	for (; size - at >= 36; at += 32) {
		unsigned found = scan_border_16(data + at) | scan_border_16(data + at + 16) << 16;

		for (; found; found &= found - 1) {
			size_t here = at + scan_first(found);

			/* What begins with `do` may be the name of a tag. */
			for (size_t back = 0; back <= 2 && back <= here - begin; back++)
				if (scan_is_border(data, here - back, size))
					return here - back;
		}
	}
	at -= at - begin < 2 ? at - begin : 2;
#endif
	while (at < size && !scan_is_border(data, at, size))
		at++;
	return at;
}

/**
 * Passes whole pieces of sixteen bytes in which lists open and close, `*lists` of them being open,
 * as long as that is all: no quote, no comment, no list that could be a domain (`(do…`, `(vm…`),
 * and the outermost list does not close.
 */
static inline size_t scan_lists(const unsigned char *data, size_t at, size_t size, unsigned *lists)
{
#ifdef __SSE2__
	while (size - at >= 18) {
		const __m128i bytes = scan_load(data + at);
		const __m128i second = scan_load(data + at + 1);
		const __m128i third = scan_load(data + at + 2);
		const __m128i opens = scan_equal(bytes, '(');
		const __m128i closes = scan_equal(bytes, ')');
		const __m128i names = _mm_and_si128(
			_mm_or_si128(scan_equal(second, 'd'), scan_equal(second, 'v')),
			_mm_or_si128(scan_equal(third, 'o'), scan_equal(third, 'm')));
		const __m128i others = _mm_or_si128(scan_equal(bytes, '\''),
			_mm_cmpeq_epi8(_mm_and_si128(bytes, _mm_set1_epi8((char)0xfe)),
				_mm_set1_epi8('"')));
		const __m128i special = _mm_or_si128(others, _mm_and_si128(opens, names));
		/* Each that opens counts 1 and each that closes 32, so that both sums, up to 16,
		 * fit in one. */
		const __m128i weights = _mm_or_si128(_mm_and_si128(opens, _mm_set1_epi8(1)),
			_mm_and_si128(closes, _mm_set1_epi8(32)));
		const __m128i sums = _mm_sad_epu8(weights, _mm_setzero_si128());
		const unsigned sum =
			(unsigned)_mm_cvtsi128_si32(sums) + (unsigned)_mm_extract_epi16(sums, 4);

		if (_mm_movemask_epi8(special) || sum >> 5 >= *lists)
			break;
		*lists += (sum & 31) - (sum >> 5);
		at += 16;
	}
#else
	(void)data;
	(void)size;
	(void)lists;
#endif
	return at;
}

#ifdef __SSE2__
/** Values of sixteen lower-case hexadecimal digits, two in the low byte of each pair. Returns false
 * when others are among them. */
static inline bool scan_hex_16(const __m128i bytes, __m128i *values)
{
	const __m128i numbers = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
	const __m128i letters = _mm_sub_epi8(bytes, _mm_set1_epi8('a'));
	const __m128i is_number = _mm_cmpeq_epi8(_mm_min_epu8(numbers, _mm_set1_epi8(9)), numbers);
	const __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letters, _mm_set1_epi8(5)), letters);
	const __m128i all = _mm_or_si128(_mm_and_si128(is_number, numbers),
		_mm_and_si128(is_letter, _mm_add_epi8(letters, _mm_set1_epi8(10))));

	*values = _mm_or_si128(_mm_and_si128(_mm_slli_epi16(all, 4), _mm_set1_epi16(0xf0)),
		_mm_srli_epi16(all, 8));
	return _mm_movemask_epi8(_mm_or_si128(is_number, is_letter)) == 0xffff;
}
#endif

/** Packs 32 lower-case hexadecimal digits, as words of which the first byte is the least, into 16
 * bytes. Returns false when others are among them. They are not in memory, for what is put together
 * there has to be waited for. */
static inline bool scan_hex(const uint64_t words[4], unsigned char *packed)
{
#ifdef __SSE2__
	__m128i first, second;
	const bool first_is_hex =
		scan_hex_16(_mm_set_epi64x((long long)words[1], (long long)words[0]), &first);
	const bool second_is_hex =
		scan_hex_16(_mm_set_epi64x((long long)words[3], (long long)words[2]), &second);

	_mm_storeu_si128((__m128i *)(void *)packed, _mm_packus_epi16(first, second));
	return first_is_hex && second_is_hex;
#else
	static const char known[] = "0123456789abcdef";

	for (size_t i = 0; i < 32; i += 2) {
		unsigned pair = (unsigned)(words[i / 8] >> i % 8 * 8);
		const char *high = memchr(known, pair & 0xff, 16),
			   *low = memchr(known, pair >> 8 & 0xff, 16);

		if (!high || !low)
			return 0;
		packed[i / 2] = (unsigned char)((high - known) << 4 | (low - known));
	}
	return 1;
#endif
}

#ifdef __SSE2__
/** One less in each byte for a line feed in its place. */
static inline __m128i scan_feed_16(const unsigned char *data)
{
	return _mm_cmpeq_epi8(scan_load(data), _mm_set1_epi8('\n'));
}

/** All bits of the last `count` bytes, fewer than sixteen. */
static inline __m128i scan_last_16(size_t count)
{
	static const unsigned char bytes[32] = {[16] = 255,
		255,
		255,
		255,
		255,
		255,
		255,
		255,
		255,
		255,
		255,
		255,
		255,
		255,
		255,
		255};

	return scan_load(bytes + count);
}

static inline size_t scan_sum_16(const __m128i bytes)
{
	const __m128i sums = _mm_sad_epu8(bytes, _mm_setzero_si128());

	return (size_t)_mm_cvtsi128_si32(sums) + (size_t)_mm_extract_epi16(sums, 4);
}

/** A round of line feeds: each byte counts up to 4 in 64 bytes, and 62 of these, three of 16, and
 * one more are 252. */
#define SCAN_ROUND ((size_t)62 * 64)
#endif

/** Number of line feeds. */
static inline size_t scan_lines(const unsigned char *data, size_t size)
{
	size_t lines = 0, at = 0;

#ifdef __SSE2__
	while (size - at >= 16) {
		size_t end = size - at < SCAN_ROUND ? size : at + SCAN_ROUND;
		__m128i sums = _mm_setzero_si128();

		for (; end - at >= 64; at += 64)
			for (size_t i = 0; i < 64; i += 16)
				sums = _mm_sub_epi8(sums, scan_feed_16(data + at + i));
		for (; end - at >= 16; at += 16)
			sums = _mm_sub_epi8(sums, scan_feed_16(data + at));
		/* What is left of all of it is looked at with the bytes before it, which do not
		 * count again. */
		if (end == size) {
			sums = _mm_sub_epi8(sums,
				_mm_and_si128(scan_feed_16(data + size - 16),
					scan_last_16(size - at)));
			at = size;
		}
		lines += scan_sum_16(sums);
	}
#endif
	for (; at < size; at++)
		lines += data[at] == '\n';
	return lines;
}

#ifdef __SSE2__
/** One less in each byte for a ( in its place that has a line feed in its place before it. */
static inline __m128i scan_list_16(const unsigned char *data, const __m128i feeds)
{
	return _mm_and_si128(feeds, _mm_cmpeq_epi8(scan_load(data), _mm_set1_epi8('(')));
}
#endif

/** Position of the next ( that begins a line, or `size`; `at` is not 0. `*lines` gets the number of
 * line feeds from the byte before `at` on up to the one before that place, or before the last byte
 * where there is none. */
static inline size_t scan_line_list(const unsigned char *data, size_t at, size_t size,
	size_t *lines)
{
	size_t count = 0;

#ifdef __SSE2__
	while (size - at >= 16) {
		size_t end = size - at < SCAN_ROUND ? size : at + SCAN_ROUND;
		__m128i sums = _mm_setzero_si128();
		unsigned found = 0;

		for (; end - at >= 64; at += 64) {
			const unsigned char *here = data + at;
			const __m128i a = scan_feed_16(here - 1), b = scan_feed_16(here + 15);
			const __m128i c = scan_feed_16(here + 31), d = scan_feed_16(here + 47);
			const __m128i first =
				_mm_or_si128(scan_list_16(here, a), scan_list_16(here + 16, b));
			const __m128i second = _mm_or_si128(scan_list_16(here + 32, c),
				scan_list_16(here + 48, d));

			if (_mm_movemask_epi8(_mm_or_si128(first, second)))
				break;
			sums = _mm_sub_epi8(sums,
				_mm_add_epi8(_mm_add_epi8(a, b), _mm_add_epi8(c, d)));
		}
		for (; end - at >= 16 && !found; at += found ? scan_first(found) : 16) {
			const __m128i feeds = scan_feed_16(data + at - 1);

			found = (unsigned)_mm_movemask_epi8(scan_list_16(data + at, feeds));
			sums = _mm_sub_epi8(sums,
				found ? _mm_andnot_si128(scan_last_16(15 - scan_first(found)),
						feeds)
				      : feeds);
		}
		count += scan_sum_16(sums);
		if (found) {
			*lines = count;
			return at;
		}
	}
#endif
	for (; at < size; at++) {
		count += data[at - 1] == '\n';
		if (data[at] == '(' && data[at - 1] == '\n')
			break;
	}
	*lines = count;
	return at;
}

/** Whether a path has a slash with another one, or with a dot, behind it. */
static inline bool scan_has_detour(const unsigned char *data, size_t size)
{
	size_t at = 0;

#ifdef __SSE2__
	for (; size - at >= 17; at += 16) {
		const __m128i bytes = scan_load(data + at);
		const __m128i second = scan_load(data + at + 1);
		const __m128i slashes = scan_equal(bytes, '/');
		/* . and / differ in their lowest bit. */
		const __m128i behind =
			_mm_cmpeq_epi8(_mm_or_si128(second, _mm_set1_epi8(1)), _mm_set1_epi8('/'));

		if (_mm_movemask_epi8(_mm_and_si128(slashes, behind)))
			return true;
	}
#endif
	for (; at + 1 < size; at++)
		if (data[at] == '/' && (data[at + 1] | 1) == '/')
			return true;
	return false;
}

#endif
