/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/targets.h"

#include "cli/image_lists.h"
#include "cli/paths.h"
#include "cli/separate.h" /* separate_may_write() */
#include "cli/signals.h" /* signals_guard() */

#include <errno.h>
#include <limits.h> /* PATH_MAX */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h> /* crc32_z() */

/** The option that asks for each target. */
static const char *const option_words[] = {
	[TARGET_OUTPUT] = "--output",
	[TARGET_REJECTS] = "--rejects",
	[TARGET_LOSSES] = "--losses",
	[TARGET_BASELINE] = "--write-baseline",
	[TARGET_MANIFEST] = "--manifest",
	[TARGET_PART] = "--part-file",
	[TARGET_REPORT] = "--report",
};

void targets_get_names(const char *names[TARGET_COUNT], const struct options *options)
{
	memset(names, 0, TARGET_COUNT * sizeof *names);
	names[TARGET_OUTPUT] = options->output_dir ? NULL : options->output ? options->output : "-";
	names[TARGET_REJECTS] = options->rejects;
	names[TARGET_LOSSES] = options->losses;
	names[TARGET_BASELINE] = options->audit.write_baseline;
	names[TARGET_MANIFEST] = options->manifest;
	names[TARGET_PART] = options->part_file;
	for (size_t i = 0; i < options->audit.report_count; i++)
		names[TARGET_REPORT + i] = options->audit.reports[i].file;
	/* The findings of a part are in its part file. */
	if (options->part_file && options->groups & OPTION_REPORT)
		names[TARGET_OUTPUT] = NULL;
	if (!options->audit.has_output)
		names[TARGET_OUTPUT] = NULL;
}

/* ---- open files ---- */

enum ds_status target_fail(struct target *target, int number, const struct ds_error *error)
{
	if (target->has_failed)
		return DS_SYSTEM;
	target->has_failed = true;
	target->is_broken_pipe = target->is_standard && number == EPIPE;
	if (!target->is_broken_pipe && !(number == EINTR && signals_stop))
		message_output_error(error);
	return DS_SYSTEM;
}

/** Lists the regular files that the targets write or replace, except the one that the target
 * `exempt` replaces. Returns their number, at most two for each target. */
static size_t collect_files(const struct targets *targets, int exempt, struct ds_file_id *files)
{
	size_t count = 0;

	for (int i = 0; i < TARGET_COUNT; i++) {
		const struct output_file *file = targets->all[i].file;

		if (file && output_file_written(file, &files[count]))
			count++;
		if (file && i != exempt && output_file_replaced(file, &files[count]))
			count++;
	}
	return count;
}

enum ds_status targets_open(struct targets *targets, const struct options *options)
{
	const char *names[TARGET_COUNT];
	struct ds_error error;
	int i;

	memset(targets, 0, sizeof *targets);
	targets_get_names(names, options);
	for (i = 0; i < TARGET_COUNT; i++) {
		struct target *target = &targets->all[i];
		enum ds_status status;

		if (!names[i])
			continue;
		status = output_file_open(&target->file, names[i], &error);
		if (status == DS_SYSTEM)
			target_fail(target, errno, &error);
		else if (status != DS_OK)
			message_error("%s", ds_status_text(status));
		if (status != DS_OK) {
			targets_abandon(targets);
			return status;
		}
		target->is_standard = output_file_is_standard(target->file);
		target->name = names[i];
		target->has_checksum = options->manifest || options->resume;
		target->option = option_words[i < TARGET_REPORT ? i : TARGET_REPORT];
		signals_guard(i, output_file_temporary(target->file));
	}
	targets->file_count = collect_files(targets,
		options->may_replace_input ? TARGET_OUTPUT : TARGET_COUNT, targets->files);
	return DS_OK;
}

/* ---- conflicts ---- */

static int check_pairs(const struct targets *targets)
{
	for (int i = 0; i < TARGET_COUNT; i++) {
		for (int j = i + 1; j < TARGET_COUNT; j++) {
			const struct target *one = &targets->all[i], *other = &targets->all[j];

			if (!one->file || !other->file ||
				!output_file_is_same(one->file, other->file))
				continue;
			if (strcmp(one->option, other->option) == 0)
				message_usage("option '%s' names '%s' twice", one->option,
					other->name);
			else
				message_usage("'%s' cannot be both '%s' and '%s'", other->name,
					one->option, other->option);
			return -1;
		}
	}
	return 0;
}

/** Refuses a file that is read and is also one of `files`. */
static int check_read(const char *name, const struct ds_file_id *files, size_t count)
{
	bool is_standard = strcmp(name, "-") == 0;
	const char *quote = is_standard ? "" : "'";
	struct stat status;

	if ((is_standard ? fstat(STDIN_FILENO, &status) : stat(name, &status)) != 0)
		return 0;
	for (size_t i = 0; i < count; i++) {
		if (files[i].device != (uint64_t)status.st_dev ||
			files[i].inode != (uint64_t)status.st_ino)
			continue;
		message_usage("%s%s%s is an input and would be overwritten", quote,
			is_standard ? "standard input" : name, quote);
		return -1;
	}
	return 0;
}

/** Refuses a list or baseline that is read if a target other than `exempt` would overwrite it. */
static int check_extra(const struct targets *targets, const char *name, int exempt)
{
	struct ds_file_id files[2 * TARGET_COUNT];

	return name ? check_read(name, files, collect_files(targets, exempt, files)) : 0;
}

/** Refuses targets in a directory that is read, because they would be read too. `is_read` returns
 * whether a path is among those that are read. */
static int check_read_directory(const struct targets *targets, const struct options *options,
	const char *input, bool (*is_read)(const char *path, const char *directory))
{
	const char *names[TARGET_COUNT];
	int result = 0;

	targets_get_names(names, options);
	for (int i = 0; i < TARGET_COUNT && result == 0; i++) {
		char *path = targets->all[i].file ? output_file_path(targets->all[i].file) : NULL;
		const char *quote = targets->all[i].is_standard ? "" : "'";

		if (path && is_read(path, input)) {
			message_usage(
				"%s%s%s would be written inside the directory '%s' that is read",
				quote, *quote ? names[i] : "standard output", quote, input);
			result = -1;
		}
		free(path);
	}
	return result;
}

/** Refuses targets in the directory of --output-dir that have a name which a domain's file may
 * get. */
static int check_domain_files(const struct targets *targets, const struct options *options)
{
	const char *names[TARGET_COUNT];
	int result = 0;

	targets_get_names(names, options);
	for (int i = 0; i < TARGET_COUNT && result == 0; i++) {
		char *path = targets->all[i].file ? output_file_path(targets->all[i].file) : NULL;

		if (path && path_is_in(path, options->output_dir) &&
			separate_may_write(path_base(path))) {
			message_usage("'%s' could be overwritten by the file of a domain in '%s'",
				names[i], options->output_dir);
			result = -1;
		}
		free(path);
	}
	return result;
}

int targets_check_directory(const struct options *options, const char *input)
{
	const char *directory = options->output_dir;

	/* A domain's file might replace it before it is read. */
	if (strcmp(input, "-") != 0 && path_leads_into(input, directory) &&
		!path_is_directory(input)) {
		message_usage("'%s' is an input inside the directory '%s' that is written", input,
			directory);
		return -1;
	}
	if (options->run.recursive && path_is_inside(directory, input)) {
		message_usage("'%s' would be written inside the directory '%s' that is read",
			directory, input);
		return -1;
	}
	return 0;
}

static int check_input(const struct targets *targets, const struct options *options,
	const char *input)
{
	if (check_read(input, targets->files, targets->file_count) != 0)
		return -1;
	if (options->run.recursive &&
		check_read_directory(targets, options, input, path_is_inside) != 0)
		return -1;
	return options->output_dir ? targets_check_directory(options, input) : 0;
}

int targets_check(const struct targets *targets, const struct options *options)
{
	const struct ds_run_options *run = &options->run;

	if (check_pairs(targets) != 0 ||
		(options->output_dir && check_domain_files(targets, options) != 0))
		return -1;
	if (check_extra(targets, run->files_from, TARGET_COUNT) != 0 ||
		check_extra(targets, options->accepted_losses, TARGET_COUNT) != 0 ||
		check_extra(targets, options->audit.suppressions, TARGET_COUNT) != 0 ||
		check_extra(targets, options->audit.baseline, TARGET_BASELINE) != 0)
		return -1;
	for (size_t i = 0; i < options->audit.image_count; i++) {
		char room[PATH_MAX];
		const char *path =
			image_lists_path(options->audit.image_base, options->audit.images[i], room);

		if (check_extra(targets, path, TARGET_COUNT) != 0 ||
			(path_is_directory(path) &&
				check_read_directory(targets, options, path, path_is_in) != 0))
			return -1;
	}
	if (run->name_count == 0 && !run->files_from)
		return check_input(targets, options, "-");
	for (size_t i = 0; i < run->name_count; i++) {
		if (check_input(targets, options, run->names[i]) != 0)
			return -1;
	}
	return 0;
}

/* ---- writing and closing ---- */

enum ds_status target_write(struct target *target, const char *data, size_t size)
{
	struct ds_error error;

	if (!target->file)
		return DS_OK;
	target->size += size;
	if (target->has_checksum)
		target->crc32 = (uint32_t)crc32_z(target->crc32, (const unsigned char *)data, size);
	if (output_file_write(target->file, data, size, &error) == DS_OK)
		return DS_OK;
	return target_fail(target, errno, &error);
}

static enum ds_status commit_kind(struct targets *targets, int kind)
{
	struct target *target = &targets->all[kind];
	struct output_file *file = target->file;
	struct ds_error error;

	if (!file)
		return DS_OK;
	target->file = NULL;
	if (output_file_commit(file, &error) != DS_OK) {
		target_fail(target, errno, &error);
		targets_abandon(targets);
		return DS_SYSTEM;
	}
	target->is_committed = true;
	signals_guard(kind, NULL);
	return DS_OK;
}

enum ds_status targets_commit(struct targets *targets)
{
	enum ds_status status = DS_OK;

	for (int i = TARGET_COUNT - 1; i >= 0 && status == DS_OK; i--) {
		if (i != TARGET_MANIFEST && i != TARGET_PART)
			status = commit_kind(targets, i);
	}
	return status;
}

enum ds_status targets_commit_records(struct targets *targets)
{
	enum ds_status status = commit_kind(targets, TARGET_MANIFEST);

	return status == DS_OK ? commit_kind(targets, TARGET_PART) : status;
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

bool targets_have_failed(const struct targets *targets)
{
	int i;

	for (i = 0; i < TARGET_COUNT; i++) {
		if (targets->all[i].has_failed)
			return true;
	}
	return false;
}

bool targets_have_broken_pipe(const struct targets *targets)
{
	int i;

	for (i = 0; i < TARGET_COUNT; i++) {
		if (targets->all[i].is_broken_pipe)
			return true;
	}
	return false;
}
