/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_READER_H
#define READ_READER_H

#include "frame/block.h"
#include "record/arena.h"

/**
 * From the bytes of one domain to its record. One record reader serves one thread, for both formats.
 */

enum read_result {
	/** There is a record. */
	READ_DOMAIN = 0,
	/** This is no domain, but refers to one: `<domain><uuid/></domain>` in a snapshot. */
	READ_REFERENCE,
	/** It could not be read; `error` says why. */
	READ_REJECTED,
	READ_NO_MEMORY,
	/** The frame was a guess, and is no whole domain. */
	READ_UNSURE,
};

struct record_reader;

/** Returns NULL when there is no memory. */
struct record_reader *record_reader_new(const struct ds_limits *limits);

/** Receives the outcome of one frame: a record that lives in the arena for READ_DOMAIN, an error for READ_REJECTED. */
typedef void read_done(void *context, const struct frame *frame, enum read_result result, const struct ds_domain *domain,
		       const struct ds_error *error);

/**
 * Reads the first of some frames, and those right behind it that can be read in one go. Offsets count in `data`, the
 * bytes of a block; records live in `arena` and refer to `data`. `done` is called for each frame in order.
 * A guess is read when it is one whole domain without anything wrong.
 * A frame of another kind than FRAME_DOMAIN is read as far as it goes for the sake of the domain's name alone, and is
 * always rejected, for the frame's own reason. Returns how many frames were read, at least 1.
 */
size_t record_reader_read(struct record_reader *reader, const struct frame *frames, size_t count, const char *data,
			  struct arena *arena, read_done *done, void *context);

void record_reader_free(struct record_reader *reader);

#endif
