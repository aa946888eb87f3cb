/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/comparison.h"

#include "cli/file_reader.h"
#include "cli/manifest_reader.h"
#include "cli/run.h"
#include "cli/text.h" /* text_plural() */
#include "record/mask.h"
#include "record/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define READ_SIZE ((size_t)64 << 10)

struct comparison {
	struct manifest_content content;
	/** The inputs, sorted by name; inputs with the same name stay in order. */
	struct manifest_entry **sorted;
	struct target *output;
	/** The line that is being written. */
	struct buffer line;
	uint64_t differences;
	/** The number of inputs that the manifest does not list because its run was stopped. */
	uint64_t unlisted;
	/** The number of inputs and outputs that exist but cannot be read. */
	uint64_t unreadable;
};

/* ---- differences ---- */

/** Begins a line with "NAME: " and counts the difference that it reports. */
static struct buffer *begin_line(struct comparison *comparison, const char *name)
{
	struct buffer *line = &comparison->line;

	buffer_clear(line, READ_SIZE);
	mask_text(line, (struct ds_text){name, strlen(name)});
	buffer_literal(line, ": ");
	comparison->differences++;
	return line;
}

static void end_line(struct comparison *comparison)
{
	buffer_byte(&comparison->line, '\n');
	target_write(comparison->output, comparison->line.data, comparison->line.size);
}

/** Reports a difference as one sentence. */
static void report(struct comparison *comparison, const char *name, const char *text)
{
	buffer_string(begin_line(comparison, name), text);
	end_line(comparison);
}

static void report_number(struct comparison *comparison, const char *name, const char *what,
	uint64_t before, uint64_t after)
{
	struct buffer *line;

	if (before == after)
		return;
	line = begin_line(comparison, name);
	buffer_string(line, what);
	buffer_literal(line, " was ");
	buffer_unsigned(line, before);
	buffer_literal(line, ", is ");
	buffer_unsigned(line, after);
	end_line(comparison);
}

static void report_word(struct comparison *comparison, const char *name, const char *what,
	const char *before, const char *after)
{
	struct buffer *line;

	before = before ? before : "unknown";
	after = after ? after : "unknown";
	if (strcmp(before, after) == 0)
		return;
	line = begin_line(comparison, name);
	buffer_string(line, what);
	buffer_literal(line, " was ");
	mask_text(line, (struct ds_text){before, strlen(before)});
	buffer_literal(line, ", is ");
	mask_text(line, (struct ds_text){after, strlen(after)});
	end_line(comparison);
}

static bool is_directory(const char *name)
{
	struct stat status;

	return stat(name, &status) == 0 && S_ISDIR(status.st_mode);
}

/** Returns whether there is no file of this name. */
static bool is_missing(const char *name)
{
	struct stat status;

	return stat(name, &status) == 0 ? S_ISDIR(status.st_mode)
					: errno == ENOENT || errno == ENOTDIR;
}

/** Returns whether a name is that of a pipe, terminal or socket. To open it may take forever, and
 * its data cannot be those of the manifest. */
static bool is_special(const char *name)
{
	struct stat status;

	return stat(name, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode) &&
		!S_ISBLK(status.st_mode);
}

static void report_unreadable(struct comparison *comparison, const char *name, const char *text)
{
	comparison->unreadable++;
	report(comparison, name, text);
}

/** Reports a file that does not exist or cannot be read. */
static void report_unread(struct comparison *comparison, const char *name)
{
	if (is_missing(name)) {
		report(comparison, name, "is gone");
		return;
	}
	if (is_special(name)) {
		report(comparison, name, "is not a regular file");
		return;
	}
	report_unreadable(comparison, name, "can no longer be read");
}

/* ---- inputs ---- */

static int compare_names(const void *one, const void *other)
{
	const struct manifest_entry *const *left = one, *const *right = other;
	int order = strcmp((*left)->name, (*right)->name);

	return order ? order : (*left > *right) - (*left < *right);
}

/** Returns the first entry with this name that was not found yet, or NULL. */
static struct manifest_entry *find_entry(struct comparison *comparison, const char *name)
{
	size_t low = 0, high = comparison->content.inputs.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(comparison->sorted[middle]->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < comparison->content.inputs.count &&
		strcmp(comparison->sorted[low]->name, name) == 0;
		low++) {
		if (!comparison->sorted[low]->is_seen &&
			!comparison->sorted[low]->is_standard_input)
			return comparison->sorted[low];
	}
	return NULL;
}

static void compare_input(struct comparison *comparison, const struct manifest_entry *entry,
	const struct ds_input_result *result)
{
	const char *name = entry->name;
	char crc[16];

	snprintf(crc, sizeof crc, "%08x", (unsigned)result->crc32);
	report_number(comparison, name, "size", entry->size, result->size);
	if (entry->is_stopped)
		return;
	report_word(comparison, name, "CRC-32", entry->crc32, result->has_crc32 ? crc : NULL);
	report_word(comparison, name, "kind", entry->kind, manifest_kind(result->kind));
	report_word(comparison, name, "outcome", entry->outcome, manifest_outcome(result->outcome));
	report_word(comparison, name, "compression", entry->compression, result->compression);
	report_word(comparison, name, "format", entry->format, manifest_format(result->format));
	report_word(comparison, name, "encoding", entry->encoding, result->encoding);
	report_number(comparison, name, "number of domains", entry->domains, result->domains);
	report_number(comparison, name, "number of rejected domains", entry->rejected,
		result->rejected);
	report_number(comparison, name, "number of disks", entry->disks, result->disks);
	report_number(comparison, name, "number of errors", entry->errors, result->errors);
}

enum ds_status comparison_input(struct comparison *comparison, const struct ds_input_result *result)
{
	struct manifest_entry *entry = find_entry(comparison, result->name);
	/* The size and checksum of a file that could not be opened are unknown. */
	bool is_unread =
		!result->has_crc32 && result->bytes_read == 0 && result->kind != DS_INPUT_MEMBER;

	if (!entry && is_unread && is_missing(result->name)) {
		/* All files in a directory that does not exist any more are reported as missing. */
		if (is_directory(result->name))
			report_unreadable(comparison, result->name, "cannot be read");
	} else if (!entry && comparison->content.is_stopped) {
		comparison->unlisted++;
	} else if (!entry) {
		report(comparison, result->name, "is new");
	} else {
		entry->is_seen = true;
		if (entry->crc32 && is_unread)
			report_unread(comparison, entry->name);
		else
			compare_input(comparison, entry, result);
	}
	return comparison->output->has_failed ? DS_SYSTEM : DS_OK;
}

/** Reports the inputs in the manifest that were not found. */
static void report_missing(struct comparison *comparison)
{
	size_t skipped = 0;

	for (size_t i = 0; i < comparison->content.inputs.count; i++) {
		const struct manifest_entry *entry = &comparison->content.inputs.items[i];

		skipped += entry->is_standard_input;
		if (entry->is_seen || entry->is_standard_input)
			continue;
		/* A file also remains unseen if its directory cannot be read. */
		if (!entry->crc32 && is_directory(entry->name))
			report(comparison, entry->name, "can be read now");
		else
			report_unread(comparison, entry->name);
	}
	if (skipped)
		message_note("%zu input%s came from standard input and cannot be compared", skipped,
			text_plural(skipped));
}

/* ---- outputs ---- */

static void compare_output(struct comparison *comparison, const struct manifest_entry *entry)
{
	struct stat status;
	char digits[16];
	uint64_t size;
	uint32_t crc;

	/* Bytes that were written to standard output, a pipe or a terminal cannot be read back. */
	if (strcmp(entry->name, "-") == 0 ||
		(stat(entry->name, &status) == 0 && !S_ISREG(status.st_mode)))
		return;
	if (!file_reader_measure(entry->name, &size, &crc)) {
		report_unread(comparison, entry->name);
		return;
	}
	snprintf(digits, sizeof digits, "%08x", (unsigned)crc);
	report_number(comparison, entry->name, "size", entry->size, size);
	report_word(comparison, entry->name, "CRC-32", entry->crc32, digits);
}

/* ---- the command ---- */

/** Returns whether a recorded option applies when the inputs are read a second time: `check` has
 * it, and it does not name files. */
static bool applies(const char *word, unsigned groups)
{
	static const char *const others[] = {"rejects", "files-from", "null", "manifest", "label",
		"max-errors", NULL};
	size_t size;

	if (strncmp(word, "--", 2) != 0)
		return false;
	word += 2;
	size = strcspn(word, "=");
	if (text_is_one_of((struct ds_text){word, size}, others))
		return false;
	for (size_t i = 0; i < option_rule_count; i++) {
		const struct option_rule *rule = &option_rules[i];

		if (rule->groups & groups && strlen(rule->name) == size &&
			memcmp(rule->name, word, size) == 0)
			return true;
	}
	return false;
}

/** Fills in the command line that reads the inputs: the options, and every argument that led to an
 * input. Returns the number of words. */
static size_t list_option_words(const struct comparison *comparison, unsigned groups, char **words)
{
	static char command[] = "check", separator[] = "--";
	const struct manifest_content *content = &comparison->content;
	const char *last = NULL;
	size_t count = 0;

	words[count++] = command;
	for (size_t i = 0; i < content->option_count; i++) {
		if (applies(content->options[i], groups))
			words[count++] = content->options[i];
	}
	words[count++] = separator;
	for (size_t i = 0; i < content->inputs.count; i++) {
		const struct manifest_entry *entry = &content->inputs.items[i];
		bool is_member = entry->kind && strcmp(entry->kind, "member") == 0;
		char *argument = entry->argument ? entry->argument : entry->name;

		/* A directory leads to several inputs, one after another. */
		if (is_member || entry->is_standard_input ||
			(last && strcmp(argument, entry->name) != 0 &&
				strcmp(argument, last) == 0) ||
			is_special(argument))
			continue;
		words[count++] = argument;
		last = argument;
	}
	words[count] = NULL;
	return count;
}

/** Fills in the options with which the inputs are read. Returns STATUS_FINE, or another status
 * after a message. */
static enum exit_status prepare(struct comparison *comparison, const struct options *given,
	struct options *options, char ***words)
{
	const struct manifest_content *content = &comparison->content;
	/* The inputs may have been empty directories, so the options that need file names on the
	 * command line are not checked. */
	unsigned groups = given->groups & ~(unsigned)OPTION_FILES;
	size_t count = content->inputs.count;

	comparison->sorted = calloc(count + 1, sizeof *comparison->sorted);
	*words = calloc(content->option_count + count + 3, sizeof **words);
	if (!comparison->sorted || !*words)
		return message_no_memory();
	for (size_t i = 0; i < count; i++)
		comparison->sorted[i] = &content->inputs.items[i];
	qsort(comparison->sorted, count, sizeof *comparison->sorted, compare_names);
	if (options_parse(options, groups, (int)list_option_words(comparison, groups, *words),
		    *words) != 0) {
		message_error("cannot read the manifest '%s': its options are invalid in this "
			      "version of the program",
			given->manifest);
		return STATUS_DAMAGED;
	}
	options->run.check_only = true;
	options->run.jobs = given->run.jobs;
	options->run.cancel = given->run.cancel;
	options->progress = given->progress;
	options->verbosity = VERBOSITY_QUIET;
	return STATUS_FINE;
}

/** Warns that a manifest does not list all inputs of its run. */
static void warn_of_stopped_run(const struct comparison *comparison)
{
	if (!comparison->content.is_stopped)
		return;
	message_warning("the manifest is incomplete: --max-errors has stopped its run before all "
			"inputs were read");
	if (comparison->unlisted)
		message_warning("%" PRIu64 " input%s that it does not list %s not compared",
			comparison->unlisted, text_plural(comparison->unlisted),
			comparison->unlisted == 1 ? "was" : "were");
}

static void write_result(struct comparison *comparison)
{
	char line[160];
	int size = snprintf(line, sizeof line,
		"%zu input%s and %zu output%s compared, %" PRIu64 " difference%s\n",
		comparison->content.inputs.count, text_plural(comparison->content.inputs.count),
		comparison->content.outputs.count, text_plural(comparison->content.outputs.count),
		comparison->differences, text_plural(comparison->differences));

	target_write(comparison->output, line, (size_t)size);
}

static void compare_run(struct comparison *comparison, struct run *run)
{
	bool is_read = true;

	comparison->output = &run->targets.all[TARGET_OUTPUT];
	run->comparison = comparison;
	/* Without inputs in the manifest, standard input must not be read. */
	if (run->options->run.name_count)
		is_read = run_pipeline(run) == 0;
	if (!is_read)
		return;
	report_missing(comparison);
	warn_of_stopped_run(comparison);
	for (size_t i = 0; i < comparison->content.outputs.count; i++)
		compare_output(comparison, &comparison->content.outputs.items[i]);
	write_result(comparison);
	/* Damage that the manifest lists is not a difference. */
	run->status = comparison->unreadable ? STATUS_DAMAGED
		: comparison->differences    ? STATUS_FOUND
					     : STATUS_FINE;
}

/** Returns whether an option was given that a comparison does not use, and refuses it. */
static bool has_other_option(const struct options *given)
{
	static const char *const used[] = {"manifest", "jobs", "progress", "quiet", "verbose",
		"max-messages", "accept", NULL};

	for (size_t i = 0; i < given->given_count; i++) {
		const char *name = given->given[i].name;

		if (text_is_one_of(text_of_string(name), used))
			continue;
		message_usage("option '--%s' has no effect here: without file names, the inputs in "
			      "the manifest are read with the options of its run",
			name);
		return true;
	}
	return false;
}

enum exit_status comparison_run(const struct options *given)
{
	struct comparison comparison = {.sorted = NULL};
	enum exit_status status;
	struct options options;
	char **words = NULL;
	struct run run;
	size_t offset;
	const char *error;

	if (has_other_option(given))
		return STATUS_USAGE;
	error = manifest_read(&comparison.content, given->manifest, &offset);
	if (error && offset) {
		message_error("cannot read the manifest '%s': at byte %zu: %s", given->manifest,
			offset, error);
		status = STATUS_DAMAGED;
	} else if (error) {
		message_error("cannot read the manifest '%s': %s", given->manifest, error);
		status = STATUS_DAMAGED;
	} else {
		status = prepare(&comparison, given, &options, &words);
		if (status == STATUS_FINE) {
			if (run_start(&run, &options) == 0)
				compare_run(&comparison, &run);
			status = run_finish(&run);
		}
	}
	manifest_content_fini(&comparison.content);
	buffer_fini(&comparison.line);
	free(comparison.sorted);
	free(words);
	return status;
}
