/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/stream_host.h"

#include "flow/guest.h"

#include <stdlib.h>
#include <string.h>

void stream_host_begin(struct stream_host *host, const struct batch *batch)
{
	stream_host_fini(host);
	*host = (struct stream_host){
		.looked = batch->block.frame_count,
		.named = batch->block.frame_count,
		.named_notes = batch->note_count,
	};
}

void stream_host_begin_known(struct stream_host *host, const struct batch *batch)
{
	stream_host_begin(host, batch);
	host->starts.has_first = true;
	host->has_several = host->is_known = true;
}

void stream_host_continue(struct stream_host *host)
{
	host->looked = host->named = host->named_notes = 0;
	host->block_name = NULL;
}

void stream_host_forget(struct stream_host *host, size_t frame)
{
	if (host->looked > frame)
		host->looked = frame;
	if (host->named > frame)
		host->named = frame;
}

void stream_host_fini(struct stream_host *host)
{
	free(host->name);
	host->name = NULL;
}

bool stream_host_is_waiting(const struct stream_host *host)
{
	return host->starts.has_first && !host->is_known;
}

/** Sets the limit for the beginning of a second domain. `length` is the size of the first domain,
 * or 0 while its end was not found. */
static void set_reach(struct stream_host *host, uint64_t length, uint64_t limit)
{
	host->starts.reach =
		host->starts.first + (length && length < limit ? length : limit) + STREAM_HOST_GAP;
}

static void note_second(struct stream_host *host, uint64_t offset)
{
	host->starts.has_second = true;
	host->starts.second = offset;
	host->has_looked = host->has_several = true;
}

static bool is_error(const struct frame *frame)
{
	return frame->kind == FRAME_STRAY || frame->kind == FRAME_LIKEWISE ||
		frame->kind == FRAME_HOLE;
}

/** Counts the domains that the frame is, was or contains. Sets `*second` to the offset of the
 * second one in the frame, if there is one. Returns false when there is no memory. */
static bool count_domains(const struct block *block, const struct frame *frame, unsigned depth,
	size_t *count, size_t *second)
{
	struct guest_list guests;
	bool is_found;

	*count = frame->kind == FRAME_DOMAIN || frame->kind == FRAME_REJECTED;
	if (frame->kind != FRAME_DOMAIN || frame->format != DS_FORMAT_XML)
		return true;
	is_found = guest_find(block, frame->at, frame->at + frame->size, depth, &guests);
	*count = guests.count;
	if (guests.count > 1)
		*second = guests.starts[1];
	free(guests.starts);
	return is_found;
}

/** Checks a frame that follows the first domain and contains `count` domains. */
static void look_after_first(struct stream_host *host, const struct frame *frame, size_t count,
	uint64_t limit)
{
	struct ds_starts *starts = &host->starts;

	if (frame->place.offset > starts->reach)
		host->has_looked = true;
	else if (count)
		note_second(host, frame->place.offset);
	else if (is_error(frame))
		host->has_looked = ++starts->errors_between == STREAM_HOST_ERRORS;
	else if (frame->kind == FRAME_END && !starts->errors_between)
		set_reach(host, frame->length, limit);
}

/** Checks a frame. Returns false when there is no memory. */
static bool look_at(struct stream_host *host, const struct block *block, const struct frame *frame,
	const struct ds_limits *limits)
{
	bool is_whole = frame->kind == FRAME_DOMAIN;
	size_t count, second = 0;

	if (!count_domains(block, frame, limits->depth, &count, &second))
		return false;
	if (host->starts.has_first) {
		look_after_first(host, frame, count, limits->domain_size);
	} else if (count) {
		host->starts.has_first = true;
		host->starts.first = frame->place.offset;
		set_reach(host, is_whole ? frame->size : frame->length, limits->domain_size);
	} else if (is_error(frame)) {
		host->starts.errors_before++;
	}
	/* An element of another program may contain several domains. */
	if (second && !host->has_looked)
		note_second(host, frame->place.offset + second);
	return true;
}

/** Checks whether the unfinished bytes begin a second domain, whose end need not be found. They are
 * checked once more when they have grown by half. Returns false when there is no memory. */
static bool look_at_unfinished(struct stream_host *host, const struct block *block,
	const struct framer *framer)
{
	size_t pending = block->size - framer->start;
	struct guest_list guests = {NULL, 0};
	bool is_found = true;

	if (framer->format == DS_FORMAT_XML) {
		if (pending < host->wake)
			return true;
		host->wake = pending + pending / 2;
		is_found = guest_find(block, framer->start, block->size, framer->limits.depth,
			&guests);
	}
	if (framer->format != DS_FORMAT_XML || guests.count)
		note_second(host, framer->base + framer->start);
	free(guests.starts);
	return is_found;
}

/** Searches for a second domain. Returns false when there is no memory. */
static bool look_for_second(struct stream_host *host, const struct block *block,
	const struct framer *framer)
{
	for (; host->looked < block->frame_count && !host->has_looked; host->looked++) {
		if (!look_at(host, block, &block->frames[host->looked], &framer->limits))
			return false;
		host->wake = 0;
	}
	if (!host->starts.has_first || host->has_looked)
		return true;
	/* The unfinished bytes may be the second one, unless they begin too late. */
	if (framer->base + framer->start > host->starts.reach)
		host->has_looked = true;
	else if (framer_is_in_domain(framer))
		return look_at_unfinished(host, block, framer);
	return true;
}

/** Sets the host of everything that has no host yet. */
static bool set_missing_hosts(struct stream_host *host, struct batch *batch)
{
	struct block *block = &batch->block;

	if (host->named == block->frame_count && host->named_notes == batch->note_count)
		return true;
	if (!host->block_name)
		host->block_name =
			arena_text(&block->arena, host->name, strlen(host->name) + 1).data;
	if (!host->block_name)
		return false;
	while (host->named < block->frame_count)
		block->frames[host->named++].host = host->block_name;
	for (; host->named_notes < batch->note_count; host->named_notes++) {
		struct batch_note *note = &batch->notes[host->named_notes];

		if (note->error)
			note->error->host = host->block_name;
		if (note->end)
			note->end->result.host = host->block_name;
	}
	return true;
}

bool stream_host_update(struct stream_host *host, struct hosts *hosts,
	const struct host_input *input, struct batch *batch, const struct framer *framer,
	bool has_ended)
{
	struct host_input asked = *input;
	const char *name;

	if (!look_for_second(host, &batch->block, framer))
		return false;
	host->is_known |= host->has_looked;
	if (has_ended || (host->starts.has_first && !hosts_need_domains(hosts)))
		host->is_known = true;
	if (!host->is_known)
		return true;
	if (!host->name) {
		asked.has_several = host->has_several;
		asked.is_counted = host->starts.has_first;
		name = hosts_find(hosts, &asked);
		host->name = name ? strdup(name) : NULL;
		if (!host->name)
			return false;
	}
	return set_missing_hosts(host, batch);
}
