/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks.h"
#include "record/text.h"
#include "report/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * Audits any bytes, as two files of which the second is the end of the first, so that several
 * domains share images. All reports must be valid in their formats, whatever the names are, and the
 * same for any number of threads.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REPORTS (REPORT_HTML + 1)

struct outcome {
	/** NULL for a report that is not written. The large ones would take nearly all the time. */
	struct report *reports[REPORTS];
	struct transcript out[REPORTS];
	struct ds_counts counts;
	enum ds_status status;
	/** The number of findings without those of damage, and with them. */
	uint64_t findings, all;
};

static enum ds_status on_bytes(void *context, const char *data, size_t size)
{
	transcript_add(context, data, size);
	return DS_OK;
}

static enum ds_status on_domain(void *context, const struct ds_domain *domain)
{
	struct outcome *outcome = context;

	for (size_t i = 0; i < REPORTS; i++)
		if (outcome->reports[i] && report_domain(outcome->reports[i], domain) != DS_OK)
			finding("report %zu refuses a domain", i);
	return DS_OK;
}

static void take(struct outcome *outcome, const struct ds_finding *made)
{
	for (size_t i = 0; i < DS_FINGERPRINT_SIZE; i++)
		if (made->fingerprint[i] !=
				"0123456789abcdef"[byte_hex(made->fingerprint[i]) & 15] &&
			i < DS_FINGERPRINT_SIZE - 1)
			finding("fingerprint %.32s", made->fingerprint);
	outcome->all++;
	for (size_t i = 0; i < REPORTS; i++)
		if (outcome->reports[i] && report_finding(outcome->reports[i], made) != DS_OK)
			finding("report %zu refuses a finding of %s", i, made->rule->id);
}

static enum ds_status on_finding(void *context, const struct ds_finding *made)
{
	struct outcome *outcome = context;

	outcome->findings++;
	take(outcome, made);
	return DS_OK;
}

static enum ds_status on_damage(void *context, const struct ds_finding *made)
{
	take(context, made);
	return DS_OK;
}

static enum ds_status on_rejected(void *context, const struct ds_error *error, struct ds_text raw)
{
	(void)raw;
	return error ? ds_error_finding(error, on_damage, context) : DS_OK;
}

static void run(struct outcome *outcome, const struct ds_audit_options *audit,
	const char *const names[2], uint64_t wanted, unsigned jobs)
{
	struct report_totals totals = {0};
	struct ds_run_options options;
	struct ds_error error;

	for (size_t i = 0; i < REPORTS; i++) {
		struct report_options report = {.format = (enum report_format)i,
			.sink = on_bytes,
			.context = &outcome->out[i]};

		if (!(wanted >> i & 1))
			continue;
		outcome->reports[i] = report_new(&report);
		if (!outcome->reports[i])
			abort();
	}
	ds_run_options_init(&options, sizeof options);
	options.names = names;
	options.name_count = 2;
	options.jobs = jobs;
	options.check_only = 1;
	options.audit = audit;
	options.context = outcome;
	options.domain = on_domain;
	options.findings = on_finding;
	options.rejected = on_rejected;
	ds_counts_init(&outcome->counts, sizeof outcome->counts);
	outcome->status = ds_run(&options, &outcome->counts, &error);
	totals.counts = outcome->counts;
	if (outcome->status != DS_OK && outcome->status != DS_DAMAGED)
		finding("status %d", outcome->status);
	if (outcome->findings != outcome->counts.findings)
		finding("%" PRIu64 " findings, counted %" PRIu64, outcome->findings,
			outcome->counts.findings);
	for (size_t i = 0; i < REPORTS; i++)
		if (outcome->reports[i] && report_finish(outcome->reports[i], &totals) != DS_OK)
			finding("report %zu has no end", i);
}

static void check(const struct outcome *outcome)
{
	const struct transcript *out = outcome->out;

	if (outcome->reports[REPORT_TEXT])
		check_terminal("text", out[REPORT_TEXT].data, out[REPORT_TEXT].size);
	if (outcome->reports[REPORT_NDJSON] &&
		check_json_lines("NDJSON", out[REPORT_NDJSON].data, out[REPORT_NDJSON].size) !=
			outcome->all)
		finding("NDJSON has not %" PRIu64 " lines", outcome->all);
	if (outcome->reports[REPORT_SARIF])
		check_json("SARIF", out[REPORT_SARIF].data, out[REPORT_SARIF].size);
	if (outcome->reports[REPORT_JUNIT])
		check_xml("JUnit", out[REPORT_JUNIT].data, out[REPORT_JUNIT].size);
	if (outcome->reports[REPORT_PROM])
		check_terminal("Prometheus", out[REPORT_PROM].data, out[REPORT_PROM].size);
	if (outcome->reports[REPORT_HTML])
		check_html("HTML", out[REPORT_HTML].data, out[REPORT_HTML].size);
}

static void outcome_fini(struct outcome *outcome)
{
	for (size_t i = 0; i < REPORTS; i++) {
		report_free(outcome->reports[i]);
		transcript_fini(&outcome->out[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const shared[] = {"/mnt", "/dev/s"};
	uint64_t chance = fuzz_hash(data, size), wanted;
	struct ds_audit_options audit = {
		.size = sizeof audit,
		.shared = shared,
		.shared_count = chance >> 8 & 1 ? 2 : 0,
		.loop_budget = (unsigned)(chance >> 9 & 3),
		.is_converting = chance & 1,
	};
	size_t at = fuzz_next(&chance) % (size + 1);
	struct outcome one = {.status = DS_OK}, other = {.status = DS_OK};
	char first[32], second[32];
	const char *const names[] = {first, second};
	int files[2];

	if (size > 8192)
		return 0;
	files[0] = memory_file((const char *)data, size, first);
	files[1] = memory_file((const char *)data + at, size - at, second);
	/* One or two formats. */
	wanted = (uint64_t)1 << fuzz_next(&chance) % REPORTS |
		(uint64_t)1 << fuzz_next(&chance) % REPORTS;
	run(&one, &audit, names, wanted, 1);
	check(&one);
	if (fuzz_next(&chance) % 16 == 0) {
		run(&other, &audit, names, wanted, 3);
		for (size_t i = 0; i < REPORTS; i++)
			transcript_compare(&one.out[i], &other.out[i], "threads change a report");
	}
	outcome_fini(&one);
	outcome_fini(&other);
	close(files[0]);
	close(files[1]);
	return 0;
}
