/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/run.h"

#include "cli/audit.h"
#include "cli/comparison.h"
#include "cli/diff.h"
#include "cli/message.h"
#include "cli/progress.h"
#include "cli/replay.h"
#include "cli/separate.h"
#include "cli/signals.h"
#include "cli/text.h" /* text_plural() */
#include "record/error.h"

#include <inttypes.h>
#include <signal.h> /* SIGPIPE */
#include <string.h>
#include <unistd.h>

static void worsen(struct run *run, enum exit_status status, enum status_reason reason)
{
	if (status > run->status)
		run->status = status;
	if (status > run->reasons[reason])
		run->reasons[reason] = status;
}

void run_add_parts(struct run *run, enum exit_status status, enum exit_status never_accepted)
{
	/* Losses and findings are added later. */
	worsen(run, never_accepted, REASON_OTHER);
	if (status == STATUS_DAMAGED)
		worsen(run, status, REASON_REJECTS);
	else
		worsen(run, status, status > STATUS_FOUND ? REASON_OTHER : REASON_LOSSES);
}

enum exit_status run_final_status(const struct run *run)
{
	enum exit_status worst = STATUS_FINE;
	bool accepts = false;

	for (int i = 0; i < STATUS_REASONS; i++) {
		accepts |= run->options->accept[i];
		if (!run->options->accept[i] && run->reasons[i] > worst)
			worst = run->reasons[i];
	}
	return accepts && run->status < STATUS_USAGE ? worst : run->status;
}

/** Returns the reason for which an error worsens the exit status. --accept cannot name the reason
 * if an input could not be read, because a retry may help, nor if --verify refused an output, which
 * cannot be trusted. All other errors are in the dump and will not change. */
static enum status_reason reason_for(const struct ds_error *error)
{
	return error_is(error, "DA908") || error_is(error, "DA910") ? REASON_OTHER : REASON_REJECTS;
}

/* ---- called by the library ---- */

static enum ds_status on_output(void *context, const char *data, size_t size)
{
	struct run *run = context;

	return target_write(&run->targets.all[TARGET_OUTPUT], data, size);
}

static enum ds_status on_domain(void *context, const struct ds_domain *domain,
	enum ds_format format, const char *data, size_t size)
{
	struct run *run = context;

	return separate_add(run->separate, domain, format, data, size);
}

static enum ds_status on_rejected(void *context, const struct ds_error *error, struct ds_text raw)
{
	struct run *run = context;
	enum ds_status status = DS_OK;

	/* A range that spans several calls is reported at its end, when its length is known. */
	if (error && (error->length || !raw.size)) {
		/* Damage that a manifest lists was reported when the manifest was written. */
		if (!run->comparison)
			message_input_error(error);
		if (run->audit)
			status = audit_error_seen(run->audit, error);
		if (status == DS_OK)
			status = part_file_error(&run->part_file, error);
	}
	worsen(run, STATUS_DAMAGED, error ? reason_for(error) : REASON_REJECTS);
	/* A domain whose output is wrong was read nevertheless. */
	if (error && error_is(error, "DA910"))
		return status;
	return status == DS_OK && run->rejects.target ? rejects_add(&run->rejects, error, raw)
						      : status;
}

static enum ds_status on_domain_seen(void *context, const struct ds_domain *domain)
{
	struct run *run = context;

	return run->diff ? diff_domain_seen(run->diff, domain)
			 : audit_domain_seen(run->audit, domain);
}

/** Reading this many bytes after the end of the share is no reason for a warning. */
#define BEHIND_SHARE ((uint64_t)16 << 20)

/** Warns about an input that is much larger than the share, but cannot be divided. */
static void warn_of_share(const struct run *run, const struct ds_input_result *result)
{
	const struct ds_segment *segment = result->segment;
	const struct ds_place place = {.name = result->name};

	if (!segment->is_empty && segment->to > segment->share_to + BEHIND_SHARE &&
		(segment->to - segment->from) / 2 >= segment->share_size)
		message_input_warning(&place,
			"part %u reads far beyond its share, up to byte %" PRIu64
			", because no line there begins with <domain>, where XML can be divided",
			run->options->run.part, segment->to);
	if (!segment->whole_because || result->size / 2 < segment->share_size)
		return;
	message_input_warning(&place,
		"part %u reads the whole input, which cannot be divided because it is %s; parts "
		"can divide a file that is not compressed, or compressed with bgzip",
		run->options->run.part, segment->whole_because);
}

static enum ds_status on_input(void *context, const struct ds_input_result *result)
{
	struct run *run = context;

	message_input_end();
	if (run->comparison)
		return comparison_input(run->comparison, result);
	if (result->segment)
		warn_of_share(run, result);
	/* Only all parts together show whether an input has a domain. */
	if (!result->segment && inputs_add(&run->inputs, result) != DS_OK)
		return DS_NO_MEMORY;
	if (run->audit && audit_input_seen(run->audit, result) != DS_OK)
		return DS_NO_MEMORY;
	if (part_file_input(&run->part_file, result) != DS_OK)
		return DS_NO_MEMORY;
	return manifest_input(&run->manifest, result);
}

static enum ds_status on_record(void *context, const struct ds_domain *domain,
	const struct ds_record *record)
{
	struct run *run = context;

	return part_file_domain(&run->part_file, &domain->place, record);
}

static enum ds_status on_finding(void *context, const struct ds_finding *finding)
{
	struct run *run = context;

	return audit_finding_seen(run->audit, finding);
}

static enum ds_status on_shared_image(void *context, const struct ds_shared_image *image)
{
	struct run *run = context;

	return audit_shared_image_seen(run->audit, image);
}

static uint64_t loss_count(const struct run *run)
{
	return run->counts.losses + run->counts.unknown;
}

static enum ds_status on_loss(void *context, const struct ds_loss *loss)
{
	struct run *run = context;

	if (run->losses.target)
		return losses_add(&run->losses, loss);
	loss_summary_add(&run->loss_summary, loss);
	return DS_OK;
}

static void on_progress(void *context, const struct ds_counts *counts)
{
	(void)context;
	progress_update(counts);
}

/* ---- start ---- */

static void start_progress(const struct options *options)
{
	bool shares_terminal = !options->run.check_only && options_are_for_stdout(options) &&
		isatty(STDOUT_FILENO);
	enum progress_mode mode = options->progress;

	if (mode == PROGRESS_AUTO && options->verbosity == VERBOSITY_QUIET)
		mode = PROGRESS_NEVER;
	progress_start(mode, shares_terminal);
}

static int check_listed(const void *context, const char *name)
{
	return targets_check_directory(context, name);
}

/** Refuses outputs that would overwrite inputs or each other. Returns 0, or -1 after a message. */
static int check_outputs(struct run *run, const struct options *options)
{
	if (targets_check(&run->targets, options) != 0)
		return -1;
	run->files_from = options->run.files_from;
	/* The files of domains are written while names are still being read, so an input in their
	 * directory must be found before. For other outputs, each input is checked when it is
	 * opened. */
	if (!options->output_dir || !run->files_from)
		return 0;
	return name_list_scan(&run->names, &run->files_from, options->run.files_from_nul,
		check_listed, options);
}

int run_start(struct run *run, const struct options *options)
{
	memset(run, 0, sizeof *run);
	ds_counts_init(&run->counts, sizeof run->counts);
	run->options = options;
	signals_install();
	if (resume_begin(&run->resume, options) != DS_OK) {
		run->status = message_no_memory();
		return -1;
	}
	if (resume_is_done(&run->resume, options, run->reasons)) {
		for (int i = 0; i < STATUS_REASONS; i++)
			worsen(run, run->reasons[i], (enum status_reason)i);
		return -1;
	}
	if (targets_open(&run->targets, options) != DS_OK) {
		run->status = STATUS_FAILED;
		return -1;
	}
	if (check_outputs(run, options) != 0) {
		run->status = STATUS_USAGE;
		return -1;
	}
	rejects_init(&run->rejects, options->rejects ? &run->targets.all[TARGET_REJECTS] : NULL);
	losses_init(&run->losses, options->losses ? &run->targets.all[TARGET_LOSSES] : NULL);
	if ((options->output_dir || options->output_is_tar) &&
		separate_new(&run->separate, options, &run->targets.all[TARGET_OUTPUT]) != DS_OK) {
		run->status = STATUS_FAILED;
		targets_abandon(&run->targets);
		return -1;
	}
	run->is_open = true;
	if (manifest_begin(&run->manifest, options,
		    options->manifest ? &run->targets.all[TARGET_MANIFEST] : NULL) != DS_OK) {
		worsen(run, STATUS_FAILED, REASON_OTHER);
		return -1;
	}
	if (part_file_begin(&run->part_file, options,
		    options->part_file ? &run->targets.all[TARGET_PART] : NULL) != DS_OK) {
		worsen(run, STATUS_FAILED, REASON_OTHER);
		return -1;
	}
	if (run->separate)
		separate_list(run->separate, &run->manifest);
	start_progress(options);
	return 0;
}

/* ---- the run itself ---- */

/** Reports why the run ended early, unless that was reported already. */
static void note_end(struct run *run, enum ds_status status, const struct ds_error *error)
{
	switch (status) {
	case DS_OK:
		break;
	case DS_DAMAGED:
		/* Each error was passed to on_rejected() too. */
		worsen(run, STATUS_DAMAGED, REASON_REJECTS);
		break;
	case DS_STOPPED:
		worsen(run, STATUS_DAMAGED, REASON_OTHER);
		if (!signals_stop)
			message_error("stopped early, after %" PRIu64 " rejected domain%s",
				run->counts.rejected, text_plural(run->counts.rejected));
		break;
	case DS_USAGE:
		worsen(run, STATUS_USAGE, REASON_OTHER);
		message_usage("%s", error->text);
		break;
	case DS_NO_MEMORY:
		worsen(run, STATUS_FAILED, REASON_OTHER);
		message_error("%s", ds_status_text(status));
		break;
	case DS_SYSTEM:
		worsen(run, STATUS_FAILED, REASON_OTHER);
		if (!targets_have_failed(&run->targets))
			message_output_error(error);
		break;
	}
}

void run_judge(struct run *run)
{
	if (run->counts.rejected > 0 || run->counts.stream_errors > 0)
		worsen(run, STATUS_DAMAGED, REASON_REJECTS);
	if (run->options->strict && loss_count(run) > 0)
		worsen(run, STATUS_FOUND, REASON_LOSSES);
	if (run->audit && run->audit->gates.failures > 0)
		worsen(run, STATUS_FOUND, REASON_FINDINGS);
	if (run->options->run.parts)
		return;
	if (run->options->require_domains &&
		(run->counts.domains == 0 || run->inputs.without_domain > 0))
		worsen(run, STATUS_DAMAGED, REASON_OTHER);
	if (run->status >= STATUS_USAGE || signals_stop)
		return;
	if (run->counts.domains == 0 && run->counts.stream_errors == 0 &&
		run->inputs.without_domain == 0)
		message_warning("no domain in the input");
	else if (run->counts.domains > 0 && run->counts.domains == run->counts.unselected)
		message_warning("no domain of the input is selected");
}

int run_pipeline(struct run *run)
{
	struct ds_run_options library = run->options->run;
	struct ds_error error;
	enum ds_status status;

	memset(&error, 0, sizeof error);
	library.limits = &run->options->limits;
	library.writer = &run->options->writer;
	library.rows = &run->options->rows;
	library.selection = &run->options->selection;
	library.cancel = &signals_stop;
	library.context = run;
	library.files_from = run->files_from;
	library.outputs = run->targets.files;
	library.output_count = run->targets.file_count;
	library.sink = library.check_only ? NULL : on_output;
	library.domain_output = run->separate ? on_domain : NULL;
	library.rejected = on_rejected;
	library.input_checksums = run->options->manifest || run->comparison;
	/* Without a list or a summary of losses, only their number is needed. */
	if (run->options->losses || run->options->verbosity != VERBOSITY_QUIET)
		library.losses = on_loss;
	library.losses_without_values = !run->options->losses;
	/* The files of losses and of rejects contain positions. */
	library.part_positions = run->options->losses || run->options->rejects;
	library.progress = on_progress;
	library.input = on_input;
	if (run->audit || run->diff)
		library.domain = on_domain_seen;
	if (run->audit)
		library.findings = on_finding;
	else if (library.audit)
		library.estate = on_record;
	if (run->audit && audit_lists_shared_images(run->audit))
		library.shared_images = on_shared_image;
	status = run->replay ? replay_run(run->replay, &library, &run->counts, &error)
			     : ds_run(&library, &run->counts, &error);
	/* A SIGUSR1 that was received after the last block is answered too. */
	progress_update(&run->counts);
	progress_clear();
	inputs_finish(&run->inputs);
	message_input_end();
	note_end(run, status, &error);
	run_judge(run);
	return run->status >= STATUS_USAGE || signals_stop ? -1 : 0;
}

/* ---- end ---- */

void run_print_summary(struct run *run)
{
	const struct ds_counts *counts = &run->counts;
	char done[48] = "", unselected[48] = "", lost[48] = "";

	if (run->diff)
		snprintf(done, sizeof done, ", %" PRIu64 " difference%s", run->diff->differences,
			text_plural(run->diff->differences));
	else if (run->options->rows.format)
		snprintf(done, sizeof done, ", %" PRIu64 " disk%s", counts->disks,
			text_plural(counts->disks));
	else if (!run->options->run.check_only)
		snprintf(done, sizeof done, ", %" PRIu64 " %s", counts->converted,
			run->options->run.extract ? "extracted" : "converted");
	if (counts->unselected)
		snprintf(unselected, sizeof unselected, ", %" PRIu64 " not selected",
			counts->unselected);
	/* Only a conversion can lose anything. */
	if (!run->options->rows.format && !run->options->run.check_only &&
		!run->options->run.extract)
		snprintf(lost, sizeof lost, ", %" PRIu64 " loss%s", loss_count(run),
			loss_count(run) == 1 ? "" : "es");
	message_input_end();
	loss_summary_print(&run->loss_summary);
	if (run->audit)
		audit_print_summary(run->audit, counts);
	if (!message_was_printed() && run->status == STATUS_FINE && loss_count(run) == 0 &&
		!(run->diff && run->diff->differences) && !signals_stop &&
		run->options->verbosity != VERBOSITY_VERBOSE) {
		if (counts->inputs_foreign)
			inputs_print_outcomes(counts);
		return;
	}
	if (counts->inputs_read + counts->inputs_damaged + counts->inputs_without_domain +
			counts->inputs_foreign >
		1)
		inputs_print_outcomes(counts);
	message_note("%s%" PRIu64 " domain%s read%s%s, %" PRIu64 " rejected%s, %" PRIu64
		     " byte%s, %.2f s",
		signals_stop ? "interrupted: " : "", counts->domains, text_plural(counts->domains),
		done, unselected, counts->rejected, lost, counts->bytes_read,
		text_plural(counts->bytes_read), progress_seconds());
	if (!signals_stop && run_final_status(run) != run->status)
		message_note("the exit status is %d instead of %d because of --accept",
			(int)run_final_status(run), (int)run->status);
}

void run_write_counts(struct run *run)
{
	const struct ds_counts *counts = &run->counts;
	uint64_t domains = counts->domains - counts->unselected;
	char unselected[40] = "", line[256];
	int size;

	if (counts->unselected)
		snprintf(unselected, sizeof unselected, " %" PRIu64 " not selected,",
			counts->unselected);
	size = snprintf(line, sizeof line,
		"%" PRIu64 " domain%s, %" PRIu64 " disk%s, %" PRIu64 " rejected,%s %" PRIu64
		" file%s, %" PRIu64 " byte%s\n",
		domains, text_plural(domains), counts->disks, text_plural(counts->disks),
		counts->rejected, unselected, counts->files, text_plural(counts->files),
		counts->bytes_read, text_plural(counts->bytes_read));

	/* A failure is sticky, so run_finish() detects it. */
	target_write(&run->targets.all[TARGET_OUTPUT], line, (size_t)size);
}

/** Writes the rest of rejects and losses, and then commits all files. */
static enum ds_status commit_outputs(struct run *run)
{
	if (run->rejects.target && rejects_finish(&run->rejects) != DS_OK)
		return DS_SYSTEM;
	if (run->losses.target && losses_finish(&run->losses) != DS_OK)
		return DS_SYSTEM;
	if (run->audit && audit_finish(run->audit, &run->counts, run->status) != DS_OK)
		return DS_SYSTEM;
	if (run->diff && diff_report_finish(&run->diff->report) != DS_OK)
		return DS_SYSTEM;
	if (run->separate && separate_finish(run->separate) != DS_OK)
		return DS_SYSTEM;
	return targets_commit(&run->targets);
}

/** Writes the manifest and the part file, which show that the outputs exist. */
static enum ds_status finish_records(struct run *run)
{
	struct buffer resume = {0};
	enum ds_status status;
	struct ds_text record;

	resume_encode(&run->resume, &run->targets, run->reasons, &resume);
	record = (struct ds_text){resume.size ? resume.data : "", resume.size};
	status = resume.failed
		? DS_NO_MEMORY
		: manifest_finish(&run->manifest, &run->targets, &run->counts, run->status, record);
	if (status == DS_OK)
		status = part_file_finish(&run->part_file, &run->counts, run->status,
			run->reasons[REASON_OTHER], record);
	buffer_fini(&resume);
	return status;
}

/** Commits the outputs, then the records of them. */
static enum ds_status commit(struct run *run)
{
	enum ds_status status = commit_outputs(run);

	if (status == DS_OK)
		status = finish_records(run);
	return status == DS_OK ? targets_commit_records(&run->targets) : status;
}

/** Keeps the output of an earlier run when this one has read no domain. If that is accepted, the
 * caller expects an output. The outputs of parts belong together, and the report of an audit
 * shows what could not be read. */
static void keep_old_output(struct run *run)
{
	struct target *target = &run->targets.all[TARGET_OUTPUT];

	if (run_final_status(run) != STATUS_DAMAGED || run->counts.domains > run->counts.rejected ||
		run->options->run.parts || run->separate || run->audit || !target->file ||
		target->is_standard)
		return;
	output_file_abandon(target->file);
	target->file = NULL;
	signals_guard(TARGET_OUTPUT, NULL);
	message_warning("no domain was read, so '%s' is unchanged", run->options->output);
}

enum exit_status run_finish(struct run *run)
{
	if (run->is_open)
		keep_old_output(run);
	if (run->is_open && run->status < STATUS_USAGE && !signals_stop && commit(run) != DS_OK)
		worsen(run, STATUS_FAILED, REASON_OTHER);
	separate_free(run->separate);
	targets_abandon(&run->targets);
	/* A comparison has its own result, so the counts are only needed when it was
	 * interrupted. */
	if (run->is_open && run->status != STATUS_USAGE &&
		!targets_have_broken_pipe(&run->targets) && (!run->comparison || signals_stop))
		run_print_summary(run);
	manifest_fini(&run->manifest);
	part_file_fini(&run->part_file);
	loss_summary_fini(&run->loss_summary);
	losses_fini(&run->losses);
	name_list_close(&run->names);
	if (signals_stop)
		signals_die(signals_stop);
	if (targets_have_broken_pipe(&run->targets))
		signals_die(SIGPIPE);
	return run_final_status(run);
}
