/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/mask.h"
#include "record/place.h"
#include "record/secret.h"
#include "record/source.h"
#include "record/text.h"
#include "record/words.h"
#include "write/json_text.h"
#include "write/tsv_text.h"
#include "write/writer.h"

/*
 * Writes disks as lines: a table for people, and three formats for programs. One table defines the
 * fields. The texts of a row are collected first and then written by one function for each format.
 * The same functions write the header, as a row of names, so that it always matches the rows.
 */

/* The input of a field's function. Texts that have to be concatenated are in the arena. */
struct cell {
	struct arena *arena;
	const struct ds_domain *domain;
	const struct ds_disk *disk;
	struct ds_place place;
	/** Secrets are hidden, because the row is shown and not compared with a pattern. */
	bool is_shown;
};

/* ---- fields ---- */

static struct ds_text from_number(const struct cell *cell, uint64_t number)
{
	char room[24];
	size_t at = sizeof room;

	do
		room[--at] = (char)('0' + number % 10);
	while (number /= 10);
	return arena_text(cell->arena, room + at, sizeof room - at);
}

/** Returns the text of a number that counts from 1; NULL for 0. */
static struct ds_text from_ordinal(const struct cell *cell, uint64_t number)
{
	return number ? from_number(cell, number) : (struct ds_text){NULL, 0};
}

static struct ds_text shown(const struct cell *cell, struct ds_text text)
{
	return cell->is_shown ? secret_masked(cell->arena, text) : text;
}

static const struct ds_disk_location *location_of(const struct cell *cell)
{
	static const struct ds_disk_location nowhere = {.host_count = 0};
	const struct ds_disk_details *details = cell->disk->details;

	return details && details->location ? details->location : &nowhere;
}

static struct ds_text get_host(const struct cell *cell)
{
	return text_of_string(cell->domain->host);
}

static struct ds_text get_domain(const struct cell *cell)
{
	return cell->domain->name;
}

static struct ds_text get_uuid(const struct cell *cell)
{
	return cell->domain->uuid;
}

static struct ds_text get_target(const struct cell *cell)
{
	return shown(cell, cell->disk->target);
}

static struct ds_text get_device(const struct cell *cell)
{
	return text_of_string(device_words[cell->disk->device]);
}

static struct ds_text get_driver(const struct cell *cell)
{
	return shown(cell, cell->disk->driver);
}

static struct ds_text get_type(const struct cell *cell)
{
	return shown(cell, cell->disk->format);
}

/** Returns the path or name. A source that has neither, such as an NBD export without a name, is
 * identified by its address. */
static struct ds_text get_source(const struct cell *cell)
{
	if (!text_given(cell->disk->source) && cell->disk->type > DS_SOURCE_DIR)
		return source_identity(cell->arena, cell->disk);
	return cell->is_shown ? source_masked(cell->arena, cell->disk) : cell->disk->source;
}

/** Returns the mode as the SEXPR writer writes it: sharing does not matter for a disk that is only
 * read. */
static struct ds_text get_mode(const struct cell *cell)
{
	if (cell->disk->readonly)
		return TEXT("r");
	return cell->disk->shareable ? TEXT("w!") : TEXT("w");
}

static struct ds_text get_file(const struct cell *cell)
{
	return text_of_string(cell->place.name);
}

static struct ds_text get_line(const struct cell *cell)
{
	return from_ordinal(cell, cell->place.line);
}

static struct ds_text get_col(const struct cell *cell)
{
	return from_ordinal(cell, cell->place.column);
}

static struct ds_text get_offset(const struct cell *cell)
{
	return from_number(cell, cell->place.offset);
}

static struct ds_text get_number(const struct cell *cell)
{
	return from_number(cell, (uint64_t)(cell->disk - cell->domain->disks) + 1);
}

static struct ds_text get_bus(const struct cell *cell)
{
	return cell->disk->bus;
}

static struct ds_text get_backend(const struct cell *cell)
{
	return shown(cell, cell->disk->backend);
}

static struct ds_text get_guest(const struct cell *cell)
{
	return cell->domain->os_type;
}

static struct ds_text get_hypervisor(const struct cell *cell)
{
	return cell->domain->type;
}

static struct ds_text get_kind(const struct cell *cell)
{
	return source_type_word(cell->disk);
}

static struct ds_text get_protocol(const struct cell *cell)
{
	return shown(cell, location_of(cell)->protocol);
}

/** Returns the servers of the image: "c1:6789,[2001:db8::1],/run/socket". */
static struct ds_text get_hosts(const struct cell *cell)
{
	const struct ds_disk_location *location = location_of(cell);
	struct ds_text text = {NULL, 0};
	struct buffer out;

	buffer_init(&out);
	for (size_t i = 0; i < location->host_count; i++) {
		const struct ds_disk_host *host = &location->hosts[i];
		bool is_bare = text_given(host->socket) || !text_has(host->name, ':') ||
			text_starts(host->name, "[");
		struct ds_text name =
			shown(cell, text_given(host->socket) ? host->socket : host->name);

		if (i)
			buffer_byte(&out, ',');
		buffer_string(&out, is_bare ? "" : "[");
		buffer_add(&out, name.data, name.size);
		buffer_string(&out, is_bare ? "" : "]");
		if (text_given(host->port))
			buffer_byte(&out, ':');
		buffer_add(&out, host->port.data, host->port.size);
	}
	if (out.failed)
		cell->arena->failed = true;
	else if (location->host_count)
		text = arena_text(cell->arena, out.data ? out.data : "", out.size);
	buffer_fini(&out);
	return text;
}

/** Returns whether the source begins with the name of a pool: libvirt writes the pool of rbd and
 * the volume of Gluster before the image's name. */
static bool has_pool_in_name(const struct cell *cell)
{
	struct ds_text protocol = location_of(cell)->protocol;

	return cell->disk->type == DS_SOURCE_NETWORK &&
		(text_is(protocol, "rbd") || text_is(protocol, "gluster")) &&
		text_has(cell->disk->source, '/');
}

static struct ds_text get_pool(const struct cell *cell)
{
	struct ds_text rest;

	if (has_pool_in_name(cell))
		return shown(cell, text_split(cell->disk->source, '/', &rest));
	return shown(cell, location_of(cell)->pool);
}

static struct ds_text get_volume(const struct cell *cell)
{
	struct ds_text rest = {NULL, 0};

	if (has_pool_in_name(cell))
		text_split(cell->disk->source, '/', &rest);
	else if (cell->disk->type == DS_SOURCE_VOLUME)
		rest = cell->disk->source;
	return shown(cell, rest);
}

/** The table of all fields, in the order of the formats for programs. */
static const struct field {
	const char *name;
	struct ds_text (*get)(const struct cell *cell);
	/** The width of the table's column. A longer value moves the rest of its line. */
	size_t width;
	bool is_number;
} fields[] = {
	{"host", get_host, 12, false},
	{"domain", get_domain, 24, false},
	{"uuid", get_uuid, 36, false},
	{"target", get_target, 8, false},
	{"device", get_device, 6, false},
	{"driver", get_driver, 6, false},
	{"type", get_type, 6, false},
	{"source", get_source, 40, false},
	{"mode", get_mode, 4, false},
	{"file", get_file, 24, false},
	{"line", get_line, 6, true},
	{"col", get_col, 6, true},
	{"offset", get_offset, 10, true},
	{"number", get_number, 6, true},
	{"bus", get_bus, 6, false},
	{"backend", get_backend, 10, false},
	{"guest", get_guest, 6, false},
	{"hypervisor", get_hypervisor, 10, false},
	{"kind", get_kind, 8, false},
	{"protocol", get_protocol, 8, false},
	{"hosts", get_hosts, 24, false},
	{"pool", get_pool, 12, false},
	{"volume", get_volume, 24, false},
};

#define FIELD_COUNT (sizeof fields / sizeof *fields)

int disk_rows_field(const char *name)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (strcmp(name, fields[i].name) == 0)
			return (int)i;
	return -1;
}

bool disk_rows_has(unsigned field)
{
	return field < FIELD_COUNT;
}

const char *const *ds_disk_fields(size_t *count)
{
	static const char *const names[] = {"host", "domain", "uuid", "target", "device", "driver",
		"type", "source", "mode", "file", "line", "col", "offset", "number", "bus",
		"backend", "guest", "hypervisor", "kind", "protocol", "hosts", "pool", "volume"};

	_Static_assert(sizeof names / sizeof *names == FIELD_COUNT, "a name for each field");
	if (count)
		*count = FIELD_COUNT;
	return names;
}

struct ds_text disk_rows_value(const struct ds_domain *domain, const struct ds_disk *disk,
	int field, struct arena *arena)
{
	struct cell cell = {arena, domain, disk, domain->place, false};

	if (fields[field].is_number)
		cell.place = ds_domain_place(domain, disk->at);
	/* cppcheck-suppress returnDanglingLifetime; the text is the domain's or in the arena */
	return fields[field].get(&cell);
}

/* ---- UTF-8 ---- */

/** Returns the text with each byte that is not UTF-8 replaced or escaped, or the text itself when
 * all bytes are. */
static struct ds_text replace_invalid(struct arena *arena, struct ds_text text, enum ds_utf8 utf8)
{
	struct ds_text copy = {NULL, 0};
	struct buffer out;
	size_t size = 0, at;

	if (utf8 == DS_UTF8_KEEP || !text.size)
		return text;
	for (at = 0; at < text.size && ((size = text_character(text, at)) != 0); at += size)
		;
	if (at == text.size)
		return text;
	buffer_init(&out);
	for (at = 0; at < text.size; at += size ? size : 1) {
		size = text_character(text, at);
		if (size)
			buffer_add(&out, text.data + at, size);
		else if (utf8 == DS_UTF8_REPLACE)
			buffer_literal(&out, "\357\277\275");
		else
			mask_byte(&out, (unsigned char)text.data[at]);
	}
	if (out.failed)
		arena->failed = true;
	else
		copy = arena_text(arena, out.data, out.size);
	buffer_fini(&out);
	return copy;
}

/* ---- formats ---- */

/** The columns of a row, with their texts or their names. */
struct row {
	const unsigned *columns;
	size_t count;
	const struct ds_text *texts;
};

/** Indexes into the table of fields. */
static const unsigned few[] = {0, 1, 3, 4, 5, 6, 8, 7};
static const unsigned wide[] = {0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
	20, 21, 22, 7};
static const unsigned all[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
	20, 21, 22};

static void write_columns(struct buffer *out, const struct row *row, bool is_terminal)
{
	for (size_t i = 0; i < row->count; i++) {
		const struct field *field = &fields[row->columns[i]];
		struct ds_text text = row->texts[i];
		bool is_bright = is_terminal && field->get == get_mode && text_is(text, "w!");
		size_t width;

		if (is_bright)
			buffer_literal(out, "\033[1;33m");
		width = mask_text(out, text_given(text) ? text : TEXT("-"));
		if (is_bright)
			buffer_literal(out, "\033[0m");
		if (i + 1 == row->count)
			break;
		do
			buffer_byte(out, ' ');
		while (width++ < field->width);
	}
	buffer_byte(out, '\n');
}

static void write_table(struct buffer *out, const struct row *row)
{
	write_columns(out, row, false);
}

static void write_terminal(struct buffer *out, const struct row *row)
{
	write_columns(out, row, true);
}

/* ---- NDJSON, CSV, TSV ---- */

static void write_ndjson(struct buffer *out, const struct row *row)
{
	buffer_byte(out, '{');
	for (size_t i = 0; i < row->count; i++) {
		const struct field *field = &fields[row->columns[i]];

		json_key(out, field->name);
		if (field->is_number && row->texts[i].data)
			buffer_add(out, row->texts[i].data, row->texts[i].size);
		else
			json_text(out, row->texts[i]);
	}
	buffer_literal(out, "}\n");
}

/** Appends a value as in RFC 4180: in quotes if it contains a comma, a quote or a line end, with
 * its quotes doubled. */
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

static void write_separated(struct buffer *out, const struct row *row, char separator,
	void (*add)(struct buffer *out, struct ds_text text))
{
	for (size_t i = 0; i < row->count; i++) {
		if (i)
			buffer_byte(out, separator);
		if (row->texts[i].data)
			add(out, row->texts[i]);
	}
	buffer_byte(out, '\n');
}

static void write_csv(struct buffer *out, const struct row *row)
{
	write_separated(out, row, ',', add_csv);
}

static void write_tsv(struct buffer *out, const struct row *row)
{
	write_separated(out, row, '\t', tsv_text);
}

/* ---- the table of formats ---- */

#define COLUMNS(list) list, sizeof list / sizeof *list

static const struct {
	void (*write)(struct buffer *out, const struct row *row);
	const unsigned *columns;
	size_t count;
	bool is_table, is_terminal;
} formats[] = {
	[DS_ROWS_TABLE] = {write_table, COLUMNS(few), true, false},
	[DS_ROWS_TERMINAL] = {write_terminal, COLUMNS(few), true, true},
	[DS_ROWS_NDJSON] = {write_ndjson, COLUMNS(all), false, false},
	[DS_ROWS_CSV] = {write_csv, COLUMNS(all), false, false},
	[DS_ROWS_TSV] = {write_tsv, COLUMNS(all), false, false},
	[DS_ROWS_WIDE] = {write_table, COLUMNS(wide), true, false},
	[DS_ROWS_WIDE_TERMINAL] = {write_terminal, COLUMNS(wide), true, true},
};

static struct row row_begin(const struct ds_rows_options *options, struct ds_text *texts)
{
	if (options->column_count)
		return (struct row){options->columns, options->column_count, texts};
	return (struct row){formats[options->format].columns, formats[options->format].count,
		texts};
}

bool disk_rows_show(const struct ds_rows_options *options, const char *name)
{
	int field = disk_rows_field(name);
	struct row row;

	if (options->format == DS_ROWS_NONE)
		return false;
	row = row_begin(options, NULL);
	for (size_t i = 0; i < row.count; i++)
		if ((int)row.columns[i] == field)
			return true;
	return false;
}

void disk_rows_header(const struct ds_rows_options *options, struct buffer *out)
{
	char upper[DS_ROWS_COLUMNS_MAX][16];
	struct ds_text texts[DS_ROWS_COLUMNS_MAX];
	struct row row = row_begin(options, texts);

	if (options->format == DS_ROWS_NDJSON)
		return;
	for (size_t i = 0; i < row.count; i++) {
		texts[i] = text_of_string(fields[row.columns[i]].name);
		for (size_t at = 0; formats[options->format].is_table && at < texts[i].size; at++)
			upper[i][at] = (char)(texts[i].data[at] - 'a' + 'A');
		if (formats[options->format].is_table)
			texts[i].data = upper[i];
	}
	if (formats[options->format].is_terminal)
		buffer_literal(out, "\033[1m");
	formats[options->format].write(out, &row);
	if (formats[options->format].is_terminal)
		buffer_literal(out, "\033[0m");
}

void disk_rows_write(const struct ds_rows_options *options, const struct ds_domain *domain,
	disk_filter *wants, const void *context, struct arena *arena, struct buffer *out)
{
	struct cell cell = {arena, domain, NULL, domain->place, true};
	struct ds_text texts[DS_ROWS_COLUMNS_MAX];
	struct row row = row_begin(options, texts);
	struct place_finder finder = place_finder_of(domain);

	for (size_t i = 0; i < domain->disk_count; i++) {
		if (wants && !wants(context, domain, &domain->disks[i]))
			continue;
		cell.place = place_find(&finder, domain->disks[i].at);
		cell.disk = &domain->disks[i];
		for (size_t column = 0; column < row.count; column++)
			texts[column] = replace_invalid(arena,
				fields[row.columns[column]].get(&cell), options->utf8);
		formats[options->format].write(out, &row);
	}
}

bool disk_rows_fit(const struct ds_domain *domain)
{
	size_t repeated = strlen(domain->host) + domain->name.size + domain->uuid.size +
		strlen(domain->place.name) + domain->os_type.size + domain->type.size;

	return !domain->disk_count || repeated <= DISK_ROWS_REPEATED_MAX / domain->disk_count;
}
