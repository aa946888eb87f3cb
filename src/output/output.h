/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef OUTPUT_OUTPUT_H
#define OUTPUT_OUTPUT_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * Output: standard output, or a file that appears complete or not at all; and blocks of gzip.
 */

/* ---- files ---- */

struct output_file;

/**
 * Opens a target for writing. NULL or "-": standard output. Anything else is written to a temporary
 * file in the same directory (".NAME.domstream-XXXXXX", mode 0666 less umask, or that of the file
 * that is replaced) and takes its name in output_file_commit(). A target that exists and is no
 * regular file (a pipe, /dev/null, a terminal) is opened and written directly; a symbolic link is
 * followed and its target replaced. A regular file that may not be written is refused, as the
 * shell's `>` does. A descriptor that the process was started with (/dev/stdout, /dev/stderr,
 * /dev/fd/N) is written directly, whatever it is, and so is a regular file that standard output or
 * standard error already goes to. Opening a named pipe waits for its reader.
 *
 * `name` is borrowed until the handle is gone; the errors of this module name it, or "-". They have
 * no id.
 *
 * Returns DS_OK; DS_SYSTEM with `error` (place.name = the target as given, text with the reason)
 * and `errno` set; DS_NO_MEMORY.
 */
enum ds_status output_file_open(struct output_file **out, const char *name, struct ds_error *error);

/** Writes all of the data: continues after EINTR and short counts. Returns DS_OK, or DS_SYSTEM with
 * `error`; `errno` is preserved, so that the caller can recognize EPIPE. Errors are sticky. */
enum ds_status output_file_write(struct output_file *file, const char *data, size_t size,
	struct ds_error *error);

/**
 * Makes it last: fsyncs, closes, renames, fsyncs the directory. Standard output is closed and
 * checked. Frees the handle in any case; on failure, and after a failed write, the temporary file
 * is removed.
 *
 * Returns DS_OK or DS_SYSTEM with `error`; `errno` as in output_file_write().
 */
enum ds_status output_file_commit(struct output_file *file, struct ds_error *error);

/** Removes the temporary file, closes, frees. What a pipe or standard output already has stays
 * there. NULL is fine. */
void output_file_abandon(struct output_file *file);

/** Returns the path of the temporary file, for a signal handler to unlink; NULL when the output is
 * written directly. Valid until commit/abandon. */
const char *output_file_temporary(const struct output_file *file);

/** Whether the bytes go to the standard output of the process. */
bool output_file_is_standard(const struct output_file *file);

/** The file that the bytes go to now: the temporary file, or what is written directly. Returns
 * whether it is a regular file. */
bool output_file_written(const struct output_file *file, struct ds_file_id *id);

/** The file that output_file_commit() will replace. Returns false when the output is
 * written directly or the file did not exist when it was opened. */
bool output_file_replaced(const struct output_file *file, struct ds_file_id *id);

/** Whether two outputs would overwrite each other, or be mixed in one pipe. */
bool output_file_is_same(const struct output_file *one, const struct output_file *other);

/** Returns the path that the file has in the end, for the caller to free. NULL: it is no regular
 * file, its path is unknown, or there is no memory. */
char *output_file_path(const struct output_file *file);

/* ---- gzip ---- */

/** Bytes of input that go into one BGZF block; its compressed form always fits 64 KiB. */
#define BGZF_BLOCK_SIZE ((size_t)0xff00)
/** Bytes that one block may take, header and trailer included. */
#define BGZF_BLOCK_MAX ((size_t)0x10000)

struct bgzf;

/** A compressor that is kept for many blocks, one a thread. `level` 1 to 9. NULL: no memory, or no
 * such level. */
struct bgzf *bgzf_new(int level);

/**
 * Compresses `size` (at most BGZF_BLOCK_SIZE, more than 0) bytes into one block: a gzip member with
 * the BC extra field with its length (SAM specification, section 4.1). `out` has room for
 * BGZF_BLOCK_MAX bytes. Data that does not shrink is stored. Returns the bytes used. Cannot fail.
 */
size_t bgzf_block(struct bgzf *bgzf, const char *data, size_t size, char *out);

/** The empty block of 28 bytes that ends a BGZF file, so that a file cut at a block's border is
 * recognised. */
extern const char bgzf_end[28];

void bgzf_free(struct bgzf *bgzf);

#endif
