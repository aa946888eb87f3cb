/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/tar.h"

#include "input/error.h"
#include "input/gzip.h"  /* GZIP_GRACE: holes are judged as compression is */
#include "input/magic.h" /* TAR_HEADER_SIZE */

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_SIZE ((size_t)64 << 10)

struct tar {
	struct archive *archive;
	input_pull *pull;
	void *context;
	unsigned ratio;
	/** The layer below has no more. */
	bool is_ended;
	/** What the layer below came upon; `error` is filled when it is not DS_OK. */
	enum ds_status status;
	struct ds_error error;
	/** The archive's end was seen. */
	bool is_over;
	/** Why it cannot be read any further; `failure` is filled when it is not DS_OK. */
	enum ds_status failed;
	struct ds_error failure;
	/** libarchive's result for the header behind a damaged one, which is told of first. */
	bool has_pending;
	int pending;
	/** Of the present member; libarchive's. */
	struct archive_entry *entry;
	/** Bytes that the present member has given, and where its data begins in the archive. */
	uint64_t given;
	uint64_t begin;
	char name[TAR_NAME_SIZE];
	char bytes[PIECE_SIZE];
};

const char *tar_version(void)
{
	return archive_version_string();
}

/** libarchive's read callback. */
static la_ssize_t read_piece(struct archive *archive, void *context, const void **bytes)
{
	struct tar *tar = context;
	size_t size = 0;

	*bytes = tar->bytes;
	if (tar->is_ended)
		return 0;
	if (tar->status == DS_OK)
		tar->status = tar->pull(tar->context, tar->bytes, sizeof(tar->bytes), &size, &tar->error);
	if (tar->status != DS_OK) {
		archive_set_error(archive, EIO, "the layer below failed");
		return ARCHIVE_FATAL;
	}
	tar->is_ended = size == 0;
	return (la_ssize_t)size;
}

/** Bytes of the archive that were looked at. */
static uint64_t consumed(const struct tar *tar)
{
	return (uint64_t)archive_filter_bytes(tar->archive, 0);
}

static uint64_t header_at(const struct tar *tar)
{
	return (uint64_t)archive_read_header_position(tar->archive);
}

enum ds_status tar_new(struct tar **out, input_pull *pull, void *context, unsigned ratio, struct ds_error *error)
{
	struct tar *tar = malloc(sizeof(*tar));

	(void)error;
	if (tar == NULL)
		return DS_NO_MEMORY;
	memset(tar, 0, offsetof(struct tar, name));
	tar->pull = pull;
	tar->context = context;
	tar->ratio = ratio;
	tar->archive = archive_read_new();
	/* Zeros end an archive, and another may follow. Reading on also shows whether its file is whole to the end. */
	if (tar->archive == NULL || archive_read_support_format_tar(tar->archive) != ARCHIVE_OK ||
	    archive_read_set_format_option(tar->archive, "tar", "read_concatenated_archives", "1") != ARCHIVE_OK ||
	    archive_read_open(tar->archive, tar, NULL, read_piece, NULL) != ARCHIVE_OK) {
		tar_free(tar);
		return DS_NO_MEMORY;
	}
	*out = tar;
	return DS_OK;
}

/** The archive cannot be read any further. */
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
		input_error_set(&tar->failure, "DA901", "", consumed(tar), "the archive is cut off: it ends %s", where);
	} else {
		input_error_set(&tar->failure, "DA902", "", header_at(tar), "the archive is damaged %s: %s", where,
				reason != NULL ? reason : "no reason known");
	}
	*error = tar->failure;
	return tar->failed;
}

/** Nothing but the zeros at its end tells a whole archive from one that was cut off behind a member. */
static enum ds_status end(struct tar *tar, struct ds_error *error)
{
	tar->is_over = true;
	if (consumed(tar) >= header_at(tar) + TAR_HEADER_SIZE)
		return DS_OK;
	tar->failed = DS_DAMAGED;
	input_error_set(&tar->failure, "DA901", "", consumed(tar), "the archive is cut off: the mark at its end is missing");
	*error = tar->failure;
	return DS_DAMAGED;
}

/** A header whose checksum is wrong. Looks for the next good one, as tar(1) does. */
static enum ds_status skip_damage(struct tar *tar, struct ds_error *error)
{
	uint64_t begin = header_at(tar);

	do
		tar->pending = archive_read_next_header(tar->archive, &tar->entry);
	while (tar->pending == ARCHIVE_RETRY);
	tar->has_pending = true;
	input_error_set(error, "DA902", "", begin, "the header of a member is damaged; the archive is read on from byte %ju",
			(uintmax_t)header_at(tar));
	return DS_DAMAGED;
}

static int next_header(struct tar *tar)
{
	if (!tar->has_pending)
		return archive_read_next_header(tar->archive, &tar->entry);
	tar->has_pending = false;
	return tar->pending;
}

/** A name is bytes; only libarchive may have made characters of them, and then not all locales have them. */
static enum ds_status take_name(struct tar *tar, struct ds_error *error)
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
	input_error_set(error, "DA905", "", header_at(tar), "the name of a member is longer than %d bytes", TAR_NAME_SIZE - 1);
	return DS_DAMAGED;
}

enum ds_status tar_next(struct tar *tar, const char **name, struct ds_error *error)
{
	*name = NULL;
	if (tar->failed != DS_OK) {
		*error = tar->failure;
		return tar->failed;
	}
	while (!tar->is_over) {
		int result = next_header(tar);
		enum ds_status status;

		if (result == ARCHIVE_EOF)
			return end(tar, error);
		if (result == ARCHIVE_RETRY)
			return skip_damage(tar, error);
		if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
			return fail(tar, "at the header of a member", error);
		if (archive_entry_filetype(tar->entry) != AE_IFREG || archive_entry_hardlink(tar->entry) != NULL)
			continue;
		status = take_name(tar, error);
		if (status != DS_OK)
			return status;
		tar->given = 0;
		tar->begin = consumed(tar);
		*name = tar->name;
		return DS_OK;
	}
	return DS_OK;
}

enum ds_status tar_read(void *context, char *data, size_t capacity, size_t *size, struct ds_error *error)
{
	struct tar *tar = context;
	la_ssize_t got;

	if (tar->failed != DS_OK) {
		*error = tar->failure;
		return tar->failed;
	}
	do
		got = archive_read_data(tar->archive, data, capacity);
	while (got == ARCHIVE_RETRY);
	if (got < 0)
		return fail(tar, "in the bytes of a member", error);
	tar->given += (uint64_t)got;
	if (tar->given > GZIP_GRACE && (tar->given - 1) / (tar->ratio ? tar->ratio : 1) >= consumed(tar) - tar->begin) {
		input_error_set(error, "DA905", "", tar->given,
				"is refused: with its holes it is too many times its size in the archive");
		return DS_DAMAGED;
	}
	*size = (size_t)got;
	return DS_OK;
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
