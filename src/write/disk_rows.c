/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "write/writer.h"

#include "record/error.h" /* error_place() */
#include "record/mask.h"
#include "record/secret.h"
#include "record/source.h"
#include "record/text.h"
#include "record/words.h"
#include "write/json_text.h"

/*
 * One line a disk: a table for people, three formats for programs.
 *
 * A row is first put together from texts, then said by one function a format. The header goes through the same
 * functions, as a row of names, so that it always fits what follows.
 */

enum field { HOST, DOMAIN, UUID, TARGET, DEVICE, DRIVER, TYPE, SOURCE, MODE, NAME, LINE, COLUMN, FIELD_COUNT };

static const char *const names[2][FIELD_COUNT] = {
	{"host", "domain", "uuid", "target", "device", "driver", "type", "source", "mode", "file", "line", "column"},
	{"HOST", "DOMAIN", "UUID", "TARGET", "DEVICE", "DRIVER", "TYPE", "SOURCE", "MODE", "FILE", "LINE", "COLUMN"},
};

struct row {
	struct ds_text fields[FIELD_COUNT];
	/** What the last two fields point to; 20 digits are 2^64. */
	char line[20];
	char column[20];
};

/* ---- from a disk to a row ------------------------------------------------------------------------------ */

static struct ds_text from_string(const char *string)
{
	return (struct ds_text){string, strlen(string)};
}

/** A number that counts from 1; NULL for 0. */
static struct ds_text from_ordinal(char room[20], uint64_t number)
{
	size_t at = 20;

	if (!number)
		return (struct ds_text){NULL, 0};
	for (; number; number /= 10)
		room[--at] = (char)('0' + number % 10);
	return (struct ds_text){room + at, 20 - at};
}

/** As the SEXPR writer says it: what is only read cannot be harmed by others that write. */
static struct ds_text mode_of(const struct ds_disk *disk)
{
	if (disk->readonly)
		return TEXT("r");
	return disk->shareable ? TEXT("w!") : TEXT("w");
}

/** Hides secrets in what is shown; without an arena the row is not shown but compared. */
static struct ds_text shown(struct arena *arena, struct ds_text text)
{
	return arena ? secret_masked(arena, text) : text;
}

static void fill_row(struct row *row, struct arena *arena, const struct ds_domain *domain, const struct ds_disk *disk,
		     const struct ds_place *place)
{
	row->fields[HOST] = from_string(domain->host);
	row->fields[DOMAIN] = domain->name;
	row->fields[UUID] = domain->uuid;
	row->fields[TARGET] = shown(arena, disk->target);
	row->fields[DEVICE] = from_string(device_words[disk->device]);
	row->fields[DRIVER] = shown(arena, disk->driver);
	row->fields[TYPE] = shown(arena, disk->format);
	row->fields[SOURCE] = arena ? source_masked(arena, disk) : disk->source;
	row->fields[MODE] = mode_of(disk);
	row->fields[NAME] = from_string(place->name);
	row->fields[LINE] = from_ordinal(row->line, place->line);
	row->fields[COLUMN] = from_ordinal(row->column, place->column);
}

int disk_rows_field(const char *name)
{
	for (int i = 0; i < FIELD_COUNT; i++)
		if (strcmp(name, names[0][i]) == 0)
			return i;
	return -1;
}

const char *const *ds_disk_fields(size_t *count)
{
	*count = FIELD_COUNT;
	return names[0];
}

struct ds_text disk_rows_value(const struct ds_domain *domain, const struct ds_disk *disk, int field,
			       char room[DISK_ROWS_VALUE_ROOM])
{
	struct ds_place place = domain->place;
	struct ds_text value;
	struct row row;

	if (field == LINE || field == COLUMN)
		place = ds_domain_place(domain, disk->at);
	fill_row(&row, NULL, domain, disk, &place);
	value = row.fields[field];
	if (value.data && (field == LINE || field == COLUMN))
		value.data = memcpy(room, value.data, value.size);
	return value;
}

/* ---- table --------------------------------------------------------------------------------------------- */

struct column {
	enum field field;
	/** In characters. What is longer pushes the rest of its line. 0: the last one. */
	size_t width;
};

static const struct column few[] = {{HOST, 12},  {DOMAIN, 24}, {TARGET, 8}, {DEVICE, 6}, {DRIVER, 6}, {TYPE, 6},
				    {MODE, 4},	  {SOURCE, 0}};

static const struct column all[] = {{HOST, 12}, {DOMAIN, 24}, {UUID, 36}, {TARGET, 8}, {DEVICE, 6}, {DRIVER, 6}, {TYPE, 6},
				    {MODE, 4},	  {NAME, 24}, {LINE, 6},   {COLUMN, 6}, {SOURCE, 0}};

static void write_columns(struct buffer *out, const struct ds_text *fields, const struct column *columns, int is_terminal)
{
	for (const struct column *column = columns;; column++) {
		struct ds_text text = fields[column->field];
		int is_bright = is_terminal && column->field == MODE && text_is(text, "w!");
		size_t width;

		if (is_bright)
			buffer_literal(out, "\033[1;33m");
		width = mask_text(out, text_given(text) ? text : TEXT("-"));
		if (is_bright)
			buffer_literal(out, "\033[0m");
		if (!column->width)
			break;
		do
			buffer_byte(out, ' ');
		while (width++ < column->width);
	}
	buffer_byte(out, '\n');
}

static void write_table(struct buffer *out, const struct ds_text *fields)
{
	write_columns(out, fields, few, 0);
}

static void write_wide(struct buffer *out, const struct ds_text *fields)
{
	write_columns(out, fields, all, 0);
}

static void write_terminal(struct buffer *out, const struct ds_text *fields)
{
	write_columns(out, fields, few, 1);
}

static void write_wide_terminal(struct buffer *out, const struct ds_text *fields)
{
	write_columns(out, fields, all, 1);
}

/* ---- NDJSON, CSV, TSV ---------------------------------------------------------------------------------- */

static void write_ndjson(struct buffer *out, const struct ds_text *fields)
{
#define KEY(text) {text, sizeof text - 1}
	static const struct ds_text keys[FIELD_COUNT] = {
		KEY("{\"host\":"),   KEY(",\"domain\":"), KEY(",\"uuid\":"),	  KEY(",\"target\":"), KEY(",\"device\":"),
		KEY(",\"driver\":"), KEY(",\"type\":"),	  KEY(",\"source\":"), KEY(",\"mode\":"),
		KEY(",\"file\":"),   KEY(",\"line\":"), KEY(",\"column\":"),
	};
#undef KEY

	for (size_t i = 0; i < FIELD_COUNT; i++) {
		buffer_add(out, keys[i].data, keys[i].size);
		if (i >= LINE && fields[i].data)
			buffer_add(out, fields[i].data, fields[i].size);
		else
			json_text(out, fields[i]);
	}
	buffer_literal(out, "}\n");
}

/** RFC 4180: between quotes when it holds a comma, a quote or a line's end; quotes in it doubled. */
static void add_csv(struct buffer *out, struct ds_text text)
{
	size_t from = 0;

	if (!text.size)
		return;
	if (!memchr(text.data, '"', text.size) && !memchr(text.data, ',', text.size) &&
	    !memchr(text.data, '\n', text.size) && !memchr(text.data, '\r', text.size)) {
		buffer_add(out, text.data, text.size);
		return;
	}
	buffer_byte(out, '"');
	for (size_t at = 0; at < text.size; at++) {
		if (text.data[at] != '"')
			continue;
		buffer_add(out, text.data + from, at + 1 - from);
		from = at;
	}
	buffer_add(out, text.data + from, text.size - from);
	buffer_byte(out, '"');
}

static void add_tsv(struct buffer *out, struct ds_text text)
{
	size_t from = 0;

	for (size_t at = 0; at < text.size; at++) {
		char byte = text.data[at];
		char letter = byte == '\t' ? 't' : byte == '\n' ? 'n' : byte == '\r' ? 'r' : byte == '\\' ? '\\' : 0;

		if (!letter)
			continue;
		buffer_add(out, text.data + from, at - from);
		buffer_byte(out, '\\');
		buffer_byte(out, letter);
		from = at + 1;
	}
	buffer_add(out, text.data + from, text.size - from);
}

static void write_separated(struct buffer *out, const struct ds_text *fields, char separator,
			    void (*add)(struct buffer *out, struct ds_text text))
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (i)
			buffer_byte(out, separator);
		if (fields[i].data)
			add(out, fields[i]);
	}
	buffer_byte(out, '\n');
}

static void write_csv(struct buffer *out, const struct ds_text *fields)
{
	write_separated(out, fields, ',', add_csv);
}

static void write_tsv(struct buffer *out, const struct ds_text *fields)
{
	write_separated(out, fields, '\t', add_tsv);
}

/* ---- all ----------------------------------------------------------------------------------------------- */

static void (*const writers[])(struct buffer *out, const struct ds_text *fields) = {
	[DS_ROWS_TABLE] = write_table, [DS_ROWS_TERMINAL] = write_terminal, [DS_ROWS_NDJSON] = write_ndjson,
	[DS_ROWS_CSV] = write_csv,     [DS_ROWS_TSV] = write_tsv,
	[DS_ROWS_WIDE] = write_wide,   [DS_ROWS_WIDE_TERMINAL] = write_wide_terminal,
};

void disk_rows_header(enum ds_rows format, struct buffer *out)
{
	int is_terminal = format == DS_ROWS_TERMINAL || format == DS_ROWS_WIDE_TERMINAL;
	int is_table = is_terminal || format == DS_ROWS_TABLE || format == DS_ROWS_WIDE;
	struct ds_text fields[FIELD_COUNT];

	if (format == DS_ROWS_NDJSON)
		return;
	for (size_t i = 0; i < FIELD_COUNT; i++)
		fields[i] = from_string(names[is_table][i]);
	if (is_terminal)
		buffer_literal(out, "\033[1m");
	writers[format](out, fields);
	if (is_terminal)
		buffer_literal(out, "\033[0m");
}

void disk_rows_write(enum ds_rows format, const struct ds_domain *domain, struct arena *arena, struct buffer *out)
{
	struct ds_place place = domain->place;
	size_t place_at = 0;
	struct row row;

	for (size_t i = 0; i < domain->disk_count; i++) {
		const struct ds_disk *disk = &domain->disks[i];
		size_t at = disk->at < domain->raw.size ? disk->at : domain->raw.size;

		/* On from the disk before. Only the few of an HVM guest's image can lie behind the one that follows. */
		if (at < place_at) {
			place = domain->place;
			place_at = 0;
		}
		place = error_place(place, domain->raw.data + place_at, at - place_at);
		place_at = at;
		fill_row(&row, arena, domain, disk, &place);
		writers[format](out, row.fields);
	}
}

int disk_rows_fit(const struct ds_domain *domain)
{
	size_t repeated = strlen(domain->host) + domain->name.size + domain->uuid.size + strlen(domain->place.name);

	return !domain->disk_count || repeated <= DISK_ROWS_REPEATED_MAX / domain->disk_count;
}
