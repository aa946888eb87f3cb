/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_GZIP_SEARCH_H
#define INPUT_GZIP_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Looks for the next readable member behind damage in a gzip file.
 */

/** A candidate that produces no output from so many bytes is not a member. */
#define GZIP_CANDIDATE_SIZE ((size_t)32 << 10)

enum gzip_search {
	/** A member begins at `*at`. */
	GZIP_MEMBER_FOUND,
	/** No member begins in the bytes. */
	GZIP_NO_MEMBER,
	/** More bytes from `*at` on are needed, of which there are fewer than
	 * GZIP_CANDIDATE_SIZE. */
	GZIP_NEEDS_MORE,
	GZIP_SEARCH_NO_MEMORY,
};

/**
 * Looks from `*at` on for a header whose data can be inflated: to its end, or for some hundred
 * bytes. `is_all`: nothing follows the bytes, so a member that they end in is one that was
 * truncated.
 */
enum gzip_search gzip_search(const unsigned char *bytes, size_t size, bool is_all, size_t *at);

#endif
