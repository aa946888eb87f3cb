/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FRAME_FRAMER_PRIVATE_H
#define FRAME_FRAMER_PRIVATE_H

#include "frame/framer.h"

#include <stdbool.h>

/**
 * What framer.c and the framers of the two formats share.
 */

/** The result of a step, which scans the bytes at `pos`. */
enum framer_step {
	/** `pos` advanced, or the state changed. */
	STEP_ON = 0,
	/** More bytes are needed. */
	STEP_MORE,
	STEP_NO_MEMORY,
};

/** The kinds of damage. Their ids and texts are in framer.c. */
enum framer_damage {
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

/** Returns the position of the byte at `at`, which must not be before that of the previous call. */
struct ds_place framer_place(struct framer *framer, const struct block *block, size_t at);

static inline uint64_t framer_offset(const struct framer *framer, size_t at)
{
	return framer->base + at;
}

/** Returns the position in the block of a stream offset. */
static inline size_t framer_at(const struct framer *framer, uint64_t offset)
{
	return (size_t)(offset - framer->base);
}

/** The state that a framer which begins at a border can only assume, because it depends on
 * everything that was read before (border.h). */
enum border_member {
	BORDER_DAMAGED = 1,
	BORDER_BROKEN = 2,
	BORDER_REPORTED = 4,
	BORDER_PATIENCE = 8,
	BORDER_ALL = 15,
};

/** Reads `is_damaged`. Every decision that depends on it must call this, because it notes that
 * an assumed value mattered. */
static inline bool framer_is_damaged(struct framer *framer)
{
	framer->mattered |= framer->assumed & BORDER_DAMAGED;
	return framer->is_damaged;
}

static inline void framer_set_damaged(struct framer *framer, bool is_damaged)
{
	framer->is_damaged = is_damaged;
	framer->assumed &= ~(unsigned)BORDER_DAMAGED;
}

/** Reads `is_broken`, and notes that an assumed value mattered. */
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

/** Called after a domain: the same kinds of damage are reported once more after it. */
static inline void framer_forget_reported(struct framer *framer)
{
	framer->reported = 0;
	framer->assumed &= ~(unsigned)BORDER_REPORTED;
}

/** Adds the bytes from `start` to `end` as an intact domain and continues after them, outside of
 * domains. */
enum framer_step framer_domain(struct framer *framer, struct block *block, size_t end);

/** Adds the bytes from `start` to `end` as a domain, although they were not scanned: the reader
 * verifies that they are exactly one domain. The next domain begins a line at `next`, `lines` lines
 * after that of `start`; the framer continues there, outside of domains. */
enum framer_step framer_guess(struct framer *framer, struct block *block, size_t end, size_t next,
	size_t lines);

/** Begins to refuse the range that starts at `start`, with the wrong byte at `at`. The search for
 * the end of the range continues at `resume`. */
enum framer_step framer_refuse(struct framer *framer, enum frame_kind kind,
	enum framer_damage damage, size_t at, size_t resume);

/** Passes on a refused range that ends at `end`, and continues there, outside of domains. */
enum framer_step framer_refused(struct framer *framer, struct block *block, size_t end);

/** Passes on the bytes of a refused range up to `end` when it is so long that it should not be kept
 * in memory. Returns STEP_MORE or STEP_NO_MEMORY. */
enum framer_step framer_pass_refused(struct framer *framer, struct block *block, size_t end);

/** Refuses a frame that is broken at `at`. It ends at its `suspect`, where the framer continues
 * outside of domains; without a suspect, the framer searches for the next domain from `resume`
 * on. */
enum framer_step framer_broken(struct framer *framer, struct block *block,
	enum framer_damage damage, size_t at, size_t resume);

/** Records that a start of a domain is at `at` in the frame, unless there was one before. Returns
 * whether the frame has to end there at once, because too many bytes were scanned in vain. */
bool framer_suspects(struct framer *framer, size_t at);

/** Adds to the patience for the bytes before `at` that are scanned for the first time. Called where
 * a domain begins, and before every decision outside of domains that depends on the patience, so
 * that the patience does not depend on how the stream arrives. */
void framer_gain(struct framer *framer, size_t at);

/** Accounts for bytes that were scanned in vain, in a scan that ended at `end`. */
void framer_spend(struct framer *framer, size_t end, size_t bytes);

/** Begins to skip the run of NUL bytes at `pos`, outside of domains. */
enum framer_step framer_hole(struct framer *framer, struct block *block);

/** Recognizes the format by the first start of a domain or document at or after `*from`. If the
 * format is still unknown, returns AUTO and moves `*from` to where the search continues. `is_all`
 * is set if no more bytes will be scanned. */
enum ds_format framer_recognize(const struct block *block, size_t start, size_t *from, bool is_all);

enum framer_step xml_framer_step(struct framer *framer, struct block *block);
enum framer_step xml_framer_end(struct framer *framer, struct block *block);
/** Sets the members of an XML frame that describe its surroundings. Returns false when out of
 * memory. */
bool xml_framer_describe(struct framer *framer, struct block *block, struct frame *frame);

/** Continues after the start tag of a frame, outside of domains. Returns false when it is nested
 * too deeply. */
bool xml_framer_enter(struct framer *framer, const struct block *block, const struct frame *frame);

enum framer_step sexpr_framer_step(struct framer *framer, struct block *block);
enum framer_step sexpr_framer_end(struct framer *framer, struct block *block);
/** Returns whether a domain begins here, with its head and then a list or comment, or -1 when more
 * bytes are needed. */
int sexpr_framer_domain_begins(const struct block *block, size_t at);
/** SEXPR: adds the domain that has closed. The bytes that were scanned since then do not belong to
 * it. */
enum framer_step sexpr_framer_closed(struct framer *framer, struct block *block);
/** SEXPR: called when the frame is broken at `end`. If that is in a string, or directly after one,
 * text in the string that looks like a domain is treated as a domain. */
void sexpr_framer_blame(struct framer *framer, const struct block *block, size_t end);

/**
 * The number of bytes that may be scanned in vain: at the beginning of a stream of XML; and at each
 * SEXPR domain that begins a line. Each byte that is scanned for the first time adds PATIENCE_GAIN,
 * so that scanning ahead to the end of a dump is affordable in a dump of any size. Each byte that
 * expat has checked in vain costs CHECK_COST, because expat is slower than the framer by this
 * factor. One frame may overdraw the account by a multiple of the limit on a domain's size.
 */
#define PATIENCE ((int64_t)512 << 10)
#define LINE_PATIENCE ((int64_t)4 << 10)
#define PATIENCE_GAIN 4
#define CHECK_COST 8

/** The remains of a domain that are shorter than this have no name. A sequence of such remains is
 * one damaged range. */
#define WRECK_SIZE ((size_t)32)

/** Returns whether this is one of the bytes of UTF-8's byte order mark. */
static inline bool frame_is_bom(char byte)
{
	return byte == '\xef' || byte == '\xbb' || byte == '\xbf';
}

#endif
