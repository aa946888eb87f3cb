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

/** Returns whether the frame is, or was, a domain. */
static bool is_domain(const struct block *block, const struct frame *frame)
{
	return frame->kind == FRAME_REJECTED ||
		(frame->kind == FRAME_DOMAIN &&
			(frame->format != DS_FORMAT_XML ||
				guest_find(block, frame->at, frame->at + frame->size) != GUEST_NO));
}

/** Checks a frame after the first domain. */
static void look_behind(struct stream_host *host, const struct block *block,
	const struct frame *frame, uint64_t limit)
{
	struct ds_starts *starts = &host->starts;

	if (frame->place.offset > starts->reach)
		host->has_looked = true;
	else if (is_domain(block, frame))
		note_second(host, frame->place.offset);
	else if (is_error(frame))
		host->has_looked = ++starts->errors_between == STREAM_HOST_ERRORS;
	else if (frame->kind == FRAME_END && !starts->errors_between)
		set_reach(host, frame->length, limit);
}

static void look_at(struct stream_host *host, const struct block *block, const struct frame *frame,
	uint64_t limit)
{
	bool is_whole = frame->kind == FRAME_DOMAIN;

	if (host->starts.has_first) {
		look_behind(host, block, frame, limit);
	} else if (is_domain(block, frame)) {
		host->starts.has_first = true;
		host->starts.first = frame->place.offset;
		set_reach(host, is_whole ? frame->size : frame->length, limit);
	} else if (is_error(frame)) {
		host->starts.errors_before++;
	}
}

/** Searches for a second domain. */
static void look(struct stream_host *host, const struct block *block, const struct framer *framer)
{
	for (; host->looked < block->frame_count && !host->has_looked; host->looked++)
		look_at(host, block, &block->frames[host->looked], framer->limits.domain_size);
	if (!host->starts.has_first || host->has_looked)
		return;
	/* The unfinished frame may be the second domain, unless it begins too late. If it is the
	 * second one, its end need not be found. */
	if (framer->base + framer->start > host->starts.reach)
		host->has_looked = true;
	else if (framer_is_in_domain(framer) &&
		(framer->format != DS_FORMAT_XML ||
			guest_find(block, framer->start, block->size) == GUEST_YES))
		note_second(host, framer->base + framer->start);
}

/** Sets the host of everything that has no host yet. */
static bool set_hosts(struct stream_host *host, struct batch *batch)
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
		struct input_note *note = &batch->notes[host->named_notes];

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

	look(host, &batch->block, framer);
	host->is_known |= host->has_looked;
	if (has_ended || (host->starts.has_first && !hosts_need_domains(hosts)))
		host->is_known = true;
	if (!host->is_known)
		return true;
	if (!host->name) {
		asked.has_several = host->has_several;
		asked.is_counted = host->starts.has_first || host->is_cut;
		name = hosts_find(hosts, &asked);
		host->name = name ? strdup(name) : NULL;
		if (!host->name)
			return false;
	}
	return set_hosts(host, batch);
}
