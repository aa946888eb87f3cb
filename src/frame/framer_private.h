/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FRAME_FRAMER_PRIVATE_H
#define FRAME_FRAMER_PRIVATE_H

#include "frame/framer.h"

#include <stdbool.h>

/**
 * What the two framers share. A step looks at the bytes at `pos` and tells how that went.
 */
enum framer_step {
	/** `pos` moved on, or the state changed. */
	STEP_ON = 0,
	/** More bytes are needed. */
	STEP_MORE,
	STEP_NO_MEMORY,
};

/** What can be wrong. Their ids and texts are in framer.c. */
enum damage {
	DAMAGE_ENDS_IN_DOMAIN,
	DAMAGE_ENDS_IN_TAG,
	DAMAGE_ENDS_IN_ELEMENT,
	DAMAGE_ENDS_IN_LIST,
	DAMAGE_ENDS_IN_STRAY,
	DAMAGE_NOT_CLOSED,
	DAMAGE_OTHER_DOCUMENT,
	DAMAGE_DOCUMENT_NOT_CLOSED,
	DAMAGE_NOT_WELL_FORMED,
	DAMAGE_TAG,
	DAMAGE_COMMENT,
	DAMAGE_MARKUP,
	DAMAGE_END_TAG,
	DAMAGE_TEXT,
	DAMAGE_TEXT_OUTSIDE,
	DAMAGE_TEXT_IN_WRAPPER,
	DAMAGE_DOCTYPE,
	DAMAGE_STRING,
	DAMAGE_LIST,
	DAMAGE_XEND_ERROR,
	DAMAGE_PARENTHESIS,
	DAMAGE_TOO_LARGE,
	DAMAGE_STRAY_TOO_LARGE,
	DAMAGE_TOO_DEEP,
};

/** Place of the byte at `at`. Calls must not go backwards. */
struct ds_place framer_place(struct framer *framer, const struct block *block, size_t at);

static inline uint64_t framer_offset(const struct framer *framer, size_t at)
{
	return framer->base + at;
}

/** The position in the block of a stream offset. */
static inline size_t framer_at(const struct framer *framer, uint64_t offset)
{
	return (size_t)(offset - framer->base);
}

/** What a framer that begins at a border can only assume, because it depends on all that was read
 * before (border.h). */
enum border_member {
	BORDER_DAMAGED = 1,
	BORDER_BROKEN = 2,
	BORDER_REPORTED = 4,
	BORDER_PATIENCE = 8,
	BORDER_ALL = 15,
};

/** The answer decides something. */
static inline bool framer_is_damaged(struct framer *framer)
{
	framer->mattered |= framer->assumed & BORDER_DAMAGED;
	return framer->damaged;
}

static inline void framer_set_damaged(struct framer *framer, bool damaged)
{
	framer->damaged = damaged;
	framer->assumed &= ~(unsigned)BORDER_DAMAGED;
}

/** The answer decides something. */
static inline bool framer_is_broken(struct framer *framer)
{
	framer->mattered |= framer->assumed & BORDER_BROKEN;
	return framer->is_broken;
}

static inline void framer_set_broken(struct framer *framer, bool is_broken)
{
	framer->is_broken = is_broken;
	framer->assumed &= ~(unsigned)BORDER_BROKEN;
}

/** A domain has come: whatever is wrong behind it is reported again. */
static inline void framer_forget_reported(struct framer *framer)
{
	framer->reported = 0;
	framer->assumed &= ~(unsigned)BORDER_REPORTED;
}

/** Adds the bytes from `start` to `end` as a whole domain and goes on behind them, outside. */
enum framer_step framer_domain(struct framer *framer, struct block *block, size_t end);

/** Adds the bytes from `start` to `end` as what must be one whole domain unless it is broken. The
 * next one begins a line at `next`, `lines` lines behind that of `start`, where the framer goes on,
 * outside. */
enum framer_step framer_guess(struct framer *framer, struct block *block, size_t end, size_t next,
	size_t lines);

/** Begins to refuse the range that starts at `start`: the wrong byte is at `at`. The search for the
 * range's end goes on at `resume`. */
enum framer_step framer_refuse(struct framer *framer, enum frame_kind kind, enum damage damage,
	size_t at, size_t resume);

/** Gives out a refused range that ends at `end` and goes on there, outside. */
enum framer_step framer_refused(struct framer *framer, struct block *block, size_t end);

/** Gives out the part of a refused range up to `end` when it is so long that it should not be held.
 * Returns STEP_MORE or STEP_NO_MEMORY. */
enum framer_step framer_refused_part(struct framer *framer, struct block *block, size_t end);

/** The frame is broken at `at`: it ends at its suspect, where the framer goes on outside; without
 * one, the framer looks for the next domain from `resume`. */
enum framer_step framer_broken(struct framer *framer, struct block *block, enum damage damage,
	size_t at, size_t resume);

/** Notes that a start of a domain is at `at` in the frame, unless there was one before. Returns
 * whether the frame is to be given up at once, because too much was looked at in vain. */
bool framer_suspects(struct framer *framer, size_t at);

/** That many bytes were looked at in vain. */
void framer_spend(struct framer *framer, size_t bytes);

/** A run of NUL bytes begins at `pos`, outside. */
enum framer_step framer_hole(struct framer *framer, struct block *block);

/** The frame has grown over the limit. */
enum framer_step framer_too_large(struct framer *framer, struct block *block);

/** Recognizes the format by the first start of a domain or document from `*from` on, which is moved
 * to where to go on when nothing is decided yet: then AUTO is returned. `is_all`: no more bytes
 * will be looked at. */
enum ds_format framer_recognize(const struct block *block, size_t start, size_t *from, bool is_all);

enum framer_step xml_framer_step(struct framer *framer, struct block *block);
enum framer_step xml_framer_end(struct framer *framer, struct block *block);
/** Sets what a frame of XML tells about its surroundings. Returns false when out of memory. */
bool xml_framer_describe(struct framer *framer, struct block *block, struct frame *frame);

/** Goes on behind the start tag of a frame, outside of domains. Returns false when it is nested too
 * deeply. */
bool xml_framer_enter(struct framer *framer, const struct block *block, const struct frame *frame);

enum framer_step sexpr_framer_step(struct framer *framer, struct block *block);
enum framer_step sexpr_framer_end(struct framer *framer, struct block *block);
/** Does a domain begin here: its head, then a list or a comment? -1: more bytes are needed. */
int sexpr_domain_begins(const struct block *block, size_t at);
/** SEXPR: the domain that has closed was whole; what was looked at since then does not belong to
 * it. */
enum framer_step sexpr_framer_closed(struct framer *framer, struct block *block);
/** SEXPR: the frame is broken at `end`. If that is in a string, or right behind one, what looks
 * like a domain in it is one. */
void sexpr_framer_blame(struct framer *framer, const struct block *block, size_t end);

/**
 * Bytes that may be looked at in vain: in a stream of XML; between two domains of SEXPR that begin
 * a line. Each byte that is passed for good adds PATIENCE_GAIN, and each one that expat has checked
 * in vain costs CHECK_COST. One frame may overdraw it by a multiple of the limit on a domain's
 * size.
 */
#define PATIENCE ((int64_t)16 << 20)
#define LINE_PATIENCE ((int64_t)4 << 10)
#define PATIENCE_GAIN 1
#define CHECK_COST 8

/** The remains of a domain that are shorter than this have no name. A row of them is one damaged
 * range. */
#define WRECK_SIZE ((size_t)32)

/** One of the bytes of UTF-8's byte order mark. */
static inline bool framer_mark(char byte)
{
	return byte == '\xef' || byte == '\xbb' || byte == '\xbf';
}

#endif
