/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/fill.h"

#include "input/magic.h"
#include "record/error.h"
#include "record/text.h" /* byte_is_blank() */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** The minimum number of bytes to read at once. */
#define READ_MIN ((size_t)64 << 10)

bool filler_init(struct filler *filler, const struct ds_run_options *options, unsigned jobs)
{
	struct input_list_options list = {
		.names = options->names,
		.name_count = options->name_count,
		.files_from = options->files_from,
		.files_from_nul = options->files_from_nul,
		.recursive = options->recursive,
	};

	memset(filler, 0, sizeof *filler);
	filler->options = options;
	filler->target = options->writer->format;
	block_init(&filler->rest);
	cut_init(&filler->cut, options, &filler->share);
	filler->list = input_list_new(&list);
	if (options->parts && filler->list) {
		if (share_init(&filler->share, options, filler->list) != DS_OK)
			return false;
		input_list_free(filler->list);
		filler->list = input_list_new(&list);
	}
	filler->ahead = input_ahead_new(jobs);
	return framer_init(&filler->framer, options->from, options->limits) && filler->list &&
		filler->ahead && hosts_init(&filler->hosts, options);
}

void filler_fini(struct filler *filler)
{
	input_stream_free(filler->stream);
	input_ahead_free(filler->ahead);
	input_list_free(filler->list);
	framer_fini(&filler->framer);
	block_fini(&filler->rest);
	cut_fini(&filler->cut);
	hosts_fini(&filler->hosts);
	stream_host_fini(&filler->host);
	free(filler->name);
	free(filler->argument);
}

static enum ds_status note(struct batch *batch, const struct ds_error *error,
	bool is_between_inputs)
{
	return batch_note_error(batch, error, is_between_inputs) ? DS_OK : DS_NO_MEMORY;
}

/** Notes the end of a file, an archive or a member, or that it is still open. */
static enum ds_status note_state(struct filler *filler, struct batch *batch, const char *name,
	const struct input_facts *facts, bool is_open)
{
	const struct framer *framer = &filler->framer;
	bool declares = framer->format == DS_FORMAT_XML && facts->kind != DS_INPUT_ARCHIVE &&
		framer->xml.first_encoding[0];
	const char *encoding = facts->encoding ? facts->encoding
		: declares                     ? framer->xml.first_encoding
					       : "UTF-8";
	struct batch_input_end end = {
		.is_open = is_open,
		.result =
			{
				.kind = facts->kind,
				.name = name,
				.argument = filler->argument,
				.file = filler->name,
				.recognized = facts->recognized,
				.advice = facts->advice,
				.compression = facts->compression ? facts->compression : "none",
				.format = filler->framer.format,
				.encoding = encoding,
				.size = facts->size,
				.bytes_read = facts->bytes_read,
				.crc32 = facts->crc32,
				.has_crc32 = filler->options->input_checksums && facts->is_ended,
			},
	};

	if (facts->kind == DS_INPUT_ARCHIVE) {
		end.result.format = DS_FORMAT_AUTO;
		end.archive_errors = filler->archive_errors;
		end.is_cut = input_stream_archive_failed(filler->stream);
		filler->archive_errors = is_open ? filler->archive_errors : 0;
	}
	if (facts->kind != DS_INPUT_ARCHIVE) {
		end.is_foreign = filler->is_foreign;
		end.result.starts = filler->host.starts;
	}
	if (end.is_foreign)
		end.result.format = DS_FORMAT_AUTO;
	if (filler->options->parts)
		end.result.segment = &filler->cut.segment;
	return batch_note_end(batch, &end) ? DS_OK : DS_NO_MEMORY;
}

static enum ds_status note_end(struct filler *filler, struct batch *batch, const char *name,
	const struct input_facts *facts)
{
	return note_state(filler, batch, name, facts, false);
}

/** Notes the inputs that are open at the end of a batch in which the run may be stopped. */
static enum ds_status note_open(struct filler *filler, struct batch *batch)
{
	struct input_facts facts;
	enum ds_status status = DS_OK;

	if (!filler->options->max_errors || !filler->stream)
		return DS_OK;
	input_stream_member_facts(filler->stream, &facts);
	if (facts.kind == DS_INPUT_MEMBER && filler->is_in_stream)
		status = note_state(filler, batch, filler->framer.name, &facts, true);
	input_stream_facts(filler->stream, &facts);
	if (status == DS_OK)
		status = note_state(filler, batch, filler->name, &facts, true);
	return status;
}

/** Sets the hosts of the frames that were found. */
static enum ds_status set_hosts(struct filler *filler, struct batch *batch, bool has_ended)
{
	struct host_input input = {.argument = filler->argument,
		.file = filler->name,
		.stream = filler->stream_name};

	return stream_host_update(&filler->host, &filler->hosts, &input, batch, &filler->framer,
		       has_ended)
		? DS_OK
		: DS_NO_MEMORY;
}

/** Notes the end of a file that cannot be opened. Its host is that of a file without domains. */
static enum ds_status note_unopened(struct filler *filler, struct batch *batch,
	const struct ds_error *error)
{
	const struct input_facts none = {.kind = DS_INPUT_FILE};

	filler->framer.format = DS_FORMAT_AUTO;
	filler->is_foreign = false;
	filler->stream_name = filler->name;
	stream_host_begin(&filler->host, batch);
	if (note(batch, error, false) != DS_OK ||
		note_end(filler, batch, filler->name, &none) != DS_OK)
		return DS_NO_MEMORY;
	return set_hosts(filler, batch, true);
}

/** Notes that nothing of a divided input begins in this part's share. */
static enum ds_status note_empty(struct filler *filler, struct batch *batch)
{
	filler->framer.format = filler->cut.head.format;
	filler->framer.xml.first_encoding[0] = '\0';
	filler->is_foreign = false;
	filler->stream_name = filler->name;
	stream_host_begin_known(&filler->host, batch);
	if (note_end(filler, batch, filler->name, &filler->facts) != DS_OK)
		return DS_NO_MEMORY;
	return set_hosts(filler, batch, true);
}

/** Refuses an input that the caller is writing to. Comparing names would not detect links. */
static enum ds_status refuse_output(struct filler *filler, const char *name)
{
	const struct ds_run_options *options = filler->options;
	const char *quote = strcmp(name, "-") == 0 ? "" : "'";
	struct ds_file_id id;

	if (!options->output_count || !input_stream_file(filler->stream, &id))
		return DS_OK;
	for (size_t i = 0; i < options->output_count; i++) {
		char text[DS_ERROR_TEXT_SIZE];

		if (options->outputs[i].device != id.device ||
			options->outputs[i].inode != id.inode)
			continue;
		snprintf(text, sizeof text, "%s%.180s%s is an input and would be overwritten",
			quote, *quote ? name : "standard input", quote);
		error_set(&filler->error, "DA908", (struct ds_place){"", 0, 0, 0}, text);
		return DS_USAGE;
	}
	return DS_OK;
}

/** Returns the displayed name of an input; for standard input, the caller may choose it. */
static const char *shown_name(const struct filler *filler, const char *name)
{
	return filler->options->label && strcmp(name, "-") == 0 ? filler->options->label : name;
}

/** Handles an open input that is not completely in this part's share. */
static enum ds_status open_share(struct filler *filler, struct batch *batch, const char *name,
	const struct input_stream_options *options, const struct share_input *share)
{
	bool is_met = strcmp(filler->name, filler->argument) != 0;
	bool is_ours = false;
	enum outcome_treatment treatment;
	struct ds_error error;
	enum ds_status status;

	input_stream_facts(filler->stream, &filler->facts);
	treatment = outcome_treatment(&filler->facts, filler->name, is_met);
	status = cut_open(&filler->cut, &filler->stream, name, options, share,
		treatment == TREAT_AS_DUMP || treatment == TREAT_AS_DOUBTFUL, &is_ours, &error);
	if (status == DS_USAGE)
		filler->error = error;
	if (status == DS_DAMAGED) {
		batch->counts.files++;
		return note_unopened(filler, batch, &error);
	}
	if (status == DS_OK && filler->cut.segment.is_empty)
		status = note_empty(filler, batch);
	if (status != DS_OK || !is_ours || filler->cut.segment.is_empty) {
		input_stream_free(filler->stream);
		filler->stream = NULL;
		return status;
	}
	batch->counts.files += share->is_owned;
	input_stream_share(filler->stream, filler->ahead);
	return DS_OK;
}

/** Opens the next input. Returns DS_OK without a stream if there was an error, which is noted, or
 * if the inputs have ended. */
static enum ds_status open_next(struct filler *filler, struct batch *batch)
{
	const struct input_stream_options options = {
		.limits = *filler->options->limits,
		.cancel = filler->options->cancel,
		.checksums = filler->options->input_checksums,
		.label = filler->options->label,
	};
	struct share_input share;
	struct ds_error error;
	const char *name;
	enum ds_status status = input_list_next(filler->list, &name, &error);

	if (status == DS_DAMAGED && !name)
		return share_has_error(&filler->share) ? note(batch, &error, true) : DS_OK;
	if (status != DS_OK && status != DS_DAMAGED)
		return status;
	if (!name) {
		filler->is_done = true;
		return DS_OK;
	}
	share = share_next(&filler->share, name);
	if (!share.is_touched)
		return DS_OK;
	cut_reset(&filler->cut, &share);
	free(filler->name);
	free(filler->argument);
	filler->name = strdup(shown_name(filler, name));
	filler->argument = strdup(shown_name(filler, input_list_given(filler->list)));
	if (!filler->name || !filler->argument)
		return DS_NO_MEMORY;
	/* A directory that cannot be read is an input that cannot be opened. */
	if (status == DS_OK)
		status = input_stream_open(&filler->stream, name, &options, &error);
	if (status == DS_OK)
		status = refuse_output(filler, name);
	if (status == DS_OK && !share.is_whole)
		return open_share(filler, batch, name, &options, &share);
	batch->counts.files++;
	if (status == DS_OK)
		input_stream_share(filler->stream, filler->ahead);
	return status == DS_DAMAGED ? note_unopened(filler, batch, &error) : status;
}

/** Closes an input that has no more streams. */
static enum ds_status close_input(struct filler *filler, struct batch *batch)
{
	struct input_facts facts;
	enum ds_status status;

	input_stream_facts(filler->stream, &facts);
	if (filler->cut.is_active) {
		facts.size = filler->cut.size;
		facts.bytes_read = filler->cut.segment.to - filler->cut.segment.from;
		facts.is_ended = false;
	}
	status = note_end(filler, batch, filler->name, &facts);
	/* A file is a stream by itself; an archive belongs to many hosts. */
	if (status == DS_OK && facts.kind != DS_INPUT_ARCHIVE)
		status = set_hosts(filler, batch, true);
	filler->bytes_read +=
		filler->cut.is_active ? facts.bytes_read : input_stream_bytes_read(filler->stream);
	filler->cut.is_active = false;
	if (filler->options->name_count < 2 && !filler->options->recursive &&
		!filler->options->files_from)
		batch->counts.bytes_expected = input_stream_size(filler->stream);
	input_stream_free(filler->stream);
	filler->stream = NULL;
	return status;
}

/** Notes the end of the open member of an archive. */
static enum ds_status close_member(struct filler *filler, struct batch *batch, const char *name)
{
	struct input_facts facts;

	input_stream_member_facts(filler->stream, &facts);
	return facts.kind == DS_INPUT_MEMBER ? note_end(filler, batch, name, &facts) : DS_OK;
}

/** Closes the open stream: a member of an archive, or the whole file, which is closed later. */
static enum ds_status close_stream(struct filler *filler, struct batch *batch, const char *name)
{
	enum ds_status status = close_member(filler, batch, name);

	return status == DS_OK ? set_hosts(filler, batch, true) : status;
}

/** Reports a stream that should be a dump but begins like something else. */
static enum ds_status note_mistaken(struct filler *filler, struct batch *batch)
{
	struct ds_error error;

	if (!outcome_mistaken(&filler->facts, filler->framer.name, filler->is_met, &error))
		return DS_OK;
	filler->has_frames = true;
	return note(batch, &error, false);
}

/** Starts to read a stream, or decides to skip it. */
static enum ds_status open_stream(struct filler *filler, struct batch *batch, const char *name)
{
	/* For a segment, these were seen at the beginning of its input. */
	if (!filler->cut.is_active)
		input_stream_member_facts(filler->stream, &filler->facts);
	filler->is_met =
		filler->facts.kind == DS_INPUT_MEMBER || strcmp(name, filler->argument) != 0;
	filler->treatment = outcome_treatment(&filler->facts, name, filler->is_met);
	filler->is_foreign = filler->treatment == TREAT_AS_FOREIGN;
	filler->stream_size = 0;
	filler->is_blank = true;
	filler->has_frames = filler->has_domain = filler->has_whole_domain =
		filler->cut.is_active && filler->cut.from > 0;
	filler->first_frame = batch->block.frame_count;
	filler->dropped.id = NULL;
	framer_begin(&filler->framer, &batch->block, name, filler->options->from, false);
	if (filler->cut.is_active && !cut_begin(&filler->cut, &filler->framer)) {
		error_set(&filler->error, "DA908", (struct ds_place){"", 0, 0, 0},
			"invalid border: expected one that 'domstream merge' has printed");
		return DS_USAGE;
	}
	if (filler->treatment == TREAT_AS_FOREIGN || filler->treatment == TREAT_AS_OTHER)
		return close_stream(filler, batch, name);
	filler->is_in_stream = true;
	return note_mistaken(filler, batch);
}

/** Starts the next stream of the input: the only one, or the next member of an archive. */
static enum ds_status begin_stream(struct filler *filler, struct batch *batch)
{
	struct ds_error error;
	const char *name;
	enum ds_status status = input_stream_next(filler->stream, &name, &error);

	if (status == DS_DAMAGED && !name)
		filler->archive_errors++;
	if ((status == DS_OK || status == DS_DAMAGED) && name && filler->cut.is_active &&
		filler->cut.from > 0)
		stream_host_begin_known(&filler->host, batch);
	else if ((status == DS_OK || status == DS_DAMAGED) && name)
		stream_host_begin(&filler->host, batch);
	if (status == DS_DAMAGED && note(batch, &error, !name) != DS_OK)
		return DS_NO_MEMORY;
	if (status != DS_OK && status != DS_DAMAGED)
		return status;
	if (!name)
		return status == DS_OK ? close_input(filler, batch) : DS_OK;
	filler->stream_name = name;
	if (status == DS_OK)
		return open_stream(filler, batch, name);
	filler->is_foreign = false;
	filler->framer.format = DS_FORMAT_AUTO;
	return close_stream(filler, batch, name);
}

/* ---- streams that may not be dumps ---- */

/** Returns whether a frame seems to contain, or to have contained, a domain. */
static bool shows_domain(const struct block *block, const struct frame *frame)
{
	return frame->kind == FRAME_DOMAIN ||
		magic_holds_domain((const unsigned char *)block->data + frame->at, frame->size);
}

/** Reports the first of the errors that were dropped, because the stream of unknown kind turns out
 * to be a dump. The bytes that were refused are no longer available. */
static enum ds_status report_dropped(struct filler *filler, struct batch *batch)
{
	struct block *block = &batch->block;
	size_t first = filler->first_frame;
	size_t end = first;
	struct ds_error error;

	while (end < block->frame_count &&
		(block->frames[end].kind == FRAME_MORE || block->frames[end].kind == FRAME_END))
		end++;
	memmove(block->frames + first, block->frames + end,
		(block->frame_count - end) * sizeof *block->frames);
	block->frame_count -= end - first;
	filler->dropped.place.name = filler->framer.name;
	error_set(&error, filler->dropped.id, filler->dropped.place, filler->dropped.why);
	filler->dropped.id = NULL;
	stream_host_forget(&filler->host, first);
	if (note(batch, &error, false) != DS_OK)
		return DS_NO_MEMORY;
	batch->notes[batch->note_count - 1].before = first;
	return DS_OK;
}

/** Checks whether the frames of a stream of unknown kind show that it is a dump. */
static enum ds_status look_for_domain(struct filler *filler, struct batch *batch, size_t from)
{
	const struct block *block = &batch->block;

	for (size_t i = from; i < block->frame_count && !filler->has_whole_domain; i++)
		filler->has_whole_domain = block->frames[i].kind == FRAME_DOMAIN;
	if (filler->treatment != TREAT_AS_DOUBTFUL || filler->has_domain)
		return DS_OK;
	for (size_t i = from; i < block->frame_count && !filler->has_domain; i++)
		filler->has_domain = shows_domain(block, &block->frames[i]);
	return filler->has_domain && filler->dropped.id ? report_dropped(filler, batch) : DS_OK;
}

/** Drops the frames of a stream in which no domain was found so far. */
static void drop_doubtful(struct filler *filler, struct batch *batch)
{
	struct block *block = &batch->block;

	if (filler->treatment != TREAT_AS_DOUBTFUL || filler->has_domain ||
		block->frame_count <= filler->first_frame)
		return;
	if (!filler->dropped.id && block->frames[filler->first_frame].id)
		filler->dropped = block->frames[filler->first_frame];
	block->frame_count = filler->first_frame;
	stream_host_forget(&filler->host, block->frame_count);
}

/** Called when the present block ends in the middle of a stream. */
static void pass_block(struct filler *filler, struct batch *batch)
{
	drop_doubtful(filler, batch);
	filler->has_frames |= batch->block.frame_count > filler->first_frame;
	filler->first_frame = 0;
}

/** Called when a stream was read to its end. It is an error if a domain was expected and none was
 * found. */
static enum ds_status judge_stream(struct filler *filler, struct batch *batch)
{
	struct ds_error error;

	drop_doubtful(filler, batch);
	if (filler->dropped.id)
		filler->is_foreign = true;
	if (filler->has_frames || filler->dropped.id ||
		batch->block.frame_count > filler->first_frame)
		return DS_OK;
	if (outcome_missing(&filler->facts, filler->framer.name, filler->is_met, filler->is_blank,
		    filler->stream_size, &error))
		return note(batch, &error, false);
	filler->is_foreign = filler->is_met && filler->is_blank;
	return DS_OK;
}

/** Called when a stream ends, regularly or by damage. */
static enum ds_status end_stream(struct filler *filler, struct batch *batch)
{
	size_t frames = batch->block.frame_count;
	enum ds_status status = framer_finish(&filler->framer, &batch->block);

	filler->is_ending = filler->framer.is_behind;
	filler->is_in_stream = filler->framer.is_behind;
	if (status == DS_OK)
		status = look_for_domain(filler, batch, frames);
	if (status == DS_OK)
		status = set_hosts(filler, batch, !filler->is_in_stream);
	if (status != DS_OK || filler->is_in_stream)
		return status;
	if (filler->is_gap) {
		filler->is_gap = false;
		filler->is_in_stream = true;
		/* The data before the first domain may be damaged, and therefore does not decide
		 * the format. */
		framer_resume(&filler->framer, &batch->block,
			filler->has_whole_domain ? filler->framer.format : filler->options->from);
		return DS_OK;
	}
	if (filler->cut.is_active && !cut_end(&filler->cut, &filler->framer, &batch->block, false))
		return DS_NO_MEMORY;
	status = judge_stream(filler, batch);
	return status == DS_OK ? close_stream(filler, batch, filler->framer.name) : status;
}

/** Checks whether the segment of a divided input ends here. Frames that were unfinished may have
 * been added. */
static enum ds_status settle_segment(struct filler *filler, struct batch *batch)
{
	size_t frames = batch->block.frame_count;
	bool is_border;
	enum ds_status status =
		cut_settle(&filler->cut, &filler->framer, &batch->block, &is_border);

	if (status == DS_OK)
		status = look_for_domain(filler, batch, frames);
	if (status != DS_OK || !is_border)
		return status == DS_OK ? set_hosts(filler, batch, false) : status;
	if (!cut_end(&filler->cut, &filler->framer, &batch->block, true))
		return DS_NO_MEMORY;
	filler->is_in_stream = false;
	filler->framer.block_name = filler->framer.xml.block_encoding = NULL;
	return close_stream(filler, batch, filler->framer.name);
}

/** Counts the bytes that were read, and checks whether they are all blanks, possibly after a byte
 * order mark. */
static void look_at_bytes(struct filler *filler, const char *bytes, size_t size)
{
	static const char bom[] = "\xef\xbb\xbf";
	uint64_t at = filler->stream_size;

	filler->stream_size += size;
	for (size_t i = 0; i < size && filler->is_blank; i++, at++)
		filler->is_blank = byte_is_blank(bytes[i]) || bytes[i] == 0 ||
			(at < sizeof bom - 1 && bytes[i] == bom[at]);
}

static enum ds_status scan_frames(struct filler *filler, struct batch *batch)
{
	size_t frames = batch->block.frame_count;
	enum ds_status status = framer_scan(&filler->framer, &batch->block);

	if (status == DS_OK)
		status = look_for_domain(filler, batch, frames);
	return status == DS_OK ? set_hosts(filler, batch, false) : status;
}

/** Returns the maximum number of frames for a block, which is not handed over before the host of
 * its domains is known. */
static size_t frames_max(const struct filler *filler, const struct block *block)
{
	return FRAMES_MAX + (stream_host_is_waiting(&filler->host) ? block->frame_count : 0);
}

/** Reads once and appends to the block. Sets `*is_end` at the end of the input. */
static enum ds_status read_bytes(struct filler *filler, struct block *block, size_t room,
	size_t *size, bool *is_end, struct ds_error *error)
{
	enum cut_step step;
	enum ds_status status;

	if (filler->cut.is_active) {
		status = cut_read(&filler->cut, filler->stream, block, room, size, &step, error);
		*is_end = step == CUT_END;
		return status;
	}
	if (!block_reserve(block, room))
		return DS_NO_MEMORY;
	status = input_stream_read(filler->stream, block->data + block->size, room, size, error);
	block->size += *size;
	*is_end = !*size;
	return status;
}

/** Reads once and searches the new bytes for frames. */
static enum ds_status read_some(struct filler *filler, struct batch *batch)
{
	struct block *block = &batch->block;
	size_t room = block->size < FILLER_BLOCK_SIZE ? FILLER_BLOCK_SIZE - block->size : 0;
	struct ds_error error;
	enum ds_status status;
	bool is_end = false;
	size_t size = 0;

	filler->framer.frames_max = frames_max(filler, block);
	if (filler->is_ending)
		return end_stream(filler, batch);
	if (filler->framer.is_behind)
		return scan_frames(filler, batch);
	if (filler->cut.is_active && filler->cut.is_at_line)
		return settle_segment(filler, batch);
	if (room < READ_MIN)
		room = READ_MIN;
	status = read_bytes(filler, block, room, &size, &is_end, &error);
	if (status == DS_DAMAGED) {
		filler->has_frames = true;
		filler->is_gap = input_stream_resume(filler->stream);
		status = note(batch, &error, false);
		return status == DS_OK ? end_stream(filler, batch) : status;
	}
	if (status != DS_OK)
		return status;
	if (is_end)
		return end_stream(filler, batch);
	filler->framer.is_transcoded = input_stream_is_transcoded(filler->stream);
	/* Bytes that may not be a domain must not decide the format of the output or the host of a
	 * stream. */
	filler->framer.may_guess = filler->target != DS_FORMAT_AUTO && filler->host.is_known;
	look_at_bytes(filler, block->data + block->size - size, size);
	batch->counts.bytes_inflated += size;
	return scan_frames(filler, batch);
}

/** Returns whether the block has enough bytes and can be ended here. */
static bool is_full(const struct filler *filler, const struct batch *batch)
{
	if (filler->is_in_stream && stream_host_is_waiting(&filler->host))
		return false;
	return batch->block.frame_count >= frames_max(filler, &batch->block) ||
		batch->note_count >= BATCH_NOTES_MAX ||
		(batch->block.size >= FILLER_BLOCK_SIZE &&
			(!filler->is_in_stream || filler->framer.start > 0));
}

/** Chooses the format of the output by the first domain, unless the caller has chosen it. */
static void choose_target(struct filler *filler, struct batch *batch)
{
	for (size_t i = 0; i < batch->block.frame_count && filler->target == DS_FORMAT_AUTO; i++)
		if (batch->block.frames[i].kind == FRAME_DOMAIN)
			filler->target = batch->block.frames[i].format == DS_FORMAT_XML
				? DS_FORMAT_SEXPR
				: DS_FORMAT_XML;
	batch->target = filler->target;
}

/** Returns the number of bytes that were read from the open input. */
static uint64_t bytes_read_so_far(const struct filler *filler)
{
	return input_stream_bytes_read(filler->stream) -
		(filler->cut.is_active ? filler->cut.segment.from : 0);
}

void filler_fill(struct filler *filler, struct batch *batch)
{
	enum ds_status status = DS_OK;
	struct block empty = batch->block;

	batch->block = filler->rest;
	filler->rest = empty;
	stream_host_continue(&filler->host);
	while (status == DS_OK && !filler->is_done && !is_full(filler, batch)) {
		if (filler->options->cancel &&
			__atomic_load_n(filler->options->cancel, __ATOMIC_RELAXED))
			status = DS_STOPPED;
		else if (!filler->stream)
			status = open_next(filler, batch);
		else if (!filler->is_in_stream)
			status = begin_stream(filler, batch);
		else
			status = read_some(filler, batch);
	}
	if (status == DS_OK && filler->is_in_stream) {
		pass_block(filler, batch);
		block_clear(&filler->rest, FILLER_BLOCK_SIZE * 4);
		status = framer_move(&filler->framer, &batch->block, &filler->rest);
	}
	if (status == DS_OK)
		status = note_open(filler, batch);
	if (status == DS_OK && filler->stream)
		batch->counts.bytes_expected =
			filler->options->name_count < 2 ? input_stream_size(filler->stream) : 0;
	batch->counts.bytes_read =
		filler->bytes_read + (filler->stream ? bytes_read_so_far(filler) : 0);
	batch->counts.hosts = filler->hosts.count;
	choose_target(filler, batch);
	batch->status = status;
}
