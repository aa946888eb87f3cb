/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/guest.h"

#include "frame/xml_markup.h"
#include "read/reader.h"
#include "record/array.h"
#include "record/text.h"

#include <stdlib.h>
#include <string.h>

/** An open element. */
struct level {
	/** Where it begins, and how many virtual machines were found before it. */
	size_t at, before;
	bool is_domain, is_guest;
};

struct walk {
	/** The open elements, outermost first. There is memory for `max` of them; deeper ones are
	 * only counted. */
	struct level *levels;
	size_t depth, max;
	/** The number of open elements that are virtual machines. */
	size_t guest_depth;
	struct guest_list *guests;
	size_t capacity;
	bool no_memory;
};

static void add_guest(struct walk *walk, size_t at)
{
	struct guest_list *guests = walk->guests;
	size_t *starts = array_room(guests->starts, guests->count, &walk->capacity, sizeof *starts);

	walk->no_memory |= !starts;
	if (!starts)
		return;
	guests->starts = starts;
	starts[guests->count++] = at;
}

static void close_level(struct walk *walk)
{
	if (!walk->depth)
		return;
	walk->depth--;
	if (walk->depth < walk->max && walk->levels[walk->depth].is_guest)
		walk->guest_depth--;
}

/** Notes that the innermost open element is a virtual machine, because it has a child that libvirt
 * defines. Virtual machines inside another one are part of it and not in the list. */
static void note_guest(struct walk *walk)
{
	struct level *level = &walk->levels[walk->depth - 1];

	level->is_guest = true;
	walk->guest_depth++;
	if (walk->guest_depth > 1)
		return;
	walk->guests->count = level->before;
	add_guest(walk, level->at);
}

static void open_level(struct walk *walk, bool is_domain, size_t at)
{
	if (walk->depth < walk->max)
		walk->levels[walk->depth] = (struct level){.at = at,
			.before = walk->guests->count,
			.is_domain = is_domain};
	walk->depth++;
}

static void pass_tag(struct walk *walk, const struct markup_tag *tag, size_t at)
{
	const struct level *parent =
		walk->depth && walk->depth <= walk->max ? &walk->levels[walk->depth - 1] : NULL;
	bool is_domain = text_is(tag->name, "domain");

	if (tag->closes) {
		close_level(walk);
		return;
	}
	if (parent && parent->is_domain && !parent->is_guest && !is_domain &&
		xml_has_child(tag->name))
		note_guest(walk);
	if (!tag->is_empty)
		open_level(walk, is_domain, at);
}

/** Returns the position after the markup at `at`, or 0 if it does not end in these bytes, or if the
 * walk is done. */
static size_t pass_markup(struct walk *walk, const struct block *view, size_t begin, size_t at)
{
	enum markup markup = markup_at(view, at);
	size_t broken;
	struct markup_tag tag;

	if (markup == MARKUP_COMMENT || markup == MARKUP_CDATA || markup == MARKUP_INSTRUCTION)
		return markup_end(view, at, markup, &broken);
	if (markup != MARKUP_NONE)
		return 0;
	tag = markup_tag(view, at);
	if (!tag.end)
		return 0;
	pass_tag(walk, &tag, at - begin);
	if (walk->no_memory || !walk->depth || walk->levels[0].is_guest)
		return 0;
	return tag.end;
}

/** Returns whether the first tag is followed by one that may begin a child. */
static bool may_have_child(const struct block *block, size_t at, size_t end)
{
	const char *next = memchr(block->data + at + 1, '<', end - at - 1);

	return next && (next + 1 == block->data + end || next[1] != '/');
}

bool guest_find(const struct block *block, size_t at, size_t end, unsigned depth,
	struct guest_list *guests)
{
	struct walk walk = {.guests = guests, .max = depth};
	struct block view = *block;
	size_t begin = at;

	*guests = (struct guest_list){NULL, 0};
	if (at == end || !may_have_child(block, at, end))
		return true;
	walk.levels = malloc(depth * sizeof *walk.levels);
	if (!walk.levels)
		return false;
	view.size = end;
	for (;;) {
		const char *found = memchr(view.data + at, '<', end - at);

		at = found ? pass_markup(&walk, &view, begin, (size_t)(found - view.data)) : 0;
		if (!at)
			break;
	}
	free(walk.levels);
	return !walk.no_memory;
}
