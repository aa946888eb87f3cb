/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/filter_search.h"

#include <string.h>

/* A frame may end in NUL bytes, but not in this many. */
#define ZSTD_PADDING_MIN 8

/* What a search accepts as the beginning of a stream is not a column of the signatures in stream.c,
 * by which a whole file is recognized, because chance must not match it in megabytes of compressed
 * data: the three bytes of bzip2 are too few, so the digit of its block size, here a '?', which
 * matches any byte, and the beginning of its first block are part of it. */
static const struct {
	const char *name;
	size_t size;
	const char *bytes;
} begins[] = {
	{"xz", 6,
		"\xfd"
		"7zXZ\0"},
	{"zstd", 4, "\x28\xb5\x2f\xfd"},
	{"bzip2", 10, "BZh?1AY&SY"},
	{"lz4", 4, "\x04\x22\x4d\x18"},
	{"lzip", 5, "LZIP\1"},
};

enum { BEGIN_COUNT = sizeof(begins) / sizeof(begins[0]) };

static size_t find_compression(const char *name)
{
	size_t i = 0;

	while (i < BEGIN_COUNT && strcmp(begins[i].name, name) != 0)
		i++;
	return i;
}

static bool is_begin(size_t compression, const char *bytes, size_t size)
{
	const char *begin = begins[compression].bytes;

	if (size < begins[compression].size)
		return false;
	for (size_t i = 0; i < begins[compression].size; i++)
		if (begin[i] != '?' && begin[i] != bytes[i])
			return false;
	return true;
}

bool filter_search_begins(const char *name, const char *bytes, size_t size)
{
	size_t compression = find_compression(name);

	return compression < BEGIN_COUNT && is_begin(compression, bytes, size);
}

size_t filter_search_begin(const char *name, const char *bytes, size_t size)
{
	size_t compression = find_compression(name);
	size_t at = 0;

	while (compression < BEGIN_COUNT && at < size) {
		const char *found = memchr(bytes + at, begins[compression].bytes[0], size - at);

		if (found == NULL)
			break;
		at = (size_t)(found - bytes);
		if (is_begin(compression, found, size - at))
			return at;
		at++;
	}
	return size;
}

/** Finds NUL bytes after "YZ", which ends an xz stream. */
static size_t find_xz_end(struct filter_search_end *end, const char *bytes, size_t size,
	bool *is_found)
{
	static const char last[] = {'Y', 'Z'};

	for (size_t at = 0; at < size; at++) {
		if (end->seen == sizeof(last) && bytes[at] == 0) {
			end->seen = 0;
			*is_found = true;
			return at;
		}
		if (end->seen < sizeof(last) && bytes[at] == last[end->seen])
			end->seen++;
		else
			end->seen = bytes[at] == last[0];
	}
	return size;
}

/** Finds many NUL bytes, because a zstd frame has no recognizable end but does not end in so many
 * of them. */
static size_t find_zstd_end(const char *bytes, size_t size, bool *is_found)
{
	size_t zeros = 0;

	for (size_t at = 0; at < size; at++) {
		zeros = bytes[at] == 0 ? zeros + 1 : 0;
		if (zeros < ZSTD_PADDING_MIN)
			continue;
		*is_found = true;
		return at + 1 - zeros;
	}
	return size;
}

size_t filter_search_end_of(struct filter_search_end *end, const char *name, const char *bytes,
	size_t size, bool *is_found)
{
	if (strcmp(name, "xz") == 0)
		return find_xz_end(end, bytes, size, is_found);
	if (strcmp(name, "zstd") == 0)
		return find_zstd_end(bytes, size, is_found);
	return size;
}
