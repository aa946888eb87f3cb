/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_READER_PRIVATE_H
#define READ_READER_PRIVATE_H

#include "read/reader.h"
#include "record/builder.h"
#include "record/cold.h"

#include <stdbool.h>

/** The state that the two readers share: the record under construction, and the reason if it was
 * abandoned. */
struct read_state {
	struct ds_limits limits;
	struct builder builder;
	struct arena *arena;
	/** The current frame, and its bytes as they are in the input. */
	const struct frame *frame;
	struct ds_text input;
	/** The bytes of the frame, in UTF-8. */
	const char *data;
	size_t size;
	/** The first error; its text is NULL if nothing has failed. */
	struct read_failure failure;
	/** The frame is known to be exactly one domain. Unset for XML that expat has read. */
	bool is_whole;
	bool no_memory;
	/** XML: the domain has a child that libvirt defines. Other programs have their own
	 * `<domain>` elements. */
	bool is_guest;
};

/** Begins the record of the current frame, and discards everything that was created from this frame
 * before. */
void read_begin(struct read_state *state);

/** Abandons the domain for this reason; only the first reason counts. No value of the input in the
 * text may contain a secret. */
COLD void read_fail(struct read_state *state, const char *id, const char *text, size_t at);

/** Like read_fail(), with the value after the text, in quotes, masked, and truncated if it is
 * long. */
COLD void read_fail_value(struct read_state *state, const char *id, const char *text,
	struct ds_text value, size_t at);

/** Adds an extra, which the record cannot store otherwise: the bytes from `at` to `end`. */
void read_extra(struct read_state *state, enum ds_extra_kind kind, struct ds_text path, size_t at,
	struct ds_text raw);

struct key;

/** An open element or list. The domain itself is level 1. */
struct read_level {
	/** The context of its children. */
	unsigned char context;
	struct ds_text name;
	/** The offset of its first byte. */
	size_t at;
	/** XML: its key. */
	const struct key *key;
};

/** Returns the path of the open levels below the domain, such as "devices/disk", followed by
 * `separator` and `last`. The path is in the arena; if there are no such levels it is `last`
 * itself, which must live as long as the record. */
struct ds_text read_path(struct read_state *state, const struct read_level *levels, size_t level,
	char separator, struct ds_text last);

struct xml_reader;
struct xml_reader *xml_reader_new(enum ds_xml_parser parser);
/** Reads the current frame. */
void xml_reader_read(struct xml_reader *reader, struct read_state *state);
void xml_reader_free(struct xml_reader *reader);

struct sexpr_reader;
struct sexpr_reader *sexpr_reader_new(void);
/** Reads the current frame. */
void sexpr_reader_read(struct sexpr_reader *reader, struct read_state *state, bool closes_early);
void sexpr_reader_free(struct sexpr_reader *reader);

#endif
