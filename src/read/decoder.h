/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_DECODER_H
#define READ_DECODER_H

#include "record/buffer.h"

#include <iconv.h>

/**
 * Converts the bytes of single domains to UTF-8, by iconv. One decoder serves one thread.
 *
 * A document can only be divided into domains if `<` and the letters of tags are the same bytes as
 * in ASCII. Other encodings are refused here; input/transcode.h converts those for a whole file.
 */

enum decoder_result {
	DECODE_OK = 0,
	/** iconv does not know the encoding. */
	DECODE_UNKNOWN,
	/** The encoding is not a superset of ASCII. */
	DECODE_NOT_ASCII,
	/** Some bytes are not a character. */
	DECODE_INVALID,
	/** The text would be longer than the limit. */
	DECODE_TOO_LARGE,
	DECODE_NO_MEMORY,
};

/** Opening a converter takes longer than converting a small domain, and documents of several
 * encodings may alternate, so this many converters are kept. */
#define DECODER_CONVERTERS 64

struct decoder_converter {
	/** NULL, or the encoding of the converter, which is open if `found` is DECODE_OK. */
	char *name;
	iconv_t iconv;
	enum decoder_result found;
};

/** All zeros at first. */
struct decoder {
	struct decoder_converter converters[DECODER_CONVERTERS];
	/** The converter of the last call, and the one that is replaced next. */
	unsigned current, oldest;
	/** The last result. */
	struct buffer text;
};

/**
 * Converts `input` to `decoder->text`, which gets at most `most` bytes. For DECODE_INVALID the text
 * is what comes before the first invalid byte, and `*at` the offset of that byte. For an unknown or
 * refused encoding it is what comes before the first byte that is not ASCII, and `*at` is 0.
 */
enum decoder_result decoder_convert(struct decoder *decoder, const char *encoding,
	struct ds_text input, size_t most, size_t *at);

/** Returns the offset in `input` of the character at the offset `at` of its UTF-8 form. The last
 * call of decoder_convert() must have converted that input. Changes `decoder->text`. */
size_t decoder_offset(struct decoder *decoder, struct ds_text input, size_t at);

void decoder_fini(struct decoder *decoder);

#endif
