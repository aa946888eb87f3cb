/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_GZIP_SEARCH_H
#define INPUT_GZIP_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Searches for the next readable member after damage in a gzip file.
 */

/** A candidate that produces no output from this many bytes is not a member. */
#define GZIP_CANDIDATE_SIZE ((size_t)32 << 10)

enum gzip_search {
	/** A member begins at `*at`. */
	GZIP_MEMBER_FOUND,
	/** No member begins in the bytes. */
	GZIP_NO_MEMBER,
	/** More bytes are needed from `*at` on, because fewer than GZIP_CANDIDATE_SIZE are
	 * available. */
	GZIP_NEEDS_MORE,
	GZIP_SEARCH_NO_MEMORY,
};

/**
 * Searches from `*at` on for a header whose data can be inflated, either to its end or for some
 * hundred bytes. `is_all` is set if nothing follows the bytes, so that a member which extends
 * beyond them is truncated.
 */
enum gzip_search gzip_search(const unsigned char *bytes, size_t size, bool is_all, size_t *at);

#endif
