/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef PART_CONTAINER_H
#define PART_CONTAINER_H

#include "record/coding.h"

#include <stdio.h>

/**
 * The container of part files: a header with magic bytes and a version, sections, and a footer that
 * shows that the file is complete. domstream-part(5) describes the bytes.
 *
 * A section has an id, a length and a CRC-32; it is compressed when that makes it smaller. The
 * footer has the number of the sections and a CRC-32 over theirs, so that none can be removed,
 * repeated or moved. Nothing in a file depends on the machine, on addresses or on threads.
 *
 * To write: part_writer_new(), part_writer_section() for each section, part_writer_finish(). To
 * read: part_reader_open(), then part_reader_next() until it returns PART_END. A file is trusted
 * only when PART_END was reached; part_reader_verify() does that first, and goes back to the first
 * section.
 */

/** A file with another version is refused. */
#define PART_VERSION 1
#define PART_MAGIC \
	"\x89" \
	"dspart\n"
#define PART_MAGIC_SIZE 8

enum part_section {
	/** The footer. */
	PART_END = 0,
	/** The facts of the run (facts.h); exactly one, after the others. */
	PART_FACTS = 1,
	/** Inputs (facts.h), in the order in which they ended. There may be several sections; a
	 * record never crosses their borders. */
	PART_INPUTS = 2,
	/** The events of an audit (events.h), in order. There may be several sections, as for
	 * PART_INPUTS. */
	PART_EVENTS = 3,
	/** The data that --resume compares; at most one section. A merge does not use it. */
	PART_RESUME = 4,
};

/** The maximum size of a section before compression. */
#define PART_SECTION_MAX ((size_t)1 << 30)

/* ---- writing ---- */

struct part_writer;

/** Creates a writer. The sink gets the header at once. Returns NULL when there is no memory. */
struct part_writer *part_writer_new(ds_sink *sink, void *context);

/** Writes one section. Returns DS_OK, DS_NO_MEMORY, DS_USAGE (more than PART_SECTION_MAX bytes), or
 * the status of the sink. Failures are sticky. */
enum ds_status part_writer_section(struct part_writer *writer, enum part_section id,
	struct ds_text bytes);

/** Writes a section that is the concatenation of these texts. Each gets its own Huffman codes,
 * which compresses better when they are of different kinds. Returns the same statuses as
 * part_writer_section(). */
enum ds_status part_writer_texts(struct part_writer *writer, enum part_section id,
	const struct ds_text *texts, size_t count);

/** Writes the footer, without which readers refuse the file. Returns the same statuses as
 * part_writer_section(). */
enum ds_status part_writer_finish(struct part_writer *writer);

/** Frees the writer, which may be NULL. */
void part_writer_free(struct part_writer *writer);

/* ---- reading ---- */

struct part_reader;

/**
 * Opens a part file and checks its header. `name` is borrowed; errors contain it as their position.
 * `file` is for tests: an open file that the reader will close; if it is NULL, `name` is opened.
 * Returns DS_OK; DS_DAMAGED when it is not a part file, has another version or is corrupt;
 * DS_SYSTEM when it cannot be opened or read; or DS_NO_MEMORY. `error` has the reason, except for
 * DS_NO_MEMORY.
 */
enum ds_status part_reader_open(struct part_reader **out, const char *name, FILE *file,
	struct ds_error *error);

/** Reads the next section. Its bytes are valid until the next call. At the end, `*id` is PART_END.
 * Memory is proportional to the size of the file. Returns the same statuses as
 * part_reader_open(). */
enum ds_status part_reader_next(struct part_reader *reader, enum part_section *id,
	struct ds_text *bytes, struct ds_error *error);

/** Checks the whole file without decompressing it, and goes back to its first section. Returns the
 * same statuses as part_reader_open(). */
enum ds_status part_reader_verify(struct part_reader *reader, struct ds_error *error);

/** Fills an error about the contents of the section that was read last. Returns DS_DAMAGED. */
enum ds_status part_reader_refuse(const struct part_reader *reader, const char *why,
	struct ds_error *error);

/** Closes the file and frees the reader, which may be NULL. */
void part_reader_free(struct part_reader *reader);

#endif
