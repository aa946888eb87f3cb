/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_TAR_H
#define INPUT_TAR_H

#include "input/source.h"

/**
 * The regular files of a tar archive, one after another as separate streams. Links, directories and
 * devices are skipped. libarchive parses the headers; it gets its bytes from the layer below and
 * opens nothing itself. Without libarchive, no archive can be read, and tar_new() reports that.
 */

/** The size of the longest name of a member with its NUL byte. */
#define TAR_NAME_SIZE 4096

struct tar;

/** Returns the name and version of the library that reads archives, or NULL without it. */
const char *tar_version(void);

/**
 * Creates a reader. The bytes of the archive come from `pull`; `context` is borrowed until
 * tar_free(). A sparse member that expands to more than 64 MiB and more than `ratio` times its size
 * in the archive is refused.
 * Returns DS_OK, DS_NO_MEMORY, or DS_DAMAGED with a DA908 when this was built without libarchive.
 */
enum ds_status tar_new(struct tar **out, input_pull *pull, void *context, unsigned ratio,
	struct ds_error *error);

/**
 * Continues with the next regular file. Returns DS_OK with its name, which is valid until the next
 * call, or with NULL at the end of the archive, when all bytes were pulled; or DS_NO_MEMORY.
 * Returns DS_DAMAGED with a DA905 when a member's name is too long, with a DA902 when a header is
 * corrupt and the members before the next valid one are lost, or with a DA904 when NUL bytes are
 * before a member; after these, the next call continues. Other failures are sticky, see
 * tar_has_failed(): DS_DAMAGED with a DA901 when the archive is truncated, or with a DA902 when it
 * is corrupt in another way; or the status of `pull`. Offsets count decompressed bytes of the
 * archive.
 */
enum ds_status tar_next(struct tar *tar, const char **name, struct ds_error *error);

/**
 * An `input_pull`; `context` is the struct tar. Reads bytes of the present member. Returns DS_OK,
 * DS_DAMAGED with a DA905 whose offset is one in the member, or a failure of the whole archive as
 * tar_next() does.
 */
enum ds_status tar_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error);

/** Continues after a failure of `pull`, which now returns bytes again: at the next POSIX header,
 * wherever it begins. Returns DS_OK or DS_NO_MEMORY. */
enum ds_status tar_resume(struct tar *tar);

/** Returns the size of the present member according to its header. */
uint64_t tar_size(const struct tar *tar);

/** Returns whether the archive cannot be read any further. */
bool tar_has_failed(const struct tar *tar);

void tar_free(struct tar *tar);

#endif
