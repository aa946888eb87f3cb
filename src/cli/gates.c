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

/** Reads up to the line feed, which is left out. Returns whether there was a line; what is wrong with it goes to `*wrong`. No
 * more than LINE_MAX bytes are held, whatever the file is. */
static int read_line(FILE *file, char line[LINE_MAX + 1], const char **wrong)
{
	size_t size = 0;
	int byte = EOF;

	while (!*wrong && (byte = getc(file)) != EOF && byte != '\n') {
		if (!byte)
			*wrong = "a NUL byte";
		else if (size == LINE_MAX)
			*wrong = "the line is too long";
		else
			line[size++] = (char)byte;
	}
	line[size] = '\0';
	return byte != EOF || size || *wrong;
}

static const char *read_lines(struct gates *gates, FILE *file, line_reader *reader, uint64_t *number)
{
	char *line = malloc(LINE_MAX + 1);
	const char *wrong = NULL;

	*number = 0;
	if (!line)
		return ds_status_text(DS_NO_MEMORY);
	while (!wrong && read_line(file, line, &wrong)) {
		++*number;
		if (!wrong)
			wrong = reader(gates, line, *number);
	}
	free(line);
	return wrong;
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
		int high = byte_hex(line[2 * i]); /* NOLINT: the analyser does not see that nothing behind the end is read */
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
			return ds_status_text(DS_NO_MEMORY);
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
		return ds_status_text(DS_NO_MEMORY);
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

const char *gates_read_baseline(struct gates *gates, FILE *file, uint64_t *line)
{
	const char *wrong = read_lines(gates, file, read_known, line);

	if (gates->known_count)
		qsort(gates->known, gates->known_count, KEY_SIZE, compare_keys);
	return wrong;
}

const char *gates_read_suppressions(struct gates *gates, FILE *file, uint64_t *line)
{
	return read_lines(gates, file, read_suppression, line);
}

/** Says what is wrong with a file. Without memory it is not the file's fault. */
static enum exit_status refuse(const char *name, uint64_t line, const char *wrong)
{
	if (strcmp(wrong, ds_status_text(DS_NO_MEMORY)) == 0) {
		message_error("%s", wrong);
		return STATUS_FAILED;
	}
	message_usage("%s:%" PRIu64 ": %s", name, line, wrong);
	return STATUS_USAGE;
}

static enum exit_status refuse_unread(const char *name, int number)
{
	if (number == ENOMEM)
		return refuse(name, 0, ds_status_text(DS_NO_MEMORY));
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
		status = refuse(name, line, wrong);
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
	return status == STATUS_FINE ? read_file(gates, options->audit.suppressions, gates_read_suppressions) : status;
}

/* ---- verdicts ------------------------------------------------------------------------------------------- */

/** What could not be read is not known, whatever a baseline says: it may be something else tomorrow, or in another place,
 * with the same words. */
static int may_be_known(const struct ds_finding *finding)
{
	return finding->rule->scope != DS_SCOPE_INPUT;
}

static int is_known(const struct gates *gates, const struct ds_finding *finding)
{
	unsigned char key[KEY_SIZE];

	if (!gates->known_count || !may_be_known(finding))
		return 0;
	for (size_t i = 0; i < KEY_SIZE; i++)
		key[i] = (unsigned char)(byte_hex(finding->fingerprint[2 * i]) * 16 + byte_hex(finding->fingerprint[2 * i + 1]));
	return bsearch(key, gates->known, gates->known_count, KEY_SIZE, compare_keys) != NULL;
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

/** What is longer is cut: the line must be read again, and is for people here. */
#define NAME_SHOWN_MAX ((size_t)200)

/** Adds a name as one word of what can be seen. */
static void add_name(struct buffer *line, struct ds_text name)
{
	size_t end = name.size < NAME_SHOWN_MAX ? name.size : NAME_SHOWN_MAX;

	buffer_byte(line, ' ');
	for (size_t at = 0, size; at < end; at += size) {
		size = text_character(name, at);
		if (!size || name.data[at] == ' ' || text_is_unsafe(name, at)) {
			buffer_byte(line, '_');
			size = size ? size : 1;
		} else {
			buffer_add(line, name.data + at, size);
		}
	}
}

/** "FINGERPRINT DA101 web01 xvda", for people who look at what changed. */
static enum ds_status write_known(struct gates *gates, const struct ds_finding *finding)
{
	struct ds_text parts[] = {finding->domain, finding->disk};
	struct buffer line;
	enum ds_status status;

	buffer_init(&line);
	buffer_string(&line, finding->fingerprint);
	buffer_byte(&line, ' ');
	buffer_string(&line, finding->rule->id);
	for (size_t i = 0; i < 2; i++)
		if (text_given(parts[i]))
			add_name(&line, parts[i]);
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
	if (gates->baseline && may_be_known(finding) && (verdict == VERDICT_SHOWN || verdict == VERDICT_KNOWN))
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
