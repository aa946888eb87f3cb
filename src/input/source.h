/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_SOURCE_H
#define INPUT_SOURCE_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * The lowest layer of a stream, which reads the bytes of a file descriptor, and the interface that
 * all layers have.
 */

/**
 * Reads up to `capacity` (at least 1) bytes from a layer. Returns DS_OK with `*size` > 0; DS_OK
 * with `*size` 0 at the end, also when called once more; any other status with `error` filled and
 * no bytes read. `error->place.name` is not the name of the stream, which layers do not know.
 */
typedef enum ds_status input_pull(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error);

struct input_source {
	int fd;
	/** The descriptor was opened here and has to be closed here: it is not standard input. */
	bool is_owned;
	/** Regular files never block, so they are not polled. */
	bool is_regular;
	/** The identity of a regular file. */
	struct ds_file_id id;
	/** The end was seen. A terminal would continue after it. */
	bool is_ended;
	/** The errno of the read that has failed, or 0. */
	int failure;
	/** The number of bytes read so far, including those that input_source_seek() skipped. */
	uint64_t bytes_read;
	/** The number of bytes from the beginning of reading to the end of a regular file; 0 if
	 * unknown. */
	uint64_t size;
	/** Borrowed; NULL if reading cannot be cancelled. */
	const volatile int *cancel;
};

/** Opens a file, or uses standard input for "-". Returns DS_OK, or DS_DAMAGED with a DA908 whose
 * place.name is `name`. */
enum ds_status input_source_open(struct input_source *source, const char *name,
	const volatile int *cancel, struct ds_error *error);

/** An `input_pull`; `context` is the source. Returns DS_OK, DS_DAMAGED (DA908) or DS_STOPPED. Reads
 * fewer than `capacity` bytes only at the end or before a failure, so that nothing depends on how a
 * pipe delivers its bytes. The caller waits for a whole block anyway. */
enum ds_status input_source_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error);

/** Seeks to an offset of a regular file before anything was read. Returns DS_OK, or DS_DAMAGED as
 * input_source_open() does. */
enum ds_status input_source_seek(struct input_source *source, const char *name, uint64_t offset,
	struct ds_error *error);

void input_source_close(struct input_source *source);

#endif
