/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_FILTER_H
#define INPUT_FILTER_H

#include "input/source.h"

/**
 * The layer that decompresses everything except gzip (xz, zstd, bzip2, lz4, lzip, lzma and
 * compress) by means of libarchive. Without libarchive, or if libarchive does not support a format,
 * filter_new() reports that.
 */

/** Compressions that are better than gzip may expand to this many times as much. */
#define FILTER_RATIO_FACTOR 10

struct filter;

/**
 * Creates a filter. Compressed bytes come from `pull`; `context` is borrowed until filter_free().
 * `name` is "xz", "zstd", "bzip2", "lz4", "lzip", "lzma" or "compress", and `command` is the shell
 * command that decompresses it; both are static. Output of more than GZIP_GRACE bytes and more than
 * FILTER_RATIO_FACTOR * `ratio` times the input is refused.
 * Returns DS_OK, DS_NO_MEMORY, or DS_DAMAGED with a DA908 that names the command.
 */
enum ds_status filter_new(struct filter **out, input_pull *pull, void *context, const char *name,
	const char *command, unsigned ratio, struct ds_error *error);

/**
 * An `input_pull`; `context` is the struct filter. Returns DS_OK; DS_DAMAGED with DA901 when the
 * compressed data is truncated, DA902 when it is corrupt, DA904 when other bytes follow it or NUL
 * bytes are between two streams, or DA905 when it expands too much; DS_NO_MEMORY; or the status of
 * `pull`. Further calls return the same failure until filter_resume().
 */
enum ds_status filter_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error);

/** Continues after damage with the next stream of the same compression, if filter_read() has found
 * one. Returns DS_OK, DS_DAMAGED after the last one or when `pull` has failed, or DS_NO_MEMORY. */
enum ds_status filter_resume(struct filter *filter);

/** Tells the filter that `pull`, which has failed, continues after missing bytes. The next call of
 * filter_read() reports that as damage. */
void filter_interrupt(struct filter *filter);

void filter_free(struct filter *filter);

#endif
