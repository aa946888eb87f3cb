/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/baseline.h"

#include "cli/file_reader.h"
#include "cli/targets.h"
#include "record/array.h"
#include "record/text.h"
#include "record/value_set.h"

#include <stdlib.h>
#include <string.h>

static const char header[] = "# domstream baseline 2: FINGERPRINT RULE HOST DOMAIN DISK";

/* ---- reading ---- */

/** Reads 32 hexadecimal digits. Returns NULL, or what is wrong. */
static const char *read_key(const char *line, unsigned char key[BASELINE_KEY_SIZE])
{
	for (size_t i = 0; i < BASELINE_KEY_SIZE; i++) {
		/* NOLINTNEXTLINE: the analyser does not see that nothing after the end is read. */
		int high = byte_hex(line[2 * i]);
		int low = high < 0 ? -1 : byte_hex(line[2 * i + 1]);

		if (low < 0)
			return "expected a fingerprint of 32 hexadecimal digits at the beginning";
		key[i] = (unsigned char)(high * 16 + low);
	}
	return line[2 * BASELINE_KEY_SIZE] && line[2 * BASELINE_KEY_SIZE] != ' '
		? "expected a blank after the fingerprint"
		: NULL;
}

const char *baseline_read_line(struct baseline *baseline, const char *line)
{
	struct baseline_entry entry = {.line = baseline->lines.size}, *entries;
	const char *wrong;

	if (strncmp(line, header, strlen("# domstream baseline 2")) == 0)
		baseline->has_hosts = true;
	if (!*line || *line == '#')
		return NULL;
	wrong = read_key(line, entry.key);
	if (wrong)
		return wrong;
	entries = array_room(baseline->entries, baseline->count, &baseline->capacity,
		sizeof *entries);
	if (!entries)
		return file_reader_no_memory;
	baseline->entries = entries;
	buffer_add(&baseline->lines, line, strlen(line) + 1);
	if (baseline->lines.failed)
		return file_reader_no_memory;
	baseline->entries[baseline->count++] = entry;
	return NULL;
}

static int compare_entries(const void *left, const void *right)
{
	return memcmp(left, right, BASELINE_KEY_SIZE);
}

void baseline_sort(struct baseline *baseline)
{
	size_t kept = 0;

	if (baseline->count)
		qsort(baseline->entries, baseline->count, sizeof *baseline->entries,
			compare_entries);
	/* A finding that is in the list several times counts once. */
	for (size_t i = 0; i < baseline->count; i++)
		if (!kept ||
			compare_entries(&baseline->entries[kept - 1], &baseline->entries[i]) != 0)
			baseline->entries[kept++] = baseline->entries[i];
	baseline->count = kept;
}

bool baseline_knows(struct baseline *baseline, const struct ds_finding *finding)
{
	unsigned char key[BASELINE_KEY_SIZE];
	struct baseline_entry *entry;

	if (!baseline->count || read_key(finding->fingerprint, key))
		return false;
	entry = bsearch(key, baseline->entries, baseline->count, sizeof *baseline->entries,
		compare_entries);
	if (entry)
		entry->is_found = true;
	return entry != NULL;
}

/* ---- lines ---- */

/** The maximum size of a name; longer ones are truncated. Only people read the names after the
 * host. */
#define NAME_SHOWN_MAX ((size_t)200)

/** Appends a name as one word of visible characters, or "-" when it is empty. */
static void add_name(struct buffer *line, struct ds_text name)
{
	size_t end = name.size < NAME_SHOWN_MAX ? name.size : NAME_SHOWN_MAX;

	if (!end)
		buffer_byte(line, '-');
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

static enum ds_status put_line(struct baseline *baseline, struct ds_text line)
{
	enum ds_status status = DS_OK;

	if (!baseline->has_begun)
		status = target_write(baseline->target, header, sizeof header - 1);
	if (status == DS_OK && !baseline->has_begun)
		status = target_write(baseline->target, "\n", 1);
	baseline->has_begun = true;
	if (status == DS_OK && line.size)
		status = target_write(baseline->target, line.data, line.size);
	return status == DS_OK && line.size ? target_write(baseline->target, "\n", 1) : status;
}

enum ds_status baseline_write(struct baseline *baseline, const struct ds_finding *finding)
{
	struct ds_text parts[] = {finding->host, finding->domain, finding->disk};
	struct buffer line;
	enum ds_status status;

	buffer_init(&line);
	buffer_string(&line, finding->fingerprint);
	buffer_byte(&line, ' ');
	buffer_string(&line, finding->rule->id);
	for (size_t i = 0; i < 3; i++) {
		buffer_byte(&line, ' ');
		add_name(&line, parts[i]);
	}
	status = line.failed ? DS_NO_MEMORY
			     : put_line(baseline, (struct ds_text){line.data, line.size});
	buffer_fini(&line);
	return status;
}

/* ---- hosts ---- */

bool baseline_note_host(struct baseline *baseline, const char *name, bool is_damaged)
{
	struct ds_text text = {name, name ? strlen(name) : 0};
	size_t *is_damaged_before;

	if (!baseline->is_given)
		return true;
	if (!name)
		baseline->is_incomplete = true;
	/* In most cases it is the host of the previous domain. */
	if (!name ||
		(!is_damaged &&
			text_same_bytes((struct ds_text){baseline->last.data, baseline->last.size},
				text)))
		return true;
	buffer_clear(&baseline->last, 4096);
	buffer_add(&baseline->last, name, text.size);
	buffer_clear(&baseline->name, 4096);
	add_name(&baseline->name, text);
	if (baseline->last.failed || baseline->name.failed)
		return false;
	is_damaged_before = value_set_add(&baseline->hosts,
		(struct ds_text){baseline->name.data, baseline->name.size});
	if (is_damaged_before)
		*is_damaged_before |= is_damaged;
	return is_damaged_before != NULL;
}

/* ---- the end ---- */

/** Splits a line into its words. */
static struct baseline_gone describe(const struct baseline *baseline,
	const struct baseline_entry *entry)
{
	const char *line = baseline->lines.data + entry->line;
	struct ds_text rest = {line, strlen(line)};
	struct baseline_gone gone = {0};
	struct ds_text *words[] = {&gone.fingerprint, &gone.rule, &gone.host, &gone.domain,
		&gone.disk};

	for (size_t i = 0; i < sizeof words / sizeof *words && rest.data; i++) {
		/* In a file without hosts, the third word is the domain. */
		if (words[i] == &gone.host && !baseline->has_hosts)
			continue;
		*words[i] = text_split(rest, ' ', &rest);
		if (text_is(*words[i], "-"))
			*words[i] = (struct ds_text){NULL, 0};
	}
	return gone;
}

static bool is_gone(const struct baseline *baseline, const struct baseline_gone *gone)
{
	const size_t *is_damaged;

	if (baseline->is_incomplete)
		return false;
	if (!gone->host.data)
		return true;
	is_damaged = value_set_find(baseline->hosts, gone->host);
	return is_damaged && !*is_damaged;
}

enum ds_status baseline_finish(struct baseline *baseline,
	enum ds_status (*gone)(void *context, const struct baseline_gone *gone), void *context)
{
	enum ds_status status = DS_OK;

	for (size_t i = 0; i < baseline->count && status == DS_OK; i++) {
		const struct baseline_entry *entry = &baseline->entries[i];
		struct baseline_gone words;

		if (entry->is_found)
			continue;
		words = describe(baseline, entry);
		if (is_gone(baseline, &words)) {
			baseline->gone++;
			status = gone(context, &words);
			continue;
		}
		baseline->kept++;
		if (baseline->target) {
			const char *line = baseline->lines.data + entry->line;

			status = put_line(baseline, (struct ds_text){line, strlen(line)});
		}
	}
	return status == DS_OK && baseline->target ? put_line(baseline, (struct ds_text){NULL, 0})
						   : status;
}

void baseline_fini(struct baseline *baseline)
{
	value_set_free(baseline->hosts);
	free(baseline->entries);
	buffer_fini(&baseline->lines);
	buffer_fini(&baseline->last);
	buffer_fini(&baseline->name);
}
