/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef PART_EVENTS_H
#define PART_EVENTS_H

#include "record/coding.h"

/**
 * What an audit has seen, in the sections PART_EVENTS: domains, errors and ends of inputs, in the
 * order in which the library has reported them. Domains and errors belong to the input that ends
 * next.
 */

enum part_event_kind {
	/** The record of a domain; see `estate` in struct ds_run_options. */
	PART_EVENT_DOMAIN = 1,
	/** Something that could not be read. */
	PART_EVENT_ERROR,
	/** The next record of the sections PART_INPUTS is about the input that ends here. */
	PART_EVENT_INPUT,
};

struct part_event {
	enum part_event_kind kind;
	/** Of a domain. */
	struct ds_text record;
	/** An error; its `host` is not kept, only whether it had one. */
	struct ds_error error;
	bool has_host;
};

void part_event_domain(struct buffer *out, struct ds_text record);
void part_event_error(struct buffer *out, const struct ds_error *error);
void part_event_input(struct buffer *out);

/** Decodes the next event of a section and moves behind it. Its texts point into the bytes, but for
 * those that are in the error itself. Returns NULL, or what is wrong. */
const char *part_event_decode(struct part_event *event, struct decoding *section);

#endif
