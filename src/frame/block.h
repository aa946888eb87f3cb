/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FRAME_BLOCK_H
#define FRAME_BLOCK_H

#include "record/arena.h"

#include <stdbool.h>

/**
 * A block contains bytes of one or several streams and the frames that were found in them. It is
 * the unit of work of a worker.
 * A frame is never split between two blocks. The unfinished bytes at the end of a block move to the
 * next one (framer_move()).
 */

enum frame_kind {
	/** One domain, as far as its borders show. */
	FRAME_DOMAIN = 0,
	/** A range that was refused and contains, or contained, a domain. */
	FRAME_REJECTED,
	/** Bytes that belong to no domain. */
	FRAME_STRAY,
	/** More bytes of the refused range of the previous frame. */
	FRAME_MORE,
	/** The end of a refused range that came in several frames; `length` is its total size. It
	 * has no bytes. */
	FRAME_END,
	/** Bytes that belong to no domain, for a reason that was already reported since the last
	 * domain. */
	FRAME_LIKEWISE,
	/** A run of `length` NUL bytes where they are not allowed. It has no bytes. */
	FRAME_HOLE,
};

struct frame {
	enum frame_kind kind;
	enum ds_format format;
	/** XML: the encoding that the document declares, in the block's arena; NULL for UTF-8. */
	const char *encoding;
	/** XML: the frame is inside a snapshot, where `<domain><uuid/></domain>` only refers to a
	 * domain. */
	bool may_be_reference;
	/** XML: the frame contains a comment, a CDATA section or a processing instruction. */
	bool has_markup;
	/** XML: the frame seems to contain another `<domain>`. */
	bool has_nested;
	/** SEXPR: the list of the domain closes before its end, as xl prints PV guests. */
	bool closes_early;
	/** The end of the frame was predicted. If the frame is not exactly one domain, the framer
	 * has to reframe it. */
	bool is_guess;
	/** The format was recognized from the bytes, not given by the caller. */
	bool format_was_recognized;
	/** The bytes were transcoded to UTF-8, so a NUL byte may have been an invalid character. */
	bool is_transcoded;
	/** The offset in the block's data. */
	size_t at;
	size_t size;
	/** The position of the first byte. Its name is in the block's arena. */
	struct ds_place place;
	/** The host that the frame belongs to. The caller of the framer sets it, because the framer
	 * does not know it. */
	const char *host;
	/** A stable id and a sentence that say what was refused and why, both static; NULL for a
	 * domain that seems intact. */
	const char *id;
	const char *why;
	/** The offset of the error from the frame's first byte. */
	size_t error_at;
	/** The size of the whole refused range; 0 if more of it follows. */
	uint64_t length;
};

struct block {
	char *data;
	size_t size;
	/** The room from `data` on. */
	size_t capacity;
	/** The memory that was allocated; `data` may be after its beginning. */
	char *memory;
	/** The number of bytes in the block when its frames were found. Those beyond `size` have
	 * moved to the next block, but can still be read. 0 if nothing has moved. */
	size_t seen;
	struct frame *frames;
	size_t frame_count;
	size_t frame_capacity;
	/** The texts that the frames point to, such as the names of the streams. The owner of the
	 * block may add others. */
	struct arena arena;
};

/** The size of the buffer that frame_hole_text() needs. */
#define FRAME_HOLE_TEXT_SIZE 64

/** Describes `count` NUL bytes in a frame. In transcoded bytes, they may have been invalid
 * characters. */
void frame_hole_text(const struct frame *frame, uint64_t count, char *text);

void block_init(struct block *block);

/** Makes room for at least `more` bytes after `size`. Returns false when out of memory. */
bool block_reserve(struct block *block, size_t more);

/** Adds a cleared frame. Returns NULL when there is no memory. */
struct frame *block_frame(struct block *block);

/** Returns the number of bytes that the block has allocated. */
size_t block_memory(const struct block *block);

/** Clears the block and frees its memory beyond `keep` bytes of data. */
void block_clear(struct block *block, size_t keep);

void block_fini(struct block *block);

/** The offsets at which virtual machines begin in a `<domain>` of another kind, relative to its
 * frame, in ascending order. `starts` is NULL when they are unknown. */
struct guest_list {
	size_t *starts;
	size_t count;
};

/** Returns whether the byte is white space between domains. */
static inline bool frame_is_blank(char byte)
{
	return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

#endif
