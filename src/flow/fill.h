/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_FILL_H
#define FLOW_FILL_H

#include "flow/cut.h"
#include "flow/outcome.h"
#include "flow/stream_host.h"
#include "input/input.h"

#include <stdbool.h>

/**
 * The stage "fill": from the inputs, one after another, to blocks of frames. Used by one thread at
 * a time.
 *
 * A block holds about BLOCK_TARGET bytes, of as many files, or members of archives, as that takes,
 * cut behind a domain.
 */

#define BLOCK_TARGET ((size_t)256 << 10)

struct filler {
	const struct ds_run_options *options;
	struct input_list *list;
	/** What of the inputs is this part's, and the open one of them that is cut. */
	struct share share;
	struct cut cut;
	struct input_stream *stream;
	/** Where others may help; of use from any thread. */
	struct input_ahead *ahead;
	/** Name of the open stream. */
	char *name;
	/** What the user gave that led to it. */
	char *argument;
	struct hosts hosts;
	struct stream_host host;
	/** Name of the stream, valid while the framer is in it. */
	const char *stream_name;
	struct framer framer;
	/** What is unfinished at the end of the block before. */
	struct block rest;
	/** The framer is inside a stream: in the file, or in a member of the archive that it is. */
	bool is_in_stream;
	/** It has ended, and its last frames are still to be cut. */
	bool is_ending;
	/** It has ended at a gap, behind which reading goes on. */
	bool is_gap;
	/** What is known of the open stream, how it is treated, and whether the user named it
	 * himself. */
	struct input_facts facts;
	enum treatment treatment;
	bool is_met;
	/** The open file or member was not read, or held no domain and was wrong as a dump. */
	bool is_foreign;
	/** Of the open stream: bytes so far, and whether all are blanks. */
	uint64_t stream_size;
	bool is_blank;
	/** It gave a frame or an error; it gave a domain, as far as the bytes of a frame tell. */
	bool has_frames, has_domain;
	/** It gave a domain whose borders are whole. */
	bool has_whole_domain;
	/** Its first frame in the present block. */
	size_t first_frame;
	/** A doubtful stream: frames were dropped, and what was wrong in the first one. `id` NULL:
	 * none. */
	struct frame dropped;
	/** Bytes of inputs that have ended. */
	uint64_t taken;
	/** Errors of the open archive that are not of one member. */
	uint64_t archive_errors;
	enum ds_format target;
	bool is_done;
	/** Why filler_fill() gave DS_USAGE. */
	struct ds_error error;
};

/** Returns false when out of memory. */
bool filler_init(struct filler *filler, const struct ds_run_options *options, unsigned jobs);

/** Fills a cleared batch; `filler->is_done` is set with the last one. Sets the batch's status:
 * DS_OK, DS_STOPPED, DS_NO_MEMORY, or DS_USAGE with `filler->error`. */
void filler_fill(struct filler *filler, struct batch *batch);

void filler_fini(struct filler *filler);

#endif
