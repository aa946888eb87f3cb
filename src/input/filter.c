/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/filter.h"

#include "input/error.h"
#include "input/gzip.h" /* GZIP_GRACE */
#include "input/reserve.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COMPRESSED_SIZE ((size_t)64 << 10)

struct filter {
	struct archive *archive;
	input_pull *pull;
	void *context;
	const char *name;
	uint64_t ratio;
	/** The layer below has no more bytes. */
	bool is_ended;
	/** archive_read_open() was called. */
	bool is_open;
	/** All bytes were decompressed. */
	bool is_over;
	/** Compressed bytes that were read so far, and bytes that were returned. */
	uint64_t pulled;
	uint64_t given;
	/** The rest of the last block that libarchive returned. */
	const char *block;
	size_t block_size;
	/** The first error is kept here and in `error`. */
	enum ds_status status;
	struct ds_error error;
	char compressed[COMPRESSED_SIZE];
};

/** libarchive's read callback. */
static la_ssize_t read_compressed(struct archive *archive, void *context, const void **bytes)
{
	struct filter *filter = context;
	size_t size = 0;

	*bytes = filter->compressed;
	if (filter->is_ended || filter->status != DS_OK)
		return 0;
	filter->status = filter->pull(filter->context, filter->compressed, COMPRESSED_SIZE, &size,
		&filter->error);
	if (filter->status != DS_OK) {
		archive_set_error(archive, EIO, "the layer below failed");
		return ARCHIVE_FATAL;
	}
	filter->is_ended = size == 0;
	filter->pulled += size;
	return (la_ssize_t)size;
}

/** Makes libarchive expect this compression and no other. Returns false if libarchive does not
 * support it, or only by running a program. */
static bool support(struct archive *archive, const char *name)
{
	static const struct {
		const char *name;
		int (*support)(struct archive *archive);
	} all[] = {
		{"xz", archive_read_support_filter_xz},
		{"zstd", archive_read_support_filter_zstd},
		{"bzip2", archive_read_support_filter_bzip2},
		{"lz4", archive_read_support_filter_lz4},
		{"compress", archive_read_support_filter_compress},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(all[i].name, name) == 0)
			return all[i].support(archive) == ARCHIVE_OK;
	return false;
}

enum ds_status filter_new(struct filter **out, input_pull *pull, void *context, const char *name,
	const char *command, unsigned ratio, struct ds_error *error)
{
	struct filter *filter = malloc(sizeof(*filter));

	if (filter == NULL)
		return DS_NO_MEMORY;
	memset(filter, 0, offsetof(struct filter, compressed));
	filter->pull = pull;
	filter->context = context;
	filter->name = name;
	filter->ratio = (uint64_t)ratio * FILTER_RATIO_FACTOR;
	filter->archive = reserve_is_available() ? archive_read_new() : NULL;
	if (filter->archive == NULL ||
		archive_read_support_format_raw(filter->archive) != ARCHIVE_OK ||
		archive_read_support_format_empty(filter->archive) != ARCHIVE_OK) {
		filter_free(filter);
		return DS_NO_MEMORY;
	}
	if (!support(filter->archive, name)) {
		filter_free(filter);
		input_error_set(error, "DA908", "", 0,
			"compressed with %s, which this libarchive cannot read; use: %s FILE | "
			"domstream ...",
			name, command);
		return DS_DAMAGED;
	}
	*out = filter;
	return DS_OK;
}

/** Returns whether libarchive reports truncated data. xz calls it "No progress is possible". */
static bool is_truncation(const char *reason)
{
	return reason != NULL &&
		(strstr(reason, "runcated") != NULL || strstr(reason, "No progress") != NULL);
}

static void fail(struct filter *filter)
{
	const char *reason = archive_error_string(filter->archive);

	if (filter->status != DS_OK)
		return;
	filter->status = DS_DAMAGED;
	if (archive_errno(filter->archive) == ENOMEM)
		filter->status = DS_NO_MEMORY;
	else if (is_truncation(reason))
		input_error_set(&filter->error, "DA901", "", filter->pulled,
			"the %s data is truncated", filter->name);
	else
		input_error_set(&filter->error, "DA902", "", filter->pulled,
			"the %s data is corrupt: %s", filter->name,
			reason != NULL ? reason : "no reason known");
}

/** Checks that nothing follows the compressed data: libarchive does not look. */
static void check_rest(struct filter *filter)
{
	la_int64_t used = archive_filter_bytes(filter->archive, -1);
	uint64_t begin = filter->pulled;
	size_t size = 0;

	filter->is_over = true;
	if (used < 0 || filter->status != DS_OK)
		return;
	if ((uint64_t)used >= filter->pulled && !filter->is_ended)
		filter->status = filter->pull(filter->context, filter->compressed, COMPRESSED_SIZE,
			&size, &filter->error);
	if (filter->status != DS_OK || ((uint64_t)used >= begin && size == 0))
		return;
	filter->status = DS_DAMAGED;
	input_error_set(&filter->error, "DA904", "", (uint64_t)used,
		"the bytes after the %s data are not read", filter->name);
}

static void check_ratio(struct filter *filter)
{
	if (filter->given <= GZIP_GRACE)
		return;
	if (filter->ratio != 0 && (filter->given - 1) / filter->ratio < filter->pulled)
		return;
	filter->status = DS_DAMAGED;
	input_error_set(&filter->error, "DA905", "", filter->pulled,
		"the %s data is refused: it expands to too many times its size", filter->name);
}

/** Gets the next block of decompressed bytes. */
static void next_block(struct filter *filter)
{
	struct archive_entry *entry;
	const void *block = NULL;
	la_int64_t offset;
	int result = ARCHIVE_OK;

	if (!reserve_is_available()) {
		filter->status = DS_NO_MEMORY;
		return;
	}
	if (!filter->is_open) {
		filter->is_open = true;
		result = archive_read_open(filter->archive, filter, NULL, read_compressed, NULL);
		if (result == ARCHIVE_OK)
			result = archive_read_next_header(filter->archive, &entry);
	}
	if (result == ARCHIVE_OK)
		result = archive_read_data_block(filter->archive, &block, &filter->block_size,
			&offset);
	filter->block = block;
	if (result == ARCHIVE_OK)
		return;
	filter->block_size = 0;
	if (result == ARCHIVE_EOF)
		check_rest(filter);
	else
		fail(filter);
}

enum ds_status filter_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error)
{
	struct filter *filter = context;

	while (filter->block_size == 0 && !filter->is_over && filter->status == DS_OK)
		next_block(filter);
	if (filter->block_size == 0 && filter->status != DS_OK) {
		*error = filter->error;
		return filter->status;
	}
	*size = capacity < filter->block_size ? capacity : filter->block_size;
	if (*size > 0)
		memcpy(data, filter->block, *size);
	filter->block += *size;
	filter->block_size -= *size;
	filter->given += *size;
	check_ratio(filter);
	return DS_OK;
}

void filter_free(struct filter *filter)
{
	if (filter == NULL)
		return;
	archive_read_free(filter->archive);
	free(filter);
}
