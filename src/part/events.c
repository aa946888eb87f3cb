/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "part/events.h"

void part_event_domain(struct buffer *out, struct ds_text record)
{
	encode_number(out, PART_EVENT_DOMAIN);
	encode_text(out, record);
}

void part_event_input(struct buffer *out)
{
	encode_number(out, PART_EVENT_INPUT);
}

void part_event_error(struct buffer *out, const struct ds_error *error)
{
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

const char *part_event_decode(struct part_event *event, struct decoding *section)
{
	memset(event, 0, sizeof *event);
	event->kind = (enum part_event_kind)decode_number_to(section, PART_EVENT_INPUT);
	if (event->kind == PART_EVENT_DOMAIN)
		event->record = decode_text(section);
	else if (event->kind == PART_EVENT_ERROR)
		decode_error(section, event);
	else if (event->kind != PART_EVENT_INPUT)
		section->has_failed = true;
	return section->has_failed ? "an event is malformed" : NULL;
}
