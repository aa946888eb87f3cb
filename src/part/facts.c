/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "part/facts.h"

/** The maximum number of parts, and the highest exit status. */
#define COUNT_MAX ((uint64_t)1 << 32)
#define STATUS_MAX 4

static const char facts_wrong[] = "the facts about the run are malformed";
static const char input_wrong[] = "the record of an input is malformed";

/* ---- numbers ---- */

/** struct ds_counts only consists of 64-bit numbers. */
#define COUNTS (sizeof(struct ds_counts) / sizeof(uint64_t))
_Static_assert(sizeof(struct ds_counts) % sizeof(uint64_t) == 0, "a count is not a number");

static void encode_counts(struct buffer *out, const struct ds_counts *counts)
{
	uint64_t numbers[COUNTS];

	memcpy(numbers, counts, sizeof numbers);
	encode_number(out, COUNTS);
	for (size_t i = 0; i < COUNTS; i++)
		encode_number(out, numbers[i]);
}

static void decode_counts(struct decoding *bytes, struct ds_counts *counts)
{
	uint64_t numbers[COUNTS] = {0};

	if (decode_number(bytes) != COUNTS)
		bytes->has_failed = true;
	for (size_t i = 0; i < COUNTS; i++)
		numbers[i] = decode_number(bytes);
	memcpy(counts, numbers, sizeof numbers);
}

static bool decode_bool(struct decoding *bytes)
{
	return decode_number_to(bytes, 1) != 0;
}

/* ---- the run ---- */

void part_facts_encode(struct buffer *out, const struct part_facts *facts)
{
	encode_string(out, facts->version);
	encode_string(out, facts->command);
	encode_text(out, facts->options);
	encode_string(out, facts->directory);
	encode_number(out, facts->number);
	encode_number(out, facts->count);
	encode_number(out, facts->inputs);
	encode_counts(out, &facts->counts);
	encode_number(out, facts->status);
	encode_number(out, facts->status_never_accepted);
}

const char *part_facts_decode(struct part_facts *facts, struct ds_text bytes)
{
	struct decoding decoding = decoding_of(bytes);

	memset(facts, 0, sizeof *facts);
	facts->version = decode_required_string(&decoding);
	facts->command = decode_required_string(&decoding);
	facts->options = decode_text(&decoding);
	facts->directory = decode_required_string(&decoding);
	facts->number = decode_number_to(&decoding, COUNT_MAX);
	facts->count = decode_number_to(&decoding, COUNT_MAX);
	facts->inputs = decode_number(&decoding);
	decode_counts(&decoding, &facts->counts);
	facts->status = (unsigned)decode_number_to(&decoding, STATUS_MAX);
	facts->status_never_accepted = (unsigned)decode_number_to(&decoding, facts->status);
	if (!decoding_is_done(&decoding))
		return facts_wrong;
	return facts->number && facts->number <= facts->count ? NULL : facts_wrong;
}

/* ---- inputs ---- */

static void encode_starts(struct buffer *out, const struct ds_starts *starts)
{
	encode_number(out, starts->errors_before);
	encode_number(out, (uint64_t)starts->has_first);
	if (!starts->has_first)
		return;
	encode_number(out, starts->first);
	encode_number(out, starts->reach);
	encode_number(out, starts->errors_between);
	encode_number(out, (uint64_t)starts->has_second);
	if (starts->has_second)
		encode_number(out, starts->second);
}

static void decode_starts(struct decoding *bytes, struct ds_starts *starts)
{
	starts->errors_before = decode_number(bytes);
	starts->has_first = decode_bool(bytes);
	if (!starts->has_first)
		return;
	starts->first = decode_number(bytes);
	starts->reach = decode_number(bytes);
	starts->errors_between = decode_number(bytes);
	starts->has_second = decode_bool(bytes);
	if (starts->has_second)
		starts->second = decode_number(bytes);
	if (starts->has_second && starts->second < starts->first)
		bytes->has_failed = true;
}

static void encode_result(struct buffer *out, const struct ds_input_result *result)
{
	encode_number(out, (uint64_t)result->kind);
	encode_string(out, result->name);
	encode_string(out, result->argument);
	encode_string(out, result->host);
	encode_string(out, result->file);
	encode_number(out, (uint64_t)result->outcome);
	encode_string(out, result->recognized);
	encode_string(out, result->advice);
	encode_string(out, result->compression);
	encode_number(out, (uint64_t)result->format);
	encode_string(out, result->encoding);
	encode_number(out, result->size);
	encode_number(out, result->bytes_read);
	encode_number(out, result->has_crc32 ? (uint64_t)result->crc32 + 1 : 0);
	encode_number(out, result->domains);
	encode_number(out, result->disks);
	encode_number(out, result->rejected);
	encode_number(out, result->unselected);
	encode_number(out, result->errors);
	encode_starts(out, &result->starts);
}

static void decoder_result(struct decoding *bytes, struct ds_input_result *result)
{
	uint64_t crc;

	result->kind = (enum ds_input_kind)decode_number_to(bytes, DS_INPUT_MEMBER);
	result->name = decode_required_string(bytes);
	result->argument = decode_required_string(bytes);
	result->host = decode_string(bytes);
	result->file = decode_required_string(bytes);
	result->outcome = (enum ds_outcome)decode_number_to(bytes, DS_OUTCOME_DAMAGED);
	result->recognized = decode_string(bytes);
	result->advice = decode_string(bytes);
	result->compression = decode_required_string(bytes);
	result->format = (enum ds_format)decode_number_to(bytes, DS_FORMAT_SEXPR);
	result->encoding = decode_required_string(bytes);
	result->size = decode_number(bytes);
	result->bytes_read = decode_number(bytes);
	crc = decode_number_to(bytes, (uint64_t)UINT32_MAX + 1);
	result->has_crc32 = crc != 0;
	result->crc32 = crc ? (uint32_t)(crc - 1) : 0;
	result->domains = decode_number(bytes);
	result->disks = decode_number(bytes);
	result->rejected = decode_number(bytes);
	result->unselected = decode_number(bytes);
	result->errors = decode_number(bytes);
	decode_starts(bytes, &result->starts);
}

static void encode_segment(struct buffer *out, const struct ds_segment *segment)
{
	encode_number(out, segment->input);
	encode_number(out, segment->is_first + 2u * segment->is_last + 4u * segment->is_empty);
	encode_number(out, segment->share_from);
	encode_number(out, segment->share_to);
	encode_number(out, segment->from);
	encode_number(out, segment->to);
	encode_number(out, segment->first_line);
	encode_number(out, segment->last_line);
	encode_number(out, segment->begin_offset);
	encode_number(out, segment->begin_line);
	encode_number(out, segment->end_offset);
	encode_number(out, segment->end_line);
	encode_string(out, segment->begin);
	encode_string(out, segment->end);
	encode_string(out, segment->account);
	encode_number(out, segment->truncated);
}

static void decode_segment(struct decoding *bytes, struct ds_segment *segment)
{
	uint64_t flags;

	segment->input = decode_number(bytes);
	flags = decode_number_to(bytes, 7);
	segment->is_first = flags & true;
	segment->is_last = (flags & 2) != 0;
	segment->is_empty = (flags & 4) != 0;
	segment->share_from = decode_number(bytes);
	segment->share_to = decode_number(bytes);
	segment->from = decode_number(bytes);
	segment->to = decode_number(bytes);
	segment->first_line = decode_number(bytes);
	segment->last_line = decode_number(bytes);
	segment->begin_offset = decode_number(bytes);
	segment->begin_line = decode_number(bytes);
	segment->end_offset = decode_number(bytes);
	segment->end_line = decode_number(bytes);
	segment->begin = decode_string(bytes);
	segment->end = decode_string(bytes);
	segment->account = decode_string(bytes);
	segment->truncated = decode_number(bytes);
	if (segment->share_from > segment->share_to || segment->from > segment->to ||
		!segment->begin != !segment->account)
		bytes->has_failed = true;
}

void part_input_encode(struct buffer *out, const struct part_input *input)
{
	encode_result(out, &input->result);
	encode_segment(out, &input->segment);
}

const char *part_input_decode(struct part_input *input, struct decoding *section)
{
	memset(input, 0, sizeof *input);
	decoder_result(section, &input->result);
	decode_segment(section, &input->segment);
	return section->has_failed ? input_wrong : NULL;
}
