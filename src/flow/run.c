/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/engine.h"

#include "flow/processors.h"
#include "record/error.h"
#include "write/writer.h" /* disk_rows_has() */

#include <string.h>

/** More threads than this are of no use to anybody. */
#define JOBS_MAX 1024

void ds_limits_init(struct ds_limits *limits)
{
	limits->domain_size = DS_LIMIT_DOMAIN_SIZE;
	limits->token_size = DS_LIMIT_TOKEN_SIZE;
	limits->depth = DS_LIMIT_DEPTH;
	limits->attributes = DS_LIMIT_ATTRIBUTES;
	limits->parts = DS_LIMIT_PARTS;
	limits->gzip_ratio = DS_LIMIT_GZIP_RATIO;
}

void ds_run_options_init(struct ds_run_options *options)
{
	memset(options, 0, sizeof *options);
	ds_limits_init(&options->limits);
	ds_writer_options_init(&options->writer);
}

static enum ds_status usage(struct ds_error *error, const char *text)
{
	error_set(error, "DA908", (struct ds_place){"", 0, 0, 0}, text);
	return DS_USAGE;
}

/** What of the options cannot be done together; NULL: nothing. */
static const char *contradiction(const struct ds_run_options *options)
{
	if (!options->check_only && !options->sink && !options->domain_output)
		return "there is no sink for the output";
	if (options->domain_output &&
		(options->check_only || options->rows.format || options->gzip_level))
		return "domains that are handed out one by one are neither checked, rows, nor "
		       "compressed";
	if (options->audit && !options->check_only)
		return "an audit judges, and writes no domains";
	if (options->extract && (options->check_only || options->rows.format))
		return "domains that are extracted are neither checked nor rows";
	if (options->verify && (options->check_only || options->rows.format))
		return "only domains that are written are verified";
	if ((unsigned)options->rows.format > DS_ROWS_WIDE_TERMINAL)
		return "there are no such rows";
	for (size_t i = 0; i < options->rows.column_count; i++)
		if (i == DS_ROWS_COLUMNS_MAX || !disk_rows_has(options->rows.columns[i]))
			return "there is no such column";
	if (!options->limits.depth || options->limits.domain_size > INT32_MAX)
		return "a limit is out of range";
	return NULL;
}

/** Runs the stages, then ends the output. */
static enum ds_status run_stages(const struct ds_run_options *options,
	const struct selection *selection, struct ds_counts *counts, struct ds_error *error)
{
	unsigned jobs = options->jobs ? options->jobs : processors_available();
	struct filler filler;
	struct emitter emitter;
	enum ds_status status = DS_NO_MEMORY;
	int has_filler, has_emitter;

	if (jobs > JOBS_MAX)
		jobs = JOBS_MAX;
	has_filler = filler_init(&filler, options, jobs);
	has_emitter = emitter_init(&emitter, options);
	if (has_filler && has_emitter)
		status = engine_run(options, jobs, &filler, &emitter, selection);
	/* Nobody knows what comes behind the end. */
	if (status == DS_STOPPED && emitter.estate && !estate_note_unread(emitter.estate, NULL))
		status = DS_NO_MEMORY;
	if (status == DS_OK || status == DS_STOPPED) {
		enum ds_status ended = emitter_finish(&emitter);

		status = ended == DS_OK ? status : ended;
	}
	*counts = emitter.counts;
	emitter_fini(&emitter);
	filler_fini(&filler);
	/* A callback may return it as well, and knows why. */
	if (status == DS_USAGE && filler.error.text[0])
		*error = filler.error;
	return status;
}

enum ds_status ds_run(const struct ds_run_options *options, struct ds_counts *counts,
	struct ds_error *error)
{
	const char *why = contradiction(options);
	struct selection *selection;
	enum ds_status status;

	memset(counts, 0, sizeof *counts);
	if (why)
		return usage(error, why);
	status = selection_new(&options->selection, &selection);
	if (status == DS_USAGE)
		return usage(error, "the selection has an invalid UUID or an unknown field");
	if (status == DS_OK)
		status = run_stages(options, selection, counts, error);
	selection_free(selection);
	if (status == DS_NO_MEMORY)
		error_set(error, "DA908", (struct ds_place){"", 0, 0, 0}, "out of memory");
	if (status == DS_OK && (counts->rejected || counts->stream_errors || counts->mismatches))
		status = DS_DAMAGED;
	return status;
}
