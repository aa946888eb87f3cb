/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/input.h"

#include "input/error.h"
#include "input/gzip.h"
#include "input/head.h"
#include "input/magic.h"
#include "input/meter.h"
#include "input/source.h"
#include "input/tar.h"
#include "input/utf16.h"

#include <stdlib.h>
#include <string.h>

/*
 * A stream is a pile of layers, each an `input_pull` over the next:
 *
 *   source   bytes of the file
 *   meter    counts them
 *   head     its first bytes are looked at: compressed, an archive, UTF-16, or as they are?
 *   gzip     only when it is gzip; then `inner`, a second head: an archive, UTF-16, or as they are?
 *   utf16    only when it is UTF-16
 *
 * When it is an archive, another such pile stands on it, for one member after another:
 *
 *   tar      bytes of a member
 *   meter … utf16 as above
 *   begin    the first bytes are looked at once more: is it a dump, or one of the other files of a backup?
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

/** Bytes of the longest signature. */
#define SIGNATURE_SIZE 8

struct signature {
	enum kind kind;
	/** Bytes of the signature that are not text: a byte order mark. */
	unsigned char mark_size;
	unsigned char size;
	unsigned char bytes[SIGNATURE_SIZE];
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

/** The layers between bytes as they are stored and plain ones. */
struct pile {
	struct input_meter meter;
	struct input_head head;
	/** NULL: not compressed. */
	struct gzip *gzip;
	/** In use only when there is a `gzip`. */
	struct input_head inner;
	/** NULL: not UTF-16. */
	struct utf16 *utf16;
	/** It is an archive, and its bytes are not for the user of the stream. */
	bool is_tar;
	/** The topmost layer. */
	input_pull *pull;
	void *context;
};

/** An archive, and the member that is open. */
struct members {
	struct tar *tar;
	struct pile pile;
	struct input_head begin;
	/** The failure of the archive was told. */
	bool is_told;
	/** The open member does not begin as a dump does. */
	bool is_foreign;
	/** Of the member; begins with that of the archive and '!'. */
	char *name;
	size_t prefix_size;
};

struct input_stream {
	char *name;
	struct input_source source;
	struct pile pile;
	struct input_stream_options options;
	/** NULL: nothing is inflated ahead. */
	struct input_ahead *ahead;
	/** NULL: not an archive. */
	struct members *members;
	/** Not an archive: input_stream_next() was called. */
	bool is_taken;
	/** Where bytes come from; NULL: there are none, between members. */
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

/** Takes what there is at once, and waits for more only as long as that does not decide. */
static enum kind recognise(struct input_head *head, size_t count, const struct signature **found)
{
	enum kind kind;

	do
		kind = compare(head, count, found);
	while (kind == KIND_UNDECIDED && input_head_fill(head, INPUT_HEAD_SIZE));
	return kind == KIND_UNDECIDED ? KIND_PLAIN : kind;
}

static bool is_tar(struct input_head *head)
{
	enum guess guess;

	do
		guess = magic_tar(head->bytes, head->end);
	while (guess == GUESS_MAYBE && input_head_fill(head, TAR_HEADER_SIZE));
	return guess == GUESS_YES;
}

static enum ds_status add_gzip(struct pile *pile, unsigned ratio)
{
	pile->gzip = gzip_new(input_head_read, &pile->head, ratio);
	if (pile->gzip == NULL)
		return DS_NO_MEMORY;
	input_head_init(&pile->inner, gzip_read, pile->gzip);
	pile->context = &pile->inner;
	return DS_OK;
}

static enum ds_status add_utf16(struct pile *pile, struct input_head *below, const struct signature *signature,
				struct ds_error *error)
{
	enum ds_status status;

	below->begin += signature->mark_size;
	status = utf16_new(&pile->utf16, input_head_read, below, signature->kind == KIND_UTF16_BIG,
			   signature->mark_size, error);
	pile->pull = utf16_read;
	pile->context = pile->utf16;
	return status;
}

static enum ds_status pile_up(struct pile *pile, input_pull *pull, void *context,
			      const struct input_stream_options *options, struct ds_error *error)
{
	const struct signature *found = NULL;
	struct input_head *top = &pile->head;
	enum kind kind;

	input_meter_init(&pile->meter, pull, context, options->checksums != 0);
	input_head_init(&pile->head, input_meter_read, &pile->meter);
	pile->pull = input_head_read;
	pile->context = &pile->head;
	pile->is_tar = false;

	kind = recognise(&pile->head, SIGNATURE_COUNT, &found);
	if (kind == KIND_FOREIGN) {
		input_error_set(error, "DA908", "", 0, "compressed with %s; use: %s FILE | domstream ...", found->name,
				found->command);
		return DS_DAMAGED;
	}
	if (kind == KIND_GZIP) {
		if (add_gzip(pile, options->limits.gzip_ratio) != DS_OK)
			return DS_NO_MEMORY;
		top = &pile->inner;
		kind = recognise(top, UTF16_COUNT, &found);
	}
	if (kind == KIND_UTF16_LITTLE || kind == KIND_UTF16_BIG)
		return add_utf16(pile, top, found, error);
	pile->is_tar = is_tar(top);
	return DS_OK;
}

static void pile_share(struct pile *pile, struct input_ahead *ahead)
{
	if (pile->gzip != NULL && ahead != NULL)
		gzip_share(pile->gzip, ahead);
}

static void pile_fini(struct pile *pile)
{
	utf16_free(pile->utf16);
	gzip_free(pile->gzip);
	pile->utf16 = NULL;
	pile->gzip = NULL;
}

/* ---- members of an archive ----------------------------------------------------------------------------- */

static enum ds_status add_members(struct input_stream *stream, struct ds_error *error)
{
	struct members *members = calloc(1, sizeof(*members));

	if (members == NULL)
		return DS_NO_MEMORY;
	stream->members = members;
	members->prefix_size = strlen(stream->name) + 1;
	members->name = malloc(members->prefix_size + TAR_NAME_SIZE);
	if (members->name == NULL)
		return DS_NO_MEMORY;
	memcpy(members->name, stream->name, members->prefix_size - 1);
	members->name[members->prefix_size - 1] = '!';
	stream->pull = NULL;
	return tar_new(&members->tar, stream->pile.pull, stream->pile.context, stream->options.limits.gzip_ratio,
		       error);
}

static void members_free(struct members *members)
{
	if (members == NULL)
		return;
	pile_fini(&members->pile);
	tar_free(members->tar);
	free(members->name);
	free(members);
}

/** A member that cannot be read at all is left to be read, so that it is told why. */
static bool may_be_dump(struct input_head *begin)
{
	enum guess guess;

	do
		guess = magic_dump(begin->bytes, begin->end);
	while (guess == GUESS_MAYBE && input_head_fill(begin, DUMP_BEGIN_SIZE));
	if (guess == GUESS_YES || (guess == GUESS_MAYBE && begin->end < DUMP_BEGIN_SIZE))
		return true;
	/* A prompt that was pasted along may stand before the first domain. */
	while (input_head_fill(begin, INPUT_HEAD_SIZE))
		;
	return magic_holds_domain(begin->bytes, begin->end);
}

/** Opens what the archive stands at. */
static enum ds_status open_member(struct input_stream *stream, const char *name, struct ds_error *error)
{
	struct members *members = stream->members;
	enum ds_status status;

	memcpy(members->name + members->prefix_size, name, strlen(name) + 1);
	status = pile_up(&members->pile, tar_read, members->tar, &stream->options, error);
	if (status == DS_OK && members->pile.is_tar) {
		input_error_set(error, "DA908", "", 0, "is an archive inside an archive, which is not opened");
		status = DS_DAMAGED;
	}
	error->place.name = members->name;
	pile_share(&members->pile, stream->ahead);
	input_head_init(&members->begin, members->pile.pull, members->pile.context);
	return status;
}

static enum ds_status next_member(struct input_stream *stream, const char **name, struct ds_error *error)
{
	struct members *members = stream->members;
	const char *found;
	enum ds_status status;

	*name = NULL;
	stream->pull = NULL;
	pile_fini(&members->pile);
	status = tar_next(members->tar, &found, error);
	error->place.name = stream->name;
	if (status != DS_OK && tar_has_failed(members->tar)) {
		/* It is told once; then the archive ends. */
		if (members->is_told)
			return DS_OK;
		members->is_told = true;
	}
	if (status != DS_OK || found == NULL)
		return status;
	status = open_member(stream, found, error);
	*name = members->name;
	if (status != DS_OK)
		return status;
	members->is_foreign = !may_be_dump(&members->begin);
	stream->status = DS_OK;
	stream->pull = input_head_read;
	stream->context = &members->begin;
	return DS_OK;
}

enum ds_status input_stream_next(struct input_stream *stream, const char **name, struct ds_error *error)
{
	if (stream->members != NULL)
		return next_member(stream, name, error);
	*name = stream->is_taken ? NULL : stream->name;
	stream->is_taken = true;
	return DS_OK;
}

/* ---- the stream ---------------------------------------------------------------------------------------- */

enum ds_status input_stream_open(struct input_stream **out, const char *name,
				 const struct input_stream_options *options, struct ds_error *error)
{
	struct input_stream *stream = calloc(1, sizeof(*stream));
	const char *shown = options->label != NULL && strcmp(name, "-") == 0 ? options->label : name;
	enum ds_status status = DS_NO_MEMORY;

	if (stream == NULL)
		return DS_NO_MEMORY;
	stream->source.fd = -1;
	stream->name = strdup(shown);
	if (stream->name == NULL)
		goto out;
	status = input_source_open(&stream->source, name, options->cancel, error);
	if (status != DS_OK)
		goto out;
	stream->options = *options;
	status = pile_up(&stream->pile, input_source_read, &stream->source, options, error);
	stream->pull = stream->pile.pull;
	stream->context = stream->pile.context;
	if (status == DS_OK && stream->pile.is_tar)
		status = add_members(stream, error);
	if (status != DS_OK)
		goto out;
	*out = stream;
	return DS_OK;
out:
	/* The stream's copy of the name goes with it. */
	if (status == DS_DAMAGED)
		error->place.name = shown;
	input_stream_free(stream);
	return status;
}

void input_stream_share(struct input_stream *stream, struct input_ahead *ahead)
{
	stream->ahead = ahead;
	pile_share(&stream->pile, ahead);
}

/** Was it the member, or the archive, or the file? */
static void name_failure(struct input_stream *stream)
{
	struct members *members = stream->members;

	stream->error.place.name = members != NULL ? members->name : stream->name;
	if (members != NULL && tar_has_failed(members->tar)) {
		stream->error.place.name = stream->name;
		members->is_told = true;
	}
}

enum ds_status input_stream_read(struct input_stream *stream, char *data, size_t capacity, size_t *size,
				 struct ds_error *error)
{
	size_t count = 0;

	if (capacity > 0 && stream->status == DS_OK && stream->pull != NULL) {
		stream->status = stream->pull(stream->context, data, capacity, &count, &stream->error);
		if (stream->status != DS_OK)
			name_failure(stream);
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

int input_stream_is_foreign(const struct input_stream *stream)
{
	return stream->members != NULL && stream->members->is_foreign;
}

int input_stream_archive_failed(const struct input_stream *stream)
{
	return stream->members != NULL && tar_has_failed(stream->members->tar);
}

static void pile_facts(const struct pile *pile, struct input_facts *facts)
{
	memset(facts, 0, sizeof(*facts));
	facts->compression = pile->gzip == NULL ? "none" : gzip_is_bgzf(pile->gzip) ? "bgzf" : "gzip";
	facts->encoding = pile->utf16 != NULL ? "UTF-16" : NULL;
	facts->taken = pile->meter.taken;
	facts->is_ended = pile->meter.is_ended;
	facts->crc32 = pile->meter.crc32;
}

void input_stream_facts(const struct input_stream *stream, struct input_facts *facts)
{
	pile_facts(&stream->pile, facts);
	facts->kind = stream->members != NULL ? DS_INPUT_ARCHIVE : DS_INPUT_FILE;
	facts->size = stream->source.size;
	/* Bytes that were already there when standard input was given belong to nobody. */
	if (facts->is_ended || facts->size < facts->taken)
		facts->size = facts->taken;
}

void input_stream_member_facts(const struct input_stream *stream, struct input_facts *facts)
{
	if (stream->members == NULL) {
		input_stream_facts(stream, facts);
		return;
	}
	pile_facts(&stream->members->pile, facts);
	facts->kind = DS_INPUT_MEMBER;
	facts->size = tar_size(stream->members->tar);
}

int input_stream_file(const struct input_stream *stream, struct ds_file_id *id)
{
	*id = stream->source.id;
	return stream->source.is_regular;
}

uint64_t input_stream_size(const struct input_stream *stream)
{
	return stream->source.size;
}

int input_stream_is_transcoded(const struct input_stream *stream)
{
	return (stream->members != NULL ? stream->members->pile.utf16 : stream->pile.utf16) != NULL;
}

void input_stream_free(struct input_stream *stream)
{
	if (stream == NULL)
		return;
	members_free(stream->members);
	pile_fini(&stream->pile);
	input_source_close(&stream->source);
	free(stream->name);
	free(stream);
}
