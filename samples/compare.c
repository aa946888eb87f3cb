/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * compare OLD NEW - prints what changed from one dump to another, in either format.
 *
 *   cc -o compare compare.c $(pkg-config --cflags --libs domstream)
 *
 * The domains of OLD are added first; each domain of NEW is then compared with its counterpart.
 * The exit status is that of diff: 0 for no difference, 1 for some, 2 for an error.
 */

#include <domstream/domstream.h>
#include <stdio.h>

#define PIECE_SIZE (64 * 1024)

/** Which of the two dumps is being read. */
struct side {
	struct ds_diff *diff;
	int is_new;
};

static void print_text(const char *label, struct ds_text text)
{
	if (text.data)
		printf(" %s%.*s", label, (int)text.size, text.data);
}

/** Receives each difference. Its context counts them. */
static enum ds_status print_difference(void *context, const struct ds_difference *difference)
{
	static const char *const kinds[] = {"domain added", "domain removed", "domain renamed",
		"disk added", "disk removed", "disk changed", "domain repeated", "domain moved",
		"domain changed", "device added", "device removed", "device changed"};
	unsigned kind = difference->kind;

	++*(unsigned long *)context;
	/* A later release of the library may have more kinds. */
	printf("%s:", kind < sizeof(kinds) / sizeof(*kinds) ? kinds[kind] : "other");
	print_text("", difference->domain);
	print_text("disk ", difference->disk);
	if (difference->field)
		printf(" %s", difference->field);
	print_text("was ", difference->before);
	print_text("is ", difference->after);
	putchar('\n');
	return DS_OK;
}

static enum ds_status take_domain(void *context, const struct ds_domain *domain)
{
	struct side *side = context;

	return side->is_new ? ds_diff_compare(side->diff, domain) : ds_diff_old(side->diff, domain);
}

static enum ds_status read_file(struct ds_reader *reader, FILE *file)
{
	static char piece[PIECE_SIZE];
	enum ds_status status = DS_OK;
	size_t size;

	while (status == DS_OK && (size = fread(piece, 1, sizeof(piece), file)) > 0)
		status = ds_reader_feed(reader, piece, size);
	return status == DS_OK ? ds_reader_finish(reader) : status;
}

static enum ds_status read_dump(struct side *side, const char *name)
{
	struct ds_reader_options options;
	struct ds_reader_events events;
	struct ds_reader *reader = NULL;
	enum ds_status status;
	FILE *file = fopen(name, "rb");

	if (!file) {
		perror(name);
		return DS_SYSTEM;
	}
	ds_reader_options_init(&options, sizeof(options));
	options.name = name;
	ds_reader_events_init(&events, sizeof(events));
	events.context = side;
	events.domain = take_domain;
	status = ds_reader_new(&options, &events, &reader);
	if (status == DS_OK)
		status = read_file(reader, file);
	ds_reader_free(reader);
	fclose(file);
	return status;
}

int main(int argc, char **argv)
{
	unsigned long differences = 0;
	struct side side = {NULL, 0};
	enum ds_status status;

	if (argc != 3) {
		fprintf(stderr, "usage: compare OLD NEW\n");
		return 2;
	}
	status = ds_diff_new(print_difference, &differences, &side.diff);
	if (status == DS_OK)
		status = read_dump(&side, argv[1]);
	side.is_new = 1;
	if (status == DS_OK)
		status = read_dump(&side, argv[2]);
	if (status == DS_OK)
		status = ds_diff_finish(side.diff);
	if (status != DS_OK)
		fprintf(stderr, "compare: %s\n", ds_status_text(status));
	ds_diff_free(side.diff);
	return status != DS_OK ? 2 : differences > 0;
}
