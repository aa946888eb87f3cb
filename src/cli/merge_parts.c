/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/merge_parts.h"

#include "cli/message.h"
#include "part/container.h"
#include "record/array.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

/** Copies a section, which then belongs to the part. The text is NULL when there is no memory. */
static struct ds_text keep(struct merge_part *part, struct ds_text bytes)
{
	char **sections = array_room(part->sections, part->section_count, &part->section_capacity,
		sizeof *sections);
	char *copy = malloc(bytes.size + 1);

	if (sections)
		part->sections = sections;
	if (!sections || !copy) {
		free(copy);
		return (struct ds_text){NULL, 0};
	}
	memcpy(copy, bytes.data, bytes.size);
	part->sections[part->section_count++] = copy;
	return (struct ds_text){copy, bytes.size};
}

/** Decodes the records of a section. Returns what is wrong, or NULL; sets `*status` to DS_NO_MEMORY
 * when there is no memory. */
static const char *add_inputs(struct merge_part *part, struct ds_text bytes, enum ds_status *status)
{
	struct decoding section = decoding_of(bytes);

	while (!decoding_is_done(&section)) {
		struct part_input input;
		const char *why = part_input_decode(&input, &section);
		struct part_input *inputs;

		if (why)
			return why;
		inputs = array_room(part->inputs, part->input_count, &part->input_capacity,
			sizeof *inputs);
		if (!inputs) {
			*status = DS_NO_MEMORY;
			return NULL;
		}
		part->inputs = inputs;
		part->inputs[part->input_count++] = input;
	}
	return NULL;
}

static enum ds_status add_section(struct merge_part *part, const struct part_reader *reader,
	enum part_section id, struct ds_text bytes, struct ds_error *error)
{
	enum ds_status status = DS_OK;
	const char *why = NULL;

	if (id != PART_FACTS && id != PART_INPUTS)
		return DS_OK;
	bytes = keep(part, bytes);
	if (!bytes.data)
		return DS_NO_MEMORY;
	if (id == PART_INPUTS)
		why = add_inputs(part, bytes, &status);
	else if (part->facts.version)
		why = "it has two sections that describe the run";
	else
		why = part_facts_decode(&part->facts, bytes);
	return why ? part_reader_refuse(reader, why, error) : status;
}

static enum ds_status read_part(struct merge_part *part, struct part_reader *reader,
	struct ds_error *error)
{
	enum part_section id = PART_FACTS;
	enum ds_status status = part_reader_verify(reader, error);

	while (status == DS_OK && id != PART_END) {
		struct ds_text bytes;

		status = part_reader_next(reader, &id, &bytes, error);
		if (status == DS_OK && id != PART_END)
			status = add_section(part, reader, id, bytes, error);
	}
	if (status != DS_OK)
		return status;
	if (!part->facts.version)
		return part_reader_refuse(reader, "it has no section that describes the run",
			error);
	if (part->facts.inputs != part->input_count)
		return part_reader_refuse(reader, "it has no records of inputs", error);
	return DS_OK;
}

static enum exit_status load(struct merge_part *part, const char *name)
{
	struct part_reader *reader = NULL;
	struct ds_error error;
	enum ds_status status;

	memset(part, 0, sizeof *part);
	part->name = name;
	status = part_reader_open(&reader, name, NULL, &error);
	if (status == DS_OK)
		status = read_part(part, reader, &error);
	part_reader_free(reader);
	if (status == DS_NO_MEMORY)
		return message_no_memory();
	if (status != DS_OK)
		message_input_error(&error);
	return status == DS_OK ? STATUS_FINE : STATUS_DAMAGED;
}

static int compare_parts(const void *one, const void *other)
{
	uint64_t first = ((const struct merge_part *)one)->facts.number;
	uint64_t second = ((const struct merge_part *)other)->facts.number;

	return (first > second) - (first < second);
}

enum exit_status merge_parts_load(struct merge_parts *parts, const char *const *names,
	size_t name_count)
{
	enum exit_status worst = STATUS_FINE;

	memset(parts, 0, sizeof *parts);
	parts->all = calloc(name_count ? name_count : 1, sizeof *parts->all);
	if (!parts->all)
		return message_no_memory();
	for (size_t i = 0; i < name_count; i++) {
		enum exit_status status = load(&parts->all[parts->count++], names[i]);

		if (status > worst)
			worst = status;
	}
	if (worst == STATUS_FINE)
		qsort(parts->all, parts->count, sizeof *parts->all, compare_parts);
	return worst;
}

void merge_parts_free(struct merge_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		struct merge_part *part = &parts->all[i];

		for (size_t k = 0; k < part->section_count; k++)
			free(part->sections[k]);
		free(part->sections);
		free(part->inputs);
	}
	free(parts->all);
}

/* ---- checks that the parts belong to one run ---- */

/** Refuses two parts. `what` names what they should have in common. */
static enum exit_status refuse_difference(const struct merge_part *one,
	const struct merge_part *other, const char *what)
{
	message_error("'%s' and '%s' are not parts of one run: they differ in %s", one->name,
		other->name, what);
	return STATUS_DAMAGED;
}

static enum exit_status check_pair(const struct merge_part *one, const struct merge_part *other)
{
	const struct part_facts *a = &one->facts, *b = &other->facts;

	if (strcmp(a->version, b->version) != 0)
		return refuse_difference(one, other, "the version of domstream");
	if (strcmp(a->command, b->command) != 0)
		return refuse_difference(one, other, "the command");
	if (a->count != b->count)
		return refuse_difference(one, other, "the number of parts");
	if (a->options.size != b->options.size ||
		memcmp(a->options.data, b->options.data, a->options.size) != 0)
		return refuse_difference(one, other, "options that affect the result");
	if (a->counts.listed != b->counts.listed ||
		a->counts.listed_bytes != b->counts.listed_bytes ||
		a->counts.listed_digest != b->counts.listed_digest)
		return refuse_difference(one, other, "the inputs, their sizes or their order");
	return STATUS_FINE;
}

/** Appends a range of numbers to a list in words. */
static void add_range(char *list, size_t size, uint64_t from, uint64_t to)
{
	size_t used = strlen(list);

	if (from > to)
		return;
	snprintf(list + used, size - used, "%s%" PRIu64, used ? ", " : "", from);
	used = strlen(list);
	if (to > from)
		snprintf(list + used, size - used, "%s%" PRIu64, to == from + 1 ? ", " : "-", to);
}

/** Reports missing parts. */
static enum exit_status check_missing(struct merge_parts *parts, bool may_miss)
{
	uint64_t count = parts->all[0].facts.count, next = 1;
	char list[256] = "", text[384];
	bool is_one;

	for (size_t i = 0; i < parts->count; i++) {
		add_range(list, sizeof list, next, parts->all[i].facts.number - 1);
		next = parts->all[i].facts.number + 1;
	}
	add_range(list, sizeof list, next, count);
	parts->missing = count - parts->count;
	if (!parts->missing)
		return STATUS_FINE;
	is_one = parts->missing == 1;
	snprintf(text, sizeof text, "%" PRIu64 " of %" PRIu64 " parts %s missing (part%s %s)",
		parts->missing, count, is_one ? "is" : "are", is_one ? "" : "s", list);
	if (may_miss) {
		message_warning("%s: the result covers only some of the inputs", text);
		return STATUS_FINE;
	}
	message_error("%s; run %s, or use '--allow-missing'", text, is_one ? "it" : "them");
	return STATUS_DAMAGED;
}

enum exit_status merge_parts_check(struct merge_parts *parts, bool may_miss)
{
	const struct merge_part *first = &parts->all[0];

	if (strcmp(first->facts.version, ds_version()) != 0) {
		message_error("'%s' was written by domstream %s, and this is %s", first->name,
			first->facts.version, ds_version());
		return STATUS_DAMAGED;
	}
	for (size_t i = 1; i < parts->count; i++) {
		enum exit_status status = check_pair(first, &parts->all[i]);

		if (status != STATUS_FINE)
			return status;
		if (parts->all[i - 1].facts.number != parts->all[i].facts.number)
			continue;
		message_error("'%s' and '%s' are the same part: %" PRIu64 " of %" PRIu64,
			parts->all[i - 1].name, parts->all[i].name, parts->all[i].facts.number,
			parts->all[i].facts.count);
		return STATUS_DAMAGED;
	}
	return check_missing(parts, may_miss);
}
