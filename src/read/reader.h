/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_READER_H
#define READ_READER_H

#include "frame/block.h"
#include "record/arena.h"

/**
 * From the bytes of one domain to its record. One record reader serves one thread, for both
 * formats.
 */

enum read_result {
	/** There is a record. */
	READ_DOMAIN = 0,
	/** This is not a domain: it refers to one (`<domain><uuid/></domain>` in a snapshot), or it
	 * has no child that libvirt defines (`<domain>0</domain>` of a node device). */
	READ_REFERENCE,
	/** It could not be read; `error` says why. */
	READ_REJECTED,
	READ_NO_MEMORY,
	/** The frame was a guess, and is no whole domain. */
	READ_UNSURE,
};

struct record_reader;

/** Returns NULL when there is no memory. */
struct record_reader *record_reader_new(const struct ds_limits *limits, enum ds_xml_parser parser);

/**
 * Reads one frame. Its offset is in `data`, the bytes of a block; the record lives in `arena` and
 * refers to `data`. `*domain` is set for READ_DOMAIN and `*error` for READ_REJECTED. A guess is
 * read when it is one whole domain without anything wrong. A frame of another kind than
 * FRAME_DOMAIN is read as far as possible for the sake of the domain's name alone, and is always
 * rejected, for the frame's own reason.
 */
enum read_result record_reader_read(struct record_reader *reader, const struct frame *frame,
	const char *data, struct arena *arena, const struct ds_domain **domain,
	struct ds_error *error);

/** After READ_REFERENCE: are there virtual machines in the frame? */
bool record_reader_holds_guests(const struct record_reader *reader);

/** Hands over where they begin, for framer_again_only(). Nobody knows of a frame in another
 * encoding than UTF-8, or of SEXPR. */
struct guest_list record_reader_take_guests(struct record_reader *reader);

/** XML: may a virtual machine have a child of this name? */
bool xml_has_child(struct ds_text name);

void record_reader_free(struct record_reader *reader);

#endif
