/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FRAME_FRAMER_H
#define FRAME_FRAMER_H

#include "frame/block.h"

/**
 * Cuts a stream into frames, the raw bytes of one domain each, without understanding them.
 *
 * The bytes lie in a block; the framer looks at each once, remembers where it is, and adds frames to the block as
 * their ends are found. It can be given more bytes at any point: the frames are the same however a stream is cut.
 *
 * XML: a `<domain>` that is not inside `capabilities`, `domainCapabilities` or `network` (where the word means
 * something else), up to its `</domain>`. There may be several documents, any wrapper, declarations, comments between.
 * On well-formed input the borders are those that an XML parser sees.
 * SEXPR: a `(domain …)` or `(vm …)` at top level or in an outer list (grammar: xend's sxp.py).
 *
 * Damage costs one range: it ends where the broken domain ends, or where the next one begins.
 */

/** An open element outside a frame, or inside one that is looked at closely. */
struct framer_level {
	uint64_t name;
	/** `<domain>` below it means something else. */
	int foreign;
	/** `<domain>` below it may be a mere reference. */
	int snapshot;
};

/** A block takes no more frames than these: a dump of broken bits would cost hundreds of bytes for each of its own. */
#define FRAMES_MAX ((size_t)4096)

enum framer_state {
	/** Between domains. */
	FRAMER_OUTSIDE = 0,
	/** In a domain, looking for its end alone. */
	FRAMER_INSIDE,
	/** XML: in a domain that holds a second `<domain`; every tag is matched. */
	FRAMER_CLOSELY,
	/** SEXPR: a domain has closed, and what follows tells whether it was whole. */
	FRAMER_CLOSED,
	/** In a range that is refused, looking for its end. */
	FRAMER_REFUSING,
	/** SEXPR: behind the domain of a save file, where a memory image follows. */
	FRAMER_DONE,
};

struct framer {
	enum ds_format format;
	struct ds_limits limits;
	/** Name of the stream, borrowed until the stream ends; `block_name` is its copy in the present block. */
	const char *name;
	const char *block_name;
	/** framer_again(): the host of the frame that is cut again. */
	const char *host;
	/** The bytes were transcoded to UTF-8: declarations of an encoding are void. */
	int transcoded;
	enum framer_state state;

	/** Offset in the stream of the block's first byte, modulo 2^64 (a block may begin with another stream). */
	uint64_t base;
	/** Next byte to look at, in the block. */
	size_t pos;
	/** First byte of what is unfinished, in the block. Everything before it has been dealt with. */
	size_t start;

	/** What stands at `pos` is not looked at again before the block has this many bytes. */
	size_t wake;
	/** FRAMES_MAX, or more while the caller cannot hand the block on. Set by framer_begin(). */
	size_t frames_max;
	/** The block has `frames_max` frames and bytes that were not looked at. */
	int is_behind;

	/** Lines are counted up to here, in the block. */
	size_t counted;
	/** Line of `counted`, from 1, and the stream offset of that line's first byte. */
	uint64_t line;
	uint64_t line_start;

	/** Open wrappers, then open elements of the frame; `limits.depth` of them at most. */
	struct framer_level *levels;
	size_t depth;
	/** XML: levels that lie outside the frame. */
	size_t wrappers;
	enum frame_encoding encoding;
	/** XML: there was a comment, a section of CDATA or an instruction inside the frame. */
	int has_markup;
	/** A second `<domain` or `(domain (` inside the frame, in the block: where to go on if the frame is broken.
	 * 0: none (a frame begins with its own). */
	size_t candidate;
	/** What broken frames may still cost in looking ahead: in the stream; SEXPR: up to the next domain that begins a line. */
	size_t patience;
	/** Something was refused: the document's own balance cannot be judged any more. */
	int damaged;

	/** SEXPR: list depth in the frame; the open quote; inside a comment; offset behind the last closing quote. */
	unsigned lists;
	char quote;
	int in_comment;
	uint64_t quote_end;
	/** SEXPR: outer lists that are open; they may begin before anything else, or a line. */
	size_t outer;
	/** SEXPR: something came before: a domain, or what was refused. */
	int has_begun;
	int closes_early;
	/** SEXPR: where a string of the frame holds what looks like a domain, in the block; 0: nowhere. */
	size_t suspect;
	/** SEXPR: where a frame that was taken up again had closed, in the block. */
	size_t closed_at;
	/** SEXPR: the stream begins with the header of a save file. */
	int is_save_file;
	/** SEXPR: who reads the frames finds out what is no whole domain, so that their ends may be guessed. Set behind framer_begin(). */
	int may_guess;
	/** framer_again(): where the guess ends, in the block. */
	size_t again_end;

	/** Refusing: what and why; where the first thing wrong is, from `start`; what was given out so far. */
	enum frame_kind refused_kind;
	const char *refused_id;
	const char *refused_why;
	size_t refused_at;
	uint64_t refused_given;
};

/** Returns 0 when there is no memory. `format` AUTO is decided by the first bytes. */
int framer_init(struct framer *framer, enum ds_format format, const struct ds_limits *limits);

/** Begins a stream at the block's end. `name` is borrowed until the stream ends. */
void framer_begin(struct framer *framer, const struct block *block, const char *name, enum ds_format format,
		  int transcoded);

/** Looks at the bytes that were added to the block, unless it gets `frames_max` frames before: then `is_behind` is set, and
 * the rest is for the next block. Returns DS_OK or DS_NO_MEMORY. */
enum ds_status framer_scan(struct framer *framer, struct block *block);

/** The stream ends at the block's end: what is unfinished is refused. When `is_behind` is set afterwards, the block is full
 * as after framer_scan(), and this is to be called again. Returns DS_OK or DS_NO_MEMORY. */
enum ds_status framer_finish(struct framer *framer, struct block *block);

/**
 * Cuts a frame that was a guess, and is no whole domain, into the frames that would have been cut without guessing. The framer is one
 * for this alone; it needs neither framer_init() nor framer_fini(). framer_again() adds the frames to `frames`, a block that holds
 * nothing else, until that has FRAMES_MAX of them: then `is_behind` is set, and it is to be called again. They lie in `block`, where
 * the guess does. Returns DS_OK or DS_NO_MEMORY.
 */
void framer_again_begin(struct framer *framer, const struct frame *guess, const struct ds_limits *limits);
enum ds_status framer_again(struct framer *framer, const struct block *block, struct block *frames);

/** Moves what is unfinished from one block to the beginning of an empty other one. DS_OK or DS_NO_MEMORY. */
enum ds_status framer_move(struct framer *framer, struct block *from, struct block *to);

void framer_fini(struct framer *framer);

#endif
