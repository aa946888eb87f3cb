/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_BGZF_H
#define INPUT_BGZF_H

#include <stdbool.h>
#include <stddef.h>

/**
 * How BGZF (SAM specification, section 4.1) differs from other gzip files: the extra field of each
 * member contains its length, and the last member of a file is empty.
 */

/** The size of the longest member. */
#define BGZF_MEMBER_MAX ((size_t)65536)

/** The number of bytes of a member's extra field that are searched; the subfield BC, two bytes
 * long, is at the beginning. */
#define BGZF_EXTRA_SIZE 64

/** Returns the length of the whole member according to its extra field, or 0 if it is not BGZF. */
size_t bgzf_length(const unsigned char *extra, size_t size);

/** Returns the length of the BGZF member at the beginning of the bytes, and sets how much it
 * promises to expand to; 0 if there is no member, or not all of it. */
size_t bgzf_member(const unsigned char *bytes, size_t size, size_t *given);

/** Returns whether the bytes begin with the complete header of a member. */
bool bgzf_is_header(const unsigned char *bytes, size_t size);

/** Returns the position of the first member whose header is completely in the bytes, or `size` if
 * none is found. */
size_t bgzf_find(const unsigned char *bytes, size_t size);

#endif
