/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef OUTPUT_OUTPUT_H
#define OUTPUT_OUTPUT_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * Output to standard output, or to a file that appears complete or not at all; and gzip blocks.
 */

/* ---- files ---- */

struct output_file;

/**
 * Opens a target for writing. NULL or "-" is standard output. Any other target is written to a
 * temporary file in the same directory (".NAME.domstream-XXXXXX", with mode 0666 less umask, or
 * that of the file that is replaced), which output_file_commit() renames. An existing target that
 * is not a regular file (a pipe, /dev/null, a terminal) is opened and written directly; a symbolic
 * link is followed and its target replaced. A regular file without write permission is refused, as
 * the shell's `>` does. A descriptor that the process was started with (/dev/stdout, /dev/stderr,
 * /dev/fd/N) is written directly, whatever it is, and so is a regular file that standard output or
 * standard error already writes to. Opening a named pipe waits for its reader.
 * `name` is borrowed until the handle is freed; the errors of this module name it, or "-". They
 * have no id.
 * Returns DS_OK; DS_SYSTEM with `error` (place.name is the target as given, and the text has the
 * reason) and `errno`; or DS_NO_MEMORY.
 */
enum ds_status output_file_open(struct output_file **out, const char *name, struct ds_error *error);

/** Writes all of the data: continues after EINTR and short counts. Returns DS_OK, or DS_SYSTEM with
 * `error`; `errno` is preserved, so that the caller can recognize EPIPE. Errors are sticky. */
enum ds_status output_file_write(struct output_file *file, const char *data, size_t size,
	struct ds_error *error);

/**
 * Completes the file: syncs it, closes it, renames it, and syncs the directory. Standard output is
 * closed and checked. Frees the handle in any case; on failure, and after a failed write, the
 * temporary file is removed.
 * Returns DS_OK or DS_SYSTEM with `error`; `errno` as in output_file_write().
 */
enum ds_status output_file_commit(struct output_file *file, struct ds_error *error);

/** Removes the temporary file, closes it, and frees the handle, which may be NULL. Bytes that were
 * written to a pipe or standard output stay there. */
void output_file_abandon(struct output_file *file);

/** Returns the path of the temporary file, for a signal handler to unlink; NULL when the output is
 * written directly. Valid until commit/abandon. */
const char *output_file_temporary(const struct output_file *file);

/** Returns whether the bytes go to the standard output of the process. */
bool output_file_is_standard(const struct output_file *file);

/** Sets the identity of the file that is being written: the temporary file, or the target that is
 * written directly. Returns whether it is a regular file. */
bool output_file_written(const struct output_file *file, struct ds_file_id *id);

/** Sets the identity of the file that output_file_commit() will replace. Returns false when the
 * output is written directly or the file did not exist when it was opened. */
bool output_file_replaced(const struct output_file *file, struct ds_file_id *id);

/** Returns whether two outputs would overwrite each other, or be mixed in one pipe. */
bool output_file_is_same(const struct output_file *one, const struct output_file *other);

/** Returns the final path of the file, for the caller to free. Returns NULL if it is not a regular
 * file, if its path is unknown, or when there is no memory. */
char *output_file_path(const struct output_file *file);

/* ---- gzip ---- */

/** The number of input bytes in one BGZF block; its compressed form always fits into 64 KiB. */
#define BGZF_BLOCK_SIZE ((size_t)0xff00)
/** The maximum size of a block, including header and trailer. */
#define BGZF_BLOCK_MAX ((size_t)0x10000)

struct bgzf;

/** Creates a compressor for many blocks; each thread needs its own. `level` is 1 to 9. Returns NULL
 * when there is no memory or the level is invalid. */
struct bgzf *bgzf_new(int level);

/**
 * Compresses `size` (at most BGZF_BLOCK_SIZE, more than 0) bytes into one block: a gzip member
 * whose length is in the BC extra field (SAM specification, section 4.1). `out` must have room for
 * BGZF_BLOCK_MAX bytes. Data that does not shrink is stored. Returns the size of the block. Cannot
 * fail.
 */
size_t bgzf_block(struct bgzf *bgzf, const char *data, size_t size, char *out);

/** The empty block of 28 bytes that ends a BGZF file, so that a file which is truncated after a
 * block is recognized. */
extern const char bgzf_end[28];

void bgzf_free(struct bgzf *bgzf);

#endif
