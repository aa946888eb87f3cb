/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/frame_reader.h"

#include "record/error.h"
#include "record/place.h"
#include "record/secret.h"
#include "record/text.h"

#include <stdio.h>
#include <stdlib.h>

struct frame_reader {
	struct record_reader *reader;
	struct encodings *encodings;
	/** The maximum size of a domain and its conversion, which are in memory together. */
	size_t domain_size;
	/** The result of a conversion, until an arena owns it. */
	struct buffer text;
};

struct frame_reader *frame_reader_new(const struct ds_limits *limits, enum ds_xml_parser parser,
	struct encodings *encodings)
{
	struct frame_reader *reader = calloc(1, sizeof *reader);

	if (!reader)
		return NULL;
	reader->encodings = encodings;
	reader->domain_size = limits->domain_size;
	buffer_init(&reader->text);
	reader->reader = record_reader_new(limits, parser);
	if (reader->reader)
		return reader;
	frame_reader_free(reader);
	return NULL;
}

void frame_reader_free(struct frame_reader *reader)
{
	if (!reader)
		return;
	record_reader_free(reader->reader);
	buffer_fini(&reader->text);
	free(reader);
}

/* ---- errors ---- */

/** Sets the text of an error at a NUL byte: the length of the run of NUL bytes. */
static void describe_hole(const struct frame *frame, struct ds_text input, size_t at,
	struct ds_error *error)
{
	size_t end = at;

	while (end < input.size && !input.data[end])
		end++;
	frame_hole_text(frame, end - at, error->text);
}

static void fill_error(const struct read_failure *failure, const struct frame *frame,
	struct ds_text input, struct ds_error *error)
{
	struct ds_place cause = place_after(frame->place, input.data, failure->at);

	error_set_safe(error, failure->id, frame->place, failure->text);
	if (failure->at < input.size && !input.data[failure->at])
		describe_hole(frame, input, failure->at, error);
	if (failure->at && failure->at <= frame->size)
		error_at(error, &cause);
	error->length = frame->kind == FRAME_DOMAIN ? frame->size : frame->length;
	error_domain(error, failure->name);
}

/* ---- encodings ---- */

/** The maximum number of bytes of an encoding's name that an error shows. */
#define SHOWN_NAME_SIZE 40

/** Returns why a frame could not be converted, or NULL when there is no memory. `byte` does not
 * begin a valid character. */
static const char *reason_of(enum encoding_result result, const char *name, unsigned char byte,
	struct arena *arena)
{
	struct buffer text = {0};
	const char *after = "'", *reason;
	char invalid[80];

	if (result == ENCODING_TOO_LARGE)
		return "the domain, together with its conversion to UTF-8, is larger than the "
		       "limit (--max-domain)";
	if (result == ENCODING_UNKNOWN) {
		buffer_literal(&text, "unknown encoding '");
		after = "': expected a name that iconv knows; convert the file to UTF-8 first";
	} else if (result == ENCODING_NOT_ASCII) {
		buffer_literal(&text, "the encoding cannot be '");
		after = "', which does not contain ASCII; correct the declaration, or convert the "
			"file to UTF-8 first";
	} else {
		snprintf(invalid, sizeof invalid,
			"byte 0x%02x does not begin a valid character of the encoding '", byte);
		buffer_string(&text, invalid);
	}
	secret_mask_beginning(&text, text_of_string(name), SHOWN_NAME_SIZE);
	buffer_add(&text, after, strlen(after) + 1);
	reason = text.failed ? NULL : arena_text(arena, text.data, text.size).data;
	buffer_fini(&text);
	return reason;
}

/** Refuses a frame that could be converted up to the offset `at` only. Returns false when there is
 * no memory. */
static bool refuse(struct frame *frame, enum encoding_result result, struct ds_text input,
	size_t at, struct arena *arena)
{
	bool is_large = result == ENCODING_TOO_LARGE;
	unsigned char byte = at < input.size ? (unsigned char)input.data[at] : 0;

	frame->kind = FRAME_REJECTED;
	frame->id = is_large ? "DA905" : "DA903";
	frame->why = reason_of(result, frame->encoding, byte, arena);
	frame->error_at = is_large ? 0 : at;
	return frame->why;
}

/** Reads a frame in another encoding than UTF-8. */
static enum read_result read_encoded(struct frame_reader *reader, struct frame frame,
	struct ds_text input, struct arena *arena, const struct ds_domain **domain,
	struct read_failure *failure)
{
	struct buffer *converted = &reader->text;
	/* Nothing is converted if the input alone is as large as the limit. */
	size_t at, most = reader->domain_size > input.size ? reader->domain_size - input.size : 0;
	enum encoding_result result =
		encodings_convert(reader->encodings, frame.encoding, input, most, converted, &at);
	struct ds_text text = {"", converted->size};
	enum read_result outcome;

	if (text.size)
		text.data = arena_own(arena, converted->data, converted->capacity);
	if (text.size && text.data)
		buffer_init(converted);
	if (result == ENCODING_NO_MEMORY || !text.data)
		return READ_NO_MEMORY;
	if (result != ENCODING_OK && frame.kind == FRAME_DOMAIN &&
		!refuse(&frame, result, input, at, arena))
		return READ_NO_MEMORY;
	outcome = record_reader_read(reader->reader, &frame, input, text, arena, domain, failure);
	/* The position is that in the input. */
	if (outcome == READ_REJECTED && frame.kind == FRAME_DOMAIN &&
		encodings_convert(reader->encodings, frame.encoding, input, failure->at, converted,
			&failure->at) == ENCODING_NO_MEMORY)
		return READ_NO_MEMORY;
	return outcome;
}

enum read_result frame_reader_read(struct frame_reader *reader, const struct frame *frame,
	const char *data, struct arena *arena, const struct ds_domain **domain,
	struct ds_error *error)
{
	struct ds_text input = {data + frame->at, frame->size};
	struct read_failure failure;
	enum read_result result = frame->encoding
		? read_encoded(reader, *frame, input, arena, domain, &failure)
		: record_reader_read(reader->reader, frame, input, input, arena, domain, &failure);

	if (result == READ_REJECTED)
		fill_error(&failure, frame, input, error);
	return result;
}
