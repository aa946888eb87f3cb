/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_TAR_H
#define INPUT_TAR_H

#include "input/source.h"

/**
 * The regular files of a tar archive, one after another as streams of their own. Links, directories
 * and devices are skipped. libarchive understands the headers; it gets its bytes from the layer
 * below and opens nothing itself. Built without it, no archive can be read, and tar_new() says so.
 */

/** Bytes of the longest name of a member with its NUL. */
#define TAR_NAME_SIZE 4096

struct tar;

/** The library that reads archives and its version, or NULL if there is none. */
const char *tar_version(void);

/**
 * Bytes of the archive come from `pull`; `context` is borrowed until tar_free(). A member that
 * gives more than 64 MiB and more than `ratio` times what it takes in the archive, by holes, is
 * refused.
 *
 * DS_OK; DS_NO_MEMORY; DS_DAMAGED with a DA908 when this was built without libarchive.
 */
enum ds_status tar_new(struct tar **out, input_pull *pull, void *context, unsigned ratio,
	struct ds_error *error);

/**
 * Goes on to the next regular file. Returns DS_OK with its name, which is valid until the next
 * call, or with NULL at the end of the archive, when all bytes were pulled; and DS_NO_MEMORY.
 *
 * DS_DAMAGED with `error` filled: DA905 a member's name is too long; DA902 a header is damaged, and
 * the members before the next good one are lost: the next call goes on behind it. DA901 the archive
 * is truncated; DA902 it is corrupt in another way; or what `pull` returned: sticky, see
 * tar_has_failed(). Offsets are those in the archive, decompressed.
 */
enum ds_status tar_next(struct tar *tar, const char **name, struct ds_error *error);

/**
 * An `input_pull`; `context` is the struct tar. Bytes of the present member. Returns DS_OK;
 * DS_DAMAGED with a DA905, whose offset is one in the member; or a failure of the whole archive as
 * tar_next().
 */
enum ds_status tar_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error);

/** Goes on behind a failure of `pull`, which gives bytes again: at the next header of POSIX,
 * wherever that begins. Returns DS_OK or DS_NO_MEMORY. */
enum ds_status tar_resume(struct tar *tar);

/** Bytes of the present member, by its header. */
uint64_t tar_size(const struct tar *tar);

/** Whether the archive cannot be read any further. */
bool tar_has_failed(const struct tar *tar);

void tar_free(struct tar *tar);

#endif
