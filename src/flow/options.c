/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/options.h"

#include "record/sized.h"
#include "write/writer.h" /* disk_rows_has() */

#include <stdbool.h>

/* Defaults, copying of the caller's options, and checks of single values. Combinations are checked
 * at the end. */

#define GZIP_LEVEL_MAX 9

/* ---- defaults ---- */

/** Defines the function that sets the defaults of a struct, as far as the caller's release of the
 * library has its members. */
#define INIT(name, ...) \
	void name##_init(struct name *options, size_t size) \
	{ \
		const struct name defaults = {__VA_ARGS__}; \
\
		sized_init(options, size, &defaults, sizeof defaults); \
	}

INIT(ds_limits, .domain_size = DS_LIMIT_DOMAIN_SIZE, .token_size = DS_LIMIT_TOKEN_SIZE,
	.depth = DS_LIMIT_DEPTH, .attributes = DS_LIMIT_ATTRIBUTES, .parts = DS_LIMIT_PARTS,
	.gzip_ratio = DS_LIMIT_GZIP_RATIO)
INIT(ds_reader_options, .name = "-")
INIT(ds_reader_events, 0)
INIT(ds_writer_options, .xend = DS_XEND_31)
INIT(ds_rows_options, 0)
INIT(ds_selection, 0)
INIT(ds_audit_options, 0)
INIT(ds_estate_domain, .place = {.name = "-"}, .host = "")
INIT(ds_estate_sinks, 0)
INIT(ds_counts, 0)
INIT(ds_run_options, 0)

/* ---- checks ---- */

#define NO_SIZE \
	"an options struct was not initialized by its ..._init() function, or belongs to a newer " \
	"release"

/** Returns whether one of the texts is missing. */
static bool lacks_text(const char *const *texts, size_t count)
{
	if (count && !texts)
		return true;
	for (size_t i = 0; i < count; i++)
		if (!texts[i])
			return true;
	return false;
}

static bool lacks_condition(const struct ds_selection *selection)
{
	if (selection->condition_count && !selection->conditions)
		return true;
	for (size_t i = 0; i < selection->condition_count; i++)
		if (!selection->conditions[i].field || !selection->conditions[i].glob)
			return true;
	return false;
}

static const char *read_limits(struct ds_limits *limits, const struct ds_limits *given)
{
	ds_limits_init(limits, sizeof *limits);
	if (given && !sized_copy(limits, sizeof *limits, given))
		return NO_SIZE;
	if (!limits->domain_size || limits->domain_size > INT32_MAX || !limits->token_size ||
		!limits->depth || !limits->attributes || !limits->parts || !limits->gzip_ratio)
		return "a limit is out of range";
	return NULL;
}

const char *options_read_writer(struct ds_writer_options *options,
	const struct ds_writer_options *given)
{
	ds_writer_options_init(options, sizeof *options);
	if (given && !sized_copy(options, sizeof *options, given))
		return NO_SIZE;
	if ((unsigned)options->format > DS_FORMAT_SEXPR)
		return "unknown output format";
	if (options->xend < DS_XEND_302 || options->xend > DS_XEND_31)
		return "unknown release of xend";
	if ((unsigned)options->wrap > DS_WRAP_NEVER)
		return "unknown wrap mode";
	return NULL;
}

const char *options_read_reader(struct ds_reader_options *options, struct ds_limits *limits,
	const struct ds_reader_options *given)
{
	const char *why;

	ds_reader_options_init(options, sizeof *options);
	if (given && !sized_copy(options, sizeof *options, given))
		return NO_SIZE;
	why = read_limits(limits, options->limits);
	if (why)
		return why;
	options->limits = limits;
	if ((unsigned)options->format > DS_FORMAT_SEXPR)
		return "unknown input format";
	if ((unsigned)options->xml_parser > DS_XML_PARSER_EXPAT)
		return "unknown XML parser";
	return NULL;
}

static const char *rows_options_read(struct ds_rows_options *options,
	const struct ds_rows_options *given)
{
	ds_rows_options_init(options, sizeof *options);
	if (given && !sized_copy(options, sizeof *options, given))
		return NO_SIZE;
	if ((unsigned)options->format > DS_ROWS_WIDE_TERMINAL)
		return "unknown format of rows";
	if ((unsigned)options->utf8 > DS_UTF8_ESCAPE)
		return "unknown treatment of bytes that are not UTF-8";
	if (options->column_count && !options->columns)
		return "the list of columns is NULL";
	for (size_t i = 0; i < options->column_count; i++)
		if (i == DS_ROWS_COLUMNS_MAX || !disk_rows_has(options->columns[i]))
			return "unknown column";
	return NULL;
}

static const char *selection_read(struct ds_selection *selection, const struct ds_selection *given)
{
	ds_selection_init(selection, sizeof *selection);
	if (given && !sized_copy(selection, sizeof *selection, given))
		return NO_SIZE;
	if (lacks_text(selection->names, selection->name_count) ||
		lacks_text(selection->uuids, selection->uuid_count) ||
		lacks_text(selection->hosts, selection->host_count) || lacks_condition(selection))
		return "a pattern of the selection is NULL";
	return NULL;
}

const char *options_read_audit(struct ds_audit_options *options,
	const struct ds_audit_options *given)
{
	ds_audit_options_init(options, sizeof *options);
	if (given && !sized_copy(options, sizeof *options, given))
		return NO_SIZE;
	if (lacks_text(options->shared, options->shared_count))
		return "a path of shared storage is NULL";
	if (options->image_list_count && !options->image_lists)
		return "the array of image lists is NULL";
	for (size_t i = 0; i < options->image_list_count; i++)
		if (!options->image_lists[i].name)
			return "a list of images has no name";
	return NULL;
}

static const char *wrong_value(const struct ds_run_options *options)
{
	if (lacks_text(options->names, options->name_count))
		return "a name of an input is NULL";
	if (options->output_count && !options->outputs)
		return "the list of outputs is NULL";
	if ((unsigned)options->hosts > DS_HOSTS_DIRECTORY)
		return "unknown way to find hosts";
	if (options->host_from && !strchr(options->host_from, '*'))
		return "invalid host_from: expected a pattern with a *";
	if ((unsigned)options->from > DS_FORMAT_SEXPR)
		return "unknown input format";
	if ((unsigned)options->xml_parser > DS_XML_PARSER_EXPAT)
		return "unknown XML parser";
	if (options->gzip_level < 0 || options->gzip_level > GZIP_LEVEL_MAX)
		return "invalid compression level: expected 1 to 9, or 0 for none";
	return NULL;
}

/** Returns which options contradict each other, or NULL if none do. */
static const char *contradiction(const struct ds_run_options *options)
{
	if (!options->check_only && !options->sink && !options->domain_output)
		return "the sink for the output is NULL";
	if (options->domain_output &&
		(options->check_only || options->rows->format || options->gzip_level))
		return "domain_output cannot be combined with check_only, rows or compression";
	if (options->part > options->parts || (options->parts && !options->part))
		return "the number of the part is out of range";
	if (options->from_border && !options->parts)
		return "from_border needs a part";
	if (options->files_from_nul && !options->files_from)
		return "files_from_nul needs files_from";
	if (options->parts && (options->extract || options->domain_output || options->max_errors))
		return "parts cannot be combined with extract, domain_output or max_errors";
	if (options->estate && !options->audit)
		return "estate needs audit";
	if (options->audit && !options->check_only)
		return "an audit needs check_only, because it writes no domains";
	if (options->extract && (options->check_only || options->rows->format))
		return "extract cannot be combined with check_only or rows";
	if (options->verify && (options->check_only || options->rows->format))
		return "verify cannot be combined with check_only or rows";
	return NULL;
}

const char *options_read_run(struct options_run *setup, const struct ds_run_options *given)
{
	struct ds_run_options *run = &setup->run;
	const char *why;

	ds_run_options_init(run, sizeof *run);
	if (!sized_copy(run, sizeof *run, given))
		return NO_SIZE;
	if ((why = selection_read(&setup->selection, run->selection)) ||
		(why = read_limits(&setup->limits, run->limits)) ||
		(why = options_read_writer(&setup->writer, run->writer)) ||
		(why = rows_options_read(&setup->rows, run->rows)) ||
		(why = options_read_audit(&setup->audit, run->audit)))
		return why;
	run->selection = &setup->selection;
	run->limits = &setup->limits;
	run->writer = &setup->writer;
	run->rows = &setup->rows;
	run->audit = run->audit ? &setup->audit : NULL;
	why = wrong_value(run);
	return why ? why : contradiction(run);
}
