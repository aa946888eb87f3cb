/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_STREAM_HOST_H
#define FLOW_STREAM_HOST_H

#include "flow/batch.h"
#include "flow/hosts.h"

/**
 * Determines to which host the frames of a stream belong. With `--scope auto` this depends on
 * whether a second domain begins in the stream, so the frames wait in their block until that is
 * known: until the second domain, the end of the stream, or a limit. The decision depends only on
 * the bytes of the stream, and not on how they were divided into blocks.
 */

/** If no second domain begins within this distance after the end of the first one, or before this
 * many errors, the stream has only one domain. A domain that is longer than the limit on its size
 * is treated as if it ended at that limit. */
#define STREAM_HOST_GAP ((uint64_t)1 << 20)
#define STREAM_HOST_ERRORS 64

struct stream_host {
	/** The first domains, as far as the search has found them. */
	struct ds_starts starts;
	/** The host of the stream is known. The stream has several domains. */
	bool is_known;
	bool has_several;
	/** The search for the first domains has ended. */
	bool has_looked;
	/** An unfinished domain is checked when it has this many bytes. */
	size_t wake;
	/** The number of frames of the block that were checked, and how many frames and notes of
	 * the batch have a host. */
	size_t looked, named, named_notes;
	/** The name of the host, and its copy in the block. */
	char *name;
	const char *block_name;
};

/** Called when a stream begins at the end of a batch. */
void stream_host_begin(struct stream_host *host, const struct batch *batch);

/** Called when a stream begins that is known to have several domains. */
void stream_host_begin_known(struct stream_host *host, const struct batch *batch);

/** Called when the stream continues in an empty batch. */
void stream_host_continue(struct stream_host *host);

/** Called when the frames of the block from this one on were removed or replaced. */
void stream_host_forget(struct stream_host *host, size_t frame);

/** Checks the frames that were added to the batch, and sets the host of all frames for which it is
 * known. `has_ended` is set when the stream has no more frames. Returns false when out of
 * memory. */
bool stream_host_update(struct stream_host *host, struct hosts *hosts,
	const struct host_input *input, struct batch *batch, const struct framer *framer,
	bool has_ended);

/** Returns whether the batch must wait for more of the stream. */
bool stream_host_is_waiting(const struct stream_host *host);

void stream_host_fini(struct stream_host *host);

#endif
