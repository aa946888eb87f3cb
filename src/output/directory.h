/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef OUTPUT_DIRECTORY_H
#define OUTPUT_DIRECTORY_H

#include "domstream/domstream.h"

/**
 * Many small files in one directory, each complete or absent. Nothing outside the directory is ever
 * touched: it is opened once, names are only looked up in it and without following links, and an
 * existing link with the same name as a file is replaced.
 */

struct output_directory;

/**
 * Opens the directory, and creates it if it is missing (with mode 0777 less umask, but not its
 * parents). `name` is borrowed. Returns DS_OK, DS_SYSTEM with `error` and `errno`, or DS_NO_MEMORY.
 */
enum ds_status output_directory_open(struct output_directory **out, const char *name,
	struct ds_error *error);

/**
 * Writes a file under a temporary name, and renames it when its bytes are written. An existing file
 * is replaced and its mode is kept. `name` has no slash. The bytes are not synced for each file;
 * output_directory_commit() does that. Returns DS_OK, or DS_SYSTEM with `error` (place.name is
 * valid as long as the handle) and `errno`. A failure is not sticky.
 */
enum ds_status output_directory_write(struct output_directory *directory, const char *name,
	const char *data, size_t size, struct ds_error *error);

/** Removes a file if it exists. Returns DS_OK, or DS_SYSTEM as output_directory_write() does. */
enum ds_status output_directory_remove(struct output_directory *directory, const char *name,
	struct ds_error *error);

/** Writes the last file, syncs it, and syncs the directory, so that its entries and the bytes of
 * this file are on the disk. Returns DS_OK, or DS_SYSTEM as output_directory_write() does. */
enum ds_status output_directory_commit(struct output_directory *directory, const char *name,
	const char *data, size_t size, struct ds_error *error);

/** Returns the path that the temporary file has while one exists, for a signal handler to unlink.
 * Valid as long as the handle. */
const char *output_directory_temporary(const struct output_directory *directory);

void output_directory_free(struct output_directory *directory);

#endif
