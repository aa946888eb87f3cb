/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/engine.h"

#include "flow/processors.h"
#include "record/error.h"

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

enum ds_status ds_run(const struct ds_run_options *options, struct ds_counts *counts, struct ds_error *error)
{
	unsigned jobs = options->jobs ? options->jobs : processors_available();
	struct filler filler;
	struct emitter emitter;
	enum ds_status status = DS_NO_MEMORY;
	int has_filler, has_emitter;

	memset(counts, 0, sizeof *counts);
	if (!options->check_only && !options->sink && !options->domain_output)
		return usage(error, "there is no sink for the output");
	if (options->domain_output && (options->check_only || options->rows || options->gzip_level))
		return usage(error, "domains that are handed out one by one are neither checked, rows, nor compressed");
	if (options->audit && !options->check_only)
		return usage(error, "an audit judges, and writes no domains");
	if ((unsigned)options->rows > DS_ROWS_WIDE_TERMINAL)
		return usage(error, "there are no such rows");
	if (!options->limits.depth || options->limits.domain_size > INT32_MAX)
		return usage(error, "a limit is out of range");
	if (jobs > JOBS_MAX)
		jobs = JOBS_MAX;
	has_filler = filler_init(&filler, options, jobs);
	has_emitter = emitter_init(&emitter, options);
	if (has_filler && has_emitter)
		status = engine_run(options, jobs, &filler, &emitter);
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
	if (status == DS_NO_MEMORY)
		error_set(error, "DA908", (struct ds_place){"", 0, 0, 0}, "out of memory");
	if (status == DS_OK && (counts->rejected || counts->stream_errors))
		status = DS_DAMAGED;
	return status;
}
