/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_SOURCE_H
#define INPUT_SOURCE_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * The lowest layer of a stream: the bytes of a file descriptor as they are; and the shape that all
 * layers have.
 */

/**
 * Reads up to `capacity` (at least 1) bytes from a layer. Returns DS_OK with `*size` > 0; DS_OK
 * with `*size` 0 at the end, and again when called again; anything else with `error` filled and
 * nothing read. `error->place.name` is not that of the stream, which layers do not know. Waits only
 * while there is nothing at all to give.
 */
typedef enum ds_status input_pull(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error);

struct input_source {
	int fd;
	/** Opened here and to be closed here: not standard input. */
	bool is_owned;
	/** Regular files never wait, so they are not polled. */
	bool is_regular;
	/** Of a regular file. */
	struct ds_file_id id;
	/** The end was seen. A terminal would go on after it. */
	bool is_ended;
	/** Bytes read so far, with those that were passed by input_source_seek(). */
	uint64_t taken;
	/** Bytes from where reading began to the end of a regular file; 0: not known. */
	uint64_t size;
	/** Borrowed; NULL: cannot be cancelled. */
	const volatile int *cancel;
};

/** Opens a file or, for "-", takes standard input. DS_OK, or DS_DAMAGED with a DA908 whose
 * place.name is `name`. */
enum ds_status input_source_open(struct input_source *source, const char *name,
	const volatile int *cancel, struct ds_error *error);

/** An `input_pull`; `context` is the source. DS_OK, DS_DAMAGED (DA908) or DS_STOPPED. */
enum ds_status input_source_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error);

/** Goes to an offset of a regular file, before anything was read. Returns DS_OK, or DS_DAMAGED as
 * input_source_open(). */
enum ds_status input_source_seek(struct input_source *source, const char *name, uint64_t offset,
	struct ds_error *error);

void input_source_close(struct input_source *source);

#endif
