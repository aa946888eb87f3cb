/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "part/events.h"

static const char malformed[] = "an event is malformed";

/* ---- writing ---- */

void part_events_init(struct part_events *events)
{
	memset(events, 0, sizeof *events);
	for (size_t i = 0; i < PART_COLUMNS; i++)
		buffer_init(&events->columns[i]);
}

void part_events_fini(struct part_events *events)
{
	for (size_t i = 0; i < PART_COLUMNS; i++)
		buffer_fini(&events->columns[i]);
}

void part_events_domain(struct part_events *events, const struct ds_place *place,
	const struct ds_record *record)
{
	struct buffer *out = &events->columns[0];

	encode_number(out, PART_EVENT_DOMAIN);
	encode_number(out, place->offset - events->before.offset);
	/* An unknown line is stored as 0. */
	encode_number(out, place->line ? place->line - events->before.line + 1 : 0);
	encode_number(out, place->column);
	events->before.offset = place->offset;
	if (place->line)
		events->before.line = place->line;
	for (size_t i = 0; i < DS_RECORD_COLUMNS; i++)
		encode_bytes(&events->columns[1 + i], record->columns[i].data,
			record->columns[i].size);
}

void part_events_input(struct part_events *events)
{
	encode_number(&events->columns[0], PART_EVENT_INPUT);
	events->before = (struct ds_place){NULL, 0, 0, 0};
}

void part_events_error(struct part_events *events, const struct ds_error *error)
{
	struct buffer *out = &events->columns[0];

	encode_number(out, PART_EVENT_ERROR);
	encode_string(out, error->id);
	encode_string(out, error->place.name);
	encode_number(out, error->place.offset);
	encode_number(out, error->place.line);
	encode_number(out, error->place.column);
	encode_number(out, error->host != NULL);
	encode_number(out, error->length);
	encode_string(out, error->domain);
	encode_string(out, error->text);
	encode_number(out, error->reason_size);
}

size_t part_events_size(const struct part_events *events)
{
	size_t size = 0;

	for (size_t i = 0; i < PART_COLUMNS; i++)
		size += events->columns[i].size;
	return size;
}

enum ds_status part_events_write(struct part_events *events, struct part_writer *writer)
{
	struct ds_text texts[1 + PART_COLUMNS];
	struct buffer sizes;
	enum ds_status status = DS_NO_MEMORY;
	bool has_failed = false;

	buffer_init(&sizes);
	for (size_t i = 0; i < PART_COLUMNS; i++) {
		struct buffer *column = &events->columns[i];

		encode_number(&sizes, column->size);
		texts[1 + i] = (struct ds_text){column->data, column->size};
		has_failed |= column->failed;
	}
	texts[0] = (struct ds_text){sizes.data, sizes.size};
	if (!has_failed && !sizes.failed)
		status = part_writer_texts(writer, PART_EVENTS, texts, 1 + PART_COLUMNS);
	buffer_fini(&sizes);
	for (size_t i = 0; i < PART_COLUMNS; i++)
		buffer_clear(&events->columns[i], SIZE_MAX);
	events->before = (struct ds_place){NULL, 0, 0, 0};
	return status;
}

/* ---- reading ---- */

const char *part_events_open(struct part_events_reader *reader, struct ds_text section)
{
	struct decoding bytes = decoding_of(section);
	struct ds_text columns[PART_COLUMNS];

	memset(reader, 0, sizeof *reader);
	for (size_t i = 0; i < PART_COLUMNS; i++)
		columns[i].size = (size_t)decode_number_to(&bytes, section.size);
	for (size_t i = 0; i < PART_COLUMNS; i++)
		columns[i].data = decode_bytes(&bytes, columns[i].size);
	if (!decoding_is_done(&bytes))
		return malformed;
	reader->events = decoding_of(columns[0]);
	memcpy(reader->records.columns, columns + 1, sizeof reader->records.columns);
	return NULL;
}

/** Decodes a string into an array. */
static void decode_into(struct decoding *bytes, char *to, size_t size)
{
	const char *string = decode_required_string(bytes);

	if (strlen(string) < size)
		memcpy(to, string, strlen(string) + 1);
	else
		bytes->has_failed = true;
}

static void decode_error(struct decoding *bytes, struct part_event *event)
{
	struct ds_error *error = &event->error;

	decode_into(bytes, error->id, sizeof error->id);
	error->place.name = decode_required_string(bytes);
	error->place.offset = decode_number(bytes);
	error->place.line = decode_number(bytes);
	error->place.column = decode_number(bytes);
	event->has_host = decode_number_to(bytes, 1) != 0;
	error->length = decode_number(bytes);
	decode_into(bytes, error->domain, sizeof error->domain);
	decode_into(bytes, error->text, sizeof error->text);
	error->reason_size = (size_t)decode_number_to(bytes, strlen(error->text));
}

static void decode_place(struct part_events_reader *reader, struct part_event *event)
{
	struct ds_place *before = &reader->before;
	uint64_t line;

	before->offset += decode_number(&reader->events);
	line = decode_number(&reader->events);
	event->place.offset = before->offset;
	if (line)
		event->place.line = before->line += line - 1;
	event->place.column = decode_number(&reader->events);
}

const char *part_events_next(struct part_events_reader *reader, struct part_event *event)
{
	struct decoding *bytes = &reader->events;

	memset(event, 0, sizeof *event);
	event->kind = (enum part_event_kind)decode_number_to(bytes, PART_EVENT_INPUT);
	switch (event->kind) {
	case PART_EVENT_DOMAIN:
		decode_place(reader, event);
		break;
	case PART_EVENT_ERROR:
		decode_error(bytes, event);
		break;
	case PART_EVENT_INPUT:
		reader->before = (struct ds_place){NULL, 0, 0, 0};
		break;
	default:
		bytes->has_failed = true;
	}
	return bytes->has_failed ? malformed : NULL;
}

bool part_events_at_end(const struct part_events_reader *reader)
{
	return reader->events.at == reader->events.end;
}

bool part_events_is_done(const struct part_events_reader *reader)
{
	for (size_t i = 0; i < DS_RECORD_COLUMNS; i++)
		if (reader->records.columns[i].size)
			return false;
	return part_events_at_end(reader);
}
