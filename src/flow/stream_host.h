/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_STREAM_HOST_H
#define FLOW_STREAM_HOST_H

#include "flow/batch.h"
#include "flow/hosts.h"

/**
 * Finds out to which host the frames of a stream belong. With `--scope auto` this depends on
 * whether a second domain begins in the stream, so its frames wait in their block until that is
 * known: until the second domain, the end of the stream, or a limit. What is decided depends on the
 * bytes of the stream alone, and not on how they were cut into blocks.
 */

/** A stream in which no second domain begins so far behind the end of the first one, or behind so
 * many errors, has but one. What is longer than the limit on a domain's size ends at that limit. */
#define STREAM_HOST_GAP ((uint64_t)1 << 20)
#define STREAM_HOST_ERRORS 64

struct stream_host {
	/** The first domains, as far as they were looked for. */
	struct ds_starts starts;
	/** It is known to which host the stream belongs, and that it has several domains. */
	bool is_known;
	bool has_several;
	/** It is one part of a stream that is cut, so that the host is known although the first
	 * domains may not be; they are looked for all the same. */
	bool is_cut;
	/** No more of the first domains is looked for. */
	bool has_looked;
	/** Frames of the block that were looked at; frames and notes of the batch that have a
	 * host. */
	size_t looked, named, named_notes;
	/** The name, and its copy in the block. */
	char *name;
	const char *block_name;
};

/** A stream begins at the end of a batch. */
void stream_host_begin(struct stream_host *host, const struct batch *batch);

/** Begins a stream that is known to have several domains. */
void stream_host_begin_known(struct stream_host *host, const struct batch *batch);

/** The stream goes on in an empty batch. */
void stream_host_continue(struct stream_host *host);

/** The frames of the block from this one on were removed, or others are in their places. */
void stream_host_forget(struct stream_host *host, size_t frame);

/** Looks at the frames that were added to the batch, and sets the host of those whose host is
 * known. `has_ended`: the stream has no more. Returns false when out of memory. */
bool stream_host_update(struct stream_host *host, struct hosts *hosts,
	const struct host_input *input, struct batch *batch, const struct framer *framer,
	bool has_ended);

/** Must the batch wait for more of the stream? */
bool stream_host_is_waiting(const struct stream_host *host);

void stream_host_fini(struct stream_host *host);

#endif
