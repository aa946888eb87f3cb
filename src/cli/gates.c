/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/gates.h"

#include "cli/file_reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/** The size of the longest line in one of these files. */
#define LINE_MAX ((size_t)64 << 10)

/* ---- files ---- */

/** Handles one line. Returns the reason why it is refused, or NULL. */
typedef const char *line_reader(struct gates *gates, const char *line, uint64_t number);

/** Gets the day, in UTC; SOURCE_DATE_EPOCH sets another one to make runs reproducible. */
static void get_today(char today[11])
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	time_t now = epoch && *epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
	struct tm day;

	if (!gmtime_r(&now, &day) || strftime(today, 11, "%Y-%m-%d", &day) != 10)
		memcpy(today, "0000-00-00", 11);
}

static const char *read_lines(struct gates *gates, FILE *file, line_reader *reader,
	uint64_t *number)
{
	struct buffer line = {0};
	const char *wrong = NULL;

	*number = 0;
	while (!wrong && file_reader_line(file, LINE_MAX, &line, &wrong)) {
		++*number;
		if (!wrong)
			wrong = reader(gates, line.data, *number);
	}
	buffer_fini(&line);
	return wrong;
}

static const char *read_known(struct gates *gates, const char *line, uint64_t number)
{
	(void)number;
	return baseline_read_line(&gates->baseline, line);
}

static const char *read_suppression(struct gates *gates, const char *line, uint64_t number)
{
	struct suppression suppression;
	const char *wrong;
	char today[11];
	bool is_empty;

	get_today(today);
	wrong = suppression_parse(&suppression, line, today, &is_empty, gates->wrong);
	if (wrong || is_empty)
		return wrong;
	suppression.line = number;
	if (suppressions_add(&gates->suppressions, &suppression))
		return NULL;
	suppression_fini(&suppression);
	return file_reader_no_memory;
}

const char *gates_read_baseline(struct gates *gates, FILE *file, uint64_t *line)
{
	const char *wrong = read_lines(gates, file, read_known, line);

	gates->baseline.is_given = true;
	baseline_sort(&gates->baseline);
	return wrong;
}

const char *gates_read_suppressions(struct gates *gates, FILE *file, uint64_t *line)
{
	const char *wrong = read_lines(gates, file, read_suppression, line);

	if (!wrong && !suppressions_index(&gates->suppressions))
		wrong = file_reader_no_memory;
	return wrong;
}

/** Reports what is wrong with a file, or that there is no memory. */
static enum exit_status refuse_line(const char *name, uint64_t line, const char *wrong)
{
	if (wrong == file_reader_no_memory)
		return message_no_memory();
	message_usage("%s:%" PRIu64 ": %s", name, line, wrong);
	return STATUS_USAGE;
}

static enum exit_status refuse_unread(const char *name, int number)
{
	if (number == ENOMEM)
		return message_no_memory();
	message_usage("cannot read '%s': %s", name, strerror(number));
	return STATUS_USAGE;
}

static enum exit_status read_file(struct gates *gates, const char *name,
	const char *(*read)(struct gates *gates, FILE *file, uint64_t *line))
{
	FILE *file = name ? fopen(name, "re") : NULL;
	enum exit_status status = STATUS_FINE;
	const char *wrong;
	uint64_t line;

	if (!name)
		return STATUS_FINE;
	if (!file)
		return refuse_unread(name, errno);
	errno = 0;
	wrong = read(gates, file, &line);
	if (ferror(file))
		status = refuse_unread(name, errno);
	else if (wrong)
		status = refuse_line(name, line, wrong);
	fclose(file);
	return status;
}

enum exit_status gates_open(struct gates *gates, const struct options *options)
{
	enum exit_status status;

	memset(gates, 0, sizeof *gates);
	gates->least = options->audit.least;
	gates->fail_on = options->audit.fail_on;
	status = read_file(gates, options->audit.baseline, gates_read_baseline);
	return status == STATUS_FINE
		? read_file(gates, options->audit.suppressions, gates_read_suppressions)
		: status;
}

/* ---- verdicts ---- */

/** Returns whether a baseline may contain a finding. Damage is never known, because tomorrow other
 * bytes may be damaged with the same message. */
static bool may_be_known(const struct ds_finding *finding)
{
	return finding->rule->scope != DS_SCOPE_INPUT;
}

enum gates_verdict gates_judge(struct gates *gates, const struct ds_finding *finding,
	enum ds_status *status)
{
	/* A suppressed finding that is in the baseline is not gone. */
	bool is_known = may_be_known(finding) && baseline_knows(&gates->baseline, finding);
	enum gates_verdict verdict = VERDICT_SHOWN;

	*status = DS_OK;
	if (suppressions_hide(&gates->suppressions, finding))
		verdict = VERDICT_SUPPRESSED;
	else if (is_known)
		verdict = VERDICT_KNOWN;
	else if (finding->severity < gates->least)
		verdict = VERDICT_BELOW;
	/* A finding that is known now stays known. */
	if (gates->baseline.target && may_be_known(finding) &&
		(verdict == VERDICT_SHOWN || is_known))
		*status = baseline_write(&gates->baseline, finding);
	gates->counts[verdict]++;
	/* A finding that is not shown may nevertheless change the exit status. */
	if ((unsigned)finding->severity >= gates->fail_on) {
		gates->failures += verdict == VERDICT_SHOWN || verdict == VERDICT_BELOW;
		gates->failing_below += verdict == VERDICT_BELOW;
	}
	return verdict;
}

void gates_finish(const struct gates *gates)
{
	for (size_t i = 0; i < gates->suppressions.count; i++) {
		const struct suppression *suppression = &gates->suppressions.items[i];

		if (suppression->is_expired)
			message_warning("the suppression in line %" PRIu64 " expired on %s: %s",
				suppression->line, suppression->until, suppression->reason);
		else if (!suppression->used)
			message_warning("the suppression in line %" PRIu64 " hides nothing: %s",
				suppression->line, suppression->reason);
	}
}

void gates_close(struct gates *gates)
{
	suppressions_fini(&gates->suppressions);
	baseline_fini(&gates->baseline);
	memset(gates, 0, sizeof *gates);
}
