/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FRAME_FRAMER_PRIVATE_H
#define FRAME_FRAMER_PRIVATE_H

#include "frame/framer.h"

/**
 * What the two framers share. A step looks at what stands at `pos` and says how that went.
 */
enum framer_step {
	/** `pos` moved on, or the state changed. */
	STEP_ON = 0,
	/** More bytes are needed to tell. `pos` stays. */
	STEP_MORE,
	STEP_NO_MEMORY,
};

/** Where the byte at `at` stands. Calls must not go backwards. */
struct ds_place framer_place(struct framer *framer, const struct block *block, size_t at);

/** Adds the bytes from `start` to `end` as a whole domain and goes on behind them, outside. */
enum framer_step framer_domain(struct framer *framer, struct block *block, size_t end);

/** Adds the bytes from `start` to `end` as what must be one whole domain unless it is broken. The next one begins a line at `next`,
 * `lines` behind that of `start`; it is gone on from there, outside. */
enum framer_step framer_guess(struct framer *framer, struct block *block, size_t end, size_t next, size_t lines);

/** Begins to refuse what starts at `start`: the thing wrong is at `at`. The search for the range's end goes on at
 * `resume`. */
enum framer_step framer_refuse(struct framer *framer, enum frame_kind kind, const char *id, const char *why, size_t at,
			       size_t resume);

/** Gives out a refused range that ends at `end` and goes on there, outside. */
enum framer_step framer_refused(struct framer *framer, struct block *block, size_t end);

/** Gives out the part of a refused range up to `end`, when it is long enough that it should not be held. */
enum framer_step framer_refused_part(struct framer *framer, struct block *block, size_t end);

/** A frame is broken at `at`: goes on at the candidate if there is one, else looks for the next domain from `resume`. */
enum framer_step framer_broken(struct framer *framer, struct block *block, const char *id, const char *why, size_t at,
			       size_t resume);

/** SEXPR: the domain that closed at `closed_at` was whole; what was looked at since then is none of its own. */
enum framer_step framer_closed(struct framer *framer, struct block *block);

/** Something at `pos` does not end, and may have swallowed whole domains. Returns where to look for them: from there
 * on, or behind all that there is when patience has ended. */
size_t framer_look_again(struct framer *framer, const struct block *block);

/** The frame has grown over the limit. */
enum framer_step framer_too_large(struct framer *framer, struct block *block);

enum framer_step xml_framer_step(struct framer *framer, struct block *block);
enum framer_step xml_framer_end(struct framer *framer, struct block *block);
enum framer_step sexpr_framer_step(struct framer *framer, struct block *block);
enum framer_step sexpr_framer_end(struct framer *framer, struct block *block);

/**
 * Bytes that may be looked at twice for the sake of broken frames before suspicion becomes judgement. Without it a
 * dump of a million unclosed domains would take a limit's worth of looking ahead for each. What stands between two domains that begin
 * a line can have no say in what follows, so that such a range has a patience of its own, and can be judged by itself.
 */
#define PATIENCE ((size_t)64 << 20)
#define LINE_PATIENCE ((size_t)1 << 20)

/** One of the bytes of UTF-8's byte order mark. */
static inline int framer_mark(char byte)
{
	return byte == '\xef' || byte == '\xbb' || byte == '\xbf';
}

#endif
