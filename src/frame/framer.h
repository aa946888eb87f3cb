/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FRAME_FRAMER_H
#define FRAME_FRAMER_H

#include "frame/block.h"
#include "frame/xml_markup.h"

#include <stdbool.h>

/**
 * The framer splits a stream into frames: the raw bytes of one domain each. It does not parse them.
 * The bytes are in a block. The framer remembers how far it has scanned, and adds a frame to the
 * block when it has found the frame's end. The caller may add bytes at any point; the frames are
 * the same however the stream arrives.
 *
 * In XML, a frame is a `<domain>` element with everything up to its `</domain>`, at any depth, in
 * any number of documents. On well-formed input the borders are those that an XML parser sees. In
 * SEXPR, a frame is a `(domain …)` or `(vm …)` list at top level or in an outer list (grammar:
 * xend's sxp.py).
 *
 * Damage costs one refused range, which ends where the broken domain ends or where the next one
 * begins. Well-formed input is never reinterpreted: a comment, CDATA section or string may contain
 * text that looks like a domain. Such text is the start of the next domain only if the frame around
 * it is not well-formed. The framer scans ahead to find that out, and rescans bytes if that was in
 * vain. To stay linear, it keeps an account (`patience`): when far more bytes were scanned in vain
 * than the stream has, the first start of a domain inside another one ends the outer one.
 *
 * Two damaged domains can enclose intact ones in text that is well-formed: the first is not closed,
 * and the second is closed twice. Therefore a list in a domain of SEXPR that looks like a domain
 * (sexpr_framer.c), and a `<domain>` with a name in another one (xml_check.h), are not part of the
 * domain around them. No producer writes them there.
 */

/** The maximum number of frames in a block. A frame of a few bytes becomes a record or an error of
 * a kilobyte. */
#define FRAMES_MAX ((size_t)512)

enum framer_state {
	/** Between domains. */
	FRAMER_OUTSIDE = 0,
	/** In a domain, searching for its end. */
	FRAMER_INSIDE,
	/** In a refused range, searching for its end. */
	FRAMER_REFUSING,
	/** In a run of NUL bytes between domains. */
	FRAMER_HOLE,
	/** SEXPR: a domain has closed; the following bytes decide whether xl has closed it too
	 * early. */
	FRAMER_CLOSED,
	/** SEXPR: after the domain of a save file, where a memory image follows. */
	FRAMER_DONE,
};

/** An open XML element around the domains. */
struct framer_level {
	uint64_t name;
	/** A `<domain>` inside it may be a reference to a domain. */
	bool is_snapshot;
	/** It has a child `<domain>`, so text in it is damage. */
	bool has_domain;
};

struct xml_framer {
	/** The open elements around the domain, at most limits.depth of them. */
	struct framer_level *levels;
	size_t depth;
	/** The encoding that the present document declares; empty for UTF-8. `block_encoding` is
	 * its copy in the present block, or NULL. */
	char encoding[MARKUP_ENCODING_SIZE];
	const char *block_encoding;
	/** The encoding that the first document declares; empty when it declares none or was not
	 * seen yet. */
	char first_encoding[MARKUP_ENCODING_SIZE];
	/** The first document has begun. */
	bool has_document;
	/** The root of the present document was seen. */
	bool has_root;
	/** The position of the document type of the present document if it has declarations and no
	 * domain was seen yet; otherwise its `name` is NULL. */
	struct ds_place doctype;
	/** The stream offset of text before the next tag; 0 without such text. */
	uint64_t text_at;
	/** Inside a frame: the open comment, CDATA section or processing instruction, as an `enum
	 * markup`, and its stream offset; 0 outside of them. */
	int section;
	uint64_t section_at;
	/** Inside a frame: the number of open `<domain>` elements in it. */
	size_t nested;
	/** Inside a frame: it contains a comment, CDATA section or processing instruction. */
	bool has_markup;
	/** Checks frames that may contain two domains; created when it is first needed. */
	struct xml_check *check;
	/** For framer_reframe(): the domains to frame, the next one of them, and the beginning of
	 * the frame in the block. */
	struct guest_list guests;
	size_t next_guest, guests_at;
};

struct sexpr_framer {
	/** Inside a frame: the number of open lists, the quote of an open string or 0, and whether
	 * a comment is open. */
	unsigned lists;
	char quote;
	bool in_comment;
	/** Outside of domains: a range was refused in the line of the open comment, so a corrupt
	 * byte may have begun the comment. */
	bool comment_is_suspect;
	/** The stream offset after the last closing quote. */
	uint64_t quote_end;
	/** Inside a frame: the stream offset of the last text in a string that looks like a domain,
	 * or 0; and whether it is in the last string. */
	uint64_t in_string;
	bool string_is_suspect;
	/** The number of open outer lists. They may begin before anything else, or at the beginning
	 * of a line. */
	size_t outer;
	/** There was a domain or a refused range before. */
	bool has_begun;
	/** The frame's list closed before its devices, as xl prints PV guests. */
	bool closes_early;
	/** The stream offset after the list of a frame, in the state FRAMER_CLOSED. */
	uint64_t closed_at;
	/** The stream begins with the header of a save file. */
	bool is_save_file;
};

/** The range that is being refused. */
struct framer_refusal {
	enum frame_kind kind;
	/** The damage, which is an enum framer_damage (framer_private.h), and its text or a more
	 * precise one. */
	unsigned damage;
	const char *why;
	/** The offset of the first wrong byte from the beginning of the range. */
	size_t at;
	/** The stream offset at which the range may end; 0 while it is unknown. */
	uint64_t end;
	/** The number of bytes that were passed on so far. */
	uint64_t given;
};

struct framer {
	/** DS_FORMAT_AUTO until the format was recognized. */
	enum ds_format format;
	bool format_was_recognized;
	struct ds_limits limits;
	/** The name of the stream, borrowed until the stream ends; `block_name` is its copy in the
	 * present block. */
	const char *name;
	const char *block_name;
	/** For framer_reframe(): the host of the frame. */
	const char *host;
	/** The bytes were transcoded to UTF-8, so declarations of an encoding are ignored. */
	bool is_transcoded;
	/** SEXPR: the reader of the frames checks them, so the framer may predict their ends. Set
	 * after framer_begin(). */
	bool may_guess;
	enum framer_state state;

	/** The stream offset of the block's first byte, modulo 2^64 (a block may begin with another
	 * stream). */
	uint64_t base;
	/** The position in the block of the next byte to scan. */
	size_t pos;
	/** The position in the block of the first unfinished byte. Everything before it has been
	 * handled. */
	size_t start;
	/** The framer waits until the block has this many bytes. */
	size_t wake;
	/** FRAMES_MAX, or more while the caller cannot hand over the block. Set by
	 * framer_begin(). */
	size_t frames_max;
	/** The block has `frames_max` frames and bytes that were not scanned. */
	bool is_behind;
	/** The position in the block up to which lines were counted. `line` is the line of that
	 * byte, from 1, and `line_start` its stream offset. */
	size_t counted;
	uint64_t line;
	uint64_t line_start;

	/** Inside a frame: the stream offset of the first start of a domain (or document) in it; 0
	 * if none was seen. */
	uint64_t suspect;
	/** The number of bytes that may still be scanned in vain; negative when too many were. */
	int64_t patience;
	/** The stream offset up to which bytes have added to `patience`. */
	uint64_t gained;
	/** Something was refused, so the balance of the document's own tags cannot be checked any
	 * more. Read it with framer_is_damaged() and change it with framer_set_damaged(). */
	bool is_damaged;
	/** XML: the present document contains a domain that is not well-formed, so the document is
	 * not well-formed either. */
	bool is_broken;
	/** For a stream that begins at a border (border.h), as bits of enum border_member: the
	 * members of this struct that still have the value that was assumed there, and those whose
	 * assumed value mattered. */
	unsigned assumed, mattered;
	/** The lowest patience while it depended on the assumed one. */
	int64_t least_patience;
	/** The stream offset after the remains of domains that are shorter than WRECK_SIZE; 0
	 * without such remains. */
	uint64_t wreck_end;
	/** The stream offset after the last refused range; 0 without one. */
	uint64_t refused_end;
	/** One bit for each kind of damage that was reported since the last domain. */
	uint32_t reported;
	struct framer_refusal refusal;
	/** The run of NUL bytes: its beginning and its length. */
	struct ds_place hole;
	uint64_t hole_size;
	/** For framer_reframe(): the position in the block where the predicted frame ends. */
	size_t reframe_end;

	struct xml_framer xml;
	struct sexpr_framer sexpr;
};

/** Returns false when out of memory. With the format AUTO, the first start of a domain or document
 * decides. */
bool framer_init(struct framer *framer, enum ds_format format, const struct ds_limits *limits);

/** Begins a stream at the block's end. `name` is borrowed until the stream ends. */
void framer_begin(struct framer *framer, const struct block *block, const char *name,
	enum ds_format format, bool is_transcoded);

/** Scans the bytes that were added to the block. When the block gets `frames_max` frames, sets
 * `is_behind` and leaves the rest for the next block. Returns DS_OK or DS_NO_MEMORY. */
enum ds_status framer_scan(struct framer *framer, struct block *block);

/** Returns whether a domain is open that will get its own frame, intact or refused. */
bool framer_is_in_domain(const struct framer *framer);

/** Ends the stream at the block's end and refuses what is unfinished. If `is_behind` is set
 * afterwards, the block is full as after framer_scan(), and this function has to be called once
 * more. Returns DS_OK or DS_NO_MEMORY. */
enum ds_status framer_finish(struct framer *framer, struct block *block);

/** Continues after a gap in the stream when framer_finish() is done: nothing before the gap belongs
 * to what follows. `format` is that of the following bytes; with AUTO it is recognized anew. */
void framer_resume(struct framer *framer, const struct block *block, enum ds_format format);

/**
 * Prepares to split a frame, after its reader has found that it is not exactly one domain. In
 * SEXPR, the end of the frame was predicted; it is split into the frames that would have been found
 * without the prediction. In XML, the frame is a `<domain>` of another kind; its contents are
 * framed as if it were any other element.
 *
 * The framer must be used for nothing else. It is cleared with zeros, never initialized with
 * framer_init(), and freed with framer_fini(). framer_reframe() adds frames to `frames`, a block
 * that contains nothing else, until that has FRAMES_MAX of them; then `is_behind` is set, and the
 * function has to be called once more. The bytes are in `block`. Both functions return DS_OK or
 * DS_NO_MEMORY.
 */
enum ds_status framer_reframe_begin(struct framer *framer, const struct block *block,
	const struct frame *frame, const struct ds_limits *limits);
enum ds_status framer_reframe(struct framer *framer, const struct block *block,
	struct block *frames);

/** Makes framer_reframe() return only these domains of an XML frame, and treat any other `<domain>`
 * in it as an element. Takes ownership of the list. */
void framer_reframe_only(struct framer *framer, struct guest_list guests);

/** Returns the position of the first unfinished byte. */
struct ds_place framer_unfinished(struct framer *framer, const struct block *block);

/** Moves the unfinished bytes from one block to the beginning of an empty one. Returns DS_OK or
 * DS_NO_MEMORY. */
enum ds_status framer_move(struct framer *framer, struct block *from, struct block *to);

void framer_fini(struct framer *framer);

#endif
