/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/input.h"

#include "input/error.h"
#include "input/gzip.h"
#include "input/head.h"
#include "input/source.h"
#include "input/utf16.h"

#include <stdlib.h>
#include <string.h>

/*
 * A stream is a pile of layers, each an `input_pull` over the next:
 *
 *   source   bytes of the file
 *   head     its first bytes are looked at: compressed, or UTF-16, or as they are?
 *   gzip     only when it is gzip; then `inner`, a second head: UTF-16, or as they are?
 *   utf16    only when it is UTF-16
 */

enum kind {
	/** More bytes may tell. */
	KIND_UNDECIDED,
	KIND_PLAIN,
	KIND_UTF16_LITTLE,
	KIND_UTF16_BIG,
	KIND_GZIP,
	/** Compressed with something else. */
	KIND_FOREIGN,
};

struct signature {
	enum kind kind;
	/** Bytes of the signature that are not text: a byte order mark. */
	unsigned char mark_size;
	unsigned char size;
	unsigned char bytes[INPUT_HEAD_SIZE];
	/** What inflates it and is called alike; NULL: nothing is needed. */
	const char *name;
	const char *command;
};

/* The signatures before UTF16_COUNT are looked for in what was inflated, too. */
static const struct signature signatures[] = {
	{KIND_UTF16_LITTLE, 2, 2, {0xff, 0xfe}, NULL, NULL},
	{KIND_UTF16_BIG, 2, 2, {0xfe, 0xff}, NULL, NULL},
	{KIND_UTF16_LITTLE, 0, 2, {'<', 0}, NULL, NULL},
	{KIND_UTF16_BIG, 0, 2, {0, '<'}, NULL, NULL},
	{KIND_GZIP, 0, 2, {0x1f, 0x8b}, NULL, NULL},
	{KIND_FOREIGN, 0, 6, {0xfd, '7', 'z', 'X', 'Z', 0}, "xz", "xz -dc"},
	{KIND_FOREIGN, 0, 4, {0x28, 0xb5, 0x2f, 0xfd}, "zstd", "zstd -dc"},
	{KIND_FOREIGN, 0, 3, {'B', 'Z', 'h'}, "bzip2", "bzip2 -dc"},
	{KIND_FOREIGN, 0, 4, {0x04, 0x22, 0x4d, 0x18}, "lz4", "lz4 -dc"},
	{KIND_FOREIGN, 0, 2, {0x1f, 0x9d}, "compress", "gzip -dc"},
};

enum { UTF16_COUNT = 4, SIGNATURE_COUNT = sizeof(signatures) / sizeof(signatures[0]) };

struct input_stream {
	char *name;
	struct input_source source;
	struct input_head head;
	/** NULL: not compressed. */
	struct gzip *gzip;
	/** In use only when there is a `gzip`. */
	struct input_head inner;
	/** NULL: not UTF-16. */
	struct utf16 *utf16;
	/** The topmost layer. */
	input_pull *pull;
	void *context;
	/** Sticky result of input_stream_read(). */
	enum ds_status status;
	struct ds_error error;
};

/** Compares what is there of the beginning with the first `count` signatures. */
static enum kind compare(const struct input_head *head, size_t count, const struct signature **found)
{
	enum kind kind = KIND_PLAIN;

	for (size_t i = 0; i < count; i++) {
		const struct signature *signature = &signatures[i];
		size_t size = head->end < signature->size ? head->end : signature->size;

		if (memcmp(head->bytes, signature->bytes, size) != 0)
			continue;
		if (size == signature->size) {
			*found = signature;
			return signature->kind;
		}
		kind = KIND_UNDECIDED;
	}
	return kind;
}

/** Looks at no more bytes than it takes to decide, so that a pipe is not waited for. */
static enum kind recognise(struct input_head *head, size_t count, const struct signature **found)
{
	enum kind kind;

	do
		kind = compare(head, count, found);
	while (kind == KIND_UNDECIDED && input_head_fill(head));
	return kind == KIND_UNDECIDED ? KIND_PLAIN : kind;
}

static enum ds_status add_gzip(struct input_stream *stream, unsigned ratio)
{
	stream->gzip = gzip_new(input_head_read, &stream->head, ratio);
	if (stream->gzip == NULL)
		return DS_NO_MEMORY;
	input_head_init(&stream->inner, gzip_read, stream->gzip);
	stream->context = &stream->inner;
	return DS_OK;
}

static enum ds_status add_utf16(struct input_stream *stream, struct input_head *below,
				const struct signature *signature, struct ds_error *error)
{
	enum ds_status status;

	below->begin += signature->mark_size;
	status = utf16_new(&stream->utf16, input_head_read, below, signature->kind == KIND_UTF16_BIG,
			   signature->mark_size, error);
	stream->pull = utf16_read;
	stream->context = stream->utf16;
	return status;
}

static enum ds_status pile_up(struct input_stream *stream, const struct ds_limits *limits, struct ds_error *error)
{
	const struct signature *found = NULL;
	struct input_head *top = &stream->head;
	enum kind kind;

	input_head_init(&stream->head, input_source_read, &stream->source);
	stream->pull = input_head_read;
	stream->context = &stream->head;

	kind = recognise(&stream->head, SIGNATURE_COUNT, &found);
	if (kind == KIND_FOREIGN) {
		input_error_set(error, "DA907", "", 0, "compressed with %s; use: %s FILE | domstream ...", found->name,
				found->command);
		return DS_DAMAGED;
	}
	if (kind == KIND_GZIP) {
		if (add_gzip(stream, limits->gzip_ratio) != DS_OK)
			return DS_NO_MEMORY;
		top = &stream->inner;
		kind = recognise(top, UTF16_COUNT, &found);
	}
	if (kind == KIND_UTF16_LITTLE || kind == KIND_UTF16_BIG)
		return add_utf16(stream, top, found, error);
	return DS_OK;
}

enum ds_status input_stream_open(struct input_stream **out, const char *name, const struct ds_limits *limits,
				 const volatile int *cancel, struct ds_error *error)
{
	struct input_stream *stream = calloc(1, sizeof(*stream));
	enum ds_status status = DS_NO_MEMORY;

	if (stream == NULL)
		return DS_NO_MEMORY;
	stream->source.fd = -1;
	stream->name = strdup(name);
	if (stream->name == NULL)
		goto out;
	status = input_source_open(&stream->source, name, cancel, error);
	if (status != DS_OK)
		goto out;
	status = pile_up(stream, limits, error);
	if (status != DS_OK)
		goto out;
	*out = stream;
	return DS_OK;
out:
	/* The stream's copy of the name goes with it. */
	if (status == DS_DAMAGED)
		error->place.name = name;
	input_stream_free(stream);
	return status;
}

enum ds_status input_stream_read(struct input_stream *stream, char *data, size_t capacity, size_t *size,
				 struct ds_error *error)
{
	size_t count = 0;

	if (capacity > 0 && stream->status == DS_OK) {
		stream->status = stream->pull(stream->context, data, capacity, &count, &stream->error);
		stream->error.place.name = stream->name;
	}
	if (stream->status != DS_OK) {
		*error = stream->error;
		return stream->status;
	}
	*size = count;
	return DS_OK;
}

uint64_t input_stream_taken(const struct input_stream *stream)
{
	return stream->source.taken;
}

uint64_t input_stream_size(const struct input_stream *stream)
{
	return stream->source.size;
}

int input_stream_is_transcoded(const struct input_stream *stream)
{
	return stream->utf16 != NULL;
}

void input_stream_free(struct input_stream *stream)
{
	if (stream == NULL)
		return;
	utf16_free(stream->utf16);
	gzip_free(stream->gzip);
	input_source_close(&stream->source);
	free(stream->name);
	free(stream);
}
