/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/bgzf.h"
#include "input/error.h"
#include "input/filter.h"
#include "input/gzip.h"
#include "input/head.h"
#include "input/input.h"
#include "input/kind.h"
#include "input/magic.h"
#include "input/meter.h"
#include "input/signature.h"
#include "input/source.h"
#include "input/tar.h"
#include "input/transcode.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A stream is a stack of layers, each an `input_pull` over the previous one:
 *
 *   source      reads the bytes of the file
 *   meter       counts them
 *   head        holds the first ones back, to recognize a compression, an encoding or an archive
 *   gzip, or filter for other compressions, and a head on it; there may be two of these
 *   transcode   only when the encoding is no superset of ASCII, and a head on it
 *
 * For an archive, another such stack is on top of it, for one member after another, beginning with
 * a meter; its lowest layer is the tar layer of the archive.
 */

/** A file may be compressed at most this many times. */
#define COMPRESSIONS_MAX 2
/** The maximum size of a BGZF header that is searched for. */
#define HEADER_OVERLAP 128

/** One decompression, by gzip or filter, and the head on top of it. */
struct decompression {
	struct gzip *gzip;
	struct filter *filter;
	struct input_head head;
};

/** The layers between stored and plain bytes. */
struct pile {
	struct input_meter meter;
	struct input_head head;
	struct decompression decompressions[COMPRESSIONS_MAX];
	size_t decompression_count;
	/** NULL if the bytes are UTF-8 or another superset of ASCII. */
	struct transcode *transcode;
	struct input_head transcoded;
	char encoding[SIGNATURE_ENCODING_SIZE];
	/** The name of the outer compression; NULL without compression. */
	const char *compression;
	/** The topmost layer; NULL if it was not created yet. */
	struct input_head *top;
	/** The input is an archive, so its bytes are not for the user of the stream. */
	bool is_tar;
	/** What the first bytes show, if the input is not an archive. */
	struct kind kind;
};

/** An archive and its open member. */
struct members {
	struct tar *tar;
	struct pile pile;
	/** The present failure of the archive was reported; the archive has failed at least once,
	 * even if reading continued afterwards. */
	bool is_reported, was_cut;
	/** The name of the member, which begins with that of the archive and '!'. */
	char *name;
	size_t prefix_size;
};

struct input_stream {
	char *name;
	struct input_source source;
	struct pile pile;
	struct input_stream_options options;
	/** NULL if nothing is inflated ahead. */
	struct input_ahead *ahead;
	/** NULL if the input is not an archive. */
	struct members *members;
	/** The input is not an archive, and input_stream_next() was called. */
	bool is_delivered;
	/** The layer that bytes are read from; NULL between members. */
	struct input_head *top;
	/** For a file that is divided: the offset of the next byte; unused for BGZF. */
	uint64_t position;
	/** The sticky result of input_stream_read(). */
	enum ds_status status;
	struct ds_error error;
};

/* ---- recognizing by the first bytes ---- */

static bool is_tar(struct input_head *head)
{
	enum magic_match match;

	do
		match = magic_tar(head->bytes, head->end);
	while (match == MAGIC_MAYBE && input_head_fill(head, MAGIC_TAR_SIZE));
	return match == MAGIC_YES;
}

static struct kind kind_of(struct input_head *head)
{
	while (kind_needs_more(head->bytes, head->end) && input_head_fill(head, INPUT_HEAD_SIZE))
		;
	return kind_recognize(head->bytes, head->end);
}

/* ---- building the pile ---- */

static enum ds_status add_decompression(struct pile *pile, const struct signature *found,
	unsigned ratio, struct ds_error *error)
{
	struct decompression *added = &pile->decompressions[pile->decompression_count];
	enum ds_status status = DS_OK;

	if (pile->decompression_count == COMPRESSIONS_MAX) {
		input_error_set(error, "DA908", "", 0,
			"compressed more than %d times; use: %s FILE | domstream ...",
			COMPRESSIONS_MAX, found->command);
		return DS_DAMAGED;
	}
	memset(added, 0, offsetof(struct decompression, head));
	pile->decompression_count++;
	if (pile->compression == NULL)
		pile->compression = found->name;
	if (found->format == SIGNATURE_GZIP) {
		added->gzip = gzip_new(input_head_read, pile->top, ratio);
		status = added->gzip != NULL ? DS_OK : DS_NO_MEMORY;
		input_head_init(&added->head, gzip_read, added->gzip);
	} else {
		status = filter_new(&added->filter, input_head_read, pile->top, found->name,
			found->command, ratio, error);
		input_head_init(&added->head, filter_read, added->filter);
	}
	pile->top = &added->head;
	return status;
}

/** Adds the decompression of a BGZF file that is divided. */
static enum ds_status add_bgzf(struct pile *pile, const struct input_stream_options *options,
	struct ds_error *error)
{
	enum ds_status status =
		add_decompression(pile, &signature_gzip, options->limits.gzip_ratio, error);
	struct gzip *gzip = pile->decompressions[0].gzip;

	if (status != DS_OK)
		return status;
	if (options->begin > 0)
		gzip_begin_at(gzip, options->begin, options->members);
	gzip_set_stop(gzip, options->stop);
	return DS_OK;
}

static enum ds_status add_transcode(struct pile *pile, const struct signature *found,
	struct ds_error *error)
{
	struct input_head *below = pile->top;
	enum ds_status status;

	signature_encoding(found, below, pile->encoding);
	below->begin += found->bom_size;
	status = transcode_new(&pile->transcode, input_head_read, below, pile->encoding,
		found->bom_size, error);
	input_head_init(&pile->transcoded, transcode_read, pile->transcode);
	pile->top = &pile->transcoded;
	return status;
}

static enum ds_status pile_up(struct pile *pile, input_pull *pull, void *context,
	const struct input_stream_options *options, struct ds_error *error)
{
	const struct signature *found;
	enum ds_status status = DS_OK;

	input_meter_init(&pile->meter, pull, context, options->checksums != 0);
	input_head_init(&pile->head, input_meter_read, &pile->meter);
	pile->top = &pile->head;
	pile->compression = NULL;
	pile->is_tar = false;
	memset(&pile->kind, 0, sizeof(pile->kind));
	/* The kind of the input was recognized at its beginning. */
	if (options->cut == INPUT_CUT_PLAIN)
		return DS_OK;
	if (options->cut == INPUT_CUT_BGZF)
		return add_bgzf(pile, options, error);

	while ((found = signature_recognize(pile->top)) && found->format != SIGNATURE_ENCODED) {
		status = add_decompression(pile, found, options->limits.gzip_ratio, error);
		if (status != DS_OK)
			return status;
	}
	if (found)
		status = add_transcode(pile, found, error);
	if (status != DS_OK)
		return status;
	pile->is_tar = !found && is_tar(pile->top);
	if (!pile->is_tar)
		pile->kind = kind_of(pile->top);
	return DS_OK;
}

/** Lets other threads help with the lowest decompression; only that one reads whole members. */
static void pile_share(struct pile *pile, struct input_ahead *ahead)
{
	if (pile->decompression_count > 0 && pile->decompressions[0].gzip != NULL && ahead != NULL)
		gzip_share(pile->decompressions[0].gzip, ahead);
}

static void pile_fini(struct pile *pile)
{
	transcode_free(pile->transcode);
	pile->transcode = NULL;
	while (pile->decompression_count > 0) {
		struct decompression *last = &pile->decompressions[--pile->decompression_count];

		gzip_free(last->gzip);
		filter_free(last->filter);
	}
}

/* ---- members of an archive ---- */

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
	stream->top = NULL;
	return tar_new(&members->tar, input_head_read, stream->pile.top,
		stream->options.limits.gzip_ratio, error);
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

/** Opens the present member of the archive. */
static enum ds_status open_member(struct input_stream *stream, const char *name,
	struct ds_error *error)
{
	struct members *members = stream->members;
	enum ds_status status;

	memcpy(members->name + members->prefix_size, name, strlen(name) + 1);
	status = pile_up(&members->pile, tar_read, members->tar, &stream->options, error);
	if (status == DS_OK && members->pile.is_tar) {
		input_error_set(error, "DA908", "", 0,
			"is an archive inside an archive, which is not opened");
		status = DS_DAMAGED;
	}
	error->place.name = members->name;
	pile_share(&members->pile, stream->ahead);
	return status;
}

/** Lets the layers above the first `count` decompressions continue after missing bytes. */
static void interrupt_above(struct pile *pile, size_t count)
{
	for (; count < pile->decompression_count; count++) {
		struct decompression *above = &pile->decompressions[count];

		if (above->gzip != NULL)
			gzip_interrupt(above->gzip);
		else
			filter_interrupt(above->filter);
		above->head.status = DS_OK;
	}
	if (pile->transcode != NULL) {
		transcode_interrupt(pile->transcode);
		pile->transcoded.status = DS_OK;
	}
}

/** Lets a stack of layers that has failed continue after the damage: the topmost layer that can
 * continue by itself is the one whose damage was reported. */
static bool pile_resume(struct pile *pile)
{
	if (pile->transcode != NULL && transcode_resume(pile->transcode)) {
		pile->top->status = DS_OK;
		return true;
	}
	for (size_t i = pile->decompression_count; i > 0; i--) {
		struct decompression *failed = &pile->decompressions[i - 1];

		if (!(failed->gzip != NULL ? gzip_resume(failed->gzip)
					   : filter_resume(failed->filter) == DS_OK))
			continue;
		failed->head.status = DS_OK;
		interrupt_above(pile, i);
		return true;
	}
	return false;
}

/** Continues with the next member. A failure of the archive is reported once; then reading
 * continues after the damage, or ends. */
static enum ds_status find_member(struct input_stream *stream, const char **found,
	struct ds_error *error)
{
	struct members *members = stream->members;
	enum ds_status status = DS_OK;

	*found = NULL;
	if (members->is_reported && !pile_resume(&stream->pile))
		return DS_OK;
	if (members->is_reported)
		status = tar_resume(members->tar);
	members->is_reported = false;
	if (status == DS_OK)
		status = tar_next(members->tar, found, error);
	if (status != DS_OK && tar_has_failed(members->tar))
		members->is_reported = members->was_cut = true;
	return status;
}

static enum ds_status next_member(struct input_stream *stream, const char **name,
	struct ds_error *error)
{
	struct members *members = stream->members;
	const char *found;
	enum ds_status status;

	*name = NULL;
	stream->top = NULL;
	pile_fini(&members->pile);
	status = find_member(stream, &found, error);
	error->place.name = stream->name;
	if (status != DS_OK || found == NULL)
		return status;
	status = open_member(stream, found, error);
	*name = members->name;
	if (status != DS_OK)
		return status;
	stream->status = DS_OK;
	stream->top = members->pile.top;
	return DS_OK;
}

enum ds_status input_stream_next(struct input_stream *stream, const char **name,
	struct ds_error *error)
{
	if (stream->members != NULL)
		return next_member(stream, name, error);
	*name = stream->is_delivered ? NULL : stream->name;
	stream->is_delivered = true;
	return DS_OK;
}

/* ---- the stream ---- */

enum ds_status input_stream_open(struct input_stream **out, const char *name,
	const struct input_stream_options *options, struct ds_error *error)
{
	struct input_stream *stream = calloc(1, sizeof(*stream));
	const char *shown =
		options->label != NULL && strcmp(name, "-") == 0 ? options->label : name;
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
	stream->position = options->begin;
	if (options->begin > 0)
		status = input_source_seek(&stream->source, name, options->begin, error);
	if (status != DS_OK)
		goto out;
	status = pile_up(&stream->pile, input_source_read, &stream->source, options, error);
	stream->top = stream->pile.top;
	if (status == DS_OK && stream->pile.is_tar)
		status = add_members(stream, error);
	if (status != DS_OK)
		goto out;
	*out = stream;
	return DS_OK;
out:
	/* The stream's copy of the name is freed with it. */
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

/** Decides whether the member, the archive or the file has failed. */
static void name_failure(struct input_stream *stream)
{
	struct members *members = stream->members;

	stream->error.place.name = members != NULL ? members->name : stream->name;
	if (members != NULL && tar_has_failed(members->tar)) {
		stream->error.place.name = stream->name;
		members->is_reported = members->was_cut = true;
	}
}

enum ds_status input_stream_read(struct input_stream *stream, char *data, size_t capacity,
	size_t *size, struct ds_error *error)
{
	size_t count = 0;

	if (stream->options.cut == INPUT_CUT_PLAIN && stream->options.stop > 0 &&
		capacity > stream->options.stop - stream->position)
		capacity = (size_t)(stream->options.stop - stream->position);
	if (capacity > 0 && stream->status == DS_OK && stream->top != NULL) {
		stream->status =
			input_head_read(stream->top, data, capacity, &count, &stream->error);
		stream->position += count;
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

bool input_stream_resume(struct input_stream *stream)
{
	struct pile *pile = stream->members != NULL ? &stream->members->pile : &stream->pile;

	if (stream->status != DS_DAMAGED || stream->top == NULL || !pile_resume(pile))
		return false;
	stream->status = DS_OK;
	return true;
}

/* ---- files that are cut ---- */

enum input_cut input_stream_cut(const struct input_stream *stream)
{
	const struct pile *pile = &stream->pile;
	unsigned char head[64];

	if (!stream->source.is_regular || !stream->source.is_owned || stream->members != NULL ||
		pile->transcode != NULL)
		return INPUT_CUT_NONE;
	if (pile->decompression_count == 0)
		return INPUT_CUT_PLAIN;
	if (pile->decompression_count > 1 || pile->decompressions[0].gzip == NULL ||
		pread(stream->source.fd, head, sizeof(head), 0) != (ssize_t)sizeof(head))
		return INPUT_CUT_NONE;
	return bgzf_is_header(head, sizeof(head)) ? INPUT_CUT_BGZF : INPUT_CUT_NONE;
}

uint64_t input_stream_border(const struct input_stream *stream, enum input_cut cut, uint64_t from)
{
	unsigned char bytes[BGZF_MEMBER_MAX + HEADER_OVERLAP];
	uint64_t at = from;
	ssize_t size;

	if (cut != INPUT_CUT_BGZF)
		return from;
	while ((size = pread(stream->source.fd, bytes, sizeof(bytes), (off_t)at)) > 0) {
		size_t found = bgzf_find(bytes, (size_t)size);

		if (found < (size_t)size)
			return at + found;
		/* A header may begin in the last bytes. */
		at += (uint64_t)size - (size > HEADER_OVERLAP ? HEADER_OVERLAP : 0);
	}
	return stream->source.size;
}

bool input_stream_is_at_stop(const struct input_stream *stream, uint64_t *at)
{
	*at = stream->position;
	if (stream->options.stop == 0 || stream->status != DS_OK)
		return false;
	if (stream->options.cut == INPUT_CUT_BGZF)
		return gzip_is_at_stop(stream->pile.decompressions[0].gzip, at);
	return stream->position == stream->options.stop;
}

void input_stream_set_stop(struct input_stream *stream, uint64_t stop)
{
	stream->options.stop = stop;
	if (stream->options.cut == INPUT_CUT_BGZF)
		gzip_set_stop(stream->pile.decompressions[0].gzip, stop);
}

uint64_t input_stream_members(const struct input_stream *stream)
{
	return gzip_members(stream->pile.decompressions[0].gzip);
}

uint64_t input_stream_bytes_read(const struct input_stream *stream)
{
	return stream->source.bytes_read;
}

bool input_stream_archive_failed(const struct input_stream *stream)
{
	return stream->members != NULL && stream->members->was_cut;
}

static void pile_facts(const struct pile *pile, struct input_facts *facts)
{
	const struct gzip *gzip =
		pile->decompression_count > 0 ? pile->decompressions[0].gzip : NULL;

	memset(facts, 0, sizeof(*facts));
	facts->begin = pile->kind.begin;
	facts->recognized = pile->kind.recognized;
	facts->advice = pile->kind.advice;
	facts->is_certain = pile->kind.is_certain;
	facts->is_page = pile->kind.is_page;
	facts->compression = pile->compression != NULL ? pile->compression : "none";
	if (gzip != NULL && gzip_is_bgzf(gzip))
		facts->compression = "bgzf";
	facts->encoding = pile->transcode != NULL ? pile->encoding : NULL;
	facts->bytes_read = pile->meter.bytes_read;
	facts->is_ended = pile->meter.is_ended;
	facts->crc32 = pile->meter.crc32;
}

void input_stream_facts(const struct input_stream *stream, struct input_facts *facts)
{
	pile_facts(&stream->pile, facts);
	facts->kind = stream->members != NULL ? DS_INPUT_ARCHIVE : DS_INPUT_FILE;
	facts->size = stream->source.size;
	/* Bytes that standard input skipped before it was passed to this process do not count. */
	if (facts->is_ended || facts->size < facts->bytes_read)
		facts->size = facts->bytes_read;
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

bool input_stream_file(const struct input_stream *stream, struct ds_file_id *id)
{
	*id = stream->source.id;
	return stream->source.is_regular;
}

uint64_t input_stream_size(const struct input_stream *stream)
{
	return stream->source.size;
}

bool input_stream_is_transcoded(const struct input_stream *stream)
{
	return (stream->members != NULL ? stream->members->pile.transcode
					: stream->pile.transcode) != NULL;
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
