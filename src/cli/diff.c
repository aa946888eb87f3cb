/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/diff.h"

#include "cli/accepted_losses.h"
#include "cli/command.h"
#include "cli/run.h"
#include "cli/text.h" /* text_may_be_coloured() */

#include <unistd.h>

/* ---- called by the library ---- */

static void warn_of_repeated(const struct diff *diff, const struct ds_difference *difference)
{
	const struct ds_place *place = diff->is_new && difference->new_place.name
		? &difference->new_place
		: &difference->old_place;

	message_input_warning(place,
		"domain '%.*s' has the same %s as an earlier domain; such domains are matched in "
		"order",
		(int)(difference->domain.size < 200 ? difference->domain.size : 200),
		difference->domain.data ? difference->domain.data : "", difference->field);
}

static enum ds_status on_difference(void *context, const struct ds_difference *difference)
{
	struct diff *diff = context;

	if (difference->kind == DS_DOMAIN_REPEATED) {
		warn_of_repeated(diff, difference);
		return DS_OK;
	}
	diff->differences++;
	return diff_report_add(&diff->report, difference);
}

enum ds_status diff_domain_seen(struct diff *diff, const struct ds_domain *domain)
{
	return diff->is_new ? ds_diff_compare(diff->library, domain)
			    : ds_diff_old(diff->library, domain);
}

/* ---- the command ---- */

static int check_options(const struct options *options)
{
	const struct ds_run_options *run = &options->run;

	if (run->name_count != 2) {
		message_usage("'diff' compares two dumps, OLD and NEW; %zu given", run->name_count);
		return -1;
	}
	if (run->gzip_level) {
		message_usage("differences are not compressed");
		return -1;
	}
	return 0;
}

/** Reads one of the two dumps. Returns whether it can be compared. If none of its domains could be
 * read, all domains of the other dump would look removed or added. */
static bool read_one(struct run *run, struct options *options, const char *const *name)
{
	struct ds_counts before = run->counts;
	struct ds_counts *counts = &run->counts;
	bool is_good;

	options->run.names = name;
	options->run.name_count = 1;
	is_good = run_pipeline(run) == 0;
	if (options->run.max_errors && counts->rejected >= options->run.max_errors)
		is_good = false;
	if (is_good && counts->domains == counts->rejected &&
		counts->rejected + counts->stream_errors > 0) {
		message_error("no domain was read from '%s', so nothing is compared", *name);
		is_good = false;
	}
	counts->domains += before.domains;
	counts->rejected += before.rejected;
	counts->stream_errors += before.stream_errors;
	counts->bytes_read += before.bytes_read;
	counts->inputs_read += before.inputs_read;
	counts->inputs_without_domain += before.inputs_without_domain;
	counts->inputs_foreign += before.inputs_foreign;
	counts->inputs_damaged += before.inputs_damaged;
	return is_good;
}

/** Reports the differences that only the end of the new dump shows. */
static void finish(struct run *run, struct diff *diff)
{
	enum ds_status status = ds_diff_finish(diff->library);

	if (status == DS_NO_MEMORY)
		message_error("%s", ds_status_text(status));
	if (status != DS_OK)
		run->status = STATUS_FAILED;
	if (diff->differences && run->status < STATUS_FOUND)
		run->status = STATUS_FOUND;
}

/** Creates the comparison. Returns STATUS_FINE, or another status after a message. */
static enum exit_status open_library(struct diff *diff, const struct options *options)
{
	if (ds_diff_new(on_difference, diff, &diff->library) != DS_OK)
		return message_no_memory();
	if (options->writer.only_disks)
		ds_diff_only_disks(diff->library);
	return options->accepted_losses
		? accepted_losses_read(diff->library, options->accepted_losses)
		: STATUS_FINE;
}

enum exit_status diff_run(const struct options *given)
{
	const char *const *names = given->run.names;
	struct options options = *given;
	struct diff diff = {.library = NULL};
	struct run run;
	enum exit_status status;

	if (check_options(given) != 0)
		return STATUS_USAGE;
	options.run.check_only = true;
	status = open_library(&diff, given);
	if (status != STATUS_FINE) {
		ds_diff_free(diff.library);
		return status;
	}
	if (run_start(&run, &options) == 0) {
		struct target *output = &run.targets.all[TARGET_OUTPUT];

		diff_report_init(&diff.report, output, options.diff_format,
			output->is_standard && text_may_be_coloured(STDOUT_FILENO));
		run.diff = &diff;
		if (read_one(&run, &options, &names[0])) {
			diff.is_new = true;
			if (read_one(&run, &options, &names[1]))
				finish(&run, &diff);
		}
	}
	status = run_finish(&run);
	ds_diff_free(diff.library);
	diff_report_fini(&diff.report);
	return status;
}
