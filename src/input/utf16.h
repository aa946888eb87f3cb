/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_UTF16_H
#define INPUT_UTF16_H

#include "input/source.h"

/** The layer that turns UTF-16 into UTF-8. */

struct utf16;

/**
 * Bytes come from `pull`, behind the byte order mark if there is one; `context` is borrowed until utf16_free().
 * `offset` is that of the first byte to come.
 *
 * Returns DS_OK; DS_NO_MEMORY; DS_DAMAGED with a DA908 when the system's iconv does not know UTF-16.
 */
enum ds_status utf16_new(struct utf16 **out, input_pull *pull, void *context, bool is_big_endian, uint64_t offset,
			 struct ds_error *error);

/**
 * An `input_pull`; `context` is the struct utf16. Returns DS_OK; DS_DAMAGED with a DA903 whose offset, in the bytes
 * pulled, is that of the first unit that is no character; or what `pull` returned. Sticky.
 */
enum ds_status utf16_read(void *context, char *data, size_t capacity, size_t *size, struct ds_error *error);

void utf16_free(struct utf16 *utf16);

#endif
