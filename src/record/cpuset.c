/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/cpuset.h"

#include "record/text.h"

#include <stdbool.h>
#include <stdio.h>

#define CPUS 4096

struct cpus {
	bool is_in[CPUS];
	size_t end;
};

/** Applies one element between commas: "3", "0-2", "^1". */
static bool apply(struct cpus *cpus, struct ds_text range)
{
	struct ds_text rest, from;
	uint64_t first, last;
	bool is_in = true;

	range = text_trim(range);
	if (range.size && range.data[0] == '^') {
		is_in = false;
		range = text_from(range, 1);
	}
	from = text_split(range, '-', &rest);
	if (!text_unsigned(from, &first) || (rest.data && !text_unsigned(rest, &last)))
		return false;
	if (!rest.data)
		last = first;
	if (last >= CPUS || first > last)
		return false;
	for (uint64_t cpu = first; cpu <= last; cpu++)
		cpus->is_in[cpu] = is_in;
	if (last >= cpus->end)
		cpus->end = (size_t)last + 1;
	return true;
}

static struct ds_text format(struct arena *arena, const struct cpus *cpus)
{
	/* At most every other processor begins a range, of at most 10 bytes with its comma. */
	char *text = arena_alloc(arena, cpus->end * 5 + 16);
	size_t used = 0;

	for (size_t first = 0; text && first < cpus->end; first++) {
		size_t last = first;

		if (!cpus->is_in[first])
			continue;
		while (last + 1 < cpus->end && cpus->is_in[last + 1])
			last++;
		used += (size_t)(first == last
				? snprintf(text + used, 16, "%s%zu", used ? "," : "", first)
				: snprintf(text + used, 16, "%s%zu-%zu", used ? "," : "", first,
					  last));
		first = last;
	}
	return text ? (struct ds_text){text, used} : (struct ds_text){NULL, 0};
}

/** Returns whether the set is one number without leading zeros. Most sets are, and their form is
 * canonical. */
static bool is_canonical(struct ds_text set)
{
	size_t digits = 0;

	while (digits < set.size && byte_is_digit(set.data[digits]))
		digits++;
	return digits == set.size && (digits == 1 || (digits && set.data[0] != '0'));
}

struct ds_text cpuset_canonical(struct arena *arena, struct ds_text set)
{
	struct cpus cpus;
	struct ds_text rest = set;

	if (!text_given(set) || is_canonical(set))
		return set;
	memset(&cpus, 0, sizeof cpus);
	while (rest.data)
		if (!apply(&cpus, text_split(rest, ',', &rest)))
			return set;
	return format(arena, &cpus);
}
