/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_BGZF_H
#define INPUT_BGZF_H

#include <stdbool.h>
#include <stddef.h>

/**
 * How BGZF (SAM specification, section 4.1) differs from other gzip files: each member says in its
 * extra field how long it is, and the last one of a file is empty.
 */

/** The longest member. */
#define BGZF_MEMBER_MAX ((size_t)65536)

/** Bytes of a member's extra field that are looked at; BC, two bytes long, is in the beginning. */
#define BGZF_EXTRA_SIZE 64

/** Length of the whole member by its extra field; 0: it is not BGZF. */
size_t bgzf_length(const unsigned char *extra, size_t size);

/** Length of the BGZF member that the bytes begin with, and how much it says it gives; 0: there is
 * none, or not all of it. */
size_t bgzf_member(const unsigned char *bytes, size_t size, size_t *given);

/** Do the bytes begin with the header of a member? It must be whole. */
bool bgzf_is_header(const unsigned char *bytes, size_t size);

/** Position of the first member of which the bytes hold the header; `size`: there is none. */
size_t bgzf_find(const unsigned char *bytes, size_t size);

#endif
