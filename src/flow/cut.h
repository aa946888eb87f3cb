/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_CUT_H
#define FLOW_CUT_H

#include "flow/share.h"
#include "frame/border.h"

#include <stdbool.h>

/**
 * Reads a segment of an input that several parts share: from the first border in this part's share
 * to the first border after the share. See frame/border.h for the definition of a border.
 *
 * The share begins and ends at anchors: offsets of stored bytes at which reading can begin, and
 * which all parts compute in the same way. The border is the first line after an anchor that begins
 * a domain. The part that ends there passes the bytes after its last anchor to the framer line by
 * line, until the framer has no unfinished frame at such a line.
 */
struct cut {
	/** The open input is divided. */
	bool is_active;
	/** The run shows line numbers or offsets, or selects by them, and both count from the
	 * beginning of the input. In a plain file, the offset is known anyway. */
	bool needs_lines, needs_offsets;
	enum input_cut kind;
	const struct ds_run_options *options;
	const struct share *share;
	/** The framer of the first domains of the input, and their bytes. */
	struct framer head;
	struct block head_block;
	/** No anchor is before this offset of stored bytes, so that the first domains are in one
	 * segment. */
	uint64_t least_anchor;
	/** The size of the input, and its offset in the sequence of all inputs. */
	uint64_t size, sequence_offset;
	/** The anchors of the share. `to` is `size` when the share ends with the input. */
	uint64_t from, to;
	/** Everything before the last anchor was read. */
	bool is_past_share;
	/** `bytes` end at the next anchor, or at the end of the input. */
	bool is_before_anchor, is_ended;
	/** The number of the part whose share ends at the next anchor. */
	unsigned next_part;

	/** The buffered bytes that were read but not yet passed to the framer are
	 * bytes[at … filled). They end at the next anchor, or at the end of the input. */
	char *bytes;
	size_t at, filled;
	uint64_t next_anchor;
	/** The last anchor that was passed, and the number of bytes after it that were passed. */
	uint64_t anchor, delta;
	struct border_scan scan;
	/** The framer received everything before the line that `scan` found. */
	bool is_at_line;

	/** The number of lines and of decompressed bytes before the first border of the segment; 0
	 * when unknown. */
	uint64_t lines, plain;
	/** These stay valid until the next input. */
	struct buffer begin, end, account;
	struct ds_segment segment;
	/** The rest of `options->from_border` after the colon; NULL if it has none. */
	const char *known;
};

void cut_init(struct cut *cut, const struct ds_run_options *options, const struct share *share);
void cut_fini(struct cut *cut);

/** Prepares for the next input, which is not divided until cut_open() decides so. */
void cut_reset(struct cut *cut, const struct share_input *input);

/**
 * Decides how the parts share the open input, of which nothing was read yet. `treatment_allows` is
 * set if the input would be read as a dump. Sets `*is_ours` if this part has to read some of it. If
 * the input is divided, `*stream` is opened anew for the segment, unless the segment is empty.
 * Returns DS_OK, DS_STOPPED, DS_NO_MEMORY, or DS_DAMAGED with `error`.
 */
enum ds_status cut_open(struct cut *cut, struct input_stream **stream, const char *name,
	const struct input_stream_options *options, const struct share_input *input,
	bool treatment_allows, bool *is_ours, struct ds_error *error);

/** Makes a framer, for which framer_begin() was called, begin at the border. Returns false when
 * --from-border is malformed. */
bool cut_begin(struct cut *cut, struct framer *framer);

enum cut_step {
	/** Bytes were added to the block, or the caller has to check `is_at_line`. */
	CUT_BYTES,
	/** The framer is at the border, so the segment ends. */
	CUT_BORDER,
	/** The input has ended. */
	CUT_END,
};

/** Reads more bytes, like input_stream_read() with a block. The caller scans the added bytes for
 * frames. */
enum ds_status cut_read(struct cut *cut, struct input_stream *stream, struct block *block,
	size_t capacity, size_t *size, enum cut_step *step, struct ds_error *error);

/** Sets `*is_border` if the framer is at the border after the added bytes were scanned. May add
 * frames. Returns DS_OK or DS_NO_MEMORY. */
enum ds_status cut_settle(struct cut *cut, struct framer *framer, struct block *block,
	bool *is_border);

/** Ends the segment, at a border or with the input. Fills `cut->segment`. Returns false when out of
 * memory. */
bool cut_end(struct cut *cut, struct framer *framer, const struct block *block, bool is_border);

#endif
