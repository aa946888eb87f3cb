/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_FRAME_READER_H
#define FLOW_FRAME_READER_H

#include "input/encodings.h"
#include "read/reader.h"

/**
 * Reads the frames of a block. A frame in another encoding than UTF-8 is converted before it is
 * read. The reason why a frame could not be read becomes an error with its position in the input.
 * Each thread needs its own frame reader.
 */

struct frame_reader;

/** `encodings` is borrowed, and may be shared. Returns NULL when there is no memory. */
struct frame_reader *frame_reader_new(const struct ds_limits *limits, enum ds_xml_parser parser,
	struct encodings *encodings);

/**
 * Reads one frame, whose offset is in `data`, the bytes of a block; see record_reader_read(). The
 * record and the text of a converted frame are in `arena`. `*error` is set for READ_REJECTED. If a
 * frame cannot be converted, it is read up to the first byte that cannot, only to find the domain's
 * name, and rejected for that reason.
 */
enum read_result frame_reader_read(struct frame_reader *reader, const struct frame *frame,
	const char *data, struct arena *arena, const struct ds_domain **domain,
	struct ds_error *error);

void frame_reader_free(struct frame_reader *reader);

#endif
