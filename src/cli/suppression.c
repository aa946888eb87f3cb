/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/suppression.h"

#include "record/text.h"

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

static const struct ds_rule *find_rule(const char *word)
{
	size_t count;
	const struct ds_rule *rules = ds_rules(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(rules[i].id, word) == 0 || strcmp(rules[i].name, word) == 0)
			return &rules[i];
	return NULL;
}

static bool is_day(const char *text)
{
	for (size_t i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	return !text[10] && strncmp(text + 5, "00", 2) > 0 && strncmp(text + 5, "12", 2) <= 0 &&
		strncmp(text + 8, "00", 2) > 0 && strncmp(text + 8, "31", 2) <= 0;
}

/** Parses one `name=value`. Returns the text after it, or NULL with `*wrong` set. */
static char *read_field(struct suppression *suppression, char *field, const char **wrong)
{
	char *value = strchr(field, '=');
	char *rest;

	*wrong = "a selector has the form name=value";
	if (!value)
		return NULL;
	*value++ = '\0';
	if (strcmp(field, "reason") == 0) {
		suppression->reason = pass_blanks(value);
		return value + strlen(value);
	}
	*wrong = "a quote is not closed";
	rest = end_value(value);
	if (!rest)
		return NULL;
	if (strcmp(field, "until") == 0) {
		*wrong = "invalid day: expected the form 2027-06-30";
		suppression->until = value;
		return is_day(value) ? rest : NULL;
	}
	for (size_t i = 0; i < SELECTORS; i++) {
		if (strcmp(field, names[i]) == 0) {
			*wrong = "a selector is repeated";
			if (suppression->selectors[i])
				return NULL;
			suppression->selectors[i] = value;
			return rest;
		}
	}
	*wrong = "unknown selector: expected domain, uuid, disk, source, host, fingerprint, until "
		 "or reason";
	return NULL;
}

static const char *parse(struct suppression *suppression, const char *today)
{
	const char *wrong = NULL;
	char *at = pass_blanks(suppression->text);
	char *rest = end_value(at);

	if (!rest)
		return "a quote is not closed";
	if (strcmp(at, "*") != 0) {
		suppression->rule = find_rule(at);
		if (!suppression->rule)
			return "unknown rule; 'domstream explain' lists all rules";
	}
	for (at = pass_blanks(rest); *at; at = pass_blanks(rest)) {
		rest = read_field(suppression, at, &wrong);
		if (!rest)
			return wrong;
	}
	if (!suppression->reason || !*suppression->reason)
		return "the reason is missing";
	if (!suppression->rule) {
		size_t selectors = 0;

		for (size_t i = 0; i < SELECTORS; i++)
			selectors += suppression->selectors[i] != NULL;
		if (!selectors)
			return "this would hide everything: name a rule or a selector";
	}
	suppression->is_expired = suppression->until && strcmp(today, suppression->until) > 0;
	return NULL;
}

const char *suppression_parse(struct suppression *suppression, const char *line, const char *today,
	bool *is_empty)
{
	const char *at = line;
	const char *wrong;

	memset(suppression, 0, sizeof *suppression);
	while (is_blank(*at))
		at++;
	*is_empty = !*at || *at == '#';
	if (*is_empty)
		return NULL;
	suppression->text = strdup(line);
	if (!suppression->text)
		return ds_status_text(DS_NO_MEMORY);
	wrong = parse(suppression, today);
	if (wrong)
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
