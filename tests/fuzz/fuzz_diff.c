/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checks.h"
#include "cli/diff_report.h"
#include "record/text.h"

#include <stdlib.h>
#include <string.h>

/*
 * Compares two dumps in one input, which are separated by the line "--- new", or divided in the
 * middle. A domain is matched once at most, a dump does not differ from itself, and the reported
 * differences are valid in their format.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct comparison {
	struct ds_diff *diff;
	bool is_new;
	size_t domains[2];
	size_t added, removed, differences;
	struct target target;
	struct diff_report text, ndjson;
};

static enum ds_status on_difference(void *context, const struct ds_difference *difference)
{
	struct comparison *comparison = context;

	if (difference->kind == DS_DOMAIN_REPEATED)
		return DS_OK;
	comparison->differences++;
	comparison->added += difference->kind == DS_DOMAIN_ADDED;
	comparison->removed += difference->kind == DS_DOMAIN_REMOVED;
	if (diff_report_add(&comparison->text, difference) != DS_OK ||
		diff_report_add(&comparison->ndjson, difference) != DS_OK)
		finding("the report of the differences fails");
	check_terminal("the text of the differences", comparison->text.lines.data,
		comparison->text.lines.size);
	check_json_lines("the NDJSON of the differences", comparison->ndjson.lines.data,
		comparison->ndjson.lines.size);
	buffer_clear(&comparison->text.lines, SIZE_MAX);
	buffer_clear(&comparison->ndjson.lines, SIZE_MAX);
	return DS_OK;
}

static enum ds_status on_domain(void *context, const struct ds_domain *domain)
{
	struct comparison *comparison = context;

	comparison->domains[comparison->is_new]++;
	return comparison->is_new ? ds_diff_compare(comparison->diff, domain)
				  : ds_diff_old(comparison->diff, domain);
}

static void read_side(struct comparison *comparison, struct ds_text dump, const char *name)
{
	struct ds_reader_events events = {sizeof events, comparison, on_domain, NULL};
	struct ds_reader_options options;
	struct ds_reader *reader;
	enum ds_status status;

	ds_reader_options_init(&options, sizeof options);
	options.name = name;
	if (ds_reader_new(&options, &events, &reader) != DS_OK)
		abort();
	status = ds_reader_feed(reader, dump.data, dump.size);
	if (status == DS_OK)
		status = ds_reader_finish(reader);
	if (status != DS_OK && status != DS_DAMAGED)
		finding("status %d", status);
	ds_reader_free(reader);
}

static size_t compare(struct ds_text old, struct ds_text new)
{
	struct comparison comparison = {.is_new = false};

	diff_report_init(&comparison.text, &comparison.target, DIFF_TEXT, 0);
	diff_report_init(&comparison.ndjson, &comparison.target, DIFF_NDJSON, 0);
	if (ds_diff_new(on_difference, &comparison, &comparison.diff) != DS_OK)
		abort();
	read_side(&comparison, old, "old");
	comparison.is_new = true;
	read_side(&comparison, new, "n\xc3\xa9w");
	if (ds_diff_finish(comparison.diff) != DS_OK)
		finding("the comparison does not end well");
	if (comparison.domains[0] - comparison.removed != comparison.domains[1] - comparison.added)
		finding("of %zu domains %zu were removed, of %zu %zu added", comparison.domains[0],
			comparison.removed, comparison.domains[1], comparison.added);
	ds_diff_free(comparison.diff);
	diff_report_fini(&comparison.text);
	diff_report_fini(&comparison.ndjson);
	return comparison.differences;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char border[] = "\n--- new\n";
	struct ds_text old = {(const char *)data, size / 2},
		       new = {(const char *)data + size / 2, size - size / 2};

	for (size_t at = 0; at + sizeof border - 1 <= size; at++) {
		if (memcmp(data + at, border, sizeof border - 1) != 0)
			continue;
		old.size = at;
		new = text_from((struct ds_text){(const char *)data, size}, at + sizeof border - 1);
		break;
	}
	compare(old, new);
	if (compare(old, old))
		finding("a dump differs from itself");
	return 0;
}
