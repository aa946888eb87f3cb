/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_WHOLE_FILE_H
#define CLI_WHOLE_FILE_H

#include "record/buffer.h"

/** Adds the content of a file to a buffer. Returns 0, or an error number: the system's reason,
 * ENOMEM, or EFBIG for a file of more than `most` bytes. */
int whole_file_read(const char *name, size_t most, struct buffer *out);

#endif
