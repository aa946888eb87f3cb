/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/suppression.h"

#include "cli/file_reader.h"
#include "record/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[SELECTORS] = {"domain", "uuid", "disk", "source", "host",
	"fingerprint"};

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

static char *pass_blanks(char *at)
{
	while (is_blank(*at))
		at++;
	return at;
}

/** Ends the value that begins here, and removes its quotes. Returns the text after it, or NULL when
 * a quote is not closed. */
static char *end_value(char *value)
{
	char *to = value;
	char *at = value;
	bool is_quoted = *at == '"';

	if (is_quoted)
		at++;
	while (*at && (is_quoted ? *at != '"' : !is_blank(*at))) {
		if (is_quoted && *at == '\\' && at[1])
			at++;
		*to++ = *at++;
	}
	if (is_quoted && *at != '"')
		return NULL;
	if (*at)
		at++;
	*to = '\0';
	return at;
}

/** Returns whether a text is a day of the Gregorian calendar, as YYYY-MM-DD. */
static bool is_day(const char *text)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int numbers[3] = {0}, length;

	for (size_t i = 0, field = 0; i < 10; i++) {
		if (i == 4 || i == 7) {
			field++;
			if (text[i] != '-')
				return false;
		} else if (!byte_is_digit(text[i])) {
			return false;
		} else {
			numbers[field] = numbers[field] * 10 + (text[i] - '0');
		}
	}
	if (text[10] || numbers[1] < 1 || numbers[1] > 12)
		return false;
	length = lengths[numbers[1] - 1];
	if (numbers[1] == 2 &&
		((numbers[0] % 4 == 0 && numbers[0] % 100 != 0) || numbers[0] % 400 == 0))
		length++;
	return numbers[2] >= 1 && numbers[2] <= length;
}

/** Writes what is wrong, and returns NULL. */
__attribute__((format(printf, 2, 3))) static char *refuse(char *wrong, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(wrong, SUPPRESSION_ERROR_SIZE, format, arguments);
	va_end(arguments);
	return NULL;
}

/** Sets the selector `name`. Returns `rest`, or NULL with the error if the name is unknown or the
 * selector is set already. */
static char *set_selector(struct suppression *suppression, const char *name, const char *value,
	char *rest, char *wrong)
{
	for (size_t i = 0; i < SELECTORS; i++) {
		if (strcmp(name, names[i]) != 0)
			continue;
		if (suppression->selectors[i])
			return refuse(wrong, "the selector '%s' is repeated", name);
		suppression->selectors[i] = value;
		return rest;
	}
	return refuse(wrong,
		"unknown selector '%.60s': expected domain, uuid, disk, source, host, fingerprint, "
		"until or reason",
		name);
}

/** Parses one `name=value`. Returns the text after it, or NULL with the error. */
static char *read_field(struct suppression *suppression, char *field, char *wrong)
{
	size_t length = strcspn(field, "= \t\r");
	char *value = field + length + 1;
	char *rest;

	if (field[length] != '=')
		return refuse(wrong,
			"invalid selector '%.*s': expected NAME=VALUE, such as domain=web*",
			length < 60 ? (int)length : 60, field);
	field[length] = '\0';
	if (strcmp(field, "reason") == 0) {
		suppression->reason = pass_blanks(value);
		return value + strlen(value);
	}
	rest = end_value(value);
	if (!rest)
		return refuse(wrong, "the quote in the value of '%.60s' is not closed", field);
	if (strcmp(field, "until") != 0)
		return set_selector(suppression, field, value, rest, wrong);
	if (!is_day(value))
		return refuse(wrong, "invalid day '%.60s': expected the form 2027-06-30", value);
	suppression->until = value;
	return rest;
}

/** Returns whether the line is valid; sets the error if not. */
static bool parse(struct suppression *suppression, const char *today, char *wrong)
{
	char *at = pass_blanks(suppression->text);
	char *rest = end_value(at);
	size_t selectors = 0;

	if (!rest) {
		refuse(wrong, "the quote at the beginning is not closed");
		return false;
	}
	if (strcmp(at, "*") != 0) {
		suppression->rule = ds_rule_find(at);
		if (!suppression->rule) {
			refuse(wrong, "unknown rule '%.60s'; 'domstream explain' lists all rules",
				at);
			return false;
		}
	}
	for (at = pass_blanks(rest); *at; at = pass_blanks(rest)) {
		rest = read_field(suppression, at, wrong);
		if (!rest)
			return false;
	}
	for (size_t i = 0; i < SELECTORS; i++)
		selectors += suppression->selectors[i] != NULL;
	if (!suppression->reason || !*suppression->reason) {
		refuse(wrong, "the reason is missing: end the line with reason=TEXT");
		return false;
	}
	if (!suppression->rule && !selectors) {
		refuse(wrong, "this would hide everything: name a rule or a selector");
		return false;
	}
	suppression->is_expired = suppression->until && strcmp(today, suppression->until) > 0;
	return true;
}

const char *suppression_parse(struct suppression *suppression, const char *line, const char *today,
	bool *is_empty, char wrong[SUPPRESSION_ERROR_SIZE])
{
	const char *at = line;

	memset(suppression, 0, sizeof *suppression);
	while (is_blank(*at))
		at++;
	*is_empty = !*at || *at == '#';
	if (*is_empty)
		return NULL;
	suppression->text = strdup(line);
	if (!suppression->text)
		return file_reader_no_memory;
	if (parse(suppression, today, wrong))
		return NULL;
	suppression_fini(suppression);
	return wrong;
}

struct ds_text suppression_value(const struct ds_finding *finding,
	enum suppression_selector selector)
{
	switch (selector) {
	case SELECT_DOMAIN:
		return finding->domain;
	case SELECT_UUID:
		return finding->uuid;
	case SELECT_DISK:
		return finding->disk;
	case SELECT_SOURCE:
		return finding->source;
	case SELECT_HOST:
		return finding->host;
	default:
		return (struct ds_text){finding->fingerprint, strlen(finding->fingerprint)};
	}
}

bool suppression_matches(const struct suppression *suppression, const struct ds_finding *finding)
{
	if (suppression->rule && suppression->rule != finding->rule)
		return false;
	for (int i = 0; i < SELECTORS; i++) {
		const char *pattern = suppression->selectors[i];

		if (pattern &&
			!text_matches((struct ds_text){pattern, strlen(pattern)},
				suppression_value(finding, (enum suppression_selector)i)))
			return false;
	}
	return true;
}

void suppression_fini(struct suppression *suppression)
{
	free(suppression->text);
	memset(suppression, 0, sizeof *suppression);
}
