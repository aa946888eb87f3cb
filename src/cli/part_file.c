/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/part_file.h"

#include "part/events.h"
#include "part/facts.h"
#include "record/text.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/** The number of bytes that are written at once. Larger sections compress better, but need more
 * memory. */
#define INPUTS_SIZE ((size_t)256 << 10)
#define EVENTS_SIZE ((size_t)512 << 10)

/** Options that may differ between the parts of one run: what they write, and how they run. Inputs
 * are compared by other means. */
static const char *const own_options[] = {"jobs", "progress", "quiet", "verbose", "max-messages",
	"accept", "resume", "part", "part-file", "from-border", "output", "losses", "rejects",
	"report", "write-baseline", "files-from", "null", NULL};

static enum ds_status on_bytes(void *context, const char *data, size_t size)
{
	struct part_file *part = context;

	return target_write(part->target, data, size);
}

enum ds_status part_file_begin(struct part_file *part, const struct options *options,
	struct target *target)
{
	memset(part, 0, sizeof *part);
	buffer_init(&part->inputs);
	part_events_init(&part->events);
	part->options = options;
	part->target = target;
	if (!target)
		return DS_OK;
	part->writer = part_writer_new(on_bytes, part);
	return part->writer ? DS_OK : DS_NO_MEMORY;
}

/** Writes a section of inputs when there are at least this many bytes, but never an empty one. */
static enum ds_status flush_inputs(struct part_file *part, size_t least)
{
	struct buffer *inputs = &part->inputs;
	enum ds_status status;

	if (inputs->failed)
		return DS_NO_MEMORY;
	if (inputs->size < least || !inputs->size)
		return DS_OK;
	status = part_writer_section(part->writer, PART_INPUTS,
		(struct ds_text){inputs->data, inputs->size});
	buffer_clear(inputs, 2 * INPUTS_SIZE);
	return status;
}

/** Writes the buffered events when there are at least this many bytes of them. */
static enum ds_status flush_events(struct part_file *part, size_t least)
{
	size_t size = part_events_size(&part->events);

	return size < least || !size ? DS_OK : part_events_write(&part->events, part->writer);
}

static bool is_audit(const struct part_file *part)
{
	return (part->options->groups & OPTION_REPORT) != 0;
}

enum ds_status part_file_domain(struct part_file *part, const struct ds_place *place,
	const struct ds_record *record)
{
	part_events_domain(&part->events, place, record);
	return flush_events(part, EVENTS_SIZE);
}

enum ds_status part_file_error(struct part_file *part, const struct ds_error *error)
{
	if (!part->writer || !is_audit(part))
		return DS_OK;
	part_events_error(&part->events, error);
	return flush_events(part, EVENTS_SIZE);
}

enum ds_status part_file_input(struct part_file *part, const struct ds_input_result *result)
{
	struct part_input input = {.result = *result};

	if (!part->writer)
		return DS_OK;
	if (result->segment)
		input.segment = *result->segment;
	part_input_encode(&part->inputs, &input);
	part->input_count++;
	if (is_audit(part))
		part_events_input(&part->events);
	return flush_inputs(part, INPUTS_SIZE);
}

static void add_options(struct buffer *out, const struct options *options)
{
	for (size_t i = 0; i < options->given_count; i++) {
		if (text_is_one_of(text_of_string(options->given[i].name), own_options))
			continue;
		options_add_word(out, &options->given[i]);
		buffer_byte(out, '\0');
	}
}

enum ds_status part_file_finish(struct part_file *part, const struct ds_counts *counts,
	enum exit_status status, enum exit_status never_accepted, struct ds_text resume)
{
	const struct options *options = part->options;
	char directory[PATH_MAX];
	struct buffer words = {0}, bytes = {0};
	enum ds_status result;
	struct part_facts facts = {
		.version = ds_version(),
		.command = options->command,
		.directory = getcwd(directory, sizeof directory) ? directory : "/",
		.number = options->run.part,
		.count = options->run.parts,
		.inputs = part->input_count,
		.counts = *counts,
		.status = (unsigned)status,
		.status_never_accepted = (unsigned)never_accepted,
	};

	if (!part->writer)
		return DS_OK;
	add_options(&words, options);
	facts.options = (struct ds_text){words.size ? words.data : "", words.size};
	part_facts_encode(&bytes, &facts);
	result = words.failed || bytes.failed ? DS_NO_MEMORY : flush_events(part, 0);
	if (result == DS_OK)
		result = flush_inputs(part, 0);
	if (result == DS_OK)
		result = part_writer_section(part->writer, PART_FACTS,
			(struct ds_text){bytes.data, bytes.size});
	if (result == DS_OK && resume.size)
		result = part_writer_section(part->writer, PART_RESUME, resume);
	if (result == DS_OK)
		result = part_writer_finish(part->writer);
	buffer_fini(&words);
	buffer_fini(&bytes);
	return result;
}

void part_file_fini(struct part_file *part)
{
	part_writer_free(part->writer);
	part->writer = NULL;
	buffer_fini(&part->inputs);
	part_events_fini(&part->events);
}
