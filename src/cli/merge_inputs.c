/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/merge_inputs.h"

#include "cli/message.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** A record of an input, and the part that it belongs to. */
struct record {
	const struct merge_part *part;
	const struct part_input *input;
};

/** The state while the records of one input are joined. */
struct chain {
	/** The last segment that was joined; NULL before the first one. */
	const struct record *last;
	/** The state at its end; "" if the input ends there. After a wrong segment, the state that
	 * is expected there when the segment is read once more. */
	char truth[DS_BORDER_SIZE];
	/** Parts are missing before the next segment, so its beginning cannot be checked. */
	bool has_gap;
};

static uint64_t number_of(const struct record *record)
{
	return record->part->facts.number;
}

/* ---- borders ---- */

/** Returns the anchor of a border, at which a part may begin. */
static uint64_t anchor_of(const char *border)
{
	return strtoull(border, NULL, 10);
}

/** Reports that a part does not begin where the previous one ends, and how to repeat it. */
static enum exit_status report_border(const struct chain *chain, const struct record *record)
{
	char end[64];

	snprintf(end, sizeof end, "%" PRIu64 "+0", record->input->result.size);
	message_input_refused(record->input->result.name,
		"part %" PRIu64 " does not begin where part %" PRIu64
		" ends; run it once more, with --part %" PRIu64 "/%" PRIu64 " --from-border %s",
		number_of(record), number_of(chain->last), number_of(record),
		record->part->facts.count, chain->truth[0] ? chain->truth : end);
	return STATUS_DAMAGED;
}

/** Returns whether the input continues after the share of a part that has read nothing of it. */
static bool passes(const struct chain *chain, const struct ds_segment *empty)
{
	return !chain->truth[0] || anchor_of(chain->truth) >= empty->share_to;
}

static bool have_same_line(const struct record *before, const struct record *record)
{
	uint64_t end = before->input->segment.last_line;
	uint64_t begin = record->input->segment.first_line;

	return !end || !begin || end == begin;
}

/** Appends a segment to those before it. */
static enum exit_status join(struct chain *chain, const struct record *record)
{
	const struct ds_segment *segment = &record->input->segment;
	enum exit_status status = STATUS_FINE;
	char next[DS_BORDER_SIZE];

	if (segment->is_empty)
		return !chain->last || chain->has_gap || passes(chain, segment)
			? STATUS_FINE
			: report_border(chain, record);
	if (!chain->last || chain->has_gap) {
		snprintf(next, sizeof next, "%s", segment->end ? segment->end : "");
	} else if (!ds_border_join(chain->truth, segment, next) || segment->is_first ||
		!have_same_line(chain->last, record)) {
		status = report_border(chain, record);
		/* When the part is repeated, it will find nothing in its share. */
		if (passes(chain, segment))
			return status;
	}
	memcpy(chain->truth, next, sizeof next);
	chain->last = record;
	chain->has_gap = false;
	return status;
}

/* ---- one input ---- */

static enum exit_status report_unread(const struct record *record, const char *which)
{
	message_input_refused(record->input->result.name, "no part has read the %s of the input",
		which);
	return STATUS_DAMAGED;
}

/** Reports an input that cannot be divided, but that two parts have read. */
static enum exit_status report_repeated(const struct record *one, const struct record *other)
{
	message_input_refused(one->input->result.name,
		"part %" PRIu64 " and part %" PRIu64 " have both read the whole input",
		number_of(one), number_of(other));
	return STATUS_DAMAGED;
}

/** Adds the counts of a segment. */
static void add_segment(struct ds_input_result *sum, const struct part_input *input,
	uint64_t *truncated)
{
	const struct ds_input_result *result = &input->result;

	if (!result->host || !sum->host || strcmp(result->host, sum->host) != 0)
		sum->host = "";
	sum->domains += result->domains;
	sum->disks += result->disks;
	sum->rejected += result->rejected;
	sum->unselected += result->unselected;
	sum->errors += result->errors;
	sum->bytes_read += result->bytes_read;
	*truncated += input->segment.truncated;
}

/** Returns the result of an input that was divided. */
static struct ds_input_result sum_up_records(const struct record *records, size_t count)
{
	struct ds_input_result sum = records[0].input->result;
	const struct part_input *before = NULL;
	uint64_t truncated = 0, offset = 0;

	memset(&sum.starts, 0, sizeof sum.starts);
	sum.domains = sum.disks = sum.rejected = sum.unselected = sum.errors = sum.bytes_read = 0;
	sum.has_crc32 = false;
	for (size_t i = 0; i < count; i++) {
		const struct part_input *input = records[i].input;

		if (input->segment.is_empty)
			continue;
		if (before)
			offset += before->segment.end_offset - input->segment.begin_offset;
		ds_starts_join(&sum.starts, &input->result.starts, offset);
		add_segment(&sum, input, &truncated);
		before = input;
	}
	sum.outcome = sum.errors || truncated ? DS_OUTCOME_DAMAGED
		: sum.domains                 ? DS_OUTCOME_READ
					      : DS_OUTCOME_NO_DOMAIN;
	return sum;
}

/** Returns whether one part has read the whole input. */
static bool is_whole(const struct record *records, size_t count)
{
	const struct ds_segment *segment = &records[0].input->segment;

	return count == 1 && segment->is_first && segment->is_last;
}

/** Joins the records of one file or archive, which are in the order of their parts. Reports all
 * parts that are known to be wrong. */
static enum exit_status join_input(const struct record *records, size_t count, bool may_miss)
{
	enum exit_status worst = STATUS_FINE;
	struct chain chain = {0};

	for (size_t i = 0; i < count; i++) {
		chain.has_gap = i
			? may_miss && number_of(&records[i]) != number_of(&records[i - 1]) + 1
			: may_miss && !records[i].input->segment.is_first;
		if (!chain.last && !chain.has_gap && !records[i].input->segment.is_first)
			return report_unread(&records[i], "beginning");
		if (join(&chain, &records[i]) != STATUS_FINE)
			worst = STATUS_DAMAGED;
	}
	if (worst == STATUS_FINE && chain.last && !chain.last->input->segment.is_last && !may_miss)
		return report_unread(chain.last, "end");
	return worst;
}

/* ---- all inputs ---- */

static int compare_records(const void *one, const void *other)
{
	const struct record *a = one, *b = other;
	uint64_t first = a->input->segment.input, second = b->input->segment.input;

	if (first == second) {
		first = number_of(a);
		second = number_of(b);
	}
	/* Members of an archive are in the order in which their part has read them. */
	if (first == second)
		return (a->input > b->input) - (a->input < b->input);
	return first > second ? 1 : -1;
}

/** Lists the records of all parts, ordered by input and part. Returns NULL when there is no
 * memory. */
static struct record *list(const struct merge_parts *parts, size_t *count)
{
	struct record *records;

	*count = 0;
	for (size_t i = 0; i < parts->count; i++)
		*count += parts->all[i].input_count;
	records = malloc((*count ? *count : 1) * sizeof *records);
	*count = 0;
	for (size_t i = 0; i < parts->count && records; i++)
		for (size_t k = 0; k < parts->all[i].input_count; k++)
			records[(*count)++] =
				(struct record){&parts->all[i], &parts->all[i].inputs[k]};
	if (records)
		qsort(records, *count, sizeof *records, compare_records);
	return records;
}

/** Adds the records of one input: a file, or an archive with its members. */
static enum exit_status add_records(struct merge_inputs *inputs, const struct record *records,
	size_t count, bool may_miss)
{
	enum ds_input_kind kind = records[count - 1].input->result.kind;
	bool is_archive = kind == DS_INPUT_ARCHIVE;

	if (is_archive || is_whole(records, count)) {
		for (size_t i = 0; i < count; i++) {
			if (number_of(&records[i]) != number_of(&records[0]))
				return report_repeated(&records[0], &records[i]);
			inputs->all[inputs->count++] = records[i].input->result;
		}
		return STATUS_FINE;
	}
	inputs->all[inputs->count++] = sum_up_records(records, count);
	return join_input(records, count, may_miss);
}

static enum exit_status check_count(uint64_t found, const struct merge_parts *parts)
{
	uint64_t listed = parts->all[0].facts.counts.listed;

	if (found == listed || parts->missing)
		return STATUS_FINE;
	message_error("the parts have read %" PRIu64 " of %" PRIu64 " inputs", found, listed);
	return STATUS_DAMAGED;
}

enum exit_status merge_inputs_join(struct merge_inputs *inputs, const struct merge_parts *parts)
{
	enum exit_status worst = STATUS_FINE;
	uint64_t found = 0;
	size_t count, end;
	struct record *records = list(parts, &count);

	memset(inputs, 0, sizeof *inputs);
	inputs->all = malloc((count ? count : 1) * sizeof *inputs->all);
	if (!records || !inputs->all) {
		free(records);
		return message_no_memory();
	}
	for (size_t at = 0; at < count; at = end, found++) {
		enum exit_status status;

		for (end = at; end < count &&
			records[end].input->segment.input == records[at].input->segment.input;)
			end++;
		status = add_records(inputs, records + at, end - at, parts->missing != 0);
		if (status > worst)
			worst = status;
	}
	free(records);
	if (worst == STATUS_FINE)
		worst = check_count(found, parts);
	return worst;
}

void merge_inputs_free(struct merge_inputs *inputs)
{
	free(inputs->all);
}
