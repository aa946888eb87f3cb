/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_LINES_H
#define RECORD_LINES_H

#include <stddef.h>
#include <stdint.h>

/** Returns the number of line feeds in the bytes. `*last` gets the number of bytes up to and
 * including the last one, or 0 without line feeds. */
uint64_t lines_count(const char *data, size_t size, size_t *last);

#endif
