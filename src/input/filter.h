/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_FILTER_H
#define INPUT_FILTER_H

#include "input/source.h"

/**
 * The layer that decompresses everything but gzip: xz, zstd, bzip2, lz4 and compress, by
 * libarchive. Built without it, or where libarchive lacks a format, filter_new() says so.
 */

/** Compressions that do better than gzip may unpack to so many times as much. */
#define FILTER_RATIO_FACTOR 10

struct filter;

/**
 * Compressed bytes come from `pull`; `context` is borrowed until filter_free(). `name` is "xz",
 * "zstd", "bzip2", "lz4" or "compress", `command` what decompresses it in a shell; both are static.
 * More than GZIP_GRACE bytes and more than FILTER_RATIO_FACTOR * `ratio` times what was read are
 * refused.
 *
 * DS_OK; DS_NO_MEMORY; DS_DAMAGED with a DA908 that names the command.
 */
enum ds_status filter_new(struct filter **out, input_pull *pull, void *context, const char *name,
	const char *command, unsigned ratio, struct ds_error *error);

/**
 * An `input_pull`; `context` is the struct filter. Returns DS_OK; DS_DAMAGED: DA901 the compressed
 * data is truncated, DA902 it is damaged, DA904 something follows it, DA905 it unpacks to too many
 * times its size; DS_NO_MEMORY; or what `pull` returned. Sticky.
 */
enum ds_status filter_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error);

void filter_free(struct filter *filter);

#endif
