/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/filter.h"

#include "input/error.h"
#include "input/filter_search.h"
#include "input/gzip.h" /* GZIP_GRACE */
#include "input/reserve.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define COMPRESSED_SIZE ((size_t)64 << 10)
/* The number of bytes that are kept after they were passed, to read them once more. */
#define HISTORY_SIZE (COMPRESSED_SIZE / 2)
/* Reading continues after damage this many times. In a hostile file, every few bytes could begin a
 * damaged stream. */
#define RESUMES_MAX 1000
/* The padding of xz is a multiple of this. */
#define XZ_PADDING_UNIT 4

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
	/** The offset of the first byte that was passed to `archive`. */
	uint64_t begin;
	/** The bytes that were not passed yet are compressed[held_at … held_end). Those before them
	 * are the last ones that were passed. */
	size_t held_at;
	size_t held_end;
	/** Finds NUL bytes between two streams, because liblzma accepts them as padding, and
	 * libarchive drops what it has read when they follow a zstd frame. `padding` is their
	 * number, and `is_cut` is set if more data follow them. */
	struct filter_search_end end;
	uint64_t padding;
	bool is_in_padding;
	bool is_cut;
	/** The file ends with the padding. */
	bool is_padded;
	/** There was damage, so every stream is read by itself: libarchive drops up to 64 KiB of
	 * the streams before the damage. `is_split` is set when the held bytes begin another stream
	 * than the one that is being read. */
	bool is_careful;
	bool is_split;
	/** The value of `given` at the beginning of the present archive. */
	uint64_t given_before;
	/** Another stream was found after the damage that `error` describes, or the layer below
	 * has failed there, too; filter_resume() continues there. */
	bool may_resume;
	/** The failure is one of the layer below. */
	bool is_below;
	bool is_searched;
	unsigned resumes;
	/** The rest of the last block that libarchive returned. */
	const char *block;
	size_t block_size;
	/** The first error is kept here and in `error`. */
	enum ds_status status;
	struct ds_error error;
	char compressed[COMPRESSED_SIZE];
};

static uint64_t held_offset(const struct filter *filter)
{
	return filter->pulled - (filter->held_end - filter->held_at);
}

/** Reads more compressed bytes after those that are held. Returns false at the end and on
 * failure. */
static bool pull_more(struct filter *filter)
{
	size_t kept = filter->held_at < HISTORY_SIZE ? filter->held_at : HISTORY_SIZE;
	size_t dropped = filter->held_at - kept;
	size_t size = 0;

	if (filter->is_ended || filter->status != DS_OK)
		return false;
	memmove(filter->compressed, filter->compressed + dropped, filter->held_end - dropped);
	filter->held_at = kept;
	filter->held_end -= dropped;
	filter->status = filter->pull(filter->context, filter->compressed + filter->held_end,
		COMPRESSED_SIZE - filter->held_end, &size, &filter->error);
	filter->is_below = filter->status != DS_OK;
	if (filter->is_below)
		return false;
	filter->is_ended = size == 0;
	filter->pulled += size;
	filter->held_end += size;
	return size > 0;
}

/** Skips NUL bytes after what may be the end of a stream. Sets `is_cut` if more data seem to follow
 * that end. */
static void skip_padding(struct filter *filter)
{
	do {
		while (filter->held_at < filter->held_end &&
			filter->compressed[filter->held_at] == 0) {
			filter->held_at++;
			filter->padding++;
		}
	} while (filter->held_at == filter->held_end && pull_more(filter));
	while (filter->held_end - filter->held_at < FILTER_BEGIN_SIZE && pull_more(filter))
		;
	filter->is_padded = filter->held_at == filter->held_end;
	/* After damage, an end is more likely than data that look like one. */
	filter->is_cut = !filter->is_padded &&
		(filter->end.is_certain ||
			(filter->is_careful && filter->padding >= XZ_PADDING_UNIT) ||
			filter_search_begins(filter->name, filter->compressed + filter->held_at,
				filter->held_end - filter->held_at));
	filter->is_in_padding = false;
}

/** Returns how many of the held bytes belong to the present stream. */
static size_t to_next_stream(struct filter *filter)
{
	size_t from = held_offset(filter) == filter->begin ? 1 : 0;
	const char *held;
	size_t size, at;

	while (filter->held_end - filter->held_at < FILTER_BEGIN_SIZE && pull_more(filter))
		;
	held = filter->compressed + filter->held_at;
	size = filter->held_end - filter->held_at;
	at = from + filter_search_begin(filter->name, held + from, size - from);
	if (at == size)
		return filter->is_ended ? size : size - (FILTER_BEGIN_SIZE - 1);
	filter->is_split = at == 0;
	return at;
}

/** Passes the next held bytes, or NUL bytes that did not end a stream after all. */
static size_t pass_bytes(struct filter *filter, const void **bytes)
{
	static const char zeros[4096];
	size_t size = filter->held_end - filter->held_at;

	if (filter->padding > 0 && !filter->is_padded) {
		size = filter->padding < sizeof(zeros) ? (size_t)filter->padding : sizeof(zeros);
		filter->padding -= size;
		*bytes = zeros;
		return size;
	}
	if (filter->is_careful)
		size = to_next_stream(filter);
	size = filter_search_end_of(&filter->end, filter->name,
		filter->compressed + filter->held_at, size, &filter->is_in_padding);
	*bytes = filter->compressed + filter->held_at;
	filter->held_at += size;
	return size;
}

/** libarchive's read callback. */
static la_ssize_t read_compressed(struct archive *archive, void *context, const void **bytes)
{
	struct filter *filter = context;
	size_t size = 0;

	*bytes = filter->compressed;
	while (size == 0 && filter->status == DS_OK && !filter->is_cut && !filter->is_split) {
		if (filter->is_in_padding)
			skip_padding(filter);
		else if ((filter->padding > 0 && !filter->is_padded) ||
			filter->held_at < filter->held_end)
			size = pass_bytes(filter, bytes);
		else if (!pull_more(filter))
			break;
	}
	if (size > 0 || filter->status == DS_OK)
		return (la_ssize_t)size;
	archive_set_error(archive, EIO, "the layer below failed");
	return ARCHIVE_FATAL;
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
		{"lzip", archive_read_support_filter_lzip},
		{"lzma", archive_read_support_filter_lzma},
		{"compress", archive_read_support_filter_compress},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(all[i].name, name) == 0)
			return all[i].support(archive) == ARCHIVE_OK;
	return false;
}

/** Creates libarchive's reader. Returns NULL when there is no memory. */
static struct archive *new_archive(void)
{
	struct archive *archive = reserve_is_available() ? archive_read_new() : NULL;

	if (archive == NULL ||
		(archive_read_support_format_raw(archive) == ARCHIVE_OK &&
			archive_read_support_format_empty(archive) == ARCHIVE_OK))
		return archive;
	archive_read_free(archive);
	return NULL;
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
	filter->archive = new_archive();
	if (filter->archive == NULL) {
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

/** Returns the offset up to which libarchive has used the compressed bytes. */
static uint64_t used(const struct filter *filter)
{
	la_int64_t count = archive_filter_bytes(filter->archive, -1);

	return filter->begin + (count > 0 ? (uint64_t)count : 0);
}

static void fail(struct filter *filter)
{
	const char *reason = archive_error_string(filter->archive);

	if (filter->status != DS_OK)
		return;
	filter->status = DS_DAMAGED;
	if (archive_errno(filter->archive) == ENOMEM)
		filter->status = DS_NO_MEMORY;
	else if (is_truncation(reason) && !filter->is_cut && !filter->is_split)
		input_error_set(&filter->error, "DA901", "", filter->pulled,
			"the %s data is truncated", filter->name);
	else
		input_error_set(&filter->error, "DA902", "", used(filter),
			"the %s data is corrupt: %s", filter->name,
			reason != NULL ? reason : "no reason known");
}

/** Returns whether only NUL bytes come between this offset and the end of the input. */
static bool is_end_padding(struct filter *filter, uint64_t at)
{
	uint64_t size = filter->pulled - at;

	if (filter->is_padded)
		return size == filter->padding;
	if (size > filter->held_end)
		return false;
	filter->held_at = filter->held_end - (size_t)size;
	do {
		while (filter->held_at < filter->held_end &&
			filter->compressed[filter->held_at] == 0)
			filter->held_at++;
	} while (filter->held_at == filter->held_end && pull_more(filter));
	return filter->held_at == filter->held_end && filter->status == DS_OK;
}

/** Begins to read the stream at the held bytes. */
static void begin_stream(struct filter *filter)
{
	struct archive *archive = new_archive();

	if (archive == NULL || !support(archive, filter->name)) {
		archive_read_free(archive);
		filter->status = DS_NO_MEMORY;
		return;
	}
	archive_read_free(filter->archive);
	filter->archive = archive;
	filter->begin = held_offset(filter);
	filter->given_before = filter->given;
	filter->padding = 0;
	filter->end = (struct filter_search_end){0};
	filter->is_open = filter->is_over = filter->is_cut = filter->is_split = false;
	filter->is_in_padding = false;
}

/** Checks that nothing follows the compressed data, because libarchive does not check that. */
static void check_rest(struct filter *filter)
{
	uint64_t at = used(filter);

	if (filter->status != DS_OK)
		return;
	if (filter->is_split && at >= held_offset(filter)) {
		begin_stream(filter);
		return;
	}
	filter->is_over = true;
	if (filter->is_cut) {
		filter->status = DS_DAMAGED;
		input_error_set(&filter->error, "DA904", "", held_offset(filter) - filter->padding,
			"there are %" PRIu64 " NUL bytes after %s data, and more data after them",
			filter->padding, filter->name);
		return;
	}
	if (at >= filter->pulled)
		pull_more(filter);
	if (filter->status != DS_OK || at >= filter->pulled || is_end_padding(filter, at))
		return;
	filter->status = DS_DAMAGED;
	input_error_set(&filter->error, "DA904", "", at,
		"the bytes after the %s data are neither another stream nor padding", filter->name);
}

static void check_ratio(struct filter *filter)
{
	if (filter->given <= GZIP_GRACE)
		return;
	if (filter->ratio != 0 && (filter->given - 1) / filter->ratio < filter->pulled)
		return;
	filter->status = DS_DAMAGED;
	input_error_set(&filter->error, "DA905", "", filter->pulled,
		"the %s data is refused: it expands to more than %" PRIu64 " times its size (ten "
		"times --max-gzip-ratio)",
		filter->name, filter->ratio);
}

/** If nothing was returned yet, goes back to the beginning, to read each stream by itself. Returns
 * false if that is not possible. */
static bool retry(struct filter *filter)
{
	uint64_t passed = held_offset(filter) - filter->begin;

	if (filter->is_careful || filter->status != DS_OK ||
		filter->given != filter->given_before || passed > filter->held_at)
		return false;
	filter->is_careful = true;
	filter->held_at -= (size_t)passed;
	begin_stream(filter);
	return true;
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
		/* The bytes of a file that libarchive does not recognize would be returned as they
		 * are. */
		if (result == ARCHIVE_OK &&
			archive_filter_code(filter->archive, 0) == ARCHIVE_FILTER_NONE) {
			archive_set_error(filter->archive, EINVAL, "its header is invalid");
			result = ARCHIVE_FATAL;
		}
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
	else if (!retry(filter))
		fail(filter);
}

/* ---- after damage ---- */

/** Returns how many of the bytes before the held ones follow the last position that libarchive
 * reached. They may contain the beginning of another stream. */
static size_t bytes_to_search(const struct filter *filter)
{
	uint64_t from = used(filter);
	uint64_t end = held_offset(filter);

	if (filter->is_cut || filter->is_split || from >= end)
		return 0;
	/* The stream that failed must not be found once more. */
	if (from == filter->begin)
		from++;
	return end - from < filter->held_at ? (size_t)(end - from) : filter->held_at;
}

/** Finds the beginning of the next stream. Returns false after the last one. */
static bool find_stream(struct filter *filter)
{
	filter->held_at -= bytes_to_search(filter);
	for (;;) {
		size_t size = filter->held_end - filter->held_at;
		size_t at = filter_search_begin(filter->name, filter->compressed + filter->held_at,
			size);

		filter->held_at += at;
		if (at < size)
			return true;
		/* The signature of a stream may be incomplete at the end of the bytes. */
		filter->held_at -= size < FILTER_BEGIN_SIZE - 1 ? size : FILTER_BEGIN_SIZE - 1;
		if (!pull_more(filter))
			return false;
	}
}

/** After damage, searches for the next stream. If the layer below fails meanwhile, that is reported
 * after the damage. */
static void search(struct filter *filter)
{
	struct ds_error damage = filter->error;
	bool is_found;

	filter->is_searched = true;
	if (filter->status != DS_DAMAGED || filter->is_below || strcmp(damage.id, "DA905") == 0 ||
		strcmp(damage.id, "DA908") == 0 || filter->resumes == RESUMES_MAX)
		return;
	filter->status = DS_OK;
	is_found = find_stream(filter);
	filter->may_resume = is_found || filter->is_below;
	if (filter->is_below)
		filter->held_at = filter->held_end;
	filter->status = DS_DAMAGED;
	filter->error = damage;
	/* A stream may also be found before the damage, among the bytes that libarchive dropped. */
	if (is_found)
		input_error_add_skipped(&filter->error, damage.place.offset, held_offset(filter));
	else
		input_error_add_unread(&filter->error, damage.place.offset, filter->pulled);
}

enum ds_status filter_resume(struct filter *filter)
{
	if (!filter->may_resume)
		return DS_DAMAGED;
	filter->status = DS_OK;
	filter->may_resume = filter->is_searched = false;
	filter->is_careful = true;
	filter->resumes++;
	begin_stream(filter);
	return filter->status;
}

void filter_interrupt(struct filter *filter)
{
	filter->status = DS_DAMAGED;
	filter->is_below = filter->is_searched = false;
	input_error_set(&filter->error, "DA902", "", filter->pulled,
		"bytes of the %s data are missing", filter->name);
}

enum ds_status filter_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error)
{
	struct filter *filter = context;

	while (filter->block_size == 0 && !filter->is_over && filter->status == DS_OK)
		next_block(filter);
	if (filter->block_size == 0 && filter->status != DS_OK) {
		if (!filter->is_searched)
			search(filter);
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
