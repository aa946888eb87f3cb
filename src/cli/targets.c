/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/targets.h"

#include <errno.h>
#include <string.h>

#include "cli/paths.h"
#include "cli/signals.h" /* signals_guard() */

/** Fills in the name of each target; NULL: not wanted. */
static void get_names(const char *names[TARGET_COUNT], const struct options *options)
{
	memset(names, 0, TARGET_COUNT * sizeof *names);
	names[TARGET_OUTPUT] = options->output_dir ? NULL : options->output ? options->output : "-";
	names[TARGET_REJECTS] = options->rejects;
	names[TARGET_LOSSES] = options->losses;
	names[TARGET_BASELINE] = options->audit.write_baseline;
	for (size_t i = 0; i < options->audit.report_count; i++)
		names[TARGET_REPORT + i] = options->audit.reports[i].file;
	/* Who wants reports in files alone gets no other. */
	if (options->audit.report_count && !options->audit.has_format && !options->output)
		names[TARGET_OUTPUT] = NULL;
}

/* ---- before anything is opened ------------------------------------------------------------------------- */

/** Says so when two targets are one file. */
static int check_pairs(const char *names[TARGET_COUNT])
{
	static const char *const words[] = {"--output", "--rejects", "--losses", "--write-baseline", "--report"};
	const char *options[TARGET_COUNT];
	int i, j;

	for (i = 0; i < TARGET_COUNT; i++)
		options[i] = words[i < TARGET_REPORT ? i : TARGET_REPORT];

	for (i = 0; i < TARGET_COUNT; i++) {
		for (j = i + 1; j < TARGET_COUNT; j++) {
			if (!names[i] || !names[j] || !path_is_same_output(names[i], names[j]))
				continue;
			message_usage("'%s' cannot be both '%s' and '%s'", names[j], options[i], options[j]);
			return -1;
		}
	}
	return 0;
}

/**
 * Says so when an input would be lost, or when what is written would be read again. A named output may be an input:
 * it is replaced when all was read.
 */
static int check_input(const char *names[TARGET_COUNT], const char *input, int recursive)
{
	int i;

	for (i = 0; i < TARGET_COUNT; i++) {
		if (!names[i])
			continue;
		if ((i != TARGET_OUTPUT || strcmp(names[i], "-") == 0) && path_is_input(names[i], input)) {
			message_usage("'%s' is an input and would be overwritten",
				      strcmp(input, "-") == 0 ? "standard input" : input);
			return -1;
		}
		if (recursive && path_is_inside(names[i], input)) {
			message_usage("'%s' would be written inside the directory '%s' that is read",
				      strcmp(names[i], "-") == 0 ? "standard output" : names[i], input);
			return -1;
		}
	}
	return 0;
}

/**
 * The same for --output-dir, in which any file may be written. An input in it might be replaced before it is read.
 */
static int check_directory(const char *directory, const char *input, int recursive)
{
	if (strcmp(input, "-") != 0 && path_is_inside(input, directory)) {
		message_usage("'%s' is an input inside the directory '%s' that is written", input, directory);
		return -1;
	}
	if (recursive && path_is_inside(directory, input)) {
		message_usage("'%s' would be written inside the directory '%s' that is read", directory, input);
		return -1;
	}
	return 0;
}

int targets_check(const struct options *options)
{
	const struct ds_run_options *run = &options->run;
	const char *names[TARGET_COUNT];
	size_t i;

	get_names(names, options);
	if (check_pairs(names) != 0)
		return -1;
	if (run->name_count == 0 && !run->files_from)
		return check_input(names, "-", 0);
	for (i = 0; i < run->name_count; i++) {
		if (check_input(names, run->names[i], run->recursive) != 0)
			return -1;
		if (options->output_dir && check_directory(options->output_dir, run->names[i], run->recursive) != 0)
			return -1;
	}
	return 0;
}

/* ---- open files ---------------------------------------------------------------------------------------- */

enum ds_status target_fail(struct target *target, int number, const struct ds_error *error)
{
	if (target->has_failed)
		return DS_SYSTEM;
	target->has_failed = 1;
	target->is_broken_pipe = target->is_standard && number == EPIPE;
	if (!target->is_broken_pipe && !(number == EINTR && signals_stop))
		message_output_error(error);
	return DS_SYSTEM;
}

enum ds_status targets_open(struct targets *targets, const struct options *options)
{
	const char *names[TARGET_COUNT];
	struct ds_error error;
	int i;

	memset(targets, 0, sizeof *targets);
	get_names(names, options);
	for (i = 0; i < TARGET_COUNT; i++) {
		struct target *target = &targets->all[i];
		enum ds_status status;

		if (!names[i])
			continue;
		target->is_standard = strcmp(names[i], "-") == 0;
		status = output_file_open(&target->file, names[i], &error);
		if (status == DS_SYSTEM)
			target_fail(target, errno, &error);
		else if (status != DS_OK)
			message_error("%s", ds_status_text(status));
		if (status != DS_OK) {
			targets_abandon(targets);
			return status;
		}
		signals_guard(i, output_file_temporary(target->file));
	}
	return DS_OK;
}

enum ds_status target_write(struct target *target, const char *data, size_t size)
{
	struct ds_error error;

	if (!target->file)
		return DS_OK;
	if (output_file_write(target->file, data, size, &error) == DS_OK)
		return DS_OK;
	return target_fail(target, errno, &error);
}

enum ds_status targets_commit(struct targets *targets)
{
	struct ds_error error;
	int i;

	for (i = TARGET_COUNT - 1; i >= 0; i--) {
		struct target *target = &targets->all[i];
		struct output_file *file = target->file;

		if (!file)
			continue;
		target->file = NULL;
		if (output_file_commit(file, &error) != DS_OK) {
			target_fail(target, errno, &error);
			targets_abandon(targets);
			return DS_SYSTEM;
		}
		signals_guard(i, NULL);
	}
	return DS_OK;
}

void targets_abandon(struct targets *targets)
{
	int i;

	for (i = 0; i < TARGET_COUNT; i++) {
		output_file_abandon(targets->all[i].file);
		targets->all[i].file = NULL;
		signals_guard(i, NULL);
	}
}

int targets_have_failed(const struct targets *targets)
{
	int i;

	for (i = 0; i < TARGET_COUNT; i++) {
		if (targets->all[i].has_failed)
			return 1;
	}
	return 0;
}

int targets_have_broken_pipe(const struct targets *targets)
{
	int i;

	for (i = 0; i < TARGET_COUNT; i++) {
		if (targets->all[i].is_broken_pipe)
			return 1;
	}
	return 0;
}
