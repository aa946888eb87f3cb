/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/emit.h"

#include "flow/judge.h"
#include "record/error.h"
#include "record/secret.h"
#include "record/words.h"

#include <stdlib.h>
#include <string.h>

bool emitter_init(struct emitter *emitter, const struct ds_run_options *options)
{
	memset(emitter, 0, sizeof *emitter);
	emitter->options = options;
	ds_counts_init(&emitter->counts, sizeof emitter->counts);
	emitter->format = options->extract ? DS_FORMAT_AUTO : options->writer->format;
	buffer_init(&emitter->compressed);
	buffer_init(&emitter->held);
	if (options->gzip_level)
		emitter->bgzf = bgzf_new(options->gzip_level);
	if (options->audit)
		emitter->estate = estate_new(options->audit);
	return (!options->gzip_level || emitter->bgzf) && (!options->audit || emitter->estate);
}

void emitter_fini(struct emitter *emitter)
{
	bgzf_free(emitter->bgzf);
	estate_free(emitter->estate);
	buffer_fini(&emitter->compressed);
	buffer_fini(&emitter->held);
	free(emitter->range_name);
	free(emitter->range_host);
}

/* ---- bytes ---- */

static enum ds_status sink(struct emitter *emitter, const char *data, size_t size)
{
	if (!size)
		return DS_OK;
	emitter->counts.bytes_written += size;
	return emitter->options->sink(emitter->options->context, data, size);
}

/** Writes bytes that are not compressed yet. */
static enum ds_status put(struct emitter *emitter, const char *data, size_t size)
{
	if (!emitter->bgzf)
		return sink(emitter, data, size);
	buffer_clear(&emitter->compressed, (size_t)256 << 10);
	batch_compress(emitter->bgzf, data, size, &emitter->compressed);
	if (emitter->compressed.failed)
		return DS_NO_MEMORY;
	return sink(emitter, emitter->compressed.data, emitter->compressed.size);
}

/** Writes the header line above all rows, once. */
static enum ds_status open_rows(struct emitter *emitter)
{
	enum ds_status status;

	if (!emitter->options->rows->format || emitter->has_header)
		return DS_OK;
	emitter->has_header = true;
	if (emitter->options->part > 1)
		return DS_OK;
	disk_rows_header(emitter->options->rows, &emitter->held);
	if (emitter->held.failed)
		return DS_NO_MEMORY;
	status = put(emitter, emitter->held.data, emitter->held.size);
	buffer_fini(&emitter->held);
	return status;
}

static enum ds_status open_wrapper(struct emitter *emitter)
{
	enum ds_status status;

	if (emitter->has_wrapper)
		return DS_OK;
	emitter->has_wrapper = true;
	status = emitter->options->part > 1 ? DS_OK
					    : put(emitter, WRAPPER_OPEN, sizeof WRAPPER_OPEN - 1);
	if (status == DS_OK && emitter->held.size)
		status = put(emitter, emitter->held.data, emitter->held.size);
	buffer_fini(&emitter->held);
	return status;
}

/** Returns whether the output is an XML document. */
static bool is_xml(const struct emitter *emitter)
{
	return !emitter->options->rows->format && emitter->format == DS_FORMAT_XML;
}

/** Holds back the first XML domain until a second one follows, because a document with two domains
 * needs a root element around them. Returns whether the batch's output was consumed. */
static bool hold(struct emitter *emitter, const struct batch *batch, uint64_t domains)
{
	if (!is_xml(emitter) || emitter->options->writer->wrap != DS_WRAP_AUTO ||
		emitter->has_wrapper || emitter->written_domains || domains != 1)
		return false;
	buffer_add(&emitter->held, batch->out.data, batch->out.size);
	return true;
}

static enum ds_status write_bytes(struct emitter *emitter, struct batch *batch, uint64_t domains)
{
	bool is_wrapped = is_xml(emitter) && emitter->options->writer->wrap != DS_WRAP_NEVER;
	enum ds_status status = open_rows(emitter);

	if (!domains || status != DS_OK)
		return status;
	if (hold(emitter, batch, domains)) {
		emitter->written_domains += domains;
		return emitter->held.failed ? DS_NO_MEMORY : DS_OK;
	}
	emitter->written_domains += domains;
	if (is_wrapped)
		status = open_wrapper(emitter);
	if (status != DS_OK)
		return status;
	return emitter->bgzf ? sink(emitter, batch->compressed.data, batch->compressed.size)
			     : sink(emitter, batch->out.data, batch->out.size);
}

/** Reports the findings that depend on several domains. */
static enum ds_status finish_estate(struct emitter *emitter)
{
	const struct ds_run_options *options = emitter->options;
	enum ds_status status = estate_finish(emitter->estate, options->findings, options->context,
		&emitter->counts.findings);

	return status == DS_OK && options->shared_images
		? estate_list_shared(emitter->estate, options->shared_images, options->context)
		: status;
}

enum ds_status emitter_finish(struct emitter *emitter)
{
	const struct ds_writer_options *writer = emitter->options->writer;
	enum ds_status status;

	if (emitter->options->estate)
		return DS_OK;
	if (emitter->estate)
		return finish_estate(emitter);
	if (emitter->options->check_only || emitter->options->domain_output)
		return DS_OK;
	status = open_rows(emitter);
	if (status == DS_OK && emitter->held.size)
		status = put(emitter, emitter->held.data, emitter->held.size);
	if (status == DS_OK && writer->wrap == DS_WRAP_ALWAYS && is_xml(emitter))
		status = open_wrapper(emitter);
	if (status == DS_OK && emitter->has_wrapper &&
		emitter->options->part == emitter->options->parts)
		status = put(emitter, WRAPPER_CLOSE, sizeof WRAPPER_CLOSE - 1);
	if (status == DS_OK && emitter->bgzf)
		status = sink(emitter, bgzf_end, sizeof bgzf_end);
	return status;
}

/** Passes on the output of one domain. */
static enum ds_status give_domain(struct emitter *emitter, const struct batch *batch, size_t at)
{
	const struct ds_run_options *options = emitter->options;
	const struct ds_domain *domain = batch->items[at].domain;
	size_t begin = at ? batch->items[at - 1].out_end : 0;
	size_t size = batch->items[at].out_end - begin;

	emitter->counts.bytes_written += size;
	return options->domain_output(options->context, domain,
		batch_format(batch, options, domain), batch->out.data + begin, size);
}

/** Compresses the batch's output once more after some of it was removed. */
static enum ds_status recompress(struct emitter *emitter, struct batch *batch)
{
	if (!emitter->bgzf)
		return DS_OK;
	buffer_clear(&batch->compressed, SIZE_MAX);
	batch_compress(emitter->bgzf, batch->out.data, batch->out.size, &batch->compressed);
	return batch->compressed.failed ? DS_NO_MEMORY : DS_OK;
}

/** Removes the output of the rejected domains. */
static void drop_rejected(struct batch *batch)
{
	size_t from = 0, size = 0;

	for (size_t i = 0; i < batch->item_count; i++) {
		struct batch_item *item = &batch->items[i];
		size_t end = item->out_end;

		if (item->domain) {
			memmove(batch->out.data + size, batch->out.data + from, end - from);
			size += end - from;
		}
		item->out_end = size;
		from = end;
	}
	batch->out.size = size;
}

/** Determines the format of the output. When domains are extracted, the first one decides, because
 * one document cannot contain both formats; domains in the other format are rejected. */
static enum ds_status choose_format(struct emitter *emitter, struct batch *batch)
{
	uint64_t refused = 0;

	if (!emitter->options->extract) {
		emitter->format = batch->target;
		return DS_OK;
	}
	for (size_t i = 0; i < batch->item_count && !emitter->options->domain_output; i++) {
		struct batch_item *item = &batch->items[i];

		if (!item->domain)
			continue;
		if (emitter->format == DS_FORMAT_AUTO)
			emitter->format = item->domain->format;
		if (item->domain->format == emitter->format)
			continue;
		batch_reject(batch, item, "DA909",
			emitter->format == DS_FORMAT_XML
				? "a SEXPR domain cannot be copied to XML output"
				: "an XML domain cannot be copied to SEXPR output");
		batch->counts.converted--;
		refused++;
	}
	if (!refused)
		return DS_OK;
	drop_rejected(batch);
	return batch->status == DS_OK ? recompress(emitter, batch) : batch->status;
}

/* ---- errors and losses ---- */

/** Keeps the error of a refused range that may come in several batches. The error is reported with
 * the first of them, and once more with the length at the end. */
static enum ds_status begin_range(struct emitter *emitter, const struct ds_error *error)
{
	free(emitter->range_name);
	free(emitter->range_host);
	emitter->range_name = strdup(error->place.name);
	emitter->range_host = strdup(error->host ? error->host : "");
	if (!emitter->range_name || !emitter->range_host)
		return DS_NO_MEMORY;
	emitter->range_error = *error;
	emitter->range_error.place.name = emitter->range_name;
	emitter->range_error.host = error->host ? emitter->range_host : NULL;
	return DS_OK;
}

static enum ds_status give_error(struct emitter *emitter, const struct batch_item *item)
{
	const struct ds_run_options *options = emitter->options;
	const struct ds_error *error = item->error;

	if (error && !error->length && item->raw.size && begin_range(emitter, error) != DS_OK)
		return DS_NO_MEMORY;
	if (item->ends_range) {
		emitter->range_error.length = item->length;
		error = &emitter->range_error;
	}
	if (!options->rejected || (!error && !item->raw.size))
		return DS_OK;
	return options->rejected(options->context, error, item->raw);
}

static enum ds_status give_losses(struct emitter *emitter, const struct batch *batch, size_t from,
	size_t end)
{
	const struct ds_run_options *options = emitter->options;
	enum ds_status status = DS_OK;

	for (size_t i = from; options->losses && i < end && status == DS_OK; i++) {
		struct ds_loss loss = batch->losses.items[i];

		loss.value = options->losses_without_values
			? (struct ds_text){NULL, 0}
			: secret_value_masked(batch->losses.arena, loss.path, loss.value);
		status = batch->losses.arena->failed ? DS_NO_MEMORY
						     : options->losses(options->context, &loss);
	}
	return status;
}

/** Reports the findings of one domain, and adds its facts to the estate. */
static enum ds_status give_findings(struct emitter *emitter, struct batch *batch, size_t at)
{
	const struct ds_run_options *options = emitter->options;
	struct batch_item *item = &batch->items[at];
	enum ds_status status = DS_OK;

	if (judge_is_late(options, item->domain))
		status = judge_late(options, batch, item, &emitter->counts.findings);
	for (size_t i = at ? batch->items[at - 1].findings_end : 0;
		options->findings && i < item->findings_end && status == DS_OK; i++)
		status = options->findings(options->context, &batch->findings.items[i]);
	if (status != DS_OK)
		return status;
	return estate_add(emitter->estate, item->domain, &item->part) ? DS_OK : DS_NO_MEMORY;
}

/** Passes on the record of a domain for an estate that is checked later. */
static enum ds_status give_record(struct emitter *emitter, const struct batch *batch, size_t at)
{
	const struct batch_item *item = &batch->items[at];

	return emitter->options->estate(emitter->options->context, item->domain, item->record);
}

/** Adds an item to the counts of its input. */
static void tally_item(struct outcome_tally *tally, const struct batch_item *item)
{
	if (item->domain) {
		tally->domains++;
		tally->disks += item->disks;
	} else if (item->is_rejected) {
		tally->domains++;
		tally->rejected++;
		tally->truncated += error_is(item->error, "DA901");
	} else if (item->is_unselected) {
		tally->domains++;
		tally->unselected++;
	} else if (item->error && !item->is_between_inputs) {
		tally->errors++;
	}
}

/** Decides the outcome of an input that has ended, and reports it. */
static enum ds_status give_input(struct emitter *emitter, const struct batch_input_end *end)
{
	const struct ds_run_options *options = emitter->options;
	struct ds_input_result result = end->result;
	struct ds_segment segment;

	if (end->is_open)
		return DS_OK;
	if (result.kind == DS_INPUT_MEMBER)
		emitter->archive_domains += emitter->tally.domains;
	emitter->tally.errors += end->archive_errors;
	outcome_decide(&result, &emitter->tally, end->is_foreign);
	if (result.kind == DS_INPUT_ARCHIVE) {
		outcome_of_archive(&result, emitter->archive_domains, end->is_cut);
		emitter->archive_domains = 0;
	}
	if (result.segment) {
		segment = *result.segment;
		segment.truncated = emitter->tally.truncated;
		result.segment = &segment;
	}
	if (result.is_stopped)
		result.outcome = DS_OUTCOME_DAMAGED;
	memset(&emitter->tally, 0, sizeof emitter->tally);
	/* An input that is divided is counted by the part in which it begins. */
	if (!result.segment || (result.segment->is_first && !result.segment->is_empty))
		outcome_count(&result, &emitter->counts);
	return options->input ? options->input(options->context, &result) : DS_OK;
}

/** Returns the next end of an input in the items from `*item` on, or in the notes that were not
 * read yet, or NULL. */
static const struct batch_input_end *next_end(const struct batch *batch, size_t *item, size_t *note)
{
	while (*item < batch->item_count) {
		const struct batch_input_end *end = batch->items[(*item)++].input_end;

		if (end)
			return end;
	}
	while (*note < batch->note_count) {
		const struct batch_input_end *end = batch->notes[(*note)++].end;

		if (end)
			return end;
	}
	return NULL;
}

/** Reports the input in which the run is stopped, after the item before `at`. If it is a member,
 * its archive follows; later members are skipped. */
static enum ds_status give_stopped(struct emitter *emitter, const struct batch *batch, size_t at)
{
	const struct batch_input_end *end;
	size_t note = batch->notes_read;
	enum ds_status status = DS_OK;
	bool has_member = false;

	while (status == DS_OK && (end = next_end(batch, &at, &note))) {
		struct batch_input_end stopped = *end;

		if (has_member && end->result.kind == DS_INPUT_MEMBER)
			continue;
		stopped.is_open = false;
		stopped.result.is_stopped = true;
		stopped.result.has_crc32 = false;
		status = give_input(emitter, &stopped);
		if (end->result.kind != DS_INPUT_MEMBER)
			break;
		has_member = true;
	}
	return status;
}

/** Drops the rest of the batch after the item at `at`, because the caller stops the run. */
static enum ds_status cut_short(struct emitter *emitter, struct batch *batch, size_t at)
{
	batch->out.size = batch->items[at].out_end;
	return recompress(emitter, batch) == DS_OK ? DS_STOPPED : DS_NO_MEMORY;
}

/** Tells the estate what could not be checked: rejected domains and domains that are not
 * selected. */
static enum ds_status note_unread(struct emitter *emitter, const struct batch_item *item)
{
	if (!emitter->estate || (!item->error && !item->is_unselected))
		return DS_OK;
	return estate_note_unread(emitter->estate, item->error ? item->error->host : NULL)
		? DS_OK
		: DS_NO_MEMORY;
}

static void add_counts(struct ds_counts *sum, const struct ds_counts *more)
{
	sum->files += more->files;
	sum->bytes_read = more->bytes_read;
	sum->bytes_inflated += more->bytes_inflated;
	sum->bytes_expected = more->bytes_expected;
	sum->hosts = more->hosts;
	sum->domains += more->domains;
	sum->converted += more->converted;
	sum->checked += more->checked;
	sum->rejected += more->rejected;
	sum->unselected += more->unselected;
	sum->mismatches += more->mismatches;
	sum->disks += more->disks;
	sum->losses += more->losses;
	sum->findings += more->findings;
	sum->unknown += more->unknown;
	sum->stream_errors += more->stream_errors;
}

/** Recounts a batch that was truncated, so that only the remaining items count. */
static void count_until(struct batch *batch, size_t end, bool check_only)
{
	struct ds_counts *counts = &batch->counts;
	size_t losses = end ? batch->items[end - 1].losses_end : 0;

	counts->domains = counts->converted = counts->checked = counts->rejected = counts->disks =
		counts->stream_errors = 0;
	counts->unselected = counts->mismatches = 0;
	counts->losses = losses;
	counts->unknown = 0;
	counts->findings = end ? batch->items[end - 1].findings_end : 0;
	for (size_t i = 0; i < end; i++) {
		const struct batch_item *item = &batch->items[i];

		counts->domains += item->domain || item->is_rejected || item->is_unselected;
		counts->unselected += item->is_unselected;
		counts->mismatches += item->mismatch != NULL;
		counts->converted += item->domain && !check_only;
		counts->checked += item->domain && check_only;
		counts->disks += item->domain ? item->disks : 0;
		counts->rejected += (uint64_t)item->is_rejected;
		counts->stream_errors += item->error && !item->is_rejected;
	}
	for (size_t i = 0; i < losses; i++) {
		const char *reason = batch->losses.items[i].reason;
		bool is_unknown = strcmp(reason, "unknown") == 0;

		counts->unknown += is_unknown;
		counts->losses -= is_unknown || strcmp(reason, "default") == 0;
	}
}

enum ds_status emitter_emit(struct emitter *emitter, struct batch *batch)
{
	const struct ds_run_options *options = emitter->options;
	uint64_t rejected = emitter->counts.rejected;
	enum ds_status status = choose_format(emitter, batch);
	size_t losses = 0;
	size_t at;

	for (at = 0; at < batch->item_count && status == DS_OK; at++) {
		const struct batch_item *item = &batch->items[at];

		tally_item(&emitter->tally, item);
		if (item->input_end)
			status = give_input(emitter, item->input_end);
		else if (item->error || item->raw.size || item->ends_range)
			status = give_error(emitter, item);
		if (status == DS_OK)
			status = note_unread(emitter, item);
		if (status == DS_OK && options->domain && item->domain)
			status = options->domain(options->context, item->domain);
		if (status == DS_OK && options->estate && item->domain)
			status = give_record(emitter, batch, at);
		else if (status == DS_OK && emitter->estate && item->domain)
			status = give_findings(emitter, batch, at);
		if (status == DS_OK)
			status = give_losses(emitter, batch, losses, item->losses_end);
		if (status == DS_OK && options->domain_output && item->domain)
			status = give_domain(emitter, batch, at);
		if (status == DS_OK && options->rejected && item->mismatch)
			status = options->rejected(options->context, item->mismatch,
				(struct ds_text){NULL, 0});
		losses = item->losses_end;
		rejected += (uint64_t)item->is_rejected;
		if (status == DS_OK && item->is_rejected && options->max_errors &&
			rejected >= options->max_errors) {
			status = give_stopped(emitter, batch, at + 1);
			status = status == DS_OK ? DS_STOPPED : status;
		}
	}
	if (status != DS_OK)
		count_until(batch, at, options->check_only);
	if (status == DS_STOPPED)
		status = cut_short(emitter, batch, at - 1);
	add_counts(&emitter->counts, &batch->counts);
	if (!options->check_only && !options->domain_output &&
		(status == DS_OK || status == DS_STOPPED)) {
		enum ds_status written = write_bytes(emitter, batch, batch->counts.converted);

		status = written == DS_OK ? status : written;
	}
	if (options->progress)
		options->progress(options->context, &emitter->counts);
	return status;
}
