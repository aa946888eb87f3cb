/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/audit.h"
#include "cli/command.h"
#include "cli/merge_hosts.h"
#include "cli/merge_inputs.h"
#include "cli/merge_parts.h"
#include "cli/progress.h"
#include "cli/replay.h"
#include "cli/run.h"

#include <string.h>

/** The words of the command line that the parts have in common; they point into the facts. */
struct words {
	char *all[OPTIONS_GIVEN_MAX + 2];
	int count;
};

/** Splits the recorded options into words. Returns false when there are more than a command line
 * may have. */
static bool split_options(struct words *words, const struct part_facts *facts)
{
	const char *at = facts->options.data;
	const char *end = at + facts->options.size;

	words->count = 0;
	words->all[words->count++] = (char *)(uintptr_t)facts->command;
	for (; at < end; at += strlen(at) + 1) {
		if (words->count > OPTIONS_GIVEN_MAX || !memchr(at, '\0', (size_t)(end - at)))
			return false;
		words->all[words->count++] = (char *)(uintptr_t)at;
	}
	words->all[words->count] = NULL;
	return true;
}

/** Sets the options of the run that the parts belong to. */
static enum exit_status read_options(struct options *options, struct words *words,
	const struct merge_part *part)
{
	const struct command *command = command_find(part->facts.command);

	if (!command || !(command->groups & OPTION_PARTS) || !split_options(words, &part->facts) ||
		options_parse(options, command->groups & ~(unsigned)OPTION_FILES, words->count,
			words->all) != 0) {
		message_error("'%s' records options that a run with --part cannot have",
			part->name);
		return STATUS_DAMAGED;
	}
	options->run.check_only =
		strcmp(command->name, "check") == 0 || strcmp(command->name, "audit") == 0;
	if (strcmp(command->name, "disks") == 0 && !options->rows.format)
		options->rows.format = DS_ROWS_TABLE;
	return STATUS_FINE;
}

/** Adds the counts of all parts. The counts of inputs are those of whole inputs. */
static void add_counts(struct ds_counts *sum, const struct merge_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		const struct ds_counts *counts = &parts->all[i].facts.counts;

		sum->files += counts->files;
		sum->bytes_read += counts->bytes_read;
		sum->bytes_written += counts->bytes_written;
		sum->domains += counts->domains;
		sum->converted += counts->converted;
		sum->checked += counts->checked;
		sum->rejected += counts->rejected;
		sum->unselected += counts->unselected;
		sum->mismatches += counts->mismatches;
		sum->disks += counts->disks;
		sum->losses += counts->losses;
		sum->unknown += counts->unknown;
		sum->stream_errors += counts->stream_errors;
	}
}

static void count_outcome(struct ds_counts *counts, enum ds_outcome outcome)
{
	counts->inputs_read += outcome == DS_OUTCOME_READ;
	counts->inputs_without_domain += outcome == DS_OUTCOME_NO_DOMAIN;
	counts->inputs_foreign += outcome == DS_OUTCOME_FOREIGN;
	counts->inputs_damaged += outcome == DS_OUTCOME_DAMAGED;
}

/** Sets the counts of all parts, and the worst of their statuses. */
static void sum_up_parts(struct replay *replay)
{
	ds_counts_init(&replay->counts, sizeof replay->counts);
	add_counts(&replay->counts, replay->parts);
	for (size_t i = 0; i < replay->inputs->count; i++)
		count_outcome(&replay->counts, replay->inputs->all[i].outcome);
	for (size_t i = 0; i < replay->parts->count; i++) {
		const struct part_facts *facts = &replay->parts->all[i].facts;

		if (facts->status > (unsigned)replay->status)
			replay->status = (enum exit_status)facts->status;
		if (facts->status_never_accepted > (unsigned)replay->never_accepted)
			replay->never_accepted = (enum exit_status)facts->status_never_accepted;
	}
}

/** Reports the arguments, the counts and the status as a single run would report them. */
static enum exit_status write_reports(struct run *run, const struct replay *replay)
{
	run->counts = replay->counts;
	run_add_parts(run, replay->status, replay->never_accepted);
	for (size_t i = 0; i < replay->inputs->count; i++)
		if (inputs_add(&run->inputs, &replay->inputs->all[i]) != DS_OK)
			return STATUS_FAILED;
	inputs_finish(&run->inputs);
	message_input_end();
	run_judge(run);
	run_write_counts(run);
	run_print_summary(run);
	return run_final_status(run);
}

/** Makes the part files the inputs, so that no output may replace them. */
static void protect_parts(struct options *options, const struct options *given)
{
	options->run.names = given->run.names;
	options->run.name_count = given->run.name_count;
	options->may_replace_input = false;
}

/** Reports what an audit has found. The options of the parts decide what is checked, those of merge
 * what is reported. Only merge reads the lists of images: its own, or those that the parts name;
 * relative names start from the directory of the parts. */
static enum exit_status merge_audit(const struct options *given, const struct options *parts,
	const struct replay *replay)
{
	struct options options = *parts;
	const struct audit_options *audit = &parts->audit;

	options.audit = given->audit;
	options.audit.library = audit->library;
	memcpy(options.audit.shared, audit->shared, sizeof audit->shared);
	if (!given->audit.image_count) {
		options.audit.image_count = audit->image_count;
		options.audit.image_base = replay->parts->all[0].facts.directory;
		memcpy(options.audit.images, audit->images, sizeof audit->images);
	}
	protect_parts(&options, given);
	options.output = given->output;
	options.verbosity = given->verbosity;
	options.max_messages = given->max_messages;
	memcpy(options.accept, given->accept, sizeof options.accept);
	return audit_run_or_replay(&options, replay);
}

/** Returns whether an option that only applies to parts of an audit was given, and refuses it. */
static bool has_report_option(const struct options *given)
{
	for (size_t i = 0; i < given->given_count; i++) {
		const char *name = given->given[i].name;

		if (given->given[i].groups & (OPTION_REPORT | OPTION_AUDIT) &&
			strcmp(name, "output") != 0) {
			message_usage("option '--%s' only applies to parts of an audit", name);
			return true;
		}
	}
	return false;
}

static enum exit_status merge(const struct options *given, const struct merge_parts *parts)
{
	struct merge_inputs inputs = {0};
	struct replay replay = {.parts = parts, .inputs = &inputs};
	struct options options;
	struct words words;
	struct run run = {.options = &options};
	enum exit_status status = read_options(&options, &words, &parts->all[0]);

	if (status == STATUS_FINE)
		status = merge_inputs_join(&inputs, parts);
	if (status == STATUS_FINE)
		sum_up_parts(&replay);
	if (status == STATUS_FINE && options.groups & OPTION_REPORT) {
		status = merge_audit(given, &options, &replay);
		merge_inputs_free(&inputs);
		return status;
	}
	if (status == STATUS_FINE && has_report_option(given))
		status = STATUS_USAGE;
	if (status == STATUS_FINE)
		status = merge_hosts_check(&options, parts, &inputs);
	options.verbosity = given->verbosity;
	options.output = given->output;
	memcpy(options.accept, given->accept, sizeof options.accept);
	protect_parts(&options, given);
	if (status == STATUS_FINE && targets_open(&run.targets, &options) != DS_OK)
		status = STATUS_FAILED;
	if (status == STATUS_FINE && targets_check(&run.targets, &options) != 0)
		status = STATUS_USAGE;
	if (status == STATUS_FINE)
		status = write_reports(&run, &replay);
	if (status < STATUS_USAGE && targets_commit(&run.targets) != DS_OK)
		status = STATUS_FAILED;
	targets_abandon(&run.targets);
	merge_inputs_free(&inputs);
	return status;
}

enum exit_status merge_run(const struct options *options)
{
	struct merge_parts parts;
	enum exit_status status;

	if (!options->run.name_count) {
		message_usage("'merge' needs at least one part file");
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < options->run.name_count; i++) {
		if (strcmp(options->run.names[i], "-") == 0) {
			message_usage("standard input cannot be a part file");
			return STATUS_USAGE;
		}
	}
	/* The summary contains the time that merging took. */
	progress_start(PROGRESS_NEVER, false);
	status = merge_parts_load(&parts, options->run.names, options->run.name_count);
	if (status == STATUS_FINE)
		status = merge_parts_check(&parts, options->may_miss_parts);
	if (status == STATUS_FINE)
		status = merge(options, &parts);
	merge_parts_free(&parts);
	return status;
}
