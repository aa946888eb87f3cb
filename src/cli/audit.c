/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/audit.h"

#include "cli/command.h"
#include "cli/message.h"
#include "cli/progress.h"
#include "cli/replay.h"
#include "cli/run.h"
#include "cli/text.h" /* text_may_be_coloured(), text_plural() */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static enum ds_status on_bytes(void *context, const char *data, size_t size)
{
	struct audit_report *report = context;

	return target_write(report->target, data, size);
}

/* ---- reports ---- */

/** Counts and reports a finding. */
static enum ds_status on_finding(void *context, const struct ds_finding *finding)
{
	struct audit *audit = context;
	enum ds_status status;
	enum gates_verdict verdict = gates_judge(&audit->gates, finding, &status);

	for (size_t i = 0; i < audit->count && status == DS_OK; i++) {
		if (verdict == VERDICT_SHOWN)
			status = report_finding(audit->reports[i].report, finding);
		else if (verdict == VERDICT_KNOWN)
			status = report_known(audit->reports[i].report, finding);
	}
	return status;
}

/** Reads the files of the gates and the lists of images. Returns the same statuses as
 * gates_open(). */
static enum exit_status open_audit(struct audit *audit, const struct options *options)
{
	enum exit_status status;

	memset(audit, 0, sizeof *audit);
	damage_init(&audit->damage, on_finding, audit);
	status = gates_open(&audit->gates, options);
	for (size_t i = 0; i < options->audit.image_count && status == STATUS_FINE; i++)
		status = image_lists_add(&audit->images, options->audit.image_base,
			options->audit.images[i]);
	return status;
}

static enum ds_status begin_report(struct audit *audit, const struct audit_options *wanted,
	enum report_format format, struct target *target)
{
	struct audit_report *report = &audit->reports[audit->count++];
	struct report_options options = {
		.format = format,
		.group = wanted->group,
		.has_summary = wanted->wants_summary,
		.sarif_limit = wanted->sarif_limit,
		.has_baseline = wanted->baseline != NULL,
		.sink = on_bytes,
		.context = report,
	};

	report->target = target;
	report->report = report_new(&options);
	if (report->report)
		return DS_OK;
	message_no_memory();
	return DS_NO_MEMORY;
}

/** Begins the reports, whose targets are open. Returns DS_OK, or DS_NO_MEMORY after a message. */
static enum ds_status begin_reports(struct audit *audit, const struct options *options,
	struct targets *targets)
{
	const struct audit_options *wanted = &options->audit;
	struct target *output = &targets->all[TARGET_OUTPUT];
	enum report_format format = wanted->format;
	enum ds_status status = DS_OK;

	if (format == REPORT_TEXT && output->is_standard && text_may_be_coloured(STDOUT_FILENO))
		format = REPORT_TERMINAL;
	if (output->file)
		status = begin_report(audit, wanted, format, output);
	for (size_t i = 0; i < wanted->report_count && status == DS_OK; i++)
		status = begin_report(audit, wanted, wanted->reports[i].format,
			&targets->all[TARGET_REPORT + i]);
	if (wanted->write_baseline)
		audit->gates.baseline.target = &targets->all[TARGET_BASELINE];
	return status;
}

/** Tells the baseline that a domain of a host was read, or that something of it was not. */
static enum ds_status note_host(struct audit *audit, const char *host, bool is_damaged)
{
	return baseline_note_host(&audit->gates.baseline, host, is_damaged) ? DS_OK : DS_NO_MEMORY;
}

enum ds_status audit_domain_seen(struct audit *audit, const struct ds_domain *domain)
{
	enum ds_status status = note_host(audit, domain->host, false);

	if (status == DS_OK)
		status = damage_flush(&audit->damage);
	image_lists_note_host(&audit->images, domain->host);
	for (size_t i = 0; i < audit->count && status == DS_OK; i++)
		status = report_domain(audit->reports[i].report, domain);
	return status;
}

enum ds_status audit_input_seen(struct audit *audit, const struct ds_input_result *result)
{
	enum ds_status status = result->outcome == DS_OUTCOME_DAMAGED
		? note_host(audit, result->host, true)
		: DS_OK;

	if (status == DS_OK)
		status = damage_input(&audit->damage, result);
	for (size_t i = 0; i < audit->count && status == DS_OK; i++)
		status = report_input(audit->reports[i].report, result);
	return status;
}

enum ds_status audit_finding_seen(struct audit *audit, const struct ds_finding *finding)
{
	enum ds_status status = damage_flush(&audit->damage);

	return status == DS_OK ? on_finding(audit, finding) : status;
}

bool audit_lists_shared_images(const struct audit *audit)
{
	for (size_t i = 0; i < audit->count; i++)
		if (report_lists_shared_images(audit->reports[i].report))
			return true;
	return false;
}

enum ds_status audit_shared_image_seen(struct audit *audit, const struct ds_shared_image *image)
{
	enum ds_status status = DS_OK;

	for (size_t i = 0; i < audit->count && status == DS_OK; i++)
		status = report_shared_image(audit->reports[i].report, image);
	return status;
}

enum ds_status audit_error_seen(struct audit *audit, const struct ds_error *error)
{
	enum ds_status status = note_host(audit, error->host, true);

	return status == DS_OK ? damage_error(&audit->damage, error) : status;
}

static enum ds_status on_gone(void *context, const struct baseline_gone *gone)
{
	struct audit *audit = context;
	struct report_gone reported = {gone->fingerprint, gone->rule, gone->host, gone->domain,
		gone->disk};
	enum ds_status status = DS_OK;

	for (size_t i = 0; i < audit->count && status == DS_OK; i++)
		status = report_gone(audit->reports[i].report, &reported);
	return status;
}

/** Sets the time of the run, unless the environment sets another one to make runs reproducible. */
static void set_time(struct report_totals *totals)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");

	totals->time = epoch && *epoch ? strtoll(epoch, NULL, 10) : (int64_t)time(NULL);
	totals->seconds = epoch && *epoch ? 0 : progress_seconds();
}

enum ds_status audit_finish(struct audit *audit, const struct ds_counts *counts,
	enum exit_status exit_status)
{
	const uint64_t *verdicts = audit->gates.counts;
	/* The last error of an input waits if its end was not reached. */
	enum ds_status status = damage_flush(&audit->damage);
	struct report_totals totals = {
		.counts = *counts,
		.below_threshold = verdicts[VERDICT_BELOW],
		.in_baseline = verdicts[VERDICT_KNOWN],
		.suppressed = verdicts[VERDICT_SUPPRESSED],
		.failing_below = audit->gates.failing_below,
		.status = (int)exit_status,
	};

	if (status != DS_OK)
		return status;
	/* A domain that was not selected may have any finding. */
	audit->gates.baseline.is_incomplete |= counts->unselected > 0;
	status = baseline_finish(&audit->gates.baseline, on_gone, audit);
	totals.gone = audit->gates.baseline.gone;
	totals.kept = audit->gates.baseline.kept;
	set_time(&totals);
	for (size_t i = 0; i < audit->count && status == DS_OK; i++)
		status = report_finish(audit->reports[i].report, &totals);
	/* The failure to write was reported already. */
	if (status == DS_NO_MEMORY)
		message_error("%s", ds_status_text(status));
	gates_finish(&audit->gates);
	image_lists_warn(&audit->images);
	return status;
}

void audit_print_summary(const struct audit *audit, const struct ds_counts *counts)
{
	const struct gates *gates = &audit->gates;
	uint64_t shown = gates->counts[VERDICT_SHOWN];
	char kept[64] = "";

	if (gates->baseline.kept)
		snprintf(kept, sizeof kept, ", %" PRIu64 " kept for hosts that were not fully read",
			gates->baseline.kept);
	if (gates->baseline.is_given)
		message_note("%" PRIu64 " host%s; findings: %" PRIu64 " new, %" PRIu64
			     " known, %" PRIu64 " gone%s",
			counts->hosts, text_plural(counts->hosts), shown,
			gates->counts[VERDICT_KNOWN], gates->baseline.gone, kept);
	else
		message_note("%" PRIu64 " host%s, %" PRIu64 " finding%s", counts->hosts,
			text_plural(counts->hosts), shown, text_plural(shown));
	if (audit->images.count &&
		(counts->rejected || counts->stream_errors || counts->unselected))
		message_note("images that no domain uses are not reported for hosts that were not "
			     "fully read");
}

static void close_audit(struct audit *audit)
{
	for (size_t i = 0; i < audit->count; i++)
		report_free(audit->reports[i].report);
	damage_fini(&audit->damage);
	gates_close(&audit->gates);
	image_lists_fini(&audit->images);
}

/* ---- the command ---- */

/** Runs the rules on all domains. With --part, nothing is reported, because findings need all
 * parts. */
static void judge(struct run *run, struct audit *audit, const struct options *options)
{
	if (options->run.parts) {
		run_pipeline(run);
	} else if (begin_reports(audit, options, &run->targets) == DS_OK) {
		run->audit = audit;
		run_pipeline(run);
	} else {
		run->status = STATUS_FAILED;
	}
}

enum exit_status audit_run_or_replay(const struct options *given, const struct replay *replay)
{
	struct options options = *given;
	struct audit audit;
	struct run run;
	enum exit_status status;

	status = open_audit(&audit, given);
	if (status != STATUS_FINE) {
		close_audit(&audit);
		return status;
	}
	options.run.check_only = true;
	options.audit.library.shared = options.audit.shared;
	options.audit.library.image_lists = audit.images.items;
	options.audit.library.image_list_count = audit.images.count;
	options.run.audit = &options.audit.library;
	if (run_start(&run, &options) == 0) {
		run.replay = replay;
		if (replay)
			run_add_parts(&run, replay->status, replay->never_accepted);
		judge(&run, &audit, &options);
	}
	status = run_finish(&run);
	close_audit(&audit);
	return status;
}

enum exit_status audit_run(const struct options *given)
{
	return audit_run_or_replay(given, NULL);
}
