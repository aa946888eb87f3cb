/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "read/xml_feed.h"

#include "record/scan.h"

#include <string.h>

static const char root[] = "<d>", root_end[] = "</d>";

enum XML_Status xml_feed_begin(struct xml_feed *feed, XML_Parser expat)
{
	feed->expat = expat;
	feed->buffer = NULL;
	feed->filled = feed->given = feed->left_out = feed->before = 0;
	feed->count = feed->passed = 0;
	return XML_Parse(expat, root, XML_FEED_ROOT_SIZE, XML_FALSE);
}

/** Forgets the gaps of what was given, but one at its end: that lies before what comes next. */
static void forget_gaps(struct xml_feed *feed)
{
	size_t last = feed->count;

	feed->passed = feed->count = 0;
	if (last && feed->gaps[last - 1].at == feed->given) {
		feed->before = last > 1 ? feed->gaps[last - 2].left_out : feed->before;
		feed->gaps[feed->count++] = feed->gaps[last - 1];
	} else {
		feed->before = feed->left_out;
	}
}

static void add_gap(struct xml_feed *feed, size_t at, size_t size)
{
	feed->left_out += size;
	feed->gaps[feed->count++] = (struct xml_gap){(uint32_t)at, (uint32_t)feed->left_out};
}

/** Makes sure that there is a buffer to fill. */
static enum XML_Status have_buffer(struct xml_feed *feed)
{
	if (feed->buffer)
		return XML_STATUS_OK;
	/* Up to here expat may have asked for places in what was given last, or found an error there. */
	forget_gaps(feed);
	feed->buffer = XML_GetBuffer(feed->expat, (int)(XML_FEED_SIZE + sizeof root_end));
	return feed->buffer ? XML_STATUS_OK : XML_STATUS_ERROR;
}

static enum XML_Status give_filled(struct xml_feed *feed, int is_final)
{
	enum XML_Status status = XML_ParseBuffer(feed->expat, (int)feed->filled, is_final);

	feed->given += feed->filled;
	feed->filled = 0;
	feed->buffer = NULL;
	return status;
}

/** Gives what is filled, and then bytes in their own place. */
static enum XML_Status give_in_place(struct xml_feed *feed, const char *data, size_t size)
{
	enum XML_Status status = give_filled(feed, XML_FALSE);

	if (status != XML_STATUS_OK)
		return status;
	forget_gaps(feed);
	feed->given += size;
	return XML_Parse(feed->expat, data, (int)size, XML_FALSE);
}

/* ---- gaps ---------------------------------------------------------------------------------------------- */

/** The end of the blanks at `at` when they are a gap, else `at`. */
static size_t any_gap_end(const unsigned char *data, size_t at, size_t size)
{
	size_t end = at;

	/* CR is not left out, for expat makes LF of it. */
	while (end < size && (data[end] == ' ' || data[end] == '\n' || data[end] == '\t'))
		end = scan_indentation(data, end + 1, size);
	return end < size && data[end] == '<' ? end : at;
}

/** The same, where `at` is before the end; most gaps are a line feed and indentation. */
static inline size_t gap_end(const unsigned char *data, size_t at, size_t size)
{
	if (data[at] == '\n') {
		size_t end = scan_indentation(data, at + 1, size);

		if (end < size && data[end] == '<')
			return end;
	}
	return any_gap_end(data, at, size);
}

/** Where the next gap from `at` on begins and ends; both are the end when there is none. */
static size_t find_gap(const unsigned char *data, size_t at, size_t size, size_t *end)
{
	do {
		at = scan_gap(data, at, size, NULL);
		*end = at < size ? gap_end(data, at, size) : size;
	} while (at < size && *end == at);
	return at;
}

/** Fills the buffer without the gaps, up to the end or, when that is too far, up to the last gap. Returns where to go on. */
static size_t fill(struct xml_feed *feed, const unsigned char *data, size_t at, size_t size)
{
	size_t out = feed->filled, border = at;

	while (feed->count < XML_FEED_GAPS) {
		size_t room = XML_FEED_SIZE - out;
		size_t most = size - at < room ? size : at + room;
		size_t blank = scan_gap(data, at, most, (unsigned char *)feed->buffer + out);

		out += blank - at;
		at = blank;
		if (at == most)
			break;
		at = gap_end(data, at, size);
		if (at == blank)
			continue;
		add_gap(feed, feed->given + out, at - blank);
		border = at;
		feed->filled = out;
	}
	if (at != size)
		return border;
	feed->filled = out;
	return at;
}

/* ---- frames -------------------------------------------------------------------------------------------- */

/** Gives bytes that hold nothing but tags and text. */
static enum XML_Status give_plain(struct xml_feed *feed, const char *data, size_t size)
{
	const unsigned char *bytes = (const unsigned char *)data;
	enum XML_Status status = have_buffer(feed);
	size_t at = 0, next, end;

	while (status == XML_STATUS_OK) {
		next = fill(feed, bytes, at, size);
		if (next == size)
			break;
		end = next;
		if (feed->filled) {
			status = give_filled(feed, XML_FALSE);
		} else {
			/* There is nothing to leave out for a long way. */
			end = find_gap(bytes, at, size, &next);
			status = give_in_place(feed, data + at, end - at);
		}
		if (status == XML_STATUS_OK)
			status = have_buffer(feed);
		/* What was given in place ended at a gap. */
		if (next > end)
			add_gap(feed, feed->given, next - end);
		at = next;
	}
	return status;
}

/** Gives bytes as they are. */
static enum XML_Status give_whole(struct xml_feed *feed, const char *data, size_t size)
{
	if (size > XML_FEED_SIZE - feed->filled)
		return give_in_place(feed, data, size);
	if (have_buffer(feed) != XML_STATUS_OK)
		return XML_STATUS_ERROR;
	memcpy(feed->buffer + feed->filled, data, size);
	feed->filled += size;
	return XML_STATUS_OK;
}

enum XML_Status xml_feed_frames(struct xml_feed *feed, const struct frame *frames, size_t count, const char *data)
{
	enum XML_Status status = XML_STATUS_OK;
	size_t at = 0;

	for (size_t i = 0; i < count && status == XML_STATUS_OK; i++) {
		int has_markup = frames[i].has_markup;
		size_t end;

		while (i + 1 < count && frames[i + 1].has_markup == has_markup)
			i++;
		end = frames[i].at + frames[i].size - frames[0].at;
		status = has_markup ? give_whole(feed, data + at, end - at) : give_plain(feed, data + at, end - at);
		at = end;
	}
	if (status != XML_STATUS_OK || have_buffer(feed) != XML_STATUS_OK)
		return XML_STATUS_ERROR;
	memcpy(feed->buffer + feed->filled, root_end, sizeof root_end - 1);
	feed->filled += sizeof root_end - 1;
	return give_filled(feed, XML_TRUE);
}
