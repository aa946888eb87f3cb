/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_SCAN_H
#define RECORD_SCAN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/**
 * Finding the few bytes that matter in SEXPR and XML, sixteen at a time where the processor has
 * SSE2 (every x86-64 has), one at a time elsewhere and at the end. Both give the same answer. This
 * is the only place that knows of processors.
 */

#ifdef __SSE2__
#include <emmintrin.h>

/** Place of the first of the bits. It has no sign to extend. */
static inline size_t scan_first(unsigned found)
{
	return (unsigned)__builtin_ctz(found);
}

/** One bit for each of the sixteen bytes: is it ( ) ' " or #? */
static inline unsigned scan_structure_16(const unsigned char *data)
{
	const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)data);
	const __m128i pairs = _mm_and_si128(bytes, _mm_set1_epi8((char)0xfe));
	/* ( ) and " # differ in their lowest bit. */
	const __m128i parens = _mm_cmpeq_epi8(pairs, _mm_set1_epi8('('));
	const __m128i hashes = _mm_cmpeq_epi8(pairs, _mm_set1_epi8('"'));
	const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\''));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(parens, hashes), quotes));
}

/** One bit for each of the sixteen bytes: is it a control byte, a blank, ( ) " or #? */
static inline unsigned scan_end_16(const unsigned char *data)
{
	const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)data);
	const __m128i pairs = _mm_and_si128(bytes, _mm_set1_epi8((char)0xfe));
	const __m128i parens = _mm_cmpeq_epi8(pairs, _mm_set1_epi8('('));
	const __m128i hashes = _mm_cmpeq_epi8(pairs, _mm_set1_epi8('"'));
	const __m128i blanks =
		_mm_cmpeq_epi8(_mm_max_epu8(bytes, _mm_set1_epi8(' ')), _mm_set1_epi8(' '));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(parens, hashes), blanks));
}

/** One bit for each of the sixteen bytes: is it no blank? */
static inline unsigned scan_token_16(const unsigned char *data)
{
	const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)data);

	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' '))) ^ 0xffffu;
}

/** One bit for each of the sixteen bytes: is it a control byte, & ' " < >, or no ASCII? */
static inline unsigned scan_markup_16(const __m128i bytes)
{
	/* Signed, bytes from 0x80 on are less than a blank too. */
	const __m128i low = _mm_cmpgt_epi8(_mm_set1_epi8(' '), bytes);
	const __m128i ands =
		_mm_cmpeq_epi8(_mm_and_si128(bytes, _mm_set1_epi8((char)0xfe)), _mm_set1_epi8('&'));
	const __m128i tags =
		_mm_cmpeq_epi8(_mm_and_si128(bytes, _mm_set1_epi8((char)0xfd)), _mm_set1_epi8('<'));
	const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));

	return (unsigned)_mm_movemask_epi8(
		_mm_or_si128(_mm_or_si128(low, ands), _mm_or_si128(tags, quotes)));
}

/** One bit for each of the sixteen bytes: does `<!`, `<?` or `do` begin there? Looks at one byte
 * more. */
static inline unsigned scan_border_16(const unsigned char *data)
{
	const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)data);
	const __m128i second = _mm_loadu_si128((const __m128i *)(const void *)(data + 1));
	const __m128i marks = _mm_or_si128(_mm_cmpeq_epi8(second, _mm_set1_epi8('!')),
		_mm_cmpeq_epi8(second, _mm_set1_epi8('?')));
	const __m128i sections = _mm_and_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('<')), marks);
	const __m128i names = _mm_and_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('d')),
		_mm_cmpeq_epi8(second, _mm_set1_epi8('o')));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(sections, names));
}
#endif

#ifdef __SSE2__
/** One bit for each of the sixteen bytes: is it no letter? */
static inline unsigned scan_letters_16(const unsigned char *data)
{
	const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)data);
	const __m128i letters =
		_mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));

	return (unsigned)_mm_movemask_epi8(
		       _mm_cmpeq_epi8(_mm_min_epu8(letters, _mm_set1_epi8('z' - 'a')), letters)) ^
		0xffffu;
}
#endif

/** Position of the next byte that is neither a letter, nor a digit, nor - . _ or : */
static inline size_t scan_name(const unsigned char *data, size_t at, size_t size)
{
	static const unsigned char others[256] =
		{['-'] = 1, ['.'] = 1, ['0'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, [':'] = 1, ['_'] = 1};

#ifdef __SSE2__
	while (size - at >= 16) {
		unsigned found = scan_letters_16(data + at);

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
		const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(data + at));
		unsigned found = (unsigned)_mm_movemask_epi8(
			_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(quote)),
				_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));

		if (found)
			return at + scan_first(found);
	}
#endif
	while (at < size && data[at] != '\\' && data[at] != (unsigned char)quote)
		at++;
	return at;
}

/** Whether `<!`, `<?`, `<do` or `</do` begins at `at`, or a `<` with fewer than three bytes behind
 * it. */
static inline int scan_is_border(const unsigned char *data, size_t at, size_t size)
{
	const unsigned char *behind = data + at + 1;

	if (data[at] != '<' || size - at < 4)
		return data[at] == '<';
	if (*behind == '!' || *behind == '?')
		return 1;
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

/** Position of the next ( ) ' " or # from `at` on, or `size`. */
static inline size_t scan_structure(const unsigned char *data, size_t at, size_t size)
{
#ifdef __SSE2__
	for (; size - at >= 16; at += 16) {
		unsigned found = scan_structure_16(data + at);

		if (found)
			return at + scan_first(found);
	}
#endif
	while (at < size && (data[at] & 0xfe) != '(' && (data[at] & 0xfe) != '"' &&
		data[at] != '\'')
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
		const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(data + at));
		const __m128i second =
			_mm_loadu_si128((const __m128i *)(const void *)(data + at + 1));
		const __m128i third =
			_mm_loadu_si128((const __m128i *)(const void *)(data + at + 2));
		const __m128i opens = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('('));
		const __m128i closes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(')'));
		const __m128i names =
			_mm_and_si128(_mm_or_si128(_mm_cmpeq_epi8(second, _mm_set1_epi8('d')),
					      _mm_cmpeq_epi8(second, _mm_set1_epi8('v'))),
				_mm_or_si128(_mm_cmpeq_epi8(third, _mm_set1_epi8('o')),
					_mm_cmpeq_epi8(third, _mm_set1_epi8('m'))));
		const __m128i others = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\'')),
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

/** Position of the next byte up to ): all that may end an atom are among them, and little else
 * is. */
static inline size_t scan_low(const unsigned char *data, size_t at, size_t size)
{
#ifdef __SSE2__
	for (; size - at >= 16; at += 16) {
		const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(data + at));
		unsigned found = (unsigned)_mm_movemask_epi8(
			_mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(')')), bytes));

		if (found)
			return at + scan_first(found);
	}
#endif
	while (at < size && data[at] > ')')
		at++;
	return at;
}

/** Position of the next byte that may end an atom: a control byte, a blank, ( ) " or #. */
static inline size_t scan_end(const unsigned char *data, size_t at, size_t size)
{
#ifdef __SSE2__
	for (; size - at >= 16; at += 16) {
		unsigned found = scan_end_16(data + at);

		if (found)
			return at + scan_first(found);
	}
#endif
	while (at < size && data[at] > ' ' && (data[at] & 0xfe) != '(' && (data[at] & 0xfe) != '"')
		at++;
	return at;
}

#ifdef __SSE2__
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

/** One bit for each of the sixteen bytes: is it no letter, no digit, and none of . - _ : / ~? */
static inline unsigned scan_quoted_16(const __m128i bytes)
{
	/* From '-' to ':' there are - . / the digits and : alone. */
	const __m128i digits = _mm_sub_epi8(bytes, _mm_set1_epi8('-'));
	const __m128i is_digit =
		_mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(':' - '-')), digits);
	const __m128i letters =
		_mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
	const __m128i is_letter =
		_mm_cmpeq_epi8(_mm_min_epu8(letters, _mm_set1_epi8('z' - 'a')), letters);
	const __m128i is_other = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')),
		_mm_cmpeq_epi8(bytes, _mm_set1_epi8('~')));

	return (unsigned)_mm_movemask_epi8(
		       _mm_or_si128(_mm_or_si128(is_digit, is_letter), is_other)) ^
		0xffffu;
}
#endif

/** Whether all of it are letters, digits and . - _ : / ~, and there is any. */
static inline int scan_is_bare(const unsigned char *data, size_t size)
{
	size_t at = 0;

#ifdef __SSE2__
	/* The last piece overlaps the one before. */
	if (size >= 16) {
		for (; at < size - 16; at += 16)
			if (scan_quoted_16(
				    _mm_loadu_si128((const __m128i *)(const void *)(data + at))))
				return 0;
		return !scan_quoted_16(
			_mm_loadu_si128((const __m128i *)(const void *)(data + size - 16)));
	}
	if (size >= 8) {
		const __m128i begin = _mm_loadl_epi64((const __m128i *)(const void *)data);
		const __m128i end =
			_mm_loadl_epi64((const __m128i *)(const void *)(data + size - 8));

		return !scan_quoted_16(_mm_unpacklo_epi64(begin, end));
	}
	if (size >= 4)
		return !scan_quoted_16(scan_ends_4(data, size));
#endif
	for (; at < size; at++) {
		unsigned char byte = data[at];

		if ((byte < '-' || byte > ':') && ((byte | 0x20) < 'a' || (byte | 0x20) > 'z') &&
			byte != '_' && byte != '~')
			return 0;
	}
	return size != 0;
}

/** Whether the bytes can be written as XML text without escapes: no control byte, none of & ' " <
 * >, none from 0x80 on. */
static inline int scan_is_plain(const unsigned char *data, size_t size)
{
	size_t at = 0;

#ifdef __SSE2__
	if (size >= 16) {
		for (; at < size - 16; at += 16)
			if (scan_markup_16(
				    _mm_loadu_si128((const __m128i *)(const void *)(data + at))))
				return 0;
		return !scan_markup_16(
			_mm_loadu_si128((const __m128i *)(const void *)(data + size - 16)));
	}
	if (size >= 8) {
		const __m128i begin = _mm_loadl_epi64((const __m128i *)(const void *)data);
		const __m128i end =
			_mm_loadl_epi64((const __m128i *)(const void *)(data + size - 8));

		return !scan_markup_16(_mm_unpacklo_epi64(begin, end));
	}
	if (size >= 4)
		return !scan_markup_16(scan_ends_4(data, size));
#endif
	while (at < size && data[at] >= ' ' && data[at] < 0x80 && (data[at] & 0xfe) != '&' &&
		(data[at] & 0xfd) != '<' && data[at] != '"')
		at++;
	return at == size;
}

/** Position of the next byte that needs an escape or a check in XML text: a control byte, & ' " <
 * >, or one from 0x80 on. */
static inline size_t scan_markup(const unsigned char *data, size_t at, size_t size)
{
#ifdef __SSE2__
	for (; size - at >= 16; at += 16) {
		unsigned found =
			scan_markup_16(_mm_loadu_si128((const __m128i *)(const void *)(data + at)));

		if (found)
			return at + scan_first(found);
	}
#endif
	while (at < size && data[at] >= ' ' && data[at] < 0x80 && (data[at] & 0xfe) != '&' &&
		(data[at] & 0xfd) != '<' && data[at] != '"')
		at++;
	return at;
}

#ifdef __SSE2__
/** Values of sixteen lower-case hexadecimal digits, two in the low byte of each pair. Returns 0
 * when others are among them. */
static inline int scan_hex_16(const __m128i bytes, __m128i *values)
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
 * bytes. Returns 0 when others are among them. They are not in memory, for what is put together
 * there has to be waited for. */
static inline int scan_hex(const uint64_t words[4], unsigned char *packed)
{
#ifdef __SSE2__
	__m128i first, second;
	int is_hex = scan_hex_16(_mm_set_epi64x((long long)words[1], (long long)words[0]), &first) &
		scan_hex_16(_mm_set_epi64x((long long)words[3], (long long)words[2]), &second);

	_mm_storeu_si128((__m128i *)(void *)packed, _mm_packus_epi16(first, second));
	return is_hex;
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
/** One bit for each of the sixteen bytes: is it a control byte, DEL, " or \, or no ASCII? */
static inline unsigned scan_json_16(const __m128i bytes)
{
	/* Signed, bytes from 0x80 on are less than a blank too. */
	const __m128i low = _mm_cmpgt_epi8(_mm_set1_epi8(' '), bytes);
	const __m128i quotes = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
		_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(low, quotes),
		_mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f))));
}
#endif

/** Position of the next byte that needs an escape or a check in a JSON string, also on a terminal:
 * a control byte, " or \, DEL, or one from 0x80 on. */
static inline size_t scan_json(const unsigned char *data, size_t at, size_t size)
{
#ifdef __SSE2__
	for (; size - at >= 16; at += 16) {
		unsigned found =
			scan_json_16(_mm_loadu_si128((const __m128i *)(const void *)(data + at)));

		if (found)
			return at + scan_first(found);
	}
#endif
	while (at < size && data[at] >= ' ' && data[at] < 0x7f && data[at] != '"' &&
		data[at] != '\\')
		at++;
	return at;
}

#ifdef __SSE2__
/** One less in each byte for a line feed in its place. */
static inline __m128i scan_feed_16(const unsigned char *data)
{
	return _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)data),
		_mm_set1_epi8('\n'));
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

	return _mm_loadu_si128((const __m128i *)(const void *)(bytes + count));
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
	return _mm_and_si128(feeds,
		_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)data),
			_mm_set1_epi8('(')));
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

/** Whether scan_json() would pass all of it. Short texts are looked at with two reads. */
static inline int scan_is_shown(const unsigned char *data, size_t size)
{
	size_t at = 0;

#ifdef __SSE2__
	if (size >= 16) {
		for (; at < size - 16; at += 16)
			if (scan_json_16(
				    _mm_loadu_si128((const __m128i *)(const void *)(data + at))))
				return 0;
		return !scan_json_16(
			_mm_loadu_si128((const __m128i *)(const void *)(data + size - 16)));
	}
	if (size >= 8) {
		const __m128i begin = _mm_loadl_epi64((const __m128i *)(const void *)data);
		const __m128i end =
			_mm_loadl_epi64((const __m128i *)(const void *)(data + size - 8));

		return !scan_json_16(_mm_unpacklo_epi64(begin, end));
	}
	if (size >= 4)
		return !scan_json_16(scan_ends_4(data, size));
#endif
	while (at < size && data[at] >= ' ' && data[at] < 0x7f && data[at] != '"' &&
		data[at] != '\\')
		at++;
	return at == size;
}

/** Whether a path has a slash with another one, or with a dot, behind it. */
static inline int scan_has_detour(const unsigned char *data, size_t size)
{
	size_t at = 0;

#ifdef __SSE2__
	for (; size - at >= 17; at += 16) {
		const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(data + at));
		const __m128i second =
			_mm_loadu_si128((const __m128i *)(const void *)(data + at + 1));
		const __m128i slashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('/'));
		/* . and / differ in their lowest bit. */
		const __m128i behind =
			_mm_cmpeq_epi8(_mm_or_si128(second, _mm_set1_epi8(1)), _mm_set1_epi8('/'));

		if (_mm_movemask_epi8(_mm_and_si128(slashes, behind)))
			return 1;
	}
#endif
	for (; at + 1 < size; at++)
		if (data[at] == '/' && (data[at + 1] | 1) == '/')
			return 1;
	return 0;
}

/** Position of the next byte that is no blank, for runs of indentation. */
static inline size_t scan_indentation(const unsigned char *data, size_t at, size_t size)
{
#ifdef __SSE2__
	for (; size - at >= 16; at += 16) {
		unsigned found = scan_token_16(data + at);

		if (found)
			return at + scan_first(found);
	}
#endif
	while (at < size && data[at] == ' ')
		at++;
	return at;
}

#endif
