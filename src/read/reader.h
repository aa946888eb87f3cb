/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_READER_H
#define READ_READER_H

#include "frame/block.h"
#include "record/arena.h"

/**
 * Reads the bytes of one domain and creates its record. Each thread needs its own record reader,
 * for both formats.
 */

enum read_result {
	/** A record was created. */
	READ_DOMAIN = 0,
	/** This is not a domain: it refers to one (`<domain><uuid/></domain>` in a snapshot), or it
	 * has no child that libvirt defines (`<domain>0</domain>` of a node device). */
	READ_REFERENCE,
	/** The domain could not be read; `failure` has the reason. */
	READ_REJECTED,
	READ_NO_MEMORY,
	/** The end of the frame was predicted, and the frame is not exactly one domain. */
	READ_UNSURE,
};

/** The reason why a domain without a name is rejected. */
#define READ_NO_NAME "the domain has no name"

/** Why a domain could not be read. */
struct read_failure {
	/** A stable id, which is static, and a sentence, which is static or in the arena. */
	const char *id, *text;
	/** The offset in the text of the domain. */
	size_t at;
	/** The domain's name, or NULL if none was read. */
	struct ds_text name;
};

struct record_reader;

/** Returns NULL when there is no memory. */
struct record_reader *record_reader_new(const struct ds_limits *limits, enum ds_xml_parser parser);

/**
 * Reads one frame. `input` has its bytes as they are in the input, and `text` the same bytes in
 * UTF-8; both must live as long as the record, which is in `arena`. `*domain` is set for
 * READ_DOMAIN, and `*failure` for READ_REJECTED. A frame whose end was predicted is read if it is
 * exactly one domain without errors. A frame of another kind than FRAME_DOMAIN is read as far as
 * possible, only to find the domain's name, and is always rejected with the frame's own reason.
 */
enum read_result record_reader_read(struct record_reader *reader, const struct frame *frame,
	struct ds_text input, struct ds_text text, struct arena *arena,
	const struct ds_domain **domain, struct read_failure *failure);

/** Returns whether the XML of a virtual machine may have a child of `<domain>` with this name. */
bool xml_has_child(struct ds_text name);

void record_reader_free(struct record_reader *reader);

#endif
