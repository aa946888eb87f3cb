/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/sexpr_reader.h"

#include "record/text.h"

#include <inttypes.h>
#include <stdio.h>

/*
 * `cpus`, the host's processors that the vcpus may use:
 *   (cpus '0-3,^1')             for all of them, as given to xend;
 *   (cpus ('0-3' '' '2'))       a string for each, as `xm create` gives them;
 *   (cpus ((0 1) () (2)))       a list for each, as xend prints them; an empty one means any processor.
 */

#define SET_SIZE 1024

/** Appends a range: "0-3,5". Returns `SET_SIZE` when there is no room. */
static size_t add_range(char text[SET_SIZE], size_t used, uint64_t first, uint64_t last)
{
	const char *comma = used ? "," : "";
	int more;

	if (first == last)
		more = snprintf(text + used, SET_SIZE - used, "%s%" PRIu64, comma, first);
	else
		more = snprintf(text + used, SET_SIZE - used, "%s%" PRIu64 "-%" PRIu64, comma, first, last);
	return more < 0 || (size_t)more >= SET_SIZE - used ? SET_SIZE : used + (size_t)more;
}

/** `(0 1 2 5)` as "0-2,5". Returns 0 when that is no list of numbers, or too long. */
static int format_set(const struct sexpr_value *values, size_t count, char text[SET_SIZE])
{
	uint64_t first = 0, last = 0;
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t cpu;

		if (!text_unsigned(values[i].text, &cpu))
			return 0;
		if (i && cpu == last + 1) {
			last = cpu;
			continue;
		}
		if (i)
			used = add_range(text, used, first, last);
		if (used == SET_SIZE)
			return 0;
		first = last = cpu;
	}
	return add_range(text, used, first, last) < SET_SIZE;
}

static void pin(struct sexpr_reader *reader, size_t at, uint64_t vcpu, struct ds_text cpuset)
{
	struct ds_pin *item;

	if (!text_given(cpuset))
		return;
	item = builder_pin(&reader->state->builder, at);
	item->vcpu = vcpu;
	item->cpuset = cpuset;
}

/** One string a vcpu. */
static int read_strings(struct sexpr_reader *reader, size_t at)
{
	for (size_t i = 0; i < reader->value_count; i++) {
		if (reader->values[i].depth != 1)
			return 0;
		pin(reader, at, i, reader->values[i].text);
	}
	return 1;
}

/** One list a vcpu. */
static int read_lists(struct sexpr_reader *reader, size_t at)
{
	char text[SET_SIZE];

	for (size_t from = 0, end; from < reader->value_count; from = end) {
		const struct sexpr_value *first = &reader->values[from];

		for (end = from; end < reader->value_count && reader->values[end].group == first->group; end++)
			if (reader->values[end].depth != 2)
				return 0;
		if (!format_set(first, end - from, text))
			return 0;
		pin(reader, at, first->group - 1, builder_text(&reader->state->builder, text, strlen(text)));
	}
	return 1;
}

/** When every vcpu has the same set, that is the domain's. */
static void join_pins(struct builder *builder, size_t vcpus)
{
	const struct ds_pin *pins = builder->pins.items;

	if (!builder->pins.count || builder->pins.count != vcpus)
		return;
	for (size_t i = 1; i < builder->pins.count; i++)
		if (!text_same(pins[i].cpuset, pins[0].cpuset))
			return;
	builder->domain.cpuset = pins[0].cpuset;
	builder->pins.count = 0;
}

int sexpr_cpus(struct sexpr_reader *reader, size_t at)
{
	struct builder *builder = &reader->state->builder;
	struct ds_text single = sexpr_single(reader);
	size_t lists = reader->groups[1];

	if (reader->is_long || builder->domain.cpuset.data || builder->pins.count)
		return 0;
	if (single.data) {
		builder->domain.cpuset = single.size ? single : builder->domain.cpuset;
		return reader->value_count < 2;
	}
	if (!(lists ? read_lists(reader, at) : read_strings(reader, at))) {
		builder->pins.count = 0;
		return 0;
	}
	join_pins(builder, lists ? lists : reader->value_count);
	return 1;
}
