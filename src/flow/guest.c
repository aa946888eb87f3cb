/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flow/guest.h"

#include "frame/xml_markup.h"
#include "read/reader.h"
#include "record/text.h"

#include <string.h>

/** Elements that are nested deeper are not examined. */
#define DEPTH_MAX 256

struct walk {
	/** Whether the open elements are called `<domain>`. */
	bool is_domain[DEPTH_MAX];
	size_t depth;
};

/** Handles a tag. Returns whether a virtual machine may have such a child. */
static bool pass_tag(struct walk *walk, const struct tag *tag)
{
	if (tag->closes) {
		walk->depth -= walk->depth > 0;
		return false;
	}
	if (walk->depth && walk->depth <= DEPTH_MAX && walk->is_domain[walk->depth - 1] &&
		xml_has_child(tag->name))
		return true;
	if (tag->is_empty)
		return false;
	if (walk->depth < DEPTH_MAX)
		walk->is_domain[walk->depth] = text_is(tag->name, "domain");
	walk->depth++;
	return false;
}

enum guest guest_find(const struct block *block, size_t at, size_t end)
{
	struct block view = *block;
	struct walk walk = {.depth = 0};
	const char *found;

	view.size = end;
	for (; (found = memchr(view.data + at, '<', end - at));) {
		enum markup markup;
		struct tag tag;
		size_t broken = 0;

		at = (size_t)(found - view.data);
		markup = markup_at(&view, at);
		if (markup == MARKUP_SHORT)
			return GUEST_UNKNOWN;
		if (markup != MARKUP_NONE) {
			at = markup == MARKUP_COMMENT || markup == MARKUP_CDATA ||
					markup == MARKUP_INSTRUCTION
				? markup_end(&view, at, markup, &broken)
				: 0;
			if (!at)
				return GUEST_UNKNOWN;
			continue;
		}
		tag = markup_tag(&view, at);
		if (!tag.end)
			return GUEST_UNKNOWN;
		if (pass_tag(&walk, &tag))
			return GUEST_YES;
		at = tag.end;
		if (!walk.depth)
			return GUEST_NO;
	}
	return GUEST_UNKNOWN;
}
