/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/engine.h"
#include "flow/options.h"
#include "flow/processors.h"
#include "record/error.h"
#include "record/sized.h"

/** Beyond one for each processor, a thread may wait for the input, and one for the output. More
 * threads would only need memory, and disturb each other's caches. */
#define THREADS_WAITING 2

static enum ds_status usage(struct ds_error *error, const char *text)
{
	error_set(error, "DA908", (struct ds_place){"", 0, 0, 0}, text);
	return DS_USAGE;
}

/** Returns the number of threads to use. */
static unsigned threads_for(unsigned jobs)
{
	unsigned processors = processors_available();

	if (!jobs)
		return processors;
	return jobs < processors + THREADS_WAITING ? jobs : processors + THREADS_WAITING;
}

/** Runs the stages, then completes the output. */
static enum ds_status run_stages(const struct ds_run_options *options,
	const struct selection *selection, struct ds_counts *counts, struct ds_error *error)
{
	unsigned jobs = threads_for(options->jobs);
	struct filler filler;
	struct emitter emitter;
	enum ds_status status = DS_NO_MEMORY;
	bool has_filler, has_emitter;

	has_filler = filler_init(&filler, options, jobs);
	has_emitter = emitter_init(&emitter, options);
	if (has_filler && has_emitter)
		status = engine_run(options, jobs, &filler, &emitter, selection);
	/* It is unknown what the inputs contain after the stop. */
	if (status == DS_STOPPED && emitter.estate && !estate_note_unread(emitter.estate, NULL))
		status = DS_NO_MEMORY;
	if (status == DS_OK || status == DS_STOPPED) {
		enum ds_status ended = emitter_finish(&emitter);

		status = ended == DS_OK ? status : ended;
	}
	*counts = emitter.counts;
	counts->listed = filler.share.inputs;
	counts->listed_bytes = filler.share.total;
	counts->listed_digest = filler.share.digest;
	emitter_fini(&emitter);
	filler_fini(&filler);
	/* A callback may return DS_USAGE as well, and knows the reason itself. */
	if (status == DS_USAGE && filler.error.text[0])
		*error = filler.error;
	return status;
}

/** Executes a run whose options are complete. */
static enum ds_status run(const struct ds_run_options *options, struct ds_counts *counts,
	struct ds_error *error)
{
	struct selection *selection;
	enum ds_status status = selection_new(options->selection, &selection);

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

enum ds_status ds_run(const struct ds_run_options *options, struct ds_counts *counts,
	struct ds_error *error)
{
	struct options_run setup;
	struct ds_counts all;
	struct ds_error reason = {0};
	const char *why = options_read_run(&setup, options);
	enum ds_status status;

	ds_counts_init(&all, sizeof all);
	if (!why && counts && !sized_is_set(counts))
		why = "the counts were not initialized by ds_counts_init()";
	status = why ? usage(&reason, why) : run(&setup.run, &all, &reason);
	if (counts && sized_is_set(counts))
		sized_init(counts, counts->size, &all, sizeof all);
	if (error && (status == DS_USAGE || status == DS_NO_MEMORY))
		*error = reason;
	return status;
}
