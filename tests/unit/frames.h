/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef UNIT_FRAMES_H
#define UNIT_FRAMES_H

#include "frame/framer.h"
#include "support.h"

/** Frames of an input, as a list that can be compared with the expected one. */

/** A frame with a copy of its bytes; the frames of a refused range are joined. */
struct cut {
	struct frame frame;
	/** The name of the frame's encoding, if it has one. */
	char encoding[MARKUP_ENCODING_SIZE];
	struct buffer bytes;
};

struct cuts {
	struct cut *items;
	size_t count;
	/** The number of frames whose end was guessed. */
	size_t guesses;
};

/** Frames the input, which arrives in chunks of `piece` bytes (0: all at once). Checks that each
 * frame has the bytes of the input at its position, that frames follow one another, and that line
 * and column are right. */
void cut_input(struct cuts *cuts, enum ds_format format, const struct ds_limits *limits,
	const char *data, size_t size, size_t piece);

/** Frames SEXPR with guessed ends. Each guess is read, and is counted as a domain only if the
 * reader accepts it; otherwise it is reframed, and the list has the result. */
void cut_guessing(struct cuts *cuts, const struct ds_limits *limits, const char *data, size_t size,
	size_t piece);
void cuts_fini(struct cuts *cuts);

/** Prints everything about the frames that does not depend on the size of the chunks. */
void dump_cuts(struct buffer *out, const struct cuts *cuts);

/** With chunk size 0, the dump of the frames is stored in `whole`; with any other size, it must be
 * the same. */
void expect_whole(const struct cuts *cuts, size_t piece, struct buffer *whole);

struct expected {
	enum frame_kind kind;
	/** NULL for any id. */
	const char *id;
	/** The bytes of the frame. They are always compared with the input at the frame's position,
	 * too. */
	const char *text;
};

#define DOMAIN(text) \
	{ \
		FRAME_DOMAIN, NULL, text \
	}
#define REJECTED(id, text) \
	{ \
		FRAME_REJECTED, id, text \
	}
#define STRAY(id, text) \
	{ \
		FRAME_STRAY, id, text \
	}
#define LIKEWISE(text) \
	{ \
		FRAME_LIKEWISE, NULL, text \
	}
#define HOLE \
	{ \
		FRAME_HOLE, NULL, "" \
	}

/** Expects these frames, with the input as one chunk and in chunks of 1 to 31 bytes. */
void expect_cuts(enum ds_format format, const struct ds_limits *limits, const char *data,
	size_t size, const struct expected *expected, size_t count);

/** For string constants, which may contain NUL bytes. */
#define EXPECT_XML(input, ...) \
	expect_cuts(DS_FORMAT_XML, NULL, input, sizeof input - 1, \
		(const struct expected[]){__VA_ARGS__}, \
		COUNT(((const struct expected[]){__VA_ARGS__})))
#define EXPECT_SEXPR(input, ...) \
	expect_cuts(DS_FORMAT_SEXPR, NULL, input, sizeof input - 1, \
		(const struct expected[]){__VA_ARGS__}, \
		COUNT(((const struct expected[]){__VA_ARGS__})))
#define EXPECT_NONE(format, input) expect_cuts(format, NULL, input, sizeof input - 1, NULL, 0)

#endif
