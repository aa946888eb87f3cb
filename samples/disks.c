/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * disks [FILE...] - prints one line for each disk of a dump: domain, target, driver, format,
 * source, mode.
 *
 *   cc -o disks disks.c $(pkg-config --cflags --libs domstream)
 *
 * Both formats are read; their first bytes distinguish them. The library is given the dump in
 * pieces, as they come from a file, a pipe or a socket, and calls back for each domain; it never
 * holds more than one of them.
 */

#include <domstream/domstream.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PIECE_SIZE (64 * 1024)

/** A text is a pointer and a size, and NULL when it is unset in the dump. */
static void print_text(struct ds_text text)
{
	if (text.data && text.size > 0)
		fwrite(text.data, 1, text.size, stdout);
	else
		putchar('-');
	putchar('\t');
}

/** Called for each domain that was read. The record is valid until this function returns. */
static enum ds_status print_disks(void *context, const struct ds_domain *domain)
{
	(void)context;
	for (size_t i = 0; i < domain->disk_count; i++) {
		const struct ds_disk *disk = &domain->disks[i];

		print_text(domain->name);
		print_text(disk->target);
		print_text(disk->driver);
		print_text(disk->format);
		print_text(disk->source);
		puts(disk->readonly ? "r" : disk->shareable ? "w!" : "w");
	}
	return DS_OK; /* any other status would stop the reader */
}

/** Called for each range that could not be read. The reader continues after it. */
static enum ds_status print_error(void *context, const struct ds_error *error, struct ds_text raw)
{
	(void)context;
	(void)raw;
	if (error) /* NULL for further chunks of a long range */
		fprintf(stderr, "%s:%" PRIu64 ":%" PRIu64 ": error: %s [%s]\n", error->place.name,
			error->place.line, error->place.column, error->text, error->id);
	return DS_OK;
}

/** Passes a whole file to the reader, chunk by chunk. */
static enum ds_status feed_file(struct ds_reader *reader, FILE *file)
{
	static char piece[PIECE_SIZE];
	enum ds_status status = DS_OK;
	size_t size;

	while (status == DS_OK && (size = fread(piece, 1, sizeof(piece), file)) > 0)
		status = ds_reader_feed(reader, piece, size);
	if (status == DS_OK && ferror(file))
		status = DS_SYSTEM;
	/* Only now does the reader know that nothing follows, and whether something is
	 * unfinished. */
	if (status == DS_OK)
		status = ds_reader_finish(reader);
	return status;
}

static enum ds_status read_dump(const char *name)
{
	struct ds_reader_events events;
	struct ds_reader_options options;
	struct ds_reader *reader = NULL;
	enum ds_status status;
	FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");

	if (!file) {
		perror(name);
		return DS_SYSTEM;
	}
	ds_reader_options_init(&options, sizeof(options));
	options.name = name;
	ds_reader_events_init(&events, sizeof(events));
	events.domain = print_disks;
	events.rejected = print_error;
	status = ds_reader_new(&options, &events, &reader);
	if (status == DS_OK)
		status = feed_file(reader, file);
	/* print_error() has reported the details of DS_DAMAGED. */
	if (status != DS_OK && status != DS_DAMAGED)
		fprintf(stderr, "%s: %s\n", name, ds_status_text(status));
	ds_reader_free(reader);
	if (file != stdin)
		fclose(file);
	return status;
}

int main(int argc, char **argv)
{
	int result = 0;

	for (int i = 1; i < argc; i++)
		if (read_dump(argv[i]) != DS_OK)
			result = 2;
	if (argc < 2 && read_dump("-") != DS_OK)
		result = 2;
	return result;
}
