/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/filter_search.h"

#include <string.h>

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

/** Returns the number of bytes that a field has. */
static size_t zstd_field_size(enum filter_search_field field)
{
	static const size_t sizes[] =
		{[ZSTD_MAGIC] = 4, [ZSTD_DESCRIPTOR] = 1, [ZSTD_BLOCK] = 3, [ZSTD_SKIPPABLE] = 4};

	return sizes[field];
}

/** Interprets a field that is complete: sets the next field, and how many bytes come before it.
 * RFC 8878, section 3.1, describes the format. */
static void end_zstd_field(struct filter_search_end *end)
{
	static const unsigned dictionary_sizes[] = {0, 1, 2, 4};
	uint32_t value = end->value;
	unsigned size_of_content;

	switch (end->field) {
	case ZSTD_MAGIC:
		if (value == UINT32_C(0xfd2fb528))
			end->field = ZSTD_DESCRIPTOR;
		else if ((value & ~UINT32_C(15)) == UINT32_C(0x184d2a50))
			end->field = ZSTD_SKIPPABLE;
		else /* The decompressor will report it. */
			end->skipped = UINT64_MAX;
		break;
	case ZSTD_DESCRIPTOR:
		/* A frame of a single segment has no byte for the size of its window. */
		size_of_content = value >> 6 > 0 ? 1U << (value >> 6) : value >> 5 & 1;
		end->skipped = !(value >> 5 & 1) + dictionary_sizes[value & 3] + size_of_content;
		end->has_checksum = value >> 2 & 1;
		end->field = ZSTD_BLOCK;
		break;
	case ZSTD_BLOCK:
		/* A block of type 1 is one byte that is repeated. */
		end->skipped = (value >> 1 & 3) == 1 ? 1 : value >> 3;
		if (value & 1) {
			end->skipped += end->has_checksum ? 4 : 0;
			end->field = ZSTD_MAGIC;
		}
		break;
	case ZSTD_SKIPPABLE:
		end->skipped = value;
		end->field = ZSTD_MAGIC;
		break;
	}
	end->value = 0;
	end->seen = 0;
}

/** Finds NUL bytes after a frame of zstd. A frame may itself end in NUL bytes, so its end is found
 * by the sizes of its blocks. */
static size_t find_zstd_end(struct filter_search_end *end, const char *bytes, size_t size,
	bool *is_found)
{
	size_t at = 0;

	while (at < size) {
		if (end->skipped > 0) {
			size_t count = end->skipped < size - at ? (size_t)end->skipped : size - at;

			at += count;
			end->skipped -= count;
			continue;
		}
		if (end->field == ZSTD_MAGIC && end->seen == 0 && bytes[at] == 0) {
			*is_found = end->is_certain = true;
			break;
		}
		end->value |= (uint32_t)(unsigned char)bytes[at++] << (8 * end->seen++);
		if (end->seen == zstd_field_size(end->field))
			end_zstd_field(end);
	}
	return at;
}

size_t filter_search_end_of(struct filter_search_end *end, const char *name, const char *bytes,
	size_t size, bool *is_found)
{
	if (strcmp(name, "xz") == 0)
		return find_xz_end(end, bytes, size, is_found);
	if (strcmp(name, "zstd") == 0)
		return find_zstd_end(end, bytes, size, is_found);
	return size;
}
