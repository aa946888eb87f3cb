/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef PART_FACTS_H
#define PART_FACTS_H

#include "record/coding.h"

/**
 * What a part file says of the run that wrote it, and of each of its inputs. An encoder adds the
 * bytes to a buffer, whose `failed` says that there is no memory. A decoder returns NULL, or what
 * is wrong with the bytes, a static English phrase; what it returns points into the bytes.
 */

/** The section PART_FACTS: one of these. */
struct part_facts {
	/** ds_version() of the program, and the command: "audit". */
	const char *version, *command;
	/** The options that affect the output, in a form that is equal for parts of one run. */
	struct ds_text options;
	/** The directory that relative file names start from. */
	const char *directory;
	/** This is part `number` of `count`, from 1. */
	uint64_t number, count;
	/** Records in all sections PART_INPUTS. */
	uint64_t inputs;
	/** Of this part alone. */
	struct ds_counts counts;
	/** The exit status of the part, before any --accept; and the status for the reasons that no
	 * --accept covers, such as an input that cannot be opened. */
	unsigned status, status_never_accepted;
};

void part_facts_encode(struct buffer *out, const struct part_facts *facts);
const char *part_facts_decode(struct part_facts *facts, struct ds_text bytes);

/** The section PART_INPUTS: any number of these, in the order in which the inputs ended. */
struct part_input {
	/** Counts, outcome and host are those of this part. `segment` is not kept. */
	struct ds_input_result result;
	/** Which bytes of it the part has read; of `whole_because` and `share_size` nothing is
	 * kept. */
	struct ds_segment segment;
};

void part_input_encode(struct buffer *out, const struct part_input *input);

/** Decodes the next record of a section and moves behind it. */
const char *part_input_decode(struct part_input *input, struct decoding *section);

#endif
