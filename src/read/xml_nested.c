/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_nested.h"

#include "record/array.h"

#include <stdlib.h>

void xml_nested_begin(struct read_state *state)
{
	state->guests.count = 0;
}

static void add(struct read_state *state, size_t at)
{
	struct guest_list *guests = &state->guests;

	size_t *starts =
		array_room(guests->starts, guests->count, &state->guest_capacity, sizeof *starts);

	if (!starts) {
		state->no_memory = true;
		return;
	}
	guests->starts = starts;
	guests->starts[guests->count++] = at;
}

void xml_nested_start(struct xml_nested *nested, struct read_state *state, unsigned depth,
	size_t at, bool is_domain, bool is_child)
{
	struct xml_nested_level *parent;

	if (!nested->levels)
		nested->levels = calloc((size_t)state->limits.depth + 1, sizeof *nested->levels);
	if (!nested->levels) {
		state->no_memory = true;
		return;
	}
	parent = &nested->levels[depth - 1];
	/* Whether the frame's own element is a virtual machine, the reader knows. */
	if (is_child && depth > 2 && parent->is_domain && !parent->is_listed) {
		parent->is_listed = true;
		add(state, parent->at);
	}
	nested->levels[depth] = (struct xml_nested_level){.at = at, .is_domain = is_domain};
}

static int compare(const void *a, const void *b)
{
	size_t left = *(const size_t *)a, right = *(const size_t *)b;

	return (left > right) - (left < right);
}

void xml_nested_end(struct read_state *state)
{
	if (state->guests.count > 1)
		qsort(state->guests.starts, state->guests.count, sizeof *state->guests.starts,
			compare);
}

void xml_nested_fini(struct xml_nested *nested)
{
	free(nested->levels);
}
