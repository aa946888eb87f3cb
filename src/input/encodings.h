/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_ENCODINGS_H
#define INPUT_ENCODINGS_H

#include "record/buffer.h"

/**
 * Converts the bytes of single domains to UTF-8. iconv defines what every byte means. What was
 * found out about an encoding is kept and shared by all threads, because loading an encoding takes
 * iconv far longer than converting a small domain, and documents of several encodings may
 * alternate.
 *
 * A document can only be divided into domains if `<` and the letters of tags are the same bytes as
 * in ASCII. Other encodings are refused here; input/transcode.h converts those for a whole file.
 */

enum encoding_result {
	ENCODING_OK = 0,
	/** iconv does not know the encoding. */
	ENCODING_UNKNOWN,
	/** The encoding is not a superset of ASCII. */
	ENCODING_NOT_ASCII,
	/** Some bytes are not a character. */
	ENCODING_INVALID,
	/** The text would be longer than the limit. */
	ENCODING_TOO_LARGE,
	ENCODING_NO_MEMORY,
};

struct encodings;

/** Returns NULL when there is no memory. */
struct encodings *encodings_new(void);

/**
 * Converts `input` to `text`, which gets at most `most` bytes. `*at` becomes the number of bytes
 * that were converted: for ENCODING_INVALID, the offset of the first byte that begins no character.
 * For an unknown or refused encoding the text is what comes before the first byte that is not
 * ASCII, and `*at` is 0. Any thread may call this.
 */
enum encoding_result encodings_convert(struct encodings *encodings, const char *name,
	struct ds_text input, size_t most, struct buffer *text, size_t *at);

void encodings_free(struct encodings *encodings);

#endif
