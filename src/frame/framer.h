/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FRAME_FRAMER_H
#define FRAME_FRAMER_H

#include "frame/block.h"
#include "frame/xml_markup.h"

#include <stdbool.h>

/**
 * The framer cuts a stream into frames: the raw bytes of one domain each. It does not parse them.
 *
 * The bytes are in a block. The framer remembers how far it has looked, and adds a frame to the
 * block when it has found the frame's end. The caller may add bytes at any point; the frames are
 * the same however the stream arrives.
 *
 * XML: a frame is a `<domain>` element with everything up to its `</domain>`, at any depth, in any
 * number of documents. On well-formed input the borders are those that an XML parser sees. SEXPR: a
 * frame is a `(domain …)` or `(vm …)` list at top level or in an outer list (grammar: xend's
 * sxp.py).
 *
 * Damage costs one range: it ends where the broken domain ends or where the next one begins. What
 * is well-formed is never reinterpreted: a comment, CDATA section or string may hold what looks
 * like a domain. Only when the frame around it is not well-formed is that the start of the next
 * domain. The framer looks ahead to find that out, and looks again at what it has passed in vain.
 * So that this stays linear it keeps account (`patience`): in a stream in which far more was looked
 * at in vain than was passed for good, the first start of a domain inside another one ends the
 * former.
 */

/** Most frames of one block. A frame of a few bytes becomes a record or an error of a kilobyte. */
#define FRAMES_MAX ((size_t)512)

enum framer_state {
	/** Between domains. */
	FRAMER_OUTSIDE = 0,
	/** In a domain, looking for its end. */
	FRAMER_INSIDE,
	/** In a range that is refused, looking for its end. */
	FRAMER_REFUSING,
	/** In a run of NUL bytes between domains. */
	FRAMER_HOLE,
	/** SEXPR: a domain has closed; what follows decides whether xl has closed it too early. */
	FRAMER_CLOSED,
	/** SEXPR: behind the domain of a save file, where a memory image follows. */
	FRAMER_DONE,
};

/** An XML element that is open around the domains. */
struct framer_level {
	uint64_t name;
	/** A `<domain>` below it may be a reference to a domain. */
	bool is_snapshot;
	/** A domain is a child of it, so that text in it is damage. */
	bool has_domain;
};

struct xml_framer {
	/** Open elements around the domain; limits.depth of them at most. */
	struct framer_level *levels;
	size_t depth;
	/** The encoding that the present document declares; empty for UTF-8. `block_encoding` is
	 * its copy in the present block, or NULL. */
	char encoding[ENCODING_NAME_SIZE];
	const char *block_encoding;
	/** The encoding that the first document declares; empty when it declares none, or was not
	 * seen yet. */
	char first_encoding[ENCODING_NAME_SIZE];
	/** The first document has begun. */
	bool has_document;
	/** The root of the present document was seen. */
	bool has_root;
	/** The document type of the present document, when it has declarations and no domain was
	 * seen yet; else `name` is NULL. */
	struct ds_place doctype;
	/** Stream offset of a text before the next tag; 0: none. */
	uint64_t text_at;
	/** In a frame: the comment, CDATA section or processing instruction that is open, as an
	 * `enum markup`, and its stream offset; 0: none. */
	int section;
	uint64_t section_at;
	/** In a frame: `<domain>` elements inside it that are open. */
	size_t nested;
	/** In a frame: it has a comment, CDATA section or processing instruction. */
	bool has_markup;
	/** Checks frames that may be two; made when it is first needed. */
	struct xml_check *check;
	/** framer_again(): the domains to cut, the next one of them, and where the frame begins in
	 * the block. */
	struct guest_list guests;
	size_t next_guest, guests_at;
};

struct sexpr_framer {
	/** In a frame: open lists, the open quote, and the comment that is open. */
	unsigned lists;
	char quote;
	bool in_comment;
	/** Stream offset behind the last closing quote. */
	uint64_t quote_end;
	/** In a frame: stream offset of what looks like a domain in a string, the last one of its
	 * kind; 0: none. Whether it is in the last string of all. */
	uint64_t in_string;
	bool string_is_suspect;
	/** Open outer lists; they may begin before anything else, or a line. */
	size_t outer;
	/** A domain or a refused range came before. */
	bool has_begun;
	/** The frame's list has closed before its devices, as xl prints PV guests. */
	bool closes_early;
	/** Stream offset behind the list of a frame in FRAMER_CLOSED. */
	uint64_t closed_at;
	/** The stream begins with the header of a save file. */
	bool is_save_file;
};

/** The range that is being refused. */
struct refusal {
	enum frame_kind kind;
	/** An index of the table of damages in framer_private.h, and its text or a more precise
	 * one. */
	unsigned damage;
	const char *why;
	/** The first wrong byte, counted from the range's beginning. */
	size_t at;
	/** Stream offset where the range may end; 0: nowhere yet. */
	uint64_t end;
	/** Bytes that were given out so far. */
	uint64_t given;
};

struct framer {
	/** DS_FORMAT_AUTO: not recognized yet. */
	enum ds_format format;
	bool format_was_recognized;
	struct ds_limits limits;
	/** Name of the stream, borrowed until the stream ends; `block_name` is its copy in the
	 * present block. */
	const char *name;
	const char *block_name;
	/** framer_again(): the host of the frame that is cut again. */
	const char *host;
	/** The bytes were transcoded to UTF-8: declarations of an encoding are void. */
	bool transcoded;
	/** SEXPR: whoever reads the frames checks them, so that the framer may predict their ends.
	 * Set after framer_begin(). */
	bool may_guess;
	enum framer_state state;

	/** Stream offset of the block's first byte, modulo 2^64 (a block may begin with another
	 * stream). */
	uint64_t base;
	/** In the block: the next byte to look at. */
	size_t pos;
	/** In the block: the first byte of what is unfinished. Everything before it has been dealt
	 * with. */
	size_t start;
	/** The framer waits until the block has this many bytes. */
	size_t wake;
	/** FRAMES_MAX, or more while the caller cannot hand the block on. Set by framer_begin(). */
	size_t frames_max;
	/** The block has `frames_max` frames and bytes that were not looked at. */
	bool is_behind;
	/** In the block: lines are counted up to here. `line` is the line of that byte, from 1, and
	 * `line_start` its stream offset. */
	size_t counted;
	uint64_t line;
	uint64_t line_start;

	/** In a frame: stream offset of the first start of a domain (or document) inside it; 0:
	 * none. */
	uint64_t suspect;
	/** Bytes that may be looked at in vain; below 0: too many were. */
	int64_t patience;
	/** Something was refused: the document's own balance cannot be judged any more. Read it
	 * with framer_is_damaged() and change it with framer_set_damaged(). */
	bool damaged;
	/** XML: the present document holds a domain that is not well-formed, so that it is not
	 * either. */
	bool is_broken;
	/** A stream that begins at a border (border.h): members of this struct that still have the
	 * value that was assumed there, those whose assumed value mattered, and the least patience
	 * while it depended on the assumed one. The first two are bits of enum border_member. */
	unsigned assumed, mattered;
	int64_t least_patience;
	/** Stream offset behind the remains of domains that are shorter than WRECK_SIZE; 0:
	 * none. */
	uint64_t wreck_end;
	/** A bit for each damage that was reported since the last domain. */
	uint32_t reported;
	struct refusal refusal;
	/** The run of NUL bytes: where it begins and how many there are. */
	struct ds_place hole;
	uint64_t hole_size;
	/** framer_again(): where the prediction ends, in the block. */
	size_t again_end;

	struct xml_framer xml;
	struct sexpr_framer sexpr;
};

/** Returns false when out of memory. The format AUTO is recognized by the first start of a domain
 * or document. */
bool framer_init(struct framer *framer, enum ds_format format, const struct ds_limits *limits);

/** Begins a stream at the block's end. `name` is borrowed until the stream ends. */
void framer_begin(struct framer *framer, const struct block *block, const char *name,
	enum ds_format format, bool transcoded);

/** Looks at the bytes that were added to the block. When the block gets `frames_max` frames,
 * `is_behind` is set and the rest is left for the next block. Returns DS_OK or DS_NO_MEMORY. */
enum ds_status framer_scan(struct framer *framer, struct block *block);

/** Is a domain open, of which there will be a frame of its own, whole or refused? */
bool framer_is_in_domain(const struct framer *framer);

/** The stream ends at the block's end: what is unfinished is refused. When `is_behind` is set
 * afterwards, the block is full as after framer_scan(), and this is to be called again. Returns
 * DS_OK or DS_NO_MEMORY. */
enum ds_status framer_finish(struct framer *framer, struct block *block);

/** Goes on behind a gap in the stream, when framer_finish() is done: nothing before it belongs to
 * what comes. `format`: that of what comes; AUTO: decided anew. */
void framer_resume(struct framer *framer, const struct block *block, enum ds_format format);

/**
 * Cuts a frame a second time, when its reader has found that it is not one domain:
 *
 * SEXPR: the frame's end was predicted, and it is cut into the frames that would have been cut
 * without the prediction. XML: the frame is a `<domain>` of another kind, and what it holds is cut
 * as if it were any other element.
 *
 * The framer is one for this alone. It is cleared with zeros, never initialized with framer_init(),
 * and freed with framer_fini(). framer_again() adds the frames to `frames`, a block that holds
 * nothing else, until that has FRAMES_MAX of them, or one of XML: then `is_behind` is set, and it
 * is to be called again. When that one turns out to be no domain either, framer_again_inside()
 * comes before. The bytes are in `block`. Both return DS_OK or DS_NO_MEMORY.
 */
enum ds_status framer_again_begin(struct framer *framer, const struct block *block,
	const struct frame *frame, const struct ds_limits *limits);
enum ds_status framer_again(struct framer *framer, const struct block *block, struct block *frames);

/** Of a frame of XML, framer_again() is to cut these domains alone, and to treat any other
 * `<domain>` in it as an element. Takes over the list. */
void framer_again_only(struct framer *framer, struct guest_list guests);

/** Goes on inside a frame of XML that was just cut. Returns false when it is nested too deeply, or
 * too much was looked at in vain, for every level is looked at once more. */
bool framer_again_inside(struct framer *framer, const struct block *block,
	const struct frame *frame);

/** The place of the first byte that is unfinished. */
struct ds_place framer_unfinished(struct framer *framer, const struct block *block);

/** Moves what is unfinished from one block to the beginning of an empty other one. Returns DS_OK or
 * DS_NO_MEMORY. */
enum ds_status framer_move(struct framer *framer, struct block *from, struct block *to);

void framer_fini(struct framer *framer);

#endif
