/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/gzip.h"

#include "input/ahead.h"
#include "input/bgzf.h"
#include "input/error.h"
#include "input/gzip_search.h"

#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZLIB_CONST
#include <zlib.h>

/* inflateInit2() adds this to the window's size to accept gzip's header and trailer, and no other
 * format. */
#define GZIP_WRAPPER 16
#define COMPRESSED_SIZE ((size_t)128 << 10)
/* The number of bytes that are kept after they were read: damage is often noticed long after its
 * position, with whole members between. */
#define HISTORY_SIZE ((size_t)64 << 10)
/* The maximum number of bytes of a file that are read a second time. In a hostile file, every byte
 * could begin a damaged member. */
#define REREAD_MAX ((uint64_t)16 << 20)

static const unsigned char magic[2] = {0x1f, 0x8b};

/** The states are named after what has been consumed. */
enum sequence {
	/** Nothing, a whole member, or padding after one. */
	BETWEEN_MEMBERS,
	/** The first byte of the magic number of what may be a member. */
	MAGIC_BEGUN,
	/** The magic number of a member, and possibly bytes after it. */
	IN_MEMBER,
	/** All bytes before a job that was inflated ahead and is being delivered. */
	BEFORE_JOB,
};

struct gzip {
	enum sequence sequence;
	unsigned ratio;
	input_pull *pull;
	void *context;
	/** Its input is the unread rest of `compressed`. */
	z_stream inflater;
	/** The number of compressed bytes that were pulled. */
	uint64_t pulled;
	/** The number of members that were begun. */
	uint64_t members;
	/** The offset of the current member. */
	uint64_t begin;
	/** The number of zeros after the last member, or after the damage that was reported. */
	uint64_t zeros;
	/** The number of decompressed bytes of the current member, and of the file with all of its
	 * members. */
	uint64_t given;
	uint64_t file_given;
	/** The value of `given` at which the ratio is checked next. */
	uint64_t next_look;
	/** The number of bytes of the file that may still be read a second time. */
	uint64_t reread;
	/** The compressed bytes have ended. */
	bool is_ended;
	/** A readable member was found after the damage that `error` describes, or the layer below
	 * has failed there, too; gzip_resume() continues there. */
	bool may_resume;
	/** The failure is one of the layer below. */
	bool is_below;
	/** The search for a readable member was done. */
	bool is_searched;
	/** The header of the current member, filled by zlib. */
	gz_header header;
	unsigned char extra[BGZF_EXTRA_SIZE];
	/** The last complete member was BGZF and not empty, so it is not the last one of a complete
	 * file. */
	bool is_unended;
	/** The first member is BGZF. */
	bool is_bgzf;
	/** The inflater filled its output, so it may produce more without further input. */
	bool is_full;
	/** The offset at which to stop, and whether it was reached. */
	uint64_t stop;
	bool is_at_stop;
	/** `ahead` is reserved for this file. */
	bool is_claimed;
	/** `ahead` exists, and no length in a header was found to be wrong. */
	bool is_trusted;
	/** NULL if nothing is inflated ahead. */
	struct input_ahead *ahead;
	/** The bytes between the inflater's input and this position are in jobs. */
	const unsigned char *listed;
	/** The number of bytes of the first job that were delivered. */
	size_t delivered;
	/** DS_OK until an error occurred, which is reported after all bytes before it were
	 * delivered. */
	enum ds_status status;
	struct ds_error error;
	/** The buffer in use: `compressed` or that of `ahead`. The bytes before the inflater's
	 * input were consumed. */
	unsigned char *bytes;
	unsigned char compressed[COMPRESSED_SIZE];
};

static uint64_t consumed(const struct gzip *gzip)
{
	return gzip->pulled - gzip->inflater.avail_in;
}

static void fail_between(struct gzip *gzip, uint64_t offset)
{
	gzip->status = DS_DAMAGED;
	if (gzip->members == 0) {
		input_error_set(&gzip->error, "DA902", "", offset,
			"the header of the first gzip member is corrupt");
		return;
	}
	input_error_set(&gzip->error, "DA904", "", offset,
		"the bytes after gzip member %" PRIu64 " are neither another member nor padding",
		gzip->members);
}

/** Reports zeros before a member: zeros are padding only at the end of a file, so a member may be
 * missing here. */
static void fail_at_zeros(struct gzip *gzip)
{
	gzip->status = DS_DAMAGED;
	input_error_set(&gzip->error, "DA904", "", consumed(gzip) - gzip->zeros,
		"NUL bytes follow gzip member %" PRIu64 ", and more data follows them",
		gzip->members);
}

static void fail_in_member(struct gzip *gzip, const char *id, const char *reason)
{
	gzip->status = DS_DAMAGED;
	input_error_set(&gzip->error, id, "", consumed(gzip),
		"gzip member %" PRIu64 ", which begins at byte %" PRIu64 ", %s", gzip->members,
		gzip->begin, reason);
}

static void fail_unended(struct gzip *gzip)
{
	gzip->status = DS_DAMAGED;
	input_error_set(&gzip->error, "DA901", "", consumed(gzip),
		"the file is truncated after gzip member %" PRIu64
		": the empty one that ends a BGZF file is missing",
		gzip->members);
}

/** Returns the length of the member according to its own header, or 0 if it is not known, or not
 * known yet. */
static size_t promised_length(const struct gzip *gzip)
{
	const gz_header *header = &gzip->header;

	if (header->done != 1 || header->extra == NULL)
		return 0;
	return bgzf_length(header->extra,
		header->extra_len < BGZF_EXTRA_SIZE ? header->extra_len : BGZF_EXTRA_SIZE);
}

/** Handles the end of the compressed bytes. */
static void step_end(struct gzip *gzip)
{
	if (gzip->sequence == BETWEEN_MEMBERS) {
		if (gzip->is_unended)
			fail_unended(gzip);
		return;
	}
	if (gzip->sequence == MAGIC_BEGUN) {
		gzip->members++;
		gzip->begin = consumed(gzip) - 1;
	}
	fail_in_member(gzip, "DA901", "is truncated: the file ends inside it");
}

/* ---- inflating ahead ---- */

/** Stops relying on the lengths in the headers. */
static void distrust(struct gzip *gzip)
{
	ahead_drop_all(gzip->ahead);
	gzip->is_trusted = false;
}

/** Returns whether the stop is after the first of two members and not after the second one. */
static bool is_cut_by_stop(const struct gzip *gzip, const unsigned char *first,
	const unsigned char *second)
{
	const unsigned char *end = gzip->inflater.next_in + gzip->inflater.avail_in;

	return gzip->stop > 0 && gzip->pulled - (uint64_t)(end - first) < gzip->stop &&
		gzip->pulled - (uint64_t)(end - second) >= gzip->stop;
}

/** Collects as many whole BGZF members as a job may contain, from `listed` on. Returns whether
 * there are any that are not empty. */
static bool collect(const struct gzip *gzip, struct ahead_job *job)
{
	const unsigned char *end = gzip->inflater.next_in + gzip->inflater.avail_in;

	memset(job, 0, sizeof(*job));
	job->in = gzip->listed;
	for (;;) {
		const unsigned char *member = job->in + job->in_size;
		size_t given;
		size_t size = bgzf_member(member, (size_t)(end - member), &given);

		if (size == 0 || given > AHEAD_JOB_SIZE - job->out_size ||
			is_cut_by_stop(gzip, job->in, member))
			return job->out_size > 0;
		job->in_size += size;
		job->out_size += given;
		job->members++;
		job->ends_empty = given == 0;
	}
}

/** Returns the next job, or NULL when no member is inflated ahead. */
static const struct ahead_job *first_job(const struct gzip *gzip)
{
	return gzip->is_claimed ? ahead_first(gzip->ahead) : NULL;
}

static bool claim(struct gzip *gzip)
{
	if (!gzip->is_claimed)
		gzip->is_claimed = ahead_claim(gzip->ahead);
	return gzip->is_claimed;
}

/** Makes jobs of the buffered bytes from `listed` on. */
static void list(struct gzip *gzip)
{
	struct ahead_job job;

	while (ahead_has_room(gzip->ahead) && collect(gzip, &job) && claim(gzip) &&
		ahead_add(gzip->ahead, &job))
		gzip->listed += job.in_size;
}

/** Makes jobs of the members after the current one when new bytes arrive in the middle of it, so
 * that they need not wait for its end. */
static void list_after_member(struct gzip *gzip)
{
	size_t length = promised_length(gzip);
	uint64_t end = gzip->begin + length;

	if (length == 0 || end < consumed(gzip) || end > gzip->pulled)
		return;
	gzip->listed = gzip->inflater.next_in + (end - consumed(gzip));
	list(gzip);
}

/** Returns whether the ratio might be exceeded within this many bytes. Then members are checked one
 * by one. */
static bool may_exceed_ratio(const struct gzip *gzip, size_t size)
{
	uint64_t given = gzip->file_given + size;

	return given > GZIP_GRACE && (gzip->ratio == 0 || given / gzip->ratio >= consumed(gzip));
}

/** Called between members. Returns whether the next ones are inflated ahead. The first of their
 * bytes may be delivered at once. */
static bool begin_job(struct gzip *gzip, char *data, size_t capacity)
{
	const unsigned char *next_in = gzip->inflater.next_in;
	const struct ahead_job *first = first_job(gzip);

	if (first == NULL) {
		gzip->listed = next_in;
		list(gzip);
		first = first_job(gzip);
	}
	if (first == NULL)
		return false;
	if (first->in != next_in || may_exceed_ratio(gzip, first->out_size) ||
		ahead_finish_first(gzip->ahead, data, capacity, &gzip->delivered) ==
			AHEAD_HAS_FAILED) {
		distrust(gzip);
		return false;
	}
	gzip->sequence = BEFORE_JOB;
	return true;
}

/** Delivers bytes of the job; returns their number. */
static size_t step_job(struct gzip *gzip, char *data, size_t capacity)
{
	const struct ahead_job *job = ahead_first(gzip->ahead);
	size_t size = job->out_size - gzip->delivered;

	if (size > capacity)
		size = capacity;
	memcpy(data, job->out + gzip->delivered, size);
	gzip->delivered += size;
	if (gzip->delivered < job->out_size)
		return size;
	gzip->file_given += job->out_size;
	gzip->inflater.next_in += job->in_size;
	gzip->inflater.avail_in -= (uInt)job->in_size;
	gzip->is_bgzf |= gzip->members == 0;
	gzip->members += job->members;
	gzip->is_unended = !job->ends_empty;
	gzip->sequence = BETWEEN_MEMBERS;
	ahead_drop_first(gzip->ahead);
	list(gzip);
	return size;
}

/* ---- member after member ---- */

/** Pulls more compressed bytes, appends them to those that are left, and keeps some of those before
 * them. Returns the number of bytes; 0 at the end and on failure. */
static size_t pull_more(struct gzip *gzip)
{
	unsigned char *bytes = gzip->is_claimed ? ahead_bytes(gzip->ahead) : NULL;
	size_t capacity = bytes != NULL ? AHEAD_BYTES_SIZE : COMPRESSED_SIZE;
	size_t left = gzip->inflater.avail_in;
	size_t kept = left > 0 || gzip->inflater.next_in != NULL
		? (size_t)(gzip->inflater.next_in - gzip->bytes)
		: 0;
	size_t size = 0;

	if (bytes == NULL)
		bytes = gzip->compressed;
	if (kept > HISTORY_SIZE)
		kept = HISTORY_SIZE;
	if (kept + left > 0)
		memmove(bytes, gzip->inflater.next_in - kept, kept + left);
	gzip->bytes = bytes;
	gzip->inflater.next_in = bytes + kept;
	gzip->status = gzip->pull(gzip->context, (char *)bytes + kept + left,
		capacity - kept - left, &size, &gzip->error);
	gzip->is_below = gzip->status != DS_OK;
	if (gzip->is_below)
		return 0;
	gzip->is_ended = size == 0;
	gzip->pulled += size;
	gzip->inflater.avail_in += (uInt)size;
	return size;
}

/** Gets more compressed bytes when none are left. Returns false at their end and on failure. */
static bool refill(struct gzip *gzip)
{
	size_t size;

	/* A member that is longer than its header promises extended into jobs. */
	if (first_job(gzip) != NULL)
		distrust(gzip);
	size = pull_more(gzip);
	if (gzip->status != DS_OK)
		return false;
	if (size == 0) {
		step_end(gzip);
		return false;
	}
	if (gzip->is_trusted && gzip->sequence == IN_MEMBER)
		list_after_member(gzip);
	return true;
}

/** Returns the number of bytes that were delivered. */
static size_t step_between(struct gzip *gzip, char *data, size_t capacity)
{
	z_stream *inflater = &gzip->inflater;

	while (inflater->avail_in > 0 && *inflater->next_in == 0) {
		inflater->next_in++;
		inflater->avail_in--;
		gzip->zeros++;
	}
	if (inflater->avail_in == 0)
		return 0;
	if (gzip->zeros > 0) {
		fail_at_zeros(gzip);
		return 0;
	}
	if (gzip->stop > 0 && consumed(gzip) >= gzip->stop) {
		gzip->is_at_stop = true;
		return 0;
	}
	if (gzip->is_trusted && begin_job(gzip, data, capacity))
		return gzip->delivered;
	if (*inflater->next_in != magic[0]) {
		fail_between(gzip, consumed(gzip));
		return 0;
	}
	inflater->next_in++;
	inflater->avail_in--;
	gzip->sequence = MAGIC_BEGUN;
	return 0;
}

/** Begins a member. The inflater gets the magic number from here because it may be split between
 * two reads. */
static void begin_member(struct gzip *gzip)
{
	z_stream *inflater = &gzip->inflater;
	const unsigned char *next_in = inflater->next_in;
	uInt avail_in = inflater->avail_in;
	unsigned char nothing;
	int result;

	gzip->begin = consumed(gzip) - sizeof(magic);
	gzip->members++;
	gzip->given = 0;
	gzip->next_look = GZIP_RATIO_INTERVAL;
	gzip->sequence = IN_MEMBER;

	inflateReset(inflater);
	gzip->header.extra = gzip->extra;
	gzip->header.extra_max = BGZF_EXTRA_SIZE;
	inflateGetHeader(inflater, &gzip->header);
	inflater->next_in = magic;
	inflater->avail_in = sizeof(magic);
	inflater->next_out = &nothing;
	inflater->avail_out = 0;
	result = inflate(inflater, Z_NO_FLUSH);
	inflater->next_out = NULL;
	inflater->next_in = next_in;
	inflater->avail_in = avail_in;
	if (result == Z_MEM_ERROR)
		gzip->status = DS_NO_MEMORY;
}

static void step_magic_begun(struct gzip *gzip)
{
	if (*gzip->inflater.next_in != magic[1]) {
		fail_between(gzip, consumed(gzip) - 1);
		return;
	}
	gzip->inflater.next_in++;
	gzip->inflater.avail_in--;
	begin_member(gzip);
}

/*
 * Checks the ratio of the file so far. This happens at fixed positions of the output, so that the
 * result, and the number of bytes that are delivered before a refusal, do not depend on the sizes
 * of the buffers.
 */
static void check_ratio(struct gzip *gzip)
{
	char reason[96];

	gzip->next_look = gzip->given + GZIP_RATIO_INTERVAL;
	if (gzip->file_given <= GZIP_GRACE)
		return;
	if (gzip->ratio == 0 || (gzip->file_given - 1) / gzip->ratio >= consumed(gzip)) {
		snprintf(reason, sizeof(reason),
			"is refused: the file expands to more than %u times its size "
			"(--max-gzip-ratio)",
			gzip->ratio);
		fail_in_member(gzip, "DA905", reason);
	}
}

static void judge_inflate(struct gzip *gzip, int result)
{
	char reason[96];

	if (result == Z_MEM_ERROR) {
		gzip->status = DS_NO_MEMORY;
		return;
	}
	/* Z_BUF_ERROR means that the previous call returned everything. */
	if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
		const char *message = gzip->inflater.msg;

		snprintf(reason, sizeof(reason), "is corrupt: %s",
			message != NULL ? message : "invalid code");
		fail_in_member(gzip, "DA902", reason);
		return;
	}
	if (gzip->given == gzip->next_look || result == Z_STREAM_END)
		check_ratio(gzip);
	if (result == Z_STREAM_END) {
		if (gzip->members == 1)
			gzip->is_bgzf = promised_length(gzip) != 0;
		gzip->is_unended =
			gzip->given > 0 && promised_length(gzip) == consumed(gzip) - gzip->begin;
		gzip->sequence = BETWEEN_MEMBERS;
		gzip->is_full = false;
	}
}

/** Inflates into `data`; returns the number of bytes. */
static size_t step_member(struct gzip *gzip, char *data, size_t capacity)
{
	z_stream *inflater = &gzip->inflater;
	uint64_t before_look = gzip->next_look - gzip->given;
	size_t size;
	int result;

	if (capacity > before_look)
		capacity = (size_t)before_look;
	if (capacity > UINT_MAX)
		capacity = UINT_MAX;
	inflater->next_out = (unsigned char *)data;
	inflater->avail_out = (uInt)capacity;
	result = inflate(inflater, Z_NO_FLUSH);
	size = capacity - inflater->avail_out;
	gzip->is_full = inflater->avail_out == 0;
	gzip->given += size;
	gzip->file_given += size;
	judge_inflate(gzip, result);
	return size;
}

static size_t step(struct gzip *gzip, char *data, size_t capacity)
{
	switch (gzip->sequence) {
	case BETWEEN_MEMBERS:
		return step_between(gzip, data, capacity);
	case MAGIC_BEGUN:
		step_magic_begun(gzip);
		break;
	case IN_MEMBER:
		return step_member(gzip, data, capacity);
	case BEFORE_JOB:
		return step_job(gzip, data, capacity);
	}
	return 0;
}

/* ---- after damage ---- */

/** Goes back to where the next member may begin: after the one that failed, according to its
 * length, or after its first byte. */
static void go_back(struct gzip *gzip)
{
	uint64_t history = (uint64_t)(gzip->inflater.next_in - gzip->bytes);
	uint64_t from = gzip->sequence == IN_MEMBER ? gzip->begin + 1 : consumed(gzip);
	size_t length = gzip->sequence == IN_MEMBER ? promised_length(gzip) : 0;
	uint64_t back;

	if (length > 0 && gzip->begin + length <= consumed(gzip))
		from = gzip->begin + length;
	back = consumed(gzip) > from ? consumed(gzip) - from : 0;
	if (back > history)
		back = history;
	if (back > gzip->reread)
		back = 0;
	gzip->reread -= back;
	gzip->inflater.next_in -= back;
	gzip->inflater.avail_in += (uInt)back;
}

static void skip_held(struct gzip *gzip)
{
	gzip->inflater.next_in += gzip->inflater.avail_in;
	gzip->inflater.avail_in = 0;
}

/** Finds the next readable member. Returns false at the end of the file. */
static bool find_gzip_member(struct gzip *gzip)
{
	z_stream *inflater = &gzip->inflater;

	for (;;) {
		size_t at = 0;
		enum gzip_search found =
			gzip_search(inflater->next_in, inflater->avail_in, gzip->is_ended, &at);

		inflater->next_in += at;
		inflater->avail_in -= (uInt)at;
		if (found == GZIP_SEARCH_NO_MEMORY)
			gzip->status = DS_NO_MEMORY;
		if (found == GZIP_MEMBER_FOUND || found == GZIP_SEARCH_NO_MEMORY)
			return found == GZIP_MEMBER_FOUND;
		if (gzip->is_ended)
			return false;
		pull_more(gzip);
		if (gzip->status != DS_OK)
			return false;
	}
}

/** Adds to the error which bytes are lost. At the end of a truncated file none are, because all
 * bytes of the member were delivered. */
static void describe_search(struct gzip *gzip, const struct ds_error *damage, uint64_t from,
	bool is_found)
{
	gzip->error = *damage;
	if (is_found)
		input_error_add_skipped(&gzip->error, from, consumed(gzip));
	else if (strcmp(damage->id, "DA901") != 0)
		input_error_add_unread(&gzip->error, from, consumed(gzip));
}

/** After damage, searches for the next readable member. If the layer below fails meanwhile, that is
 * reported after the damage. */
static void search(struct gzip *gzip)
{
	struct ds_error damage = gzip->error;
	uint64_t from = gzip->sequence == IN_MEMBER ? gzip->begin : damage.place.offset;
	bool is_found;

	gzip->is_searched = true;
	if (gzip->status != DS_DAMAGED || gzip->is_below || gzip->bytes == NULL ||
		strcmp(damage.id, "DA905") == 0 || strcmp(damage.id, "DA908") == 0 ||
		(gzip->sequence == BETWEEN_MEMBERS && gzip->is_unended && gzip->is_ended))
		return;
	if (gzip->is_claimed)
		ahead_drop_all(gzip->ahead);
	go_back(gzip);
	gzip->status = DS_OK;
	is_found = find_gzip_member(gzip);
	if (gzip->status == DS_NO_MEMORY && !gzip->is_below)
		return;
	gzip->may_resume = is_found || gzip->is_below;
	if (gzip->is_below)
		skip_held(gzip);
	gzip->status = DS_DAMAGED;
	describe_search(gzip, &damage, from, is_found);
}

bool gzip_resume(struct gzip *gzip)
{
	if (!gzip->may_resume)
		return false;
	gzip->status = DS_OK;
	gzip->may_resume = false;
	gzip->is_searched = false;
	gzip->is_full = false;
	gzip->is_unended = false;
	gzip->zeros = 0;
	gzip->is_trusted = gzip->ahead != NULL;
	gzip->sequence = BETWEEN_MEMBERS;
	return true;
}

void gzip_interrupt(struct gzip *gzip)
{
	skip_held(gzip);
	gzip->sequence = BETWEEN_MEMBERS;
	gzip->status = DS_DAMAGED;
	gzip->is_below = gzip->is_searched = false;
	input_error_set(&gzip->error, "DA902", "", gzip->pulled,
		"bytes of the gzip data are missing after the beginning of member %" PRIu64,
		gzip->members);
}

struct gzip *gzip_new(input_pull *pull, void *context, unsigned ratio)
{
	struct gzip *gzip = malloc(sizeof(*gzip));

	if (gzip == NULL)
		return NULL;
	/* Clearing the large rest would take as long as inflating a small file. */
	memset(gzip, 0, offsetof(struct gzip, compressed));
	gzip->pull = pull;
	gzip->context = context;
	gzip->ratio = ratio;
	gzip->reread = REREAD_MAX;
	if (inflateInit2(&gzip->inflater, MAX_WBITS + GZIP_WRAPPER) != Z_OK) {
		free(gzip);
		return NULL;
	}
	return gzip;
}

enum ds_status gzip_read(void *context, char *data, size_t capacity, size_t *size,
	struct ds_error *error)
{
	struct gzip *gzip = context;
	size_t produced = 0;

	while (gzip->status == DS_OK && produced < capacity && !gzip->is_at_stop) {
		if (gzip->inflater.avail_in == 0 && !gzip->is_full &&
			(produced > 0 || !refill(gzip)))
			break;
		produced += step(gzip, data + produced, capacity - produced);
	}
	if (produced == 0 && gzip->status != DS_OK && !gzip->is_searched)
		search(gzip);
	if (produced == 0 && gzip->status != DS_OK) {
		*error = gzip->error;
		return gzip->status;
	}
	*size = produced;
	return DS_OK;
}

void gzip_share(struct gzip *gzip, struct input_ahead *ahead)
{
	gzip->ahead = ahead;
	gzip->is_trusted = true;
}

void gzip_begin_at(struct gzip *gzip, uint64_t offset, uint64_t members)
{
	gzip->pulled = offset;
	gzip->members = members;
	gzip->is_bgzf = true;
}

void gzip_set_stop(struct gzip *gzip, uint64_t offset)
{
	if (gzip->is_claimed)
		ahead_drop_all(gzip->ahead);
	gzip->stop = offset;
	gzip->is_at_stop = false;
}

bool gzip_is_at_stop(const struct gzip *gzip, uint64_t *at)
{
	*at = consumed(gzip);
	return gzip->is_at_stop;
}

uint64_t gzip_members(const struct gzip *gzip)
{
	return gzip->members;
}

bool gzip_is_bgzf(const struct gzip *gzip)
{
	return gzip->is_bgzf;
}

void gzip_free(struct gzip *gzip)
{
	if (gzip == NULL)
		return;
	if (gzip->is_claimed) {
		ahead_drop_all(gzip->ahead);
		ahead_release(gzip->ahead);
	}
	inflateEnd(&gzip->inflater);
	free(gzip);
}
