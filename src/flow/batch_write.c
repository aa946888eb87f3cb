/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/audit.h"
#include "flow/batch.h"
#include "flow/copy.h"
#include "flow/judge.h"
#include "record/error.h"

void batch_compress(struct bgzf *bgzf, const char *data, size_t size, struct buffer *compressed)
{
	while (size && !compressed->failed) {
		size_t length = size < BGZF_BLOCK_SIZE ? size : BGZF_BLOCK_SIZE;
		char *room = buffer_room(compressed, BGZF_BLOCK_MAX);

		if (room)
			compressed->size += bgzf_block(bgzf, data, length, room);
		data += length;
		size -= length;
	}
}

void batch_reject(struct batch *batch, struct batch_item *item, const char *id, const char *why)
{
	const struct ds_domain *domain = item->domain;
	struct ds_error error;

	error_set(&error, id, domain->place, why);
	error_domain(&error, domain->name);
	error.length = domain->input.size;
	error.host = domain->host;
	item->domain = NULL;
	item->raw = domain->input;
	item->is_rejected = true;
	item->error = arena_copy(&batch->arena, &error, 1, sizeof error);
	if (!item->error)
		batch->status = DS_NO_MEMORY;
	batch->counts.rejected++;
	batch->counts.disks -= item->disks;
}

enum ds_format batch_format(const struct batch *batch, const struct ds_run_options *options,
	const struct ds_domain *domain)
{
	if (options->extract)
		return domain->format;
	if (!options->domain_output || options->writer->format != DS_FORMAT_AUTO)
		return batch->target;
	return domain->format == DS_FORMAT_XML ? DS_FORMAT_SEXPR : DS_FORMAT_XML;
}

static bool wants_disk(const void *selection, const struct ds_domain *domain,
	const struct ds_disk *disk)
{
	return selection_has_disk(selection, domain, disk);
}

static void write_domain(struct batch *batch, struct batch_item *item,
	const struct ds_run_options *options, struct preserver *preserver)
{
	enum ds_format format = batch_format(batch, options, item->domain);

	if (!options->rows->format && copy_applies(options, format, item->domain) &&
		(!item->is_repaired || options->extract)) {
		buffer_add(&batch->out, item->domain->raw.data, item->domain->raw.size);
		buffer_byte(&batch->out, '\n');
	} else if (!options->rows->format) {
		if (!preserver_write(preserver, options->writer, format, item->domain, &batch->out,
			    &batch->scratch, &batch->losses))
			batch->status = DS_NO_MEMORY;
	} else if (disk_rows_fit(item->domain)) {
		disk_rows_write(options->rows, item->domain, wants_disk, batch->selection,
			&batch->arena, &batch->out);
	} else {
		batch_reject(batch, item, "DA905", "the rows for its disks would be too long");
		return;
	}
	batch->counts.converted++;
}

/** Runs the rules on a domain. Returns false when out of memory. */
static bool judge(struct batch *batch, struct batch_item *item,
	const struct ds_run_options *options)
{
	size_t begin = batch->findings.count;
	struct domain_view view;

	if (judge_is_late(options, item->domain))
		return true;
	if (!audit_domain(&view, item->domain, options->audit, &batch->findings) ||
		!estate_part_fill(&item->part, &view, batch->key))
		return false;
	if (!options->estate)
		return true;
	item->record = estate_record_encode(&batch->columns, &batch->arena, item->domain,
		&item->part, batch->findings.items + begin, batch->findings.count - begin);
	return item->record != NULL;
}

/** Verifies the output of one domain, which begins at `out_begin` and `losses_begin`. */
static void verify_domain(struct batch *batch, struct batch_item *item,
	const struct ds_run_options *options, struct verifier *verifier, size_t out_begin,
	size_t losses_begin)
{
	const struct verify_subject subject = {
		.domain = item->domain,
		.format = batch_format(batch, options, item->domain),
		.data = batch->out.data + out_begin,
		.size = item->out_end - out_begin,
		.losses = batch->losses.items + losses_begin,
		.loss_count = item->losses_end - losses_begin,
	};
	struct ds_error error;
	enum ds_status status =
		batch->out.failed ? DS_NO_MEMORY : verifier_check(verifier, &subject, &error);

	if (status == DS_DAMAGED) {
		item->mismatch = arena_copy(&batch->arena, &error, 1, sizeof error);
		batch->counts.mismatches++;
	}
	if (status == DS_NO_MEMORY)
		batch->status = DS_NO_MEMORY;
}

/** Verifies everything that was written. All domains are written before any is verified, because
 * both steps have much code and the processor's caches stay warm this way. */
static void verify_all(struct batch *batch, const struct ds_run_options *options,
	struct verifier *verifier)
{
	size_t out_begin = 0, losses_begin = 0;

	for (size_t i = 0; i < batch->item_count; i++) {
		struct batch_item *item = &batch->items[i];

		if (item->domain)
			verify_domain(batch, item, options, verifier, out_begin, losses_begin);
		out_begin = item->out_end;
		losses_begin = item->losses_end;
	}
}

void batch_write(struct batch *batch, const struct ds_run_options *options,
	struct preserver *preserver, struct verifier *verifier, struct bgzf *bgzf)
{
	for (size_t i = 0; i < batch->item_count; i++) {
		struct batch_item *item = &batch->items[i];

		if (item->domain && !options->check_only)
			write_domain(batch, item, options, preserver);
		/* Each finding repeats the name of the domain. */
		if (item->domain && options->audit && !disk_rows_fit(item->domain))
			batch_reject(batch, item, "DA905",
				"the findings of its disks would be too long");
		if (item->domain && options->audit && !judge(batch, item, options))
			batch->status = DS_NO_MEMORY;
		batch->counts.checked += item->domain && options->check_only;
		item->out_end = batch->out.size;
		item->losses_end = batch->losses.count;
		item->findings_end = batch->findings.count;
	}
	if (verifier)
		verify_all(batch, options, verifier);
	batch->counts.losses = batch->losses.count - batch->losses.unknown - batch->losses.defaults;
	batch->counts.unknown = batch->losses.unknown;
	batch->counts.findings = batch->findings.count;
	if (bgzf)
		batch_compress(bgzf, batch->out.data, batch->out.size, &batch->compressed);
	if (batch->out.failed || batch->compressed.failed || batch->arena.failed)
		batch->status = DS_NO_MEMORY;
}
