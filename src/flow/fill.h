/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_FILL_H
#define FLOW_FILL_H

#include "flow/cut.h"
#include "flow/outcome.h"
#include "flow/stream_host.h"
#include "input/input.h"

#include <stdbool.h>

/**
 * The stage "fill" turns the inputs, one after another, into blocks of frames. It is used by one
 * thread at a time. A block has about FILLER_BLOCK_SIZE bytes from one or several files or members
 * of archives, and ends after a domain.
 */

#define FILLER_BLOCK_SIZE ((size_t)256 << 10)

struct filler {
	const struct ds_run_options *options;
	struct input_list *list;
	/** Determines which inputs belong to this part; the open input may be divided. */
	struct share share;
	struct cut cut;
	struct input_stream *stream;
	/** Lets other threads help to decompress; may be used by any thread. */
	struct input_ahead *ahead;
	/** The name of the open stream. */
	char *name;
	/** The user's argument that led to this input. */
	char *argument;
	struct hosts hosts;
	struct stream_host host;
	/** The name of the stream, valid while the framer reads it. */
	const char *stream_name;
	struct framer framer;
	/** The unfinished bytes at the end of the previous block. */
	struct block rest;
	/** The framer is inside a stream: in a file, or in a member of an archive. */
	bool is_in_stream;
	/** The stream has ended, but its last frames have not been found yet. */
	bool is_ending;
	/** The stream ended at a gap, after which reading continues. */
	bool is_gap;
	/** The facts about the open stream, how it is treated, and whether it was found in a
	 * directory or an archive instead of being named by the user. */
	struct input_facts facts;
	enum outcome_treatment treatment;
	bool is_met;
	/** The open file or member is foreign: it was not read, or it has no domain and errors. */
	bool is_foreign;
	/** The number of bytes of the open stream that were read, and whether all of them are
	 * blanks. */
	uint64_t stream_size;
	bool is_blank;
	/** The stream had a frame or an error (`has_frames`), and a frame that looks like a domain
	 * (`has_domain`). */
	bool has_frames, has_domain;
	/** The stream had a domain whose borders are intact. */
	bool has_whole_domain;
	/** The index of the first frame of the stream in the present block. */
	size_t first_frame;
	/** The first frame that was dropped from a stream of unknown kind, with its error; `id` is
	 * NULL if no frame was dropped. */
	struct frame dropped;
	/** The number of bytes of all inputs that have ended. */
	uint64_t bytes_read;
	/** The number of errors of the open archive that belong to no single member. */
	uint64_t archive_errors;
	enum ds_format target;
	bool is_done;
	/** The reason why filler_fill() returned DS_USAGE. */
	struct ds_error error;
};

/** Returns false when out of memory. */
bool filler_init(struct filler *filler, const struct ds_run_options *options, unsigned jobs);

/** Fills a cleared batch; `filler->is_done` is set with the last one. Sets the batch's status to
 * DS_OK, DS_STOPPED, DS_NO_MEMORY, or DS_USAGE with `filler->error`. */
void filler_fill(struct filler *filler, struct batch *batch);

void filler_fini(struct filler *filler);

#endif
