/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/batch.h"

#include "record/secret.h"

#include "record/words.h"

#include <stdlib.h>
#include <string.h>

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
	int has_wrapper, is_finished;
	enum ds_status status;
};

void ds_writer_options_init(struct ds_writer_options *options)
{
	memset(options, 0, sizeof *options);
	options->xend = DS_XEND_31;
}

struct ds_writer *ds_writer_new(const struct ds_writer_options *options, ds_sink *sink,
	ds_loss_sink *losses, void *context)
{
	struct ds_writer *writer = calloc(1, sizeof *writer);
	struct ds_limits limits;

	if (!writer)
		return NULL;
	writer->options = *options;
	writer->sink = sink;
	writer->losses = losses;
	writer->context = context;
	ds_limits_init(&limits);
	writer->preserver = preserver_new(&limits);
	arena_init(&writer->arena);
	loss_list_init(&writer->list, &writer->arena);
	buffer_init(&writer->out);
	buffer_init(&writer->scratch);
	buffer_init(&writer->held);
	if (!writer->preserver) {
		ds_writer_free(writer);
		return NULL;
	}
	return writer;
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

static void give(struct ds_writer *writer, const char *data, size_t size)
{
	if (writer->status == DS_OK && size)
		writer->status = writer->sink(writer->context, data, size);
}

static void open_wrapper(struct ds_writer *writer)
{
	if (writer->has_wrapper)
		return;
	writer->has_wrapper = 1;
	give(writer, WRAPPER_OPEN, sizeof WRAPPER_OPEN - 1);
	give(writer, writer->held.data, writer->held.size);
	buffer_fini(&writer->held);
}

static void give_losses(struct ds_writer *writer, const struct loss_list *list)
{
	for (size_t i = 0; writer->losses && i < list->count && writer->status == DS_OK; i++) {
		struct ds_loss loss = list->items[i];

		loss.value = secret_value_masked(list->arena, loss.path, loss.value);
		writer->status =
			list->arena->failed ? DS_NO_MEMORY : writer->losses(writer->context, &loss);
	}
}

enum ds_status ds_writer_add(struct ds_writer *writer, const struct ds_domain *domain)
{
	struct loss_list *losses = &writer->list;
	enum ds_format format;

	if (writer->status != DS_OK)
		return writer->status;
	/* The first domain decides for all of a document. */
	if (writer->options.format == DS_FORMAT_AUTO)
		writer->options.format = record_format(&writer->options, domain);
	format = writer->options.format;
	arena_clear(&writer->arena);
	loss_list_clear(losses);
	buffer_clear(&writer->out, (size_t)256 << 10);
	if (!preserver_write(writer->preserver, &writer->options, format, domain, &writer->out,
		    &writer->scratch, losses))
		return writer->status = DS_NO_MEMORY;
	if (format == DS_FORMAT_XML && writer->options.wrap == DS_WRAP_AUTO && !writer->domains)
		buffer_add(&writer->held, writer->out.data, writer->out.size);
	if (writer->out.failed || writer->held.failed || writer->arena.failed)
		return writer->status = DS_NO_MEMORY;
	if (format == DS_FORMAT_XML &&
		(writer->options.wrap == DS_WRAP_ALWAYS ||
			(!writer->options.wrap && writer->domains)))
		open_wrapper(writer);
	if (!writer->held.size)
		give(writer, writer->out.data, writer->out.size);
	writer->domains++;
	give_losses(writer, losses);
	return writer->status;
}

enum ds_status ds_writer_finish(struct ds_writer *writer)
{
	if (writer->is_finished)
		return writer->status;
	writer->is_finished = 1;
	if (writer->options.format == DS_FORMAT_XML && writer->options.wrap == DS_WRAP_ALWAYS)
		open_wrapper(writer);
	give(writer, writer->held.data, writer->held.size);
	if (writer->has_wrapper)
		give(writer, WRAPPER_CLOSE, sizeof WRAPPER_CLOSE - 1);
	return writer->status;
}
