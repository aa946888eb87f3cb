/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/gzip_search.h"

#include <string.h>

#define ZLIB_CONST
#include <zlib.h>

/* inflateInit2() adds this to the window's size to accept gzip's header and trailer, and no other
 * format. */
#define GZIP_WRAPPER 16
/* The bits of a header's flags that are reserved and zero (RFC 1952). */
#define RESERVED_FLAGS 0xe0
#define HEADER_SIZE 10
/* A candidate is accepted after this many bytes, because other data are rarely valid code for so
 * long. */
#define TRIAL_SIZE 512

/** Returns the position of the next bytes that may begin a header, or `size` if none do. */
static size_t next_header(const unsigned char *bytes, size_t size, size_t at)
{
	while (at < size) {
		const unsigned char *found = memchr(bytes + at, 0x1f, size - at);

		if (found == NULL)
			break;
		at = (size_t)(found - bytes);
		/* At the end of the bytes, the beginning of a header counts. */
		if ((at + 1 >= size || bytes[at + 1] == 0x8b) &&
			(at + 2 >= size || bytes[at + 2] == Z_DEFLATED) &&
			(at + 3 >= size || (bytes[at + 3] & RESERVED_FLAGS) == 0))
			return at;
		at++;
	}
	return size;
}

/** Tries to inflate what may be a member. */
static enum gzip_search try_member(z_stream *inflater, const unsigned char *bytes, size_t size,
	bool is_all)
{
	unsigned char out[TRIAL_SIZE];
	int result;

	if (size < HEADER_SIZE)
		return is_all ? GZIP_NO_MEMBER : GZIP_NEEDS_MORE;
	inflateReset(inflater);
	inflater->next_in = bytes;
	inflater->avail_in = (uInt)(size < GZIP_CANDIDATE_SIZE ? size : GZIP_CANDIDATE_SIZE);
	inflater->next_out = out;
	inflater->avail_out = TRIAL_SIZE;
	result = inflate(inflater, Z_SYNC_FLUSH);
	if (result == Z_MEM_ERROR)
		return GZIP_SEARCH_NO_MEMORY;
	if (result == Z_STREAM_END || (result == Z_OK && inflater->avail_out == 0))
		return GZIP_MEMBER_FOUND;
	if (result != Z_OK && result != Z_BUF_ERROR)
		return GZIP_NO_MEMBER;
	if (is_all)
		return inflater->avail_out < TRIAL_SIZE ? GZIP_MEMBER_FOUND : GZIP_NO_MEMBER;
	return size < GZIP_CANDIDATE_SIZE ? GZIP_NEEDS_MORE : GZIP_NO_MEMBER;
}

enum gzip_search gzip_search(const unsigned char *bytes, size_t size, bool is_all, size_t *at)
{
	enum gzip_search result = GZIP_NO_MEMBER;
	z_stream inflater;

	memset(&inflater, 0, sizeof(inflater));
	if (inflateInit2(&inflater, MAX_WBITS + GZIP_WRAPPER) != Z_OK)
		return GZIP_SEARCH_NO_MEMORY;
	while (result == GZIP_NO_MEMBER && (*at = next_header(bytes, size, *at)) < size) {
		result = try_member(&inflater, bytes + *at, size - *at, is_all);
		if (result == GZIP_NO_MEMBER)
			++*at;
	}
	inflateEnd(&inflater);
	return result;
}
