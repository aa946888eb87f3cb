/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_AHEAD_H
#define INPUT_AHEAD_H

#include "input/input.h"

#include <stdbool.h>

/**
 * The reader's side of struct input_ahead: pieces of a compressed file, in their order, inflated by
 * whoever has time. One thread at a time reads; it alone calls the functions here, without any
 * lock. The other side is in input.h.
 */

/** Most bytes that the members of one piece give together. */
#define AHEAD_PIECE_SIZE ((size_t)64 << 10)
/** Bytes of the buffer that ahead_bytes() returns. */
#define AHEAD_BYTES_SIZE ((size_t)256 << 10)

enum piece_state {
	PIECE_WAITS,
	PIECE_IS_AT_WORK,
	/** `out` holds what its members give: checksums, lengths and ends are all as the piece
	 * says. */
	PIECE_IS_DONE,
	/** They are damaged, or something else than the piece says; `out` is void. */
	PIECE_HAS_FAILED,
};

/** One or more whole gzip members. */
struct piece {
	/** Borrowed until the piece is dropped. */
	const unsigned char *in;
	size_t in_size;
	/** Bytes that the members say they give; at most AHEAD_PIECE_SIZE. */
	size_t out_size;
	unsigned members;
	/** The last one gives nothing. */
	bool ends_empty;
	/** Guarded by the lock. */
	enum piece_state state;
	/** Belongs to whoever is at work; to the reader when it is done. */
	unsigned char *out;
};

/** Takes possession for one compressed file: only one at a time is read ahead. False: another has
 * it. */
bool ahead_claim(struct input_ahead *ahead);
/** Gives it back. No piece may be left. */
void ahead_release(struct input_ahead *ahead);

/** A buffer for compressed bytes, of whoever has possession; NULL: there is no memory, and one's
 * own must do. */
unsigned char *ahead_bytes(struct input_ahead *ahead);

/** Is there room for another piece? */
bool ahead_has_room(const struct input_ahead *ahead);

/** Adds a piece, behind all others, of which `in`, `in_size`, `out_size`, `members` and
 * `ends_empty` are set. False: no memory. There must be room. */
bool ahead_add(struct input_ahead *ahead, const struct piece *piece);

/** The first piece, as it is, or NULL if there is none. */
const struct piece *ahead_first(const struct input_ahead *ahead);

/**
 * Waits until the first piece is done or has failed. Works on what nobody works on meanwhile, first
 * of all on that. Of what it gives, `*size` bytes are in `data` then and not in the piece: all or
 * none. `data` may be written to even if it has failed.
 */
enum piece_state ahead_finish_first(struct input_ahead *ahead, char *data, size_t capacity,
	size_t *size);

/** Drops the first piece, which nobody works on any more. */
void ahead_drop_first(struct input_ahead *ahead);

/** Drops all pieces. Waits for those that somebody works on. */
void ahead_drop_all(struct input_ahead *ahead);

#endif
