/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_GZIP_H
#define INPUT_GZIP_H

#include "input/source.h"

/**
 * The layer that inflates gzip files (RFC 1952): any number of concatenated members, including
 * BGZF, possibly followed by zeros as padding. Zeros between members are damage. The checksum and
 * length of every member are verified. A file that ends inside a member, or after a BGZF member
 * that is not empty, is never treated as complete.
 */

/** Any file may expand to this size, however small it is. */
#define GZIP_GRACE ((uint64_t)64 << 20)
/** Beyond that, the ratio is checked whenever this many more bytes were decompressed, and at the
 * member's end. */
#define GZIP_RATIO_INTERVAL ((uint64_t)1 << 20)

struct gzip;
struct input_ahead;

/** Creates a reader. Compressed bytes come from `pull`; `context` is borrowed until gzip_free().
 * Returns NULL when there is no memory. */
struct gzip *gzip_new(input_pull *pull, void *context, unsigned ratio);

/**
 * An `input_pull`; `context` is the struct gzip. Inflates directly into `data`.
 * Returns DS_OK; DS_DAMAGED with DA901 when the file ends inside a member, or is BGZF and ends
 * without an empty member, DA902 when a checksum, length or code is wrong, DA904 when a member is
 * followed by bytes that are not a member, such as zeros before another one, or DA905 when the file
 * has expanded to more than GZIP_GRACE and more than `ratio` times the bytes that were read;
 * DS_NO_MEMORY; or the status of `pull`. Further calls return the same failure.
 */
enum ds_status gzip_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error);

/**
 * Continues after damage that gzip_read() has reported, at the next readable member, whose position
 * is in the error. The following bytes do not belong to the bytes before. Returns false if there is
 * no such member, or when `pull` has failed.
 */
bool gzip_resume(struct gzip *gzip);

/** Tells the reader that `pull`, which has failed, continues after missing bytes. The next call of
 * gzip_read() reports that as damage. */
void gzip_interrupt(struct gzip *gzip);

/** From now on, buffered BGZF members are inflated ahead. `ahead` is borrowed until gzip_free(). */
void gzip_share(struct gzip *gzip, struct input_ahead *ahead);

/** Tells the reader that the compressed bytes begin at this offset of a BGZF file, after this
 * number of members. Must be called before the first read. */
void gzip_begin_at(struct gzip *gzip, uint64_t offset, uint64_t members);

/** Makes gzip_read() stop between the members before this offset and those at or after it; it
 * delivers no bytes there. 0 removes the stop. Must be called before the first read, or where
 * reading has stopped. */
void gzip_set_stop(struct gzip *gzip, uint64_t offset);

/** Returns whether reading has reached the stop; then `*at` is the offset of the next member. */
bool gzip_is_at_stop(const struct gzip *gzip, uint64_t *at);

/** Returns the number of members that were begun. */
uint64_t gzip_members(const struct gzip *gzip);

/** Returns whether the first member contains its length, as BGZF members do. Known when the header
 * of that member was read. */
bool gzip_is_bgzf(const struct gzip *gzip);

void gzip_free(struct gzip *gzip);

#endif
