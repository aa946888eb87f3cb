/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_TRANSCODE_H
#define INPUT_TRANSCODE_H

#include "input/source.h"

/**
 * The layer that converts a whole stream to UTF-8, for encodings that are not supersets of ASCII:
 * UTF-16, UTF-32, EBCDIC.
 */

struct transcode;

/**
 * Creates a converter. Bytes come from `pull`, without a byte order mark; `context` is borrowed
 * until transcode_free(). `encoding` is borrowed as well; `offset` is that of the next byte.
 * Returns DS_OK, DS_NO_MEMORY, or DS_DAMAGED with a DA908 when the system's iconv does not know the
 * encoding.
 */
enum ds_status transcode_new(struct transcode **out, input_pull *pull, void *context,
	const char *encoding, uint64_t offset, struct ds_error *error);

/**
 * An `input_pull`; `context` is the struct transcode. An invalid character becomes a NUL byte.
 * Returns DS_OK; DS_DAMAGED with a DA903, whose offset counts pulled bytes, when the input ends in
 * the middle of a character, or when a domain begins in the middle of a unit because a byte before
 * it is missing or was inserted; or the status of `pull`. Further calls return the same failure
 * until transcode_resume().
 */
enum ds_status transcode_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error);

/** Continues at the domain that begins in the middle of a unit. Returns false if there was another
 * failure. */
bool transcode_resume(struct transcode *transcode);

/** Tells the converter that `pull`, which has failed, continues after missing bytes. Reading
 * continues there; an incomplete character before them is dropped. */
void transcode_interrupt(struct transcode *transcode);

void transcode_free(struct transcode *transcode);

#endif
