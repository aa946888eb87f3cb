/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_CUT_H
#define FLOW_CUT_H

#include "flow/share.h"
#include "frame/border.h"

#include <stdbool.h>

/**
 * Reads a segment of an input that several parts share: from the first border in the share to the
 * first border behind it. See frame/border.h for what a border is.
 *
 * The share begins and ends at anchors: offsets of stored bytes at which reading can begin, which
 * all parts compute alike. Behind an anchor, the first line that begins a domain is the border. The
 * part that ends there hands the bytes behind its last anchor to the framer up to one such line
 * after another, until the framer has nothing unfinished there.
 */
struct cut {
	/** The open input is cut. */
	bool is_active;
	enum input_cut kind;
	const struct ds_run_options *options;
	const struct share *share;
	/** What is shown, or selected by, counts from the beginning of the input. In a plain file,
	 * the offset is known anyway. */
	bool needs_lines, needs_offsets;
	/** The framer behind the first domains of the input, and its bytes. */
	struct framer head;
	struct block head_block;
	/** No anchor is before this offset of stored bytes: the first domains are in one
	 * segment. */
	uint64_t least_anchor;
	/** The input, and where it begins in the sequence of all inputs. */
	uint64_t size, place;
	/** The share's anchors; the end is `size` when it ends with the input. */
	uint64_t from, to;
	/** Everything before the last anchor was read. */
	bool is_behind_share;
	/** The part that the next anchor ends. */
	unsigned next_part;

	/** Bytes that were read and not given to the framer: bytes[at … filled). The next anchor,
	 * or the end of the input, is right behind them. */
	char *bytes;
	size_t at, filled;
	bool is_before_anchor, is_ended;
	uint64_t next_anchor;
	/** The last anchor that was passed, and the bytes behind it that were passed. */
	uint64_t anchor, delta;
	struct border_scan scan;
	/** The framer has got everything before what `scan` has found. */
	bool is_at_line;

	/** Lines and plain bytes before the border that the segment begins at; 0: not known. */
	uint64_t lines, plain;
	/** Nothing of the stream was read yet: the border was found, and is not described. */
	bool is_unbegun;
	/** Kept until the next input. */
	struct buffer begin, end, account;
	struct ds_segment segment;
	/** Of `options->from_border`: behind the colon. */
	const char *known;
};

void cut_init(struct cut *cut, const struct ds_run_options *options, const struct share *share);
void cut_fini(struct cut *cut);

/** An input begins that is not cut, so far. */
void cut_reset(struct cut *cut, const struct share_input *input);

/**
 * Decides how the open input, of which nothing was read, is shared; `treatment_allows`: it would be
 * read as a dump. Sets `*is_ours`: something of it is to be read. When it is cut, `*stream` is
 * opened anew for the segment, unless that is empty. DS_OK, DS_STOPPED, DS_NO_MEMORY, or DS_DAMAGED
 * with `error`.
 */
enum ds_status cut_open(struct cut *cut, struct input_stream **stream, const char *name,
	const struct input_stream_options *options, const struct share_input *input,
	bool treatment_allows, bool *is_ours, struct ds_error *error);

/** Makes the framer, behind framer_begin(), begin at the border. False: --from-border is
 * malformed. */
bool cut_begin(struct cut *cut, struct framer *framer);

enum cut_step {
	/** Bytes were added to the block, or `is_at_line` is to be looked at. */
	CUT_BYTES,
	/** The framer is at the border: the segment ends. */
	CUT_BORDER,
	/** The input has ended. */
	CUT_END,
};

/** Reads on, as input_stream_read() with a block. What it has added is to be scanned for frames. */
enum ds_status cut_read(struct cut *cut, struct input_stream *stream, struct block *block,
	size_t capacity, size_t *size, enum cut_step *step, struct ds_error *error);

/** After what was added was scanned: is the framer at the border? It may add frames. */
enum ds_status cut_settle(struct cut *cut, struct framer *framer, struct block *block,
	bool *is_border);

/** The segment has ended: at a border, or with the input. Fills `cut->segment`. Returns false when
 * out of memory. */
bool cut_end(struct cut *cut, struct framer *framer, const struct block *block, bool is_border);

#endif
