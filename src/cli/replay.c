/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/replay.h"

#include "cli/message.h"
#include "part/events.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct player {
	const struct replay *replay;
	const struct ds_run_options *options;
	struct ds_estate *estate;
	/** The host of each input; an input with the same host as the one before has the same
	 * pointer. */
	char **hosts;
	/** The input that ends next. */
	size_t input;
	/** The numbers to add to the positions of the present part. */
	uint64_t offset, lines;
	/** The segment of the previous part; NULL in the first part. */
	const struct ds_segment *before;
};

/* ---- hosts ---- */

/** Names the host of each input, in the order of a single run. */
static enum ds_status name_hosts(struct player *player, struct ds_counts *counts)
{
	const struct merge_inputs *inputs = player->replay->inputs;
	struct ds_host_namer *namer =
		ds_host_namer_new(player->options, player->replay->parts->all[0].facts.directory);
	enum ds_status status = DS_OK;

	player->hosts = calloc(inputs->count + 1, sizeof *player->hosts);
	if (!namer || !player->hosts)
		status = DS_NO_MEMORY;
	for (size_t i = 0; i < inputs->count && status == DS_OK; i++) {
		const char *last = i ? player->hosts[i - 1] : NULL, *host;

		/* An archive has no host. Its entry repeats the last one, which is freed once. */
		if (inputs->all[i].kind == DS_INPUT_ARCHIVE) {
			player->hosts[i] = i ? player->hosts[i - 1] : NULL;
			continue;
		}
		host = ds_host_namer_next(namer, &inputs->all[i]);
		player->hosts[i] = host && last && strcmp(host, last) == 0 ? player->hosts[i - 1]
			: host                                             ? strdup(host)
									   : NULL;
		if (!player->hosts[i])
			status = DS_NO_MEMORY;
	}
	if (namer)
		counts->hosts = ds_host_namer_count(namer);
	ds_host_namer_free(namer);
	return status;
}

static void free_hosts(struct player *player)
{
	for (size_t i = 0; player->hosts && i < player->replay->inputs->count; i++)
		if (!i || player->hosts[i] != player->hosts[i - 1])
			free(player->hosts[i]);
	free(player->hosts);
}

/* ---- events ---- */

static enum ds_status play_domain(struct player *player, const struct ds_place *place,
	struct ds_record *records)
{
	struct ds_estate_domain domain = {
		.size = sizeof domain,
		.place = *place,
		.host = player->hosts[player->input],
	};

	domain.place.name = player->replay->inputs->all[player->input].name;
	domain.place.offset += player->offset;
	/* An unknown line stays unknown. */
	if (domain.place.line)
		domain.place.line += player->lines;
	return ds_estate_add(player->estate, &domain, records);
}

/** Moves a position at the end of the text of an error, such as " (line 3, column 7)". */
static void move_cause(struct ds_error *error, uint64_t lines)
{
	char *cause = error->text + error->reason_size;
	uint64_t line, column;

	if (!error->reason_size || !lines ||
		sscanf(cause, " (line %" SCNu64 ", column %" SCNu64 ")", &line, &column) != 2)
		return;
	snprintf(cause, sizeof error->text - error->reason_size,
		" (line %" PRIu64 ", column %" PRIu64 ")", line + lines, column);
}

static enum ds_status play_error(struct player *player, struct part_event *event)
{
	struct ds_error *error = &event->error;
	enum ds_status status;

	error->host = event->has_host ? player->hosts[player->input] : NULL;
	if (event->has_host) {
		error->place.offset += player->offset;
		if (error->place.line)
			error->place.line += player->lines;
		move_cause(error, player->lines);
	}
	status = ds_estate_note_unread(player->estate, error->host);
	return status == DS_OK ? player->options->rejected(player->options->context, error,
					 (struct ds_text){NULL, 0})
			       : status;
}

/** Returns whether the record of a later part continues with the same file. */
static bool goes_on(const struct merge_parts *parts, size_t part, size_t record)
{
	const struct part_input *input = &parts->all[part].inputs[record];

	if (input->result.kind != DS_INPUT_FILE || record + 1 < parts->all[part].input_count)
		return false;
	for (part++; part < parts->count && !parts->all[part].input_count;)
		part++;
	return part < parts->count &&
		parts->all[part].inputs[0].segment.input == input->segment.input;
}

static enum ds_status play_input(struct player *player, size_t part, size_t record)
{
	const struct merge_parts *parts = player->replay->parts;
	const struct ds_segment *segment = &parts->all[part].inputs[record].segment;
	struct ds_input_result result = player->replay->inputs->all[player->input];

	if (!segment->is_empty)
		player->before = segment;
	if (goes_on(parts, part, record))
		return DS_OK;
	result.host = result.kind == DS_INPUT_ARCHIVE ? NULL : player->hosts[player->input];
	player->input++;
	player->before = NULL;
	player->offset = player->lines = 0;
	return player->options->input(player->options->context, &result);
}

/* ---- parts ---- */

/** Replays one event. `records` contains the domains that follow; `*record` is the number of inputs
 * of the part that have ended. */
static enum ds_status play_event(struct player *player, size_t part, struct part_event *event,
	struct ds_record *records, size_t *record)
{
	const struct merge_part *file = &player->replay->parts->all[part];
	/* Only an error that belongs to no host may follow the last input. */
	bool has_input =
		*record < file->input_count && player->input < player->replay->inputs->count;

	if (!has_input && (event->kind != PART_EVENT_ERROR || event->has_host))
		return DS_DAMAGED;
	switch (event->kind) {
	case PART_EVENT_DOMAIN:
		return play_domain(player, &event->place, records);
	case PART_EVENT_ERROR:
		return play_error(player, event);
	case PART_EVENT_INPUT:
		return play_input(player, part, (*record)++);
	}
	return DS_DAMAGED;
}

static enum ds_status play_section(struct player *player, size_t part, struct ds_text bytes,
	size_t *record)
{
	struct part_events_reader section;
	enum ds_status status = part_events_open(&section, bytes) ? DS_DAMAGED : DS_OK;

	while (status == DS_OK && !part_events_at_end(&section)) {
		struct part_event event;

		status = part_events_next(&section, &event)
			? DS_DAMAGED
			: play_event(player, part, &event, &section.records, record);
		if (player->options->cancel && *player->options->cancel)
			status = DS_STOPPED;
	}
	return status == DS_OK && !part_events_is_done(&section) ? DS_DAMAGED : status;
}

/** Sets the numbers to add to positions when a part begins: it continues the input in which the
 * previous part has ended. Unsigned numbers may wrap. If the previous part is missing, positions
 * count from the beginning of this part. */
static void move_positions(struct player *player, const struct merge_part *part)
{
	const struct ds_segment *segment;

	if (part != player->replay->parts->all && part[-1].facts.number + 1 != part->facts.number)
		player->before = NULL;
	if (!player->before)
		player->offset = player->lines = 0;
	if (!player->before || !part->input_count || part->inputs[0].segment.is_empty)
		return;
	segment = &part->inputs[0].segment;
	player->offset += player->before->end_offset - segment->begin_offset;
	player->lines += player->before->end_line - segment->begin_line;
}

/** Replays the events of a part. */
static enum ds_status play_part(struct player *player, size_t part, struct ds_error *error)
{
	const struct merge_part *file = &player->replay->parts->all[part];
	struct part_reader *reader = NULL;
	enum part_section id = PART_FACTS;
	enum ds_status status = part_reader_open(&reader, file->name, NULL, error);
	enum ds_status played = DS_OK;
	size_t record = 0;

	move_positions(player, file);
	while (status == DS_OK && id != PART_END) {
		struct ds_text bytes;

		status = part_reader_next(reader, &id, &bytes, error);
		if (status != DS_OK || id != PART_EVENTS)
			continue;
		played = play_section(player, part, bytes, &record);
		if (played == DS_DAMAGED)
			status = part_reader_refuse(reader, "an event is malformed", error);
		else if (played != DS_OK)
			break;
	}
	if (status == DS_OK && played == DS_OK && record != file->input_count)
		status = part_reader_refuse(reader, "events are missing", error);
	part_reader_free(reader);
	if (status != DS_DAMAGED && status != DS_SYSTEM)
		return status == DS_OK ? played : status;
	message_input_error(error);
	return DS_STOPPED;
}

enum ds_status replay_run(const struct replay *replay, const struct ds_run_options *options,
	struct ds_counts *counts, struct ds_error *error)
{
	const struct ds_estate_sinks sinks = {sizeof sinks, options->domain, options->findings,
		options->shared_images};
	struct player player = {.replay = replay, .options = options};
	enum ds_status status;

	*counts = replay->counts;
	status = name_hosts(&player, counts);
	if (status == DS_OK)
		status = ds_estate_new(options->audit, &sinks, options->context, &player.estate);
	for (size_t i = 0; i < replay->parts->count && status == DS_OK; i++)
		status = play_part(&player, i, error);
	if (status == DS_OK && counts->unselected)
		status = ds_estate_note_unread(player.estate, NULL);
	if (status == DS_OK)
		status = ds_estate_finish(player.estate, &counts->findings);
	ds_estate_free(player.estate);
	free_hosts(&player);
	if (status == DS_OK && (counts->rejected || counts->stream_errors))
		status = DS_DAMAGED;
	return status;
}
