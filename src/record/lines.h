/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_LINES_H
#define RECORD_LINES_H

#include <stddef.h>
#include <stdint.h>

/** Number of line feeds in the bytes. `*last` gets the number of bytes up to and with the last one,
 * 0 without any. */
uint64_t lines_count(const char *data, size_t size, size_t *last);

#endif
