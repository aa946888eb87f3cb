/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * findings FILE... - audits dumps and prints each finding, then counts.
 *
 *   cc -o findings findings.c $(pkg-config --cflags --libs domstream)
 *
 * ds_run() is the whole pipeline: it opens files, archives and directories, undoes compression,
 * uses all processors, and calls back in the order of the input.
 */

#include <domstream/domstream.h>
#include <inttypes.h>
#include <stdio.h>

static enum ds_status print_finding(void *context, const struct ds_finding *finding)
{
	(void)context;
	printf("%s:%" PRIu64 ": %s: %.*s: %.*s [%s]\n", finding->place.name, finding->place.line,
		ds_severity_text(finding->severity), (int)finding->domain.size,
		finding->domain.data ? finding->domain.data : "", (int)finding->text.size,
		finding->text.data, finding->rule->id);
	return DS_OK;
}

/** Receives the errors; the run continues after each of them. */
static enum ds_status print_error(void *context, const struct ds_error *error, struct ds_text raw)
{
	(void)context;
	(void)raw;
	if (error)
		fprintf(stderr, "%s:%" PRIu64 ": error: %s\n", error->place.name, error->place.line,
			error->text);
	return DS_OK;
}

int main(int argc, char **argv)
{
	struct ds_audit_options audit;
	struct ds_run_options options;
	struct ds_counts counts;
	struct ds_error error;
	enum ds_status status;

	ds_audit_options_init(&audit, sizeof(audit));
	ds_run_options_init(&options, sizeof(options));
	options.names = (const char *const *)argv + 1;
	options.name_count = (size_t)(argc - 1);
	options.recursive = 1;
	options.check_only = 1; /* an audit writes no domains */
	options.audit = &audit;
	options.findings = print_finding;
	options.rejected = print_error;
	ds_counts_init(&counts, sizeof(counts));
	status = ds_run(&options, &counts, &error);
	/* A callback has received the reason of every other status. */
	if (status == DS_USAGE || status == DS_NO_MEMORY)
		fprintf(stderr, "findings: %s\n", error.text);
	printf("%" PRIu64 " domains, %" PRIu64 " checked, %" PRIu64 " rejected, %" PRIu64
	       " findings\n",
		counts.domains, counts.checked, counts.rejected, counts.findings);
	return status == DS_OK ? 0 : 2;
}
