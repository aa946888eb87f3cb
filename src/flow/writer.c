/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/options.h"
#include "flow/preserve.h"
#include "record/secret.h"
#include "record/sized.h"
#include "record/words.h"

#include <stdlib.h>

/* The public writer: the record writer, and the wrapper around several XML domains. */

struct ds_writer {
	struct ds_writer_options options;
	ds_sink *sink;
	ds_loss_sink *losses;
	void *context;
	struct preserver *preserver;
	struct arena arena;
	struct loss_list list;
	struct buffer out, scratch, held;
	uint64_t domains;
	bool has_wrapper, is_finished;
	enum ds_status status;
};

enum ds_status ds_writer_new(const struct ds_writer_options *options, ds_sink *sink,
	ds_loss_sink *losses, void *context, struct ds_writer **made)
{
	struct ds_writer_options all_options;
	struct ds_writer *writer;
	struct ds_limits limits;

	if (!made || !sink || options_read_writer(&all_options, options))
		return DS_USAGE;
	writer = calloc(1, sizeof *writer);
	if (!writer)
		return DS_NO_MEMORY;
	writer->options = all_options;
	writer->sink = sink;
	writer->losses = losses;
	writer->context = context;
	ds_limits_init(&limits, sizeof limits);
	writer->preserver = preserver_new(&limits);
	arena_init(&writer->arena);
	loss_list_init(&writer->list, &writer->arena);
	buffer_init(&writer->out);
	buffer_init(&writer->scratch);
	buffer_init(&writer->held);
	if (!writer->preserver) {
		ds_writer_free(writer);
		return DS_NO_MEMORY;
	}
	*made = writer;
	return DS_OK;
}

void ds_writer_free(struct ds_writer *writer)
{
	if (!writer)
		return;
	preserver_free(writer->preserver);
	loss_list_fini(&writer->list);
	arena_fini(&writer->arena);
	buffer_fini(&writer->out);
	buffer_fini(&writer->scratch);
	buffer_fini(&writer->held);
	free(writer);
}

static void deliver(struct ds_writer *writer, const char *data, size_t size)
{
	if (writer->status == DS_OK && size)
		writer->status = writer->sink(writer->context, data, size);
}

static void open_wrapper(struct ds_writer *writer)
{
	if (writer->has_wrapper)
		return;
	writer->has_wrapper = true;
	deliver(writer, WRAPPER_OPEN, sizeof WRAPPER_OPEN - 1);
	deliver(writer, writer->held.data, writer->held.size);
	buffer_fini(&writer->held);
}

static void deliver_losses(struct ds_writer *writer, const struct loss_list *list)
{
	for (size_t i = 0; writer->losses && i < list->count && writer->status == DS_OK; i++) {
		struct ds_loss loss = list->items[i];

		loss.value = secret_value_masked(list->arena, loss.path, loss.value);
		writer->status =
			list->arena->failed ? DS_NO_MEMORY : writer->losses(writer->context, &loss);
	}
}

/** Writes a complete record in the format of the document. */
static enum ds_status write_record(struct ds_writer *writer, const struct ds_domain *domain)
{
	const struct ds_writer_options *options = &writer->options;
	struct loss_list *losses = &writer->list;
	bool is_xml = options->format == DS_FORMAT_XML;

	arena_clear(&writer->arena);
	loss_list_clear(losses);
	buffer_clear(&writer->out, (size_t)256 << 10);
	if (!preserver_write(writer->preserver, options, options->format, domain, &writer->out,
		    &writer->scratch, losses))
		return writer->status = DS_NO_MEMORY;
	if (is_xml && options->wrap == DS_WRAP_AUTO && !writer->domains)
		buffer_add(&writer->held, writer->out.data, writer->out.size);
	if (writer->out.failed || writer->held.failed || writer->arena.failed)
		return writer->status = DS_NO_MEMORY;
	if (is_xml && (options->wrap == DS_WRAP_ALWAYS || (!options->wrap && writer->domains)))
		open_wrapper(writer);
	if (!writer->held.size)
		deliver(writer, writer->out.data, writer->out.size);
	writer->domains++;
	deliver_losses(writer, losses);
	return writer->status;
}

enum ds_status ds_writer_add(struct ds_writer *writer, const struct ds_domain *given)
{
	struct ds_domain copy;
	const struct ds_domain *domain = sized_domain(given, &copy);
	enum ds_format format;

	if (!writer || !domain || writer->is_finished)
		return DS_USAGE;
	if (writer->status != DS_OK)
		return writer->status;
	format = writer->options.format ? writer->options.format
					: record_format(&writer->options, domain);
	if (!domain->format && !writer->options.format)
		return DS_USAGE;
	/* The first domain decides the format of the whole document. */
	writer->options.format = format;
	return write_record(writer, domain);
}

enum ds_status ds_writer_finish(struct ds_writer *writer)
{
	if (!writer)
		return DS_USAGE;
	if (writer->is_finished)
		return writer->status;
	writer->is_finished = true;
	if (writer->options.format == DS_FORMAT_XML && writer->options.wrap == DS_WRAP_ALWAYS)
		open_wrapper(writer);
	deliver(writer, writer->held.data, writer->held.size);
	if (writer->has_wrapper)
		deliver(writer, WRAPPER_CLOSE, sizeof WRAPPER_CLOSE - 1);
	return writer->status;
}
