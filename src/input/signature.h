/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_SIGNATURE_H
#define INPUT_SIGNATURE_H

#include "input/head.h"

/**
 * Recognizes the compression or the encoding of a stream by its first bytes.
 */

enum signature_format {
	/** An encoding that is no superset of ASCII. */
	SIGNATURE_ENCODED,
	SIGNATURE_GZIP,
	/** Compressed with another program than gzip. */
	SIGNATURE_FILTER,
};

struct signature {
	enum signature_format format;
	/** The number of bytes of the signature that are not text: a byte order mark. */
	unsigned char bom_size;
	unsigned char size;
	/** The position of a byte that may be anything except 0; 0 if all bytes are fixed. */
	unsigned char any;
	unsigned char bytes[8];
	/** The name of the encoding or of the compression. */
	const char *name;
	/** The command that decompresses it. */
	const char *command;
};

/** For a stream that is known to be gzip, such as one that begins inside a BGZF file. */
extern const struct signature signature_gzip;

/** Returns the signature of the stream, or NULL if it is neither compressed nor encoded. Waits for
 * more bytes only if the available ones do not decide. */
const struct signature *signature_recognize(struct input_head *head);

/** The size of the longest name of an encoding, with its NUL byte. */
#define SIGNATURE_ENCODING_SIZE 40

/** Writes the name of the encoding. For EBCDIC, it is the variant that the document declares. */
void signature_encoding(const struct signature *signature, struct input_head *head,
	char encoding[SIGNATURE_ENCODING_SIZE]);

#endif
