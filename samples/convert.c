/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * convert - reads a dump from standard input and writes it in the other format to standard output.
 * What that format cannot express is listed on standard error.
 *
 *   cc -o convert convert.c $(pkg-config --cflags --libs domstream)
 *
 * The reader calls a function for each domain, which adds it to the writer. Neither of them
 * holds more than one domain, so that dumps of any size can be converted.
 */

#include <domstream/domstream.h>
#include <inttypes.h>
#include <stdio.h>

#define PIECE_SIZE (64 * 1024)

/** Receives the bytes that a writer has made. */
static enum ds_status write_bytes(void *context, const char *data, size_t size)
{
	(void)context;
	return fwrite(data, 1, size, stdout) == size ? DS_OK : DS_SYSTEM;
}

/** Receives each loss. `at` becomes a line and column only when they are needed. */
static enum ds_status print_loss(void *context, const struct ds_loss *loss)
{
	struct ds_place place = ds_domain_place(loss->domain, loss->at);

	(void)context;
	fprintf(stderr, "%s:%" PRIu64 ":%" PRIu64 ": lost %.*s: %s\n", place.name, place.line,
		place.column, (int)loss->path.size, loss->path.data,
		ds_loss_reason_text(loss->reason));
	return DS_OK;
}

/** Receives each domain from the reader. Its context is the writer. */
static enum ds_status add_domain(void *context, const struct ds_domain *domain)
{
	return ds_writer_add(context, domain);
}

/** Receives the errors. The reader continues after each of them. */
static enum ds_status print_error(void *context, const struct ds_error *error, struct ds_text raw)
{
	(void)context;
	(void)raw;
	if (error)
		fprintf(stderr, "%s:%" PRIu64 ":%" PRIu64 ": error: %s\n", error->place.name,
			error->place.line, error->place.column, error->text);
	return DS_OK;
}

static enum ds_status copy(struct ds_reader *reader, struct ds_writer *writer)
{
	static char piece[PIECE_SIZE];
	enum ds_status status = DS_OK, ended;
	size_t size;

	while (status == DS_OK && (size = fread(piece, 1, sizeof(piece), stdin)) > 0)
		status = ds_reader_feed(reader, piece, size);
	if (status == DS_OK)
		status = ds_reader_finish(reader);
	/* DS_DAMAGED means that some input was rejected. The output is finished nevertheless. */
	if (status != DS_OK && status != DS_DAMAGED)
		return status;
	ended = ds_writer_finish(writer);
	return ended == DS_OK ? status : ended;
}

int main(void)
{
	struct ds_writer_options options;
	struct ds_reader_events events;
	struct ds_writer *writer = NULL;
	struct ds_reader *reader = NULL;
	enum ds_status status;

	ds_writer_options_init(&options, sizeof(options));
	options.pretty = 1;
	status = ds_writer_new(&options, write_bytes, print_loss, NULL, &writer);
	ds_reader_events_init(&events, sizeof(events));
	events.context = writer;
	events.domain = add_domain;
	events.rejected = print_error;
	if (status == DS_OK)
		status = ds_reader_new(NULL, &events, &reader);
	if (status == DS_OK)
		status = copy(reader, writer);
	if (status != DS_OK)
		fprintf(stderr, "convert: %s\n", ds_status_text(status));
	ds_reader_free(reader);
	ds_writer_free(writer);
	return status == DS_OK ? 0 : 2;
}
