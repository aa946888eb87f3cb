/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_GZIP_H
#define INPUT_GZIP_H

#include "input/ahead.h"
#include "input/source.h"

/**
 * The layer that inflates gzip files (RFC 1952): any number of members back to back, BGZF among
 * them, with zeros as padding behind any of them. Checksum and length of every member are verified;
 * a file that ends inside a member, or after a BGZF member that is not empty, never passes for a
 * complete one.
 */

/** A file may give so much, however small it is. */
#define GZIP_GRACE ((uint64_t)64 << 20)
/** Beyond that the ratio is looked at whenever so much more was given, and at the member's end. */
#define GZIP_RATIO_INTERVAL ((uint64_t)1 << 20)

struct gzip;

/** Compressed bytes come from `pull`; `context` is borrowed until gzip_free(). NULL when there is
 * no memory. */
struct gzip *gzip_new(input_pull *pull, void *context, unsigned ratio);

/**
 * An `input_pull`; `context` is the struct gzip. Inflates straight into `data`.
 *
 * Returns DS_OK; DS_DAMAGED: DA901 the file ends inside a member, or is BGZF and ends without the
 * empty member that is its last, DA902 checksum, length or code is wrong, DA904 bytes that are no
 * member follow one, DA905 the file has given more than GZIP_GRACE and more than `ratio` times what
 * was read of it; DS_NO_MEMORY; or what `pull` returned. Sticky.
 */
enum ds_status gzip_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error);

/**
 * Goes on behind damage that gzip_read() has reported, at the next member that can be read; the
 * error says where that is. What comes from there does not belong to the bytes before. False: there
 * is no such member.
 */
bool gzip_resume(struct gzip *gzip);

/** From now on BGZF members, as far as they are at hand, are inflated ahead. `ahead` is borrowed
 * until gzip_free(). */
void gzip_share(struct gzip *gzip, struct input_ahead *ahead);

/** The compressed bytes begin at this offset of a BGZF file, behind so many members. To be called
 * before the first read. */
void gzip_begin_at(struct gzip *gzip, uint64_t offset, uint64_t members);

/** Makes gzip_read() stop between the members before this offset and those at or behind it: there
 * it delivers nothing. 0: it does not stop. To be called before the first read, or where it has
 * stopped. */
void gzip_set_mark(struct gzip *gzip, uint64_t offset);

/** Whether it has stopped there; `*at` is the offset of the next member then. */
bool gzip_is_at_mark(const struct gzip *gzip, uint64_t *at);

/** Members begun so far. */
uint64_t gzip_members(const struct gzip *gzip);

/** Whether its first member says its length, as BGZF's do. Known when that member's header was
 * read. */
bool gzip_is_bgzf(const struct gzip *gzip);

void gzip_free(struct gzip *gzip);

#endif
