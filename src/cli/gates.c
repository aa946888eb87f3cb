/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/gates.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/suppression.h"
#include "record/buffer.h"
#include "record/text.h"

/** A line of one of these files. */
#define LINE_MAX ((size_t)64 << 10)
#define KEY_SIZE 16

/* ---- files ---------------------------------------------------------------------------------------------- */

/** What is done with each line; NULL, or what is wrong with it. */
typedef const char *line_reader(struct gates *gates, const char *line, uint64_t number);

/** The day, in UTC; SOURCE_DATE_EPOCH says another one, so that a run can be repeated. */
static void get_today(char today[11])
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	time_t now = epoch && *epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
	struct tm day;

	if (!gmtime_r(&now, &day) || strftime(today, 11, "%Y-%m-%d", &day) != 10)
		memcpy(today, "0000-00-00", 11);
}

static int read_lines(struct gates *gates, const char *name, line_reader *reader)
{
	FILE *file = fopen(name, "re");
	char *line = NULL;
	size_t capacity = 0;
	uint64_t number = 0;
	const char *wrong = NULL;
	ssize_t size;

	if (!file) {
		message_usage("cannot read '%s': %s", name, strerror(errno));
		return -1;
	}
	while (!wrong && (size = getline(&line, &capacity, file)) >= 0) {
		number++;
		if (size && line[size - 1] == '\n')
			line[--size] = '\0';
		wrong = strlen(line) != (size_t)size ? "a NUL byte" : (size_t)size > LINE_MAX ? "the line is too long" :
			reader(gates, line, number);
	}
	if (wrong)
		message_usage("%s:%" PRIu64 ": %s", name, number, wrong);
	else if (ferror(file))
		message_usage("cannot read '%s': %s", name, strerror(errno));
	if (ferror(file))
		wrong = "";
	free(line);
	fclose(file);
	return wrong ? -1 : 0;
}

/** A fingerprint, and whatever stands behind it for people. */
static const char *read_known(struct gates *gates, const char *line, uint64_t number)
{
	unsigned char key[KEY_SIZE];
	unsigned char *known;

	(void)number;
	if (!*line || *line == '#')
		return NULL;
	for (size_t i = 0; i < KEY_SIZE; i++) {
		int high = byte_hex(line[2 * i]);
		int low = high < 0 ? -1 : byte_hex(line[2 * i + 1]);

		if (low < 0)
			return "a line begins with a fingerprint of 32 hexadecimal digits";
		key[i] = (unsigned char)(high * 16 + low);
	}
	if (line[2 * KEY_SIZE] && line[2 * KEY_SIZE] != ' ')
		return "a blank follows the fingerprint";
	if ((gates->known_count & (gates->known_count + 1)) == 0) {
		known = realloc(gates->known, (gates->known_count + 1) * 2 * KEY_SIZE);
		if (!known)
			return "out of memory";
		gates->known = known;
	}
	memcpy(gates->known + gates->known_count++ * KEY_SIZE, key, KEY_SIZE);
	return NULL;
}

static const char *read_suppression(struct gates *gates, const char *line, uint64_t number)
{
	struct suppression *all;
	const char *wrong;
	char today[11];
	int is_empty;

	all = realloc(gates->suppressions, (gates->suppression_count + 1) * sizeof *all);
	if (!all)
		return "out of memory";
	gates->suppressions = all;
	get_today(today);
	wrong = suppression_parse(&all[gates->suppression_count], line, today, &is_empty);
	if (wrong || is_empty)
		return wrong;
	all[gates->suppression_count++].line = number;
	return NULL;
}

static int compare_keys(const void *left, const void *right)
{
	return memcmp(left, right, KEY_SIZE);
}

int gates_open(struct gates *gates, const struct options *options)
{
	memset(gates, 0, sizeof *gates);
	gates->least = options->audit.least;
	gates->fail_on = options->audit.fail_on;
	if (options->audit.baseline && read_lines(gates, options->audit.baseline, read_known) != 0)
		return -1;
	if (gates->known_count)
		qsort(gates->known, gates->known_count, KEY_SIZE, compare_keys);
	if (options->audit.suppressions && read_lines(gates, options->audit.suppressions, read_suppression) != 0)
		return -1;
	return 0;
}

/* ---- verdicts ------------------------------------------------------------------------------------------- */

static int is_known(const struct gates *gates, const struct ds_finding *finding)
{
	unsigned char key[KEY_SIZE];

	for (size_t i = 0; i < KEY_SIZE; i++)
		key[i] = (unsigned char)(byte_hex(finding->fingerprint[2 * i]) * 16 + byte_hex(finding->fingerprint[2 * i + 1]));
	return gates->known_count && bsearch(key, gates->known, gates->known_count, KEY_SIZE, compare_keys) != NULL;
}

static int is_suppressed(struct gates *gates, const struct ds_finding *finding)
{
	int is = 0;

	/* Each that matches is of use. */
	for (size_t i = 0; i < gates->suppression_count; i++) {
		struct suppression *suppression = &gates->suppressions[i];

		if (!suppression_matches(suppression, finding))
			continue;
		suppression->used++;
		is |= !suppression->is_expired;
	}
	return is;
}

/** "FINGERPRINT DA101 web01 xvda", for people who look at what changed; control bytes are left out. */
static enum ds_status write_known(struct gates *gates, const struct ds_finding *finding)
{
	struct ds_text parts[] = {finding->domain, finding->disk};
	struct buffer line;
	enum ds_status status;

	buffer_init(&line);
	buffer_string(&line, finding->fingerprint);
	buffer_byte(&line, ' ');
	buffer_string(&line, finding->rule->id);
	for (size_t i = 0; i < 2; i++) {
		if (!text_given(parts[i]))
			continue;
		buffer_byte(&line, ' ');
		for (size_t at = 0; at < parts[i].size; at++)
			buffer_byte(&line, (unsigned char)parts[i].data[at] < 0x21 || parts[i].data[at] == 0x7f ? '_' : parts[i].data[at]);
	}
	buffer_byte(&line, '\n');
	status = line.failed ? DS_NO_MEMORY : target_write(gates->baseline, line.data, line.size);
	buffer_fini(&line);
	return status;
}

enum verdict gates_judge(struct gates *gates, const struct ds_finding *finding, enum ds_status *status)
{
	enum verdict verdict = VERDICT_SHOWN;

	*status = DS_OK;
	if (is_suppressed(gates, finding))
		verdict = VERDICT_SUPPRESSED;
	else if (is_known(gates, finding))
		verdict = VERDICT_KNOWN;
	else if (finding->severity < gates->least)
		verdict = VERDICT_BELOW;
	/* What is known now stays known. */
	if (gates->baseline && (verdict == VERDICT_SHOWN || verdict == VERDICT_KNOWN))
		*status = write_known(gates, finding);
	gates->counts[verdict]++;
	/* What is not shown may still be a reason to fail. */
	gates->failures += (verdict == VERDICT_SHOWN || verdict == VERDICT_BELOW) && (unsigned)finding->severity >= gates->fail_on;
	return verdict;
}

void gates_finish(const struct gates *gates)
{
	for (size_t i = 0; i < gates->suppression_count; i++) {
		const struct suppression *suppression = &gates->suppressions[i];

		if (suppression->is_expired)
			message_warning("the suppression in line %" PRIu64 " has expired on %s and hides nothing any more: %s",
					suppression->line, suppression->until, suppression->reason);
		else if (!suppression->used)
			message_warning("the suppression in line %" PRIu64 " hides nothing: %s", suppression->line,
					suppression->reason);
	}
}

void gates_close(struct gates *gates)
{
	for (size_t i = 0; i < gates->suppression_count; i++)
		suppression_fini(&gates->suppressions[i]);
	free(gates->suppressions);
	free(gates->known);
	memset(gates, 0, sizeof *gates);
}
