/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef PART_EVENTS_H
#define PART_EVENTS_H

#include "part/container.h"

/**
 * The events of an audit, in the sections PART_EVENTS: domains, errors and ends of inputs, in the
 * order in which the library has reported them. Domains and errors belong to the input that ends
 * next.
 * A section has a column of events, followed by the joined columns of the records of all its
 * domains. Each section can be read without those before it.
 */

/** The number of columns of a section. */
#define PART_COLUMNS (1 + DS_RECORD_COLUMNS)

/* ---- writing ---- */

/** The section that is being filled. */
struct part_events {
	struct buffer columns[PART_COLUMNS];
	/** The position of the last domain of the input. */
	struct ds_place before;
};

void part_events_init(struct part_events *events);
void part_events_fini(struct part_events *events);

void part_events_domain(struct part_events *events, const struct ds_place *place,
	const struct ds_record *record);
void part_events_error(struct part_events *events, const struct ds_error *error);
void part_events_input(struct part_events *events);

/** Returns the number of bytes so far. */
size_t part_events_size(const struct part_events *events);

/** Writes the section and begins the next one. Returns the same statuses as
 * part_writer_section(). */
enum ds_status part_events_write(struct part_events *events, struct part_writer *writer);

/* ---- reading ---- */

enum part_event_kind {
	/** A domain; see `estate` in struct ds_run_options. */
	PART_EVENT_DOMAIN = 1,
	/** An error. */
	PART_EVENT_ERROR,
	/** The end of an input, which is the next record of the sections PART_INPUTS. */
	PART_EVENT_INPUT,
};

struct part_event {
	enum part_event_kind kind;
	/** The position of a domain; `name` is NULL. */
	struct ds_place place;
	/** An error. Its `host` is not stored, only whether it had one. */
	struct ds_error error;
	bool has_host;
};

/** A section that is being read. */
struct part_events_reader {
	struct decoding events;
	struct ds_place before;
	/** The records of the domains that follow; for PART_EVENT_DOMAIN, the first one is that of
	 * the domain. The caller removes it. */
	struct ds_record records;
};

/** Begins to read a section. Returns NULL, or what is wrong. */
const char *part_events_open(struct part_events_reader *reader, struct ds_text section);

/** Decodes the next event. Its texts point into the section, except for those in the error itself.
 * Returns NULL, or what is wrong. */
const char *part_events_next(struct part_events_reader *reader, struct part_event *event);

/** Returns whether there are no more events. */
bool part_events_at_end(const struct part_events_reader *reader);

/** Returns whether all records have been removed. Must be called at the end. */
bool part_events_is_done(const struct part_events_reader *reader);

#endif
