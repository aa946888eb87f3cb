/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_FILTER_SEARCH_H
#define INPUT_FILTER_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Searches compressed bytes for the beginning and the end of a stream. `name` is the name of a
 * compression, as for filter_new().
 */

/** The beginning of a stream is recognized by at most this many bytes. */
#define FILTER_BEGIN_SIZE 10

/** Returns whether the bytes begin a stream. */
bool filter_search_begins(const char *name, const char *bytes, size_t size);

/** Returns the position of the first beginning of a stream, or `size` if none is found. Streams of
 * a compression without a reliable signature are not found. */
size_t filter_search_begin(const char *name, const char *bytes, size_t size);

/** The fields of zstd that give the sizes of its parts. */
enum filter_search_field {
	ZSTD_MAGIC,
	ZSTD_DESCRIPTOR,
	ZSTD_BLOCK,
	ZSTD_SKIPPABLE,
};

/** What filter_search_end_of() has seen at the end of the previous bytes. Cleared at the beginning
 * of a stream. */
struct filter_search_end {
	/** The NUL bytes that were found certainly follow the end of a stream. */
	bool is_certain;
	/** For xz: the number of bytes that may be the last ones of a stream. For zstd: the number
	 * of bytes of `field` that are in `value`. */
	unsigned seen;
	enum filter_search_field field;
	uint32_t value;
	/** The number of bytes before `field`. */
	uint64_t skipped;
	bool has_checksum;
};

/** Returns how many of the next bytes come before NUL bytes that may follow the end of a stream of
 * xz or zstd, and sets `*is_found` if there are any. Unless `end->is_certain`, they really follow
 * the end of a stream only if another stream or the end of the file comes after them. */
size_t filter_search_end_of(struct filter_search_end *end, const char *name, const char *bytes,
	size_t size, bool *is_found);

#endif
