/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef PART_FACTS_H
#define PART_FACTS_H

#include "record/coding.h"

/**
 * The records in a part file about the run that wrote it and about each of its inputs. An encoder
 * appends to a buffer, whose `failed` shows a lack of memory. A decoder returns NULL, or what is
 * wrong with the bytes as a static English phrase; its results point into the bytes.
 */

/** The contents of the section PART_FACTS. */
struct part_facts {
	/** ds_version() of the program, and the command, such as "audit". */
	const char *version, *command;
	/** The options that affect the output, in a form that is equal for all parts of a run. */
	struct ds_text options;
	/** The directory from which relative file names start. */
	const char *directory;
	/** The number of this part, from 1, and the number of all parts. */
	uint64_t number, count;
	/** The number of records in all sections PART_INPUTS. */
	uint64_t inputs;
	/** The counts of this part alone. */
	struct ds_counts counts;
	/** The exit status of the part before --accept; and the status for the reasons that
	 * --accept never covers, such as an input that cannot be opened. */
	unsigned status, status_never_accepted;
};

void part_facts_encode(struct buffer *out, const struct part_facts *facts);
const char *part_facts_decode(struct part_facts *facts, struct ds_text bytes);

/** A record of the section PART_INPUTS. They are in the order in which the inputs ended. */
struct part_input {
	/** The counts, outcome and host are those of this part. `segment` is not stored. */
	struct ds_input_result result;
	/** The bytes of the input that the part has read; `whole_because` and `share_size` are not
	 * stored. */
	struct ds_segment segment;
};

void part_input_encode(struct buffer *out, const struct part_input *input);

/** Decodes the next record of a section and moves after it. */
const char *part_input_decode(struct part_input *input, struct decoding *section);

#endif
