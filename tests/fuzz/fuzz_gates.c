/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/gates.h"
#include "cli/suppression.h"
#include "record/text.h"
#include "transcript.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/*
 * Reads any bytes as a baseline or as suppressions. They are either refused with a line that
 * exists, or parsed and compared with findings that contain words from them. A simpler matcher
 * checks the results of patterns.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Returns whether the pattern matches the whole text. matched[i] is whether the bytes of the
 * pattern so far match the first i bytes of the text. */
static int matches(const char *pattern, struct ds_text text)
{
	char *matched = calloc(text.size + 1, 1);
	int does;

	if (!matched)
		abort();
	matched[0] = 1;
	for (; *pattern; pattern++) {
		int any = 0, before = 0;

		for (size_t i = 0; i <= text.size; i++) {
			int now = matched[i];

			any |= now;
			matched[i] = (char)(*pattern == '*'
					? any
					: i && before && text.data[i - 1] == *pattern);
			before = now;
		}
	}
	does = matched[text.size];
	free(matched);
	return does;
}

static void check_suppression(const struct suppression *suppression, const struct ds_finding *made)
{
	const struct ds_text texts[SELECTORS] = {
		made->domain,
		made->uuid,
		made->disk,
		made->source,
		made->host,
		{made->fingerprint, strlen(made->fingerprint)},
	};
	int expected = !suppression->rule || suppression->rule == made->rule;

	if (!suppression->reason || !*suppression->reason || !suppression->line)
		finding("a suppression without a reason, or without a line");
	for (size_t i = 0; i < SELECTORS; i++)
		expected &=
			!suppression->selectors[i] || matches(suppression->selectors[i], texts[i]);
	if (suppression_matches(suppression, made) != expected)
		finding("the suppression in line %" PRIu64 " matches: %d", suppression->line,
			!expected);
}

/** Returns an excerpt of the input. */
static struct ds_text excerpt(const uint8_t *data, size_t size, uint64_t *chance)
{
	size_t from = fuzz_next(chance) % (size + 1);
	size_t most = size - from < 40 ? size - from : 40;

	if (fuzz_next(chance) % 8 == 0)
		return (struct ds_text){NULL, 0};
	return (struct ds_text){(const char *)data + from, fuzz_next(chance) % (most + 1)};
}

static void judge(struct gates *gates, const uint8_t *data, size_t size, uint64_t *chance)
{
	size_t rules;
	struct ds_finding made = {.rule = ds_rules(&rules)};
	enum ds_status status;
	enum gates_verdict verdict;
	bool is_known = false, is_hidden = false;

	made.rule += fuzz_next(chance) % rules;
	made.severity = made.rule->severity;
	made.domain = excerpt(data, size, chance);
	made.uuid = excerpt(data, size, chance);
	made.disk = excerpt(data, size, chance);
	made.source = excerpt(data, size, chance);
	made.host = excerpt(data, size, chance);
	for (size_t i = 0; i < DS_FINGERPRINT_SIZE - 1; i++)
		made.fingerprint[i] = "0123456789abcdef"[fuzz_next(chance) % 16];
	/* The fingerprint of a finding in the baseline. */
	if (gates->baseline.count && fuzz_next(chance) % 2) {
		size_t number = fuzz_next(chance) % gates->baseline.count;
		const unsigned char *key = gates->baseline.entries[number].key;

		for (size_t i = 0; i < BASELINE_KEY_SIZE; i++)
			snprintf(made.fingerprint + 2 * i, 3, "%02x", key[i]);
		is_known = true;
	}
	for (size_t i = 0; i < gates->suppressions.count; i++) {
		const struct suppression *suppression = &gates->suppressions.items[i];

		check_suppression(suppression, &made);
		is_hidden |= !suppression->is_expired && suppression_matches(suppression, &made);
	}
	verdict = gates_judge(gates, &made, &status);
	/* Damage is never in a baseline. */
	is_known &= made.rule->scope != DS_SCOPE_INPUT;
	if (status != DS_OK || (is_known && verdict != VERDICT_KNOWN))
		finding("status %d, verdict %d of a known finding", status, verdict);
	/* The index must find exactly what a comparison with each suppression finds. */
	if (is_hidden != (verdict == VERDICT_SUPPRESSED))
		finding("verdict %d where suppressions match: %d", verdict, is_hidden);
}

static void check_baseline(const struct baseline *baseline)
{
	for (size_t i = 0; i < baseline->count; i++) {
		const struct baseline_entry *entry = &baseline->entries[i];

		if (entry->line >= baseline->lines.size)
			finding("the line of fingerprint %zu lies outside the lines", i);
		if (i && memcmp(entry[-1].key, entry->key, BASELINE_KEY_SIZE) > 0)
			finding("fingerprint %zu is not in its order", i);
	}
}

static void try(const uint8_t *data, size_t size, uint64_t lines,
	const char *(*read)(struct gates *gates, FILE *file, uint64_t *line))
{
	uint64_t chance = fuzz_hash(data, size), line = 0;
	struct gates gates = {.fail_on = DS_SEVERITY_HIGH};
	FILE *file = fmemopen((void *)(uintptr_t)data, size, "r");
	const char *wrong;

	if (!file)
		abort();
	wrong = read(&gates, file, &line);
	if (line > lines || (wrong && !line) || (wrong && !*wrong))
		finding("line %" PRIu64 " of %" PRIu64, line, lines);
	check_baseline(&gates.baseline);
	for (int i = 0; i < 8 && !wrong; i++)
		judge(&gates, data, size, &chance);
	gates_close(&gates);
	fclose(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	if (!size)
		return 0;
	try(data, size, lines, gates_read_baseline);
	try(data, size, lines, gates_read_suppressions);
	return 0;
}
