/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_XML_FEED_H
#define READ_XML_FEED_H

#include "frame/block.h"

#include <expat.h>
#include <stdint.h>

/**
 * Gives expat a run of frames as one document, but not the blanks between two tags.
 *
 * A fifth of a domain's XML is indentation, and to expat each line of it is two tokens. A look at sixteen bytes at once
 * finds it at a fiftieth of that cost. What is left out is known, so each place that expat tells becomes one in the
 * frame's own bytes again, and a blank text is not lost either (xml_feed_gap()).
 *
 * `>`, blanks and `<` in this order are the end of one tag or text and the beginning of the next tag: in an attribute a
 * `<` cannot stand. They can be something else in a comment, a section of CDATA or an instruction, and frames that
 * hold any of these (`has_markup`) are given as they are.
 */

/** Bytes that are given at once, at most, unless there is nothing to leave out of more. They end where a tag begins. */
#define XML_FEED_SIZE ((size_t)63 << 10)
#define XML_FEED_GAPS 4096
/** Bytes of the root's start tag, which come before. */
#define XML_FEED_ROOT_SIZE 3

/** Its numbers are small because no domain has more than INT32_MAX bytes, which is the most that expat takes at once. */
struct xml_gap {
	/** Where it was, in the bytes that are given, from the run's first one. */
	uint32_t at;
	/** All that was left out up to there, it included. */
	uint32_t left_out;
};

struct xml_feed {
	XML_Parser expat;
	/** expat's own buffer, and how much of it is filled. */
	char *buffer;
	size_t filled;
	/** Bytes of the run that were given, and that were left out. */
	size_t given, left_out;
	/** The gaps in what is being given, how many of them lie before the place that was asked for last; what
	 * had been left out before the first one. */
	struct xml_gap gaps[XML_FEED_GAPS];
	size_t count, passed, before;
};

/** Begins a document: opens its root. `expat` is fresh, and borrowed until the run ends. Returns what XML_Parse() does. */
enum XML_Status xml_feed_begin(struct xml_feed *feed, XML_Parser expat);

/** Gives `count` frames, what stands between them, and the root's end; the first frame begins at `data`. Returns what
 * XML_Parse() does. */
enum XML_Status xml_feed_frames(struct xml_feed *feed, const struct frame *frames, size_t count, const char *data);

/** Place of the event at hand in what was given, from the first frame's first byte. */
static inline size_t xml_feed_at(const struct xml_feed *feed)
{
	return (size_t)XML_GetCurrentByteIndex(feed->expat) - XML_FEED_ROOT_SIZE;
}

/** The place, from the run's first byte, behind what ends at `at` in what was given. */
static inline size_t xml_feed_end(struct xml_feed *feed, size_t at)
{
	while (feed->passed < feed->count && feed->gaps[feed->passed].at < at)
		feed->passed++;
	return at + (feed->passed ? feed->gaps[feed->passed - 1].left_out : feed->before);
}

/** The place of what begins there. Calls of both must not go backwards. */
static inline size_t xml_feed_place(struct xml_feed *feed, size_t at)
{
	return xml_feed_end(feed, at + 1) - 1;
}

/** Size of what was left out right before what was given at `at`, the place that was asked for last. */
static inline size_t xml_feed_gap(const struct xml_feed *feed, size_t at)
{
	const struct xml_gap *gap = feed->passed ? &feed->gaps[feed->passed - 1] : NULL;

	if (!gap || gap->at != at)
		return 0;
	return gap->left_out - (feed->passed > 1 ? gap[-1].left_out : feed->before);
}

#endif
