/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/audit.h"

#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/run.h"
#include "cli/text.h" /* text_may_be_coloured() */

static enum ds_status on_bytes(void *context, const char *data, size_t size)
{
	struct audit_report *report = context;

	return target_write(report->target, data, size);
}

/* ---- reports -------------------------------------------------------------------------------------------- */

enum exit_status audit_open(struct audit *audit, const struct options *options)
{
	memset(audit, 0, sizeof *audit);
	return gates_open(&audit->gates, options);
}

static enum ds_status begin(struct audit *audit, const struct audit_options *wanted, enum report_format format,
			    struct target *target)
{
	struct audit_report *report = &audit->reports[audit->count++];
	struct report_options options = {.format = format, .audit = &wanted->library, .sink = on_bytes, .context = report};

	report->target = target;
	report->report = report_new(&options);
	if (report->report)
		return DS_OK;
	message_error("%s", ds_status_text(DS_NO_MEMORY));
	return DS_NO_MEMORY;
}

enum ds_status audit_start(struct audit *audit, const struct options *options, struct targets *targets)
{
	const struct audit_options *wanted = &options->audit;
	struct target *output = &targets->all[TARGET_OUTPUT];
	enum report_format format = wanted->format;
	enum ds_status status = DS_OK;

	if (format == REPORT_TEXT && output->is_standard && text_may_be_coloured(STDOUT_FILENO))
		format = REPORT_TERMINAL;
	if (output->file)
		status = begin(audit, wanted, format, output);
	for (size_t i = 0; i < wanted->report_count && status == DS_OK; i++)
		status = begin(audit, wanted, wanted->reports[i].format, &targets->all[TARGET_REPORT + i]);
	if (wanted->write_baseline)
		audit->gates.baseline = &targets->all[TARGET_BASELINE];
	return status;
}

enum ds_status audit_domain_seen(struct audit *audit, const struct ds_domain *domain)
{
	enum ds_status status = DS_OK;

	for (size_t i = 0; i < audit->count && status == DS_OK; i++)
		status = report_domain(audit->reports[i].report, domain);
	return status;
}

enum ds_status audit_finding_seen(struct audit *audit, const struct ds_finding *finding)
{
	enum ds_status status;

	if (gates_judge(&audit->gates, finding, &status) != VERDICT_SHOWN)
		return status;
	for (size_t i = 0; i < audit->count && status == DS_OK; i++)
		status = report_finding(audit->reports[i].report, finding);
	return status;
}

enum ds_status audit_error_seen(struct audit *audit, const struct ds_error *error)
{
	struct ds_finding finding;

	return ds_error_finding(error, &finding) ? audit_finding_seen(audit, &finding) : DS_OK;
}

enum ds_status audit_finish(struct audit *audit, const struct ds_counts *counts)
{
	const uint64_t *verdicts = audit->gates.counts;
	struct report_totals totals = {*counts, verdicts[VERDICT_BELOW], verdicts[VERDICT_KNOWN], verdicts[VERDICT_SUPPRESSED]};
	enum ds_status status = DS_OK;

	for (size_t i = 0; i < audit->count && status == DS_OK; i++)
		status = report_finish(audit->reports[i].report, &totals);
	/* What writing came to was said already. */
	if (status == DS_NO_MEMORY)
		message_error("%s", ds_status_text(status));
	gates_finish(&audit->gates);
	return status;
}

void audit_close(struct audit *audit)
{
	for (size_t i = 0; i < audit->count; i++)
		report_free(audit->reports[i].report);
	gates_close(&audit->gates);
}

/* ---- the command ---------------------------------------------------------------------------------------- */

enum exit_status audit_run(const struct options *given)
{
	struct options options = *given;
	struct audit audit;
	struct run run;
	enum exit_status status;

	status = audit_open(&audit, given);
	if (status != STATUS_FINE) {
		audit_close(&audit);
		return status;
	}
	options.run.check_only = 1;
	options.audit.library.shared = options.audit.shared;
	options.run.audit = &options.audit.library;
	if (run_start(&run, &options) == 0) {
		if (audit_start(&audit, &options, &run.targets) == DS_OK) {
			run.audit = &audit;
			run_pipeline(&run);
		} else {
			run.status = STATUS_FAILED;
		}
	}
	status = run_finish(&run);
	audit_close(&audit);
	return status;
}
