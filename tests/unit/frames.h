/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef UNIT_FRAMES_H
#define UNIT_FRAMES_H

#include "frame/framer.h"
#include "support.h"

/** Frames of an input, as a list that can be compared with what is expected. */

/** A frame with its own copy of its bytes; pieces of a range are put together. */
struct cut {
	struct frame frame;
	/** Where the frame's encoding is kept, if it has one. */
	char encoding[MARKUP_ENCODING_SIZE];
	struct buffer bytes;
};

struct cuts {
	struct cut *items;
	size_t count;
	/** Frames that were guesses. */
	size_t guesses;
};

/** Cuts the input that comes in pieces (0: whole). Checks that each frame's bytes are those of the
 * input at its place, that frames follow one another, and that places are right. */
void cut_input(struct cuts *cuts, enum ds_format format, const struct ds_limits *limits,
	const char *data, size_t size, size_t piece);

/** Frames with guesses. Each guess is read, and must be one domain when the reader says so; each
 * is framed again, and the list has the result. */
void cut_guessing(struct cuts *cuts, const struct ds_limits *limits, const char *data, size_t size,
	size_t piece);
void cuts_fini(struct cuts *cuts);

/** All of the frames that has nothing to do with pieces, as text. */
void dump_cuts(struct buffer *out, const struct cuts *cuts);

/** Piece 0 puts the dump of the frames into `whole`; that of any other piece must be the same. */
void expect_whole(const struct cuts *cuts, size_t piece, struct buffer *whole);

struct expected {
	enum frame_kind kind;
	/** NULL: whatever it is. */
	const char *id;
	/** Its bytes. That they are those at its place is checked in any case. */
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

/** The input is cut so, whole and in pieces of 1 to 31 bytes. */
void expect_cuts(enum ds_format format, const struct ds_limits *limits, const char *data,
	size_t size, const struct expected *expected, size_t count);

/** For string constants, which may hold NUL. */
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
