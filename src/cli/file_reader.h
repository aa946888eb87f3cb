/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_FILE_READER_H
#define CLI_FILE_READER_H

#include "record/buffer.h"

#include <stdbool.h>
#include <stdio.h>

/** The description of what is wrong with a line for which there is no memory. Functions that read
 * lines return this very array, so that callers recognize it by its address. */
extern const char file_reader_no_memory[];

/** Adds the content of a file to a buffer. Returns 0, or an error number: the system's reason,
 * ENOMEM, or EFBIG for a file of more than `most` bytes. */
int file_reader_read(const char *name, size_t most, struct buffer *out);

/** Reads a line of at most `most` bytes, without its line feed, as a string. Returns whether there
 * was a line. Sets `*wrong` to a description if it is invalid. */
bool file_reader_line(FILE *file, size_t most, struct buffer *line, const char **wrong);

/** Sets the size and CRC-32 of a file. Returns false when it cannot be read. */
bool file_reader_measure(const char *name, uint64_t *size, uint32_t *crc);

#endif
