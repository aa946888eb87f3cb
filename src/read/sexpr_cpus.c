/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/sexpr_reader.h"
#include "record/buffer.h"
#include "record/text.h"

/*
 * `cpus`, the host's processors that the vcpus may use:
 *   (cpus '0-3,^1')             for all of them, as given to xend;
 *   (cpus ('0-3' '' '2'))       a string for each, as `xm create` gives them;
 *   (cpus ((0 1) () (2)))       a list for each, as xend prints them; an empty one means any
 *                               processor;
 *   (cpus '[0, 1]')             either of these lists as Python prints it, in xend 3.0.4 and 3.1.
 * A host with 24 processors lists 24 times 24 numbers, which are too many for `values`. The lists
 * are therefore read a second time, from their bytes.
 */

/** A set of processors under construction, such as "0-3,5", and the last one that is in it. */
struct set {
	struct buffer text;
	uint64_t last;
	/** The size of the text without the end of its last range. */
	size_t size;
};

/** Adds a processor. Returns false if the value is not a number. */
static bool add_cpu(struct set *set, struct ds_text value)
{
	uint64_t cpu;

	if (!text_unsigned(value, &cpu))
		return false;
	if (set->text.size && cpu == set->last + 1) {
		set->text.size = set->size;
		buffer_byte(&set->text, '-');
		buffer_unsigned(&set->text, cpu);
	} else {
		if (set->text.size)
			buffer_byte(&set->text, ',');
		buffer_unsigned(&set->text, cpu);
		set->size = set->text.size;
	}
	set->last = cpu;
	return true;
}

/** Returns the finished set in the arena, or NULL if it is empty, and begins the next set. */
static struct ds_text finish_set(struct sexpr_reader *reader, struct set *set)
{
	struct ds_text text = {NULL, 0};

	if (set->text.failed)
		reader->state->no_memory = true;
	else if (set->text.size)
		text = builder_text(&reader->state->builder, set->text.data, set->text.size);
	buffer_clear(&set->text, (size_t)64 << 10);
	return text;
}

static void pin(struct sexpr_reader *reader, uint64_t vcpu, struct ds_text cpuset)
{
	struct ds_pin *item;

	if (!text_given(cpuset))
		return;
	item = builder_device(&reader->state->builder, DEVICES_PIN, reader->at);
	item->vcpu = vcpu;
	item->cpuset = cpuset;
}

/** Reads `((0 1) () (2))` or `('0-1' '' '2')`. Returns false for anything else. */
static bool read_rows(struct sexpr_reader *reader, struct set *set)
{
	struct sexpr_lexer lexer = reader->lexer;
	unsigned depth = 0;
	size_t rows = 0;

	lexer.at = reader->at;
	for (;;) {
		struct sexpr_token token;

		sexpr_next(&lexer, &token);
		if (token.kind == SEXPR_OPEN) {
			rows += ++depth == 3;
		} else if (token.kind == SEXPR_CLOSE) {
			if (depth == 3)
				pin(reader, rows - 1, finish_set(reader, set));
			if (!--depth)
				break;
		} else if (token.kind != SEXPR_ATOM && token.kind != SEXPR_STRING) {
			return false;
		} else if (depth == 2) {
			pin(reader, rows++, token.text);
		} else if (depth == 3 ? !add_cpu(set, token.text) : depth > 3) {
			return false;
		}
	}
	reader->cpus_rows = rows;
	return true;
}

/** Reads a list of numbers, or a list of such lists, as Python prints it. Returns false when the
 * text is neither. */
static bool read_python(struct sexpr_reader *reader, struct ds_text text, struct set *set)
{
	bool has_rows = text_starts(text, "[[");
	size_t rows = 0, depth = 0;

	for (size_t i = 0; i < text.size; i++) {
		char byte = text.data[i];
		size_t end = i;

		while (end < text.size && byte_is_digit(text.data[end]))
			end++;
		if (end > i && !add_cpu(set, (struct ds_text){text.data + i, end - i}))
			return false;
		if (end > i) {
			i = end - 1;
		} else if (byte == '[') {
			depth++;
		} else if (byte == ']' && depth) {
			if (has_rows && depth == 2)
				pin(reader, rows++, finish_set(reader, set));
			depth--;
		} else if (byte != ',' && byte != ' ') {
			return false;
		}
	}
	reader->cpus_rows = rows;
	if (!has_rows)
		reader->state->builder.domain.cpuset = finish_set(reader, set);
	return !depth;
}

bool sexpr_read_cpus(struct sexpr_reader *reader, struct ds_text single)
{
	struct builder *builder = &reader->state->builder;
	struct set set = {.last = 0};
	bool is_known = true;

	if (text_starts(single, "["))
		is_known = read_python(reader, single, &set);
	else if (single.data)
		builder->domain.cpuset = single.size ? single : builder->domain.cpuset;
	else
		is_known = read_rows(reader, &set);
	buffer_fini(&set.text);
	if (!is_known)
		builder->devices[DEVICES_PIN].count = 0;
	/* The list was read completely, even if it has too many values for `values`. */
	reader->is_long = false;
	return is_known && (!single.data || reader->value_count < 2);
}

void sexpr_cpus_end(struct sexpr_reader *reader)
{
	struct builder *builder = &reader->state->builder;
	struct builder_vector *vector = &builder->devices[DEVICES_PIN];
	const struct ds_pin *pins = vector->items;

	if (!vector->count || vector->count != reader->cpus_rows ||
		vector->count < builder->domain.vcpus)
		return;
	for (size_t i = 1; i < vector->count; i++)
		if (!text_same(pins[i].cpuset, pins[0].cpuset))
			return;
	builder->domain.cpuset = pins[0].cpuset;
	vector->count = 0;
}

/** Reads the weight of the credit scheduler. Its cap is a loss. */
bool sexpr_read_vcpus_params(struct sexpr_reader *reader, struct ds_text single)
{
	uint64_t number;

	(void)single;
	for (size_t i = 0; i + 1 < reader->value_count; i += 2) {
		struct ds_text name = reader->values[i].text, value = reader->values[i + 1].text;

		if (reader->values[i].depth != 2 ||
			reader->values[i].group != reader->values[i + 1].group)
			return false;
		if (text_is(name, "weight") && text_unsigned(value, &number) && number &&
			number <= INT32_MAX) {
			reader->aliases.cpu_weight = number;
			sexpr_alias_set(reader, FIELD_cpu_weight);
		} else if (text_is(name, "cap")) {
			read_extra(reader->state,
				text_is(value, "0") ? DS_EXTRA_DEFAULT : DS_EXTRA_KNOWN,
				TEXT("vcpus_params/cap"), reader->at, value);
		} else {
			return false;
		}
	}
	return reader->value_count % 2 == 0;
}
