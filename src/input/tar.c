/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/tar.h"

#include "input/error.h"
#include "input/gzip.h" /* GZIP_GRACE: also the limit for sparse files */
#include "input/magic.h" /* MAGIC_TAR_SIZE */
#include "input/reserve.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_SIZE ((size_t)64 << 10)

struct tar {
	struct archive *archive;
	input_pull *pull;
	void *context;
	unsigned ratio;
	/** The layer below has ended. */
	bool is_ended;
	/** The status of the layer below; `error` is filled when it is not DS_OK. */
	enum ds_status status;
	struct ds_error error;
	/** libarchive has started to read. */
	bool is_open;
	/** The end of the archive was reached. */
	bool is_over;
	/** Why the archive cannot be read any further; `failure` is filled when it is not DS_OK. */
	enum ds_status failed;
	struct ds_error failure;
	/** libarchive's result for the header after a damaged one, which is reported first. */
	bool has_pending;
	int pending;
	/** The entry of the present member, owned by libarchive, and whether there is one. */
	struct archive_entry *entry;
	bool has_entry;
	/** Reading was resumed after a gap, so the next header may begin at any byte. */
	bool is_resumed;
	/** The number of bytes before the first valid header. libarchive does not see them. */
	uint64_t skipped;
	/** The bytes that were read while searching for it, bytes[held_at … held_end), are passed
	 * to libarchive first. */
	size_t held_at;
	size_t held_end;
	/** The size of the last piece that was passed to libarchive, which is at bytes[0], and of
	 * all of them. */
	size_t piece_size;
	uint64_t passed;
	/** Where the next header was expected, the number of NUL bytes there, and whether all bytes
	 * that were passed since then are NUL. */
	uint64_t expected_at;
	uint64_t zeros;
	bool is_counting;
	/** The next bytes of the present member, owned by libarchive, and their offset in the
	 * member, which may be sparse. */
	const void *block;
	size_t block_size;
	uint64_t block_at;
	/** The number of bytes that the present member has returned, and where its data begins in
	 * the archive. */
	uint64_t given;
	uint64_t begin;
	char name[TAR_NAME_SIZE];
	char bytes[PIECE_SIZE];
};

const char *tar_version(void)
{
	return archive_version_string();
}

/** Pulls into `bytes` from `at` on. Returns the number of bytes; 0 at the end and after a
 * failure. */
static size_t pull_piece(struct tar *tar, size_t at)
{
	size_t size = 0;

	if (tar->is_ended || tar->status != DS_OK)
		return 0;
	tar->status = tar->pull(tar->context, tar->bytes + at, sizeof(tar->bytes) - at, &size,
		&tar->error);
	if (tar->status != DS_OK)
		return 0;
	tar->is_ended = size == 0;
	return size;
}

static void count_zeros(struct tar *tar, const char *bytes, size_t size)
{
	size_t count = 0;

	while (count < size && bytes[count] == 0)
		count++;
	tar->zeros += count;
	tar->is_counting = count == size;
}

/** libarchive's read callback. It passes whole blocks, so that libarchive copies none. */
static la_ssize_t read_piece(struct archive *archive, void *context, const void **bytes)
{
	struct tar *tar = context;
	size_t size = tar->held_end - tar->held_at;
	size_t more = 0;

	if (size > 0)
		memmove(tar->bytes, tar->bytes + tar->held_at, size);
	tar->held_at = tar->held_end = 0;
	do {
		more = size == 0 || size % MAGIC_TAR_SIZE != 0 ? pull_piece(tar, size) : 0;
		size += more;
	} while (more > 0 && size % MAGIC_TAR_SIZE != 0);
	*bytes = tar->bytes;
	tar->piece_size = size;
	tar->passed += size;
	if (tar->is_counting)
		count_zeros(tar, tar->bytes, size);
	if (tar->status == DS_OK || size > 0)
		return (la_ssize_t)size;
	archive_set_error(archive, EIO, "the layer below failed");
	return ARCHIVE_FATAL;
}

/** Returns whether a header is here. After a gap every byte is tried, so it must be a POSIX
 * header. */
static bool is_header(const struct tar *tar)
{
	const unsigned char *bytes = (const unsigned char *)tar->bytes + tar->held_at;

	return (!tar->is_resumed || magic_tar(bytes, MAGIC_TAR_SIZE) == MAGIC_YES) &&
		magic_tar_checksum(bytes);
}

/**
 * Searches for the first header with a valid checksum. libarchive does that by itself except at the
 * beginning, where it treats a damaged header as no archive at all.
 */
static bool find_first(struct tar *tar)
{
	for (;;) {
		size_t size = tar->held_end - tar->held_at;
		size_t more;

		if (size >= MAGIC_TAR_SIZE) {
			size_t step = tar->is_resumed ? 1 : MAGIC_TAR_SIZE;

			if (is_header(tar))
				return true;
			tar->held_at += step;
			tar->skipped += step;
			continue;
		}
		memmove(tar->bytes, tar->bytes + tar->held_at, size);
		tar->held_at = 0;
		tar->held_end = size;
		more = pull_piece(tar, size);
		if (more == 0)
			return false;
		tar->held_end += more;
	}
}

/** Returns the number of bytes of the archive that were read. */
static uint64_t consumed(const struct tar *tar)
{
	la_int64_t count = archive_filter_bytes(tar->archive, 0);

	return tar->skipped + (count > 0 ? (uint64_t)count : 0);
}

static uint64_t header_at(const struct tar *tar)
{
	la_int64_t at = archive_read_header_position(tar->archive);

	/* The offset is negative before the first header. */
	return tar->skipped + (at > 0 ? (uint64_t)at : 0);
}

/** Creates libarchive's reader. It reads on after the zeros that end an archive, because another
 * one may follow, and because this shows whether the file is complete. Returns NULL when there is
 * no memory. */
static struct archive *new_archive(void)
{
	struct archive *archive = reserve_is_available() ? archive_read_new() : NULL;

	if (archive == NULL ||
		(archive_read_support_format_tar(archive) == ARCHIVE_OK &&
			archive_read_set_format_option(archive, "tar", "read_concatenated_archives",
				"1") == ARCHIVE_OK))
		return archive;
	archive_read_free(archive);
	return NULL;
}

enum ds_status tar_new(struct tar **out, input_pull *pull, void *context, unsigned ratio,
	struct ds_error *error)
{
	struct tar *tar = malloc(sizeof(*tar));

	(void)error;
	if (tar == NULL)
		return DS_NO_MEMORY;
	memset(tar, 0, offsetof(struct tar, name));
	tar->pull = pull;
	tar->context = context;
	tar->ratio = ratio;
	tar->archive = new_archive();
	if (tar->archive == NULL) {
		free(tar);
		return DS_NO_MEMORY;
	}
	*out = tar;
	return DS_OK;
}

enum ds_status tar_resume(struct tar *tar)
{
	struct archive *archive = new_archive();

	if (archive == NULL)
		return DS_NO_MEMORY;
	tar->skipped = consumed(tar);
	archive_read_free(tar->archive);
	tar->archive = archive;
	tar->status = tar->failed = DS_OK;
	tar->is_ended = tar->is_open = tar->is_over = tar->has_pending = false;
	tar->held_at = tar->held_end = tar->piece_size = tar->block_size = 0;
	tar->passed = 0;
	tar->has_entry = false;
	tar->is_resumed = true;
	return DS_OK;
}

/** Reports that the archive cannot be read any further. */
static enum ds_status fail(struct tar *tar, const char *where, struct ds_error *error)
{
	const char *reason = archive_error_string(tar->archive);

	tar->failed = DS_DAMAGED;
	if (tar->status != DS_OK) {
		tar->failure = tar->error;
		tar->failed = tar->status;
	} else if (archive_errno(tar->archive) == ENOMEM) {
		tar->failed = DS_NO_MEMORY;
	} else if (tar->is_ended) {
		input_error_set(&tar->failure, "DA901", "", consumed(tar),
			"the archive is truncated: it ends %s", where);
	} else {
		input_error_set(&tar->failure, "DA902", "", header_at(tar),
			"the archive is corrupt %s: %s", where,
			reason != NULL ? reason : "no reason known");
	}
	*error = tar->failure;
	return tar->failed;
}

/** The size of the records into which tar divides an archive. Most are smaller: the default is
 * 10 KiB. Larger ones, for tapes, have a power of two of bytes. */
#define RECORD_SIZE ((uint64_t)64 << 10)
#define RECORD_SIZE_MAX ((uint64_t)16 << 20)

/** Returns whether the NUL bytes at the end of an archive can be its end marker, which is two
 * blocks, and the padding of its last record. The size of the archive shows whether its records may
 * be large. */
static bool is_padding(uint64_t zeros, uint64_t size)
{
	uint64_t record = RECORD_SIZE;

	while (record < RECORD_SIZE_MAX && size % (2 * record) == 0)
		record *= 2;
	return zeros < 2 * MAGIC_TAR_SIZE + record;
}

/** Handles the end of the archive. Only the zeros there distinguish a complete archive from one
 * that was truncated after a member, and their number from one whose last members are lost. */
static enum ds_status end(struct tar *tar, struct ds_error *error)
{
	tar->is_over = true;
	if (consumed(tar) >= tar->expected_at + MAGIC_TAR_SIZE &&
		is_padding(tar->zeros, consumed(tar)))
		return DS_OK;
	tar->failed = DS_DAMAGED;
	if (tar->zeros > 0) {
		input_error_set(&tar->failure, "DA904", "", tar->expected_at,
			"the archive ends with %ju NUL bytes, which is more than padding: members "
			"may be missing",
			(uintmax_t)tar->zeros);
		*error = tar->failure;
		return DS_DAMAGED;
	}
	input_error_set(&tar->failure, "DA901", "", consumed(tar),
		"the archive is truncated: its end marker is missing");
	*error = tar->failure;
	return DS_DAMAGED;
}

static void set_damaged(const struct tar *tar, uint64_t begin, uint64_t zeros,
	struct ds_error *error)
{
	char hole[64] = "";

	if (zeros > 0)
		snprintf(hole, sizeof(hole), "there are %ju NUL bytes, and ", (uintmax_t)zeros);
	input_error_set(error, "DA902", "", begin, "%sthe header of a member is corrupt", hole);
	input_error_add_skipped(error, begin, header_at(tar));
}

/**
 * Reads the next header. libarchive silently skips blocks of zeros before it, because they end an
 * archive to which another one may have been appended. They may also be in place of whole members
 * that were lost, so they are counted.
 */
static int read_header(struct tar *tar)
{
	uint64_t first, at;
	int result = ARCHIVE_OK;

	if (tar->has_entry)
		result = archive_read_data_skip(tar->archive);
	tar->has_entry = false;
	if (result == ARCHIVE_EOF || result == ARCHIVE_FATAL)
		return ARCHIVE_FATAL;
	first = tar->passed - tar->piece_size;
	at = consumed(tar) - tar->skipped;
	tar->expected_at = tar->skipped + at;
	tar->zeros = 0;
	if (at >= first && at <= tar->passed)
		count_zeros(tar, tar->bytes + (at - first), (size_t)(tar->passed - at));
	result = archive_read_next_header(tar->archive, &tar->entry);
	tar->is_counting = false;
	tar->zeros -= tar->zeros % MAGIC_TAR_SIZE;
	tar->has_entry = result == ARCHIVE_OK || result == ARCHIVE_WARN;
	return result;
}

/** Opens the archive before the first header is read. */
static enum ds_status open_archive(struct tar *tar, struct ds_error *error)
{
	bool is_found = find_first(tar);

	tar->is_open = true;
	/* The loss of the bytes in the gap was reported already. */
	if (!is_found && tar->is_resumed && tar->status == DS_OK) {
		tar->is_over = true;
		return DS_OK;
	}
	if (!is_found || archive_read_open(tar->archive, tar, NULL, read_piece, NULL) != ARCHIVE_OK)
		return fail(tar, "before its first complete header", error);
	if (tar->skipped == 0 || tar->is_resumed)
		return DS_OK;
	tar->pending = read_header(tar);
	tar->has_pending = true;
	set_damaged(tar, 0, 0, error);
	return DS_DAMAGED;
}

/** Searches for the next valid header, as tar(1) does, after one with a wrong checksum. */
static enum ds_status skip_damage(struct tar *tar, struct ds_error *error)
{
	uint64_t begin = tar->expected_at;
	uint64_t zeros = tar->zeros;

	do
		tar->pending = read_header(tar);
	while (tar->pending == ARCHIVE_RETRY);
	if (tar->pending == ARCHIVE_FATAL)
		return fail(tar, "at the header of a member", error);
	tar->has_pending = true;
	set_damaged(tar, begin, zeros, error);
	return DS_DAMAGED;
}

/** Reports blocks of zeros that another member follows. */
static enum ds_status report_zeros(struct tar *tar, int result, struct ds_error *error)
{
	tar->pending = result;
	tar->has_pending = true;
	input_error_set(error, "DA904", "", tar->expected_at,
		"there are %ju NUL bytes, and more members after them: either members are missing, "
		"or archives were joined with cat, for which 'tar -A' is safe",
		(uintmax_t)tar->zeros);
	return DS_DAMAGED;
}

static int next_tar_header(struct tar *tar)
{
	if (!tar->has_pending)
		return read_header(tar);
	tar->has_pending = false;
	tar->zeros = 0;
	return tar->pending;
}

/** Copies the name of the present member. libarchive has no bytes for a name that it cannot express
 * in the locale; the name in UTF-8 is used then. */
static enum ds_status copy_name(struct tar *tar, struct ds_error *error)
{
	const char *name = archive_entry_pathname(tar->entry);

	if (name == NULL)
		name = archive_entry_pathname_utf8(tar->entry);
	if (name == NULL)
		name = "?";
	if (strlen(name) < sizeof(tar->name)) {
		memcpy(tar->name, name, strlen(name) + 1);
		return DS_OK;
	}
	input_error_set(error, "DA905", "", header_at(tar),
		"the name of a member is longer than %d bytes", TAR_NAME_SIZE - 1);
	return DS_DAMAGED;
}

enum ds_status tar_next(struct tar *tar, const char **name, struct ds_error *error)
{
	*name = NULL;
	if (tar->failed != DS_OK) {
		*error = tar->failure;
		return tar->failed;
	}
	if (!reserve_is_available())
		return DS_NO_MEMORY;
	if (!tar->is_open && open_archive(tar, error) != DS_OK)
		return tar->failed != DS_OK ? tar->failed : DS_DAMAGED;
	while (!tar->is_over) {
		int result = next_tar_header(tar);
		enum ds_status status;

		if (result == ARCHIVE_EOF)
			return end(tar, error);
		if (result == ARCHIVE_RETRY)
			return skip_damage(tar, error);
		if (tar->zeros > 0 && result != ARCHIVE_FATAL)
			return report_zeros(tar, result, error);
		if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
			return fail(tar, "at the header of a member", error);
		if (archive_entry_filetype(tar->entry) != AE_IFREG ||
			archive_entry_hardlink(tar->entry) != NULL)
			continue;
		status = copy_name(tar, error);
		if (status != DS_OK)
			return status;
		tar->block_size = 0;
		tar->given = 0;
		tar->begin = consumed(tar);
		*name = tar->name;
		return DS_OK;
	}
	return DS_OK;
}

/**
 * Fetches the next block of the member, unless there is one. archive_read_data() would be simpler,
 * but it drops its bytes when damage follows. Returns an ARCHIVE_ result.
 */
static int fetch_block(struct tar *tar)
{
	int result = ARCHIVE_OK;

	while (tar->block_size == 0 && result == ARCHIVE_OK) {
		la_int64_t offset = 0;

		do
			result = archive_read_data_block(tar->archive, &tar->block,
				&tar->block_size, &offset);
		while (result == ARCHIVE_RETRY);
		if (result == ARCHIVE_OK)
			tar->block_at = (uint64_t)offset;
		else
			tar->block_size = 0;
	}
	return result;
}

/** Copies bytes of the block, or zeros for the sparse region before it. Returns the number of
 * bytes. */
static size_t give(struct tar *tar, char *data, size_t capacity)
{
	uint64_t hole = tar->block_at > tar->given ? tar->block_at - tar->given : 0;
	size_t size = capacity < tar->block_size ? capacity : tar->block_size;

	if (hole > 0) {
		size = hole < capacity ? (size_t)hole : capacity;
		memset(data, 0, size);
	} else {
		memcpy(data, tar->block, size);
		tar->block = (const char *)tar->block + size;
		tar->block_size -= size;
		tar->block_at += size;
	}
	tar->given += size;
	return size;
}

enum ds_status tar_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error)
{
	struct tar *tar = context;
	int result;

	if (tar->failed != DS_OK) {
		*error = tar->failure;
		return tar->failed;
	}
	if (!reserve_is_available())
		return DS_NO_MEMORY;
	result = fetch_block(tar);
	if (result != ARCHIVE_OK && result != ARCHIVE_EOF)
		return fail(tar, "in the bytes of a member", error);
	*size = result == ARCHIVE_EOF ? 0 : give(tar, data, capacity);
	if (tar->given > GZIP_GRACE &&
		(tar->given - 1) / (tar->ratio ? tar->ratio : 1) >= consumed(tar) - tar->begin) {
		input_error_set(error, "DA905", "", tar->given,
			"is refused: its runs of NUL bytes make it more than %u times as large as "
			"in the archive (--max-gzip-ratio)",
			tar->ratio);
		return DS_DAMAGED;
	}
	return DS_OK;
}

uint64_t tar_size(const struct tar *tar)
{
	la_int64_t size = archive_entry_size(tar->entry);

	return size > 0 ? (uint64_t)size : 0;
}

bool tar_has_failed(const struct tar *tar)
{
	return tar->failed != DS_OK;
}

void tar_free(struct tar *tar)
{
	if (tar == NULL)
		return;
	archive_read_free(tar->archive);
	free(tar);
}
