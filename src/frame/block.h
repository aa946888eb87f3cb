/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FRAME_BLOCK_H
#define FRAME_BLOCK_H

#include "record/arena.h"

#include <stdbool.h>

/**
 * A block: bytes of one or several streams and the frames that were cut in them. It is what a
 * worker gets.
 *
 * A frame is never split between two blocks. What is unfinished at a block's end moves to the next
 * one (framer_move()).
 */

enum frame_kind {
	/** One domain, as far as its borders tell. */
	FRAME_DOMAIN = 0,
	/** A range that was refused and holds, or held, a domain. */
	FRAME_REJECTED,
	/** Bytes that belong to no domain. */
	FRAME_STRAY,
	/** More bytes of the refused range of the frame before. */
	FRAME_MORE,
	/** End of a refused range that came in several frames: `length` tells how long it was. No
	 * bytes. */
	FRAME_END,
	/** Bytes that belong to no domain, for a reason that was already given since the last
	 * domain. */
	FRAME_LIKEWISE,
	/** A run of `length` NUL bytes where none may be. No bytes. */
	FRAME_HOLE,
};

struct frame {
	enum frame_kind kind;
	enum ds_format format;
	/** XML: the encoding that the document declares, in the block's arena; NULL for UTF-8. */
	const char *encoding;
	/** XML: inside a snapshot, where `<domain><uuid/></domain>` merely refers to one. */
	bool may_be_reference;
	/** XML: it holds a comment, a section of CDATA or an instruction. */
	bool has_markup;
	/** XML: it seems to hold another `<domain>`. */
	bool has_nested;
	/** SEXPR: its list closes before its end, as xl prints PV guests. */
	bool closes_early;
	/** Its end was predicted; when it is not one whole domain, the framer has to cut it. */
	bool is_guess;
	/** Its format was recognized by its bytes, not given by the caller. */
	bool format_was_recognized;
	/** The bytes were transcoded to UTF-8: a NUL byte may be what became of an invalid
	 * character. */
	bool is_transcoded;
	/** In the block's data. */
	size_t at;
	size_t size;
	/** Of the first byte; the name lives in the block's arena. */
	struct ds_place place;
	/** The host that it belongs to; set by the caller of the framer, which does not know it. */
	const char *host;
	/** What was refused and why: a stable id and a sentence, both static; NULL for a domain
	 * that seems whole. */
	const char *id;
	const char *why;
	/** Bytes from the frame's first byte to what is wrong. */
	size_t error_at;
	/** Bytes of the whole refused range; 0: more is to come. */
	uint64_t length;
};

struct block {
	char *data;
	size_t size;
	size_t capacity;
	/** So many bytes were there when its frames were cut. Those beyond `size` have moved to the
	 * next block, and may be looked at still; 0: nothing has moved. */
	size_t seen;
	struct frame *frames;
	size_t frame_count;
	size_t frame_capacity;
	/** Names of the streams in it. */
	struct arena arena;
};

/** The room that frame_hole_text() needs. */
#define FRAME_HOLE_TEXT_SIZE 64

/** Writes what `count` NUL bytes in a frame are. In bytes that were transcoded, they may have
 * been invalid characters. */
void frame_hole_text(const struct frame *frame, uint64_t count, char *text);

void block_init(struct block *block);

/** Makes room for at least `more` bytes behind `size`. Returns false when out of memory. */
bool block_reserve(struct block *block, size_t more);

/** Adds a cleared frame; NULL when there is no memory. */
struct frame *block_frame(struct block *block);

/** Bytes that it has allocated. */
size_t block_memory(const struct block *block);

/** Empties it; memory beyond `keep` bytes of data is given back. */
void block_clear(struct block *block, size_t keep);

void block_fini(struct block *block);

/** Where the virtual machines in a `<domain>` of another kind begin: offsets in its frame,
 * ascending. `starts` is NULL when nobody knows. */
struct guest_list {
	size_t *starts;
	size_t count;
};

/** White space between domains. */
static inline bool framer_blank(char byte)
{
	return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

#endif
