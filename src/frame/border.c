/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/border.h"

#include "frame/framer_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- where a border may be ---- */

/** Returns whether the bytes begin with a word and a delimiter, or -1 when there are too few
 * bytes. */
static int begins_with(const char *data, size_t size, const char *word, const char *delimiters)
{
	size_t length = strlen(word);

	if (memcmp(data, word, size < length ? size : length) != 0)
		return 0;
	if (size <= length)
		return -1;
	return data[length] && strchr(delimiters, data[length]);
}

/** Like begins_with(), for the start of a SEXPR domain: its head, blanks, and a list or comment. */
static int begins_sexpr(const char *data, size_t size, const char *head)
{
	int is = begins_with(data, size, head, " \t\r\n\v\f(#");
	size_t at = strlen(head);

	if (is <= 0)
		return is;
	while (at < size && at < BORDER_SCAN_MAX && strchr(" \t\r\n\v\f", data[at]) && data[at])
		at++;
	if (at == BORDER_SCAN_MAX)
		return 0;
	return at == size ? -1 : data[at] == '(' || data[at] == '#';
}

/** Returns whether a domain or document begins here, or -1 when more bytes are needed. */
static int begins(struct border_scan *scan, const char *data, size_t size)
{
	int is;

	scan->is_document = false;
	if (scan->format == DS_FORMAT_SEXPR) {
		if (scan->blanks)
			return 0;
		is = begins_sexpr(data, size, "(domain");
		return is ? is : begins_sexpr(data, size, "(vm");
	}
	is = begins_with(data, size, "<domain", " \t\r\n>/");
	if (is)
		return is;
	is = begins_with(data, size, "<?xml", " \t\r\n");
	scan->is_document = is == 1;
	return is;
}

/** Skips bytes up to the next line. Returns how many were skipped. */
static size_t pass_line(struct border_scan *scan, const char *data, size_t size)
{
	const char *end = memchr(data, '\n', size);

	if (!end)
		return size;
	scan->lines++;
	scan->is_line_start = true;
	scan->blanks = 0;
	return (size_t)(end - data) + 1;
}

size_t border_scan(struct border_scan *scan, const char *data, size_t size, bool is_all,
	bool *is_found)
{
	size_t at = 0;

	*is_found = false;
	while (at < size) {
		int is;

		if (!scan->is_line_start) {
			at += pass_line(scan, data + at, size - at);
			continue;
		}
		if (data[at] == ' ' || data[at] == '\t' || data[at] == '\r') {
			scan->blanks++;
			at++;
			continue;
		}
		is = data[at] == '\n' ? 0 : begins(scan, data + at, size - at);
		*is_found = is == 1;
		if (is == 1 || (is < 0 && !is_all))
			return at;
		scan->is_line_start = false;
	}
	return at;
}

void border_scan_skip(struct border_scan *scan)
{
	scan->is_line_start = false;
}

/* ---- the state at a border ---- */

static bool is_blank_from(const struct block *block, size_t at)
{
	while (at < block->size && frame_is_blank(block->data[at]))
		at++;
	return at == block->size;
}

static bool is_clean(const struct framer *framer, const struct block *block)
{
	return framer->state == FRAMER_OUTSIDE && framer->format != DS_FORMAT_AUTO &&
		framer->start == block->size && framer->pos == block->size &&
		!framer->xml.text_at && !framer->xml.doctype.name && !framer->sexpr.in_comment &&
		framer->xml.depth <= BORDER_DEPTH_MAX;
}

enum ds_status border_settle(struct framer *framer, struct block *block, bool *is_border)
{
	enum ds_status status;

	*is_border = false;
	framer->wake = 0;
	status = framer_scan(framer, block);
	if (status != DS_OK || framer->is_behind)
		return status;
	/* The next bytes are not devices that belong to the closed domain. */
	if (framer->state == FRAMER_CLOSED && !framer->sexpr.is_save_file &&
		!(framer->sexpr.outer && framer->suspect) &&
		is_blank_from(block, framer_at(framer, framer->sexpr.closed_at))) {
		if (sexpr_framer_closed(framer, block) == STEP_NO_MEMORY)
			return DS_NO_MEMORY;
		status = framer_scan(framer, block);
	}
	*is_border = status == DS_OK && is_clean(framer, block);
	if (*is_border)
		framer_gain(framer, framer->pos);
	return status;
}

static void add_hex(struct buffer *out, const char *text)
{
	char digits[4];

	for (; *text; text++) {
		snprintf(digits, sizeof digits, "%02x", (unsigned char)*text);
		buffer_string(out, digits);
	}
}

enum flag {
	FLAG_XML = 1,
	FLAG_RECOGNIZED = 2,
	FLAG_DOCUMENT = 4,
	FLAG_ROOT = 8,
	FLAG_BEGUN = 16,
	/** The remains of a short domain are directly before the border. */
	FLAG_WRECK = 32,
};

/** Flags of an open element. */
enum level_flag { LEVEL_SNAPSHOT = 1, LEVEL_DOMAIN = 2 };

static unsigned flags_of(const struct framer *framer, bool is_document)
{
	/* Whether there was a root only decides whether a declared encoding is still valid. */
	bool has_root = framer->xml.has_root || !framer->xml.encoding[0] || is_document;
	uint64_t here = framer_offset(framer, framer->start);

	return (framer->format == DS_FORMAT_XML ? (unsigned)FLAG_XML : 0) |
		(framer->format_was_recognized ? (unsigned)FLAG_RECOGNIZED : 0) |
		(framer->xml.has_document ? (unsigned)FLAG_DOCUMENT : 0) |
		(has_root ? (unsigned)FLAG_ROOT : 0) |
		(framer->sexpr.has_begun ? (unsigned)FLAG_BEGUN : 0) |
		(framer->wreck_end && framer->wreck_end == here ? (unsigned)FLAG_WRECK : 0);
}

void border_describe(const struct framer *framer, bool is_document, struct buffer *out)
{
	const struct xml_framer *xml = &framer->xml;
	char text[80];

	snprintf(text, sizeof text, "%x/%zx/", flags_of(framer, is_document), framer->sexpr.outer);
	buffer_string(out, text);
	/* A document has its own encoding. */
	add_hex(out, is_document ? "" : xml->encoding);
	buffer_byte(out, '/');
	add_hex(out, xml->first_encoding);
	buffer_byte(out, '/');
	for (size_t i = 0; i < xml->depth; i++) {
		const struct framer_level *level = &xml->levels[i];

		snprintf(text, sizeof text, "%016" PRIx64 "%d", level->name,
			level->is_snapshot * LEVEL_SNAPSHOT + level->has_domain * LEVEL_DOMAIN);
		buffer_string(out, text);
	}
	snprintf(text, sizeof text, "/%d.%d.%" PRIx32 ".%" PRId64, framer->is_damaged,
		framer->is_broken, framer->reported, framer->patience);
	buffer_string(out, text);
}

static int hex_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/** Parses the name of an encoding up to a slash, and skips the slash. */
static bool read_hex(const char **at, char name[MARKUP_ENCODING_SIZE])
{
	size_t size = 0;

	for (; **at != '/'; *at += 2) {
		int high = hex_digit((*at)[0]);
		int low = high < 0 ? -1 : hex_digit((*at)[1]);

		if (low < 0 || size + 1 == MARKUP_ENCODING_SIZE)
			return false;
		name[size++] = (char)(high * 16 + low);
	}
	name[size] = '\0';
	++*at;
	return true;
}

static bool read_levels(struct framer *framer, const char **at)
{
	struct xml_framer *xml = &framer->xml;

	for (xml->depth = 0; **at != '/'; xml->depth++) {
		struct framer_level *level = &xml->levels[xml->depth];
		int flags;

		if (xml->depth == BORDER_DEPTH_MAX || xml->depth == framer->limits.depth)
			return false;
		*level = (struct framer_level){0};
		for (int i = 0; i < 16; i++, ++*at) {
			int digit = hex_digit(**at);

			if (digit < 0)
				return false;
			level->name = level->name << 4 | (unsigned)digit;
		}
		flags = hex_digit(*(*at)++);
		if (flags < 0 || flags > 3)
			return false;
		level->is_snapshot = flags & LEVEL_SNAPSHOT;
		level->has_domain = flags & LEVEL_DOMAIN;
	}
	++*at;
	return true;
}

/** The members that border_join() compares one by one. */
struct tracked {
	int is_damaged, is_broken;
	uint32_t reported;
	int64_t patience;
};

static bool read_tracked(const char *text, struct tracked *tracked)
{
	int used = 0;
	int count = sscanf(text, "%d.%d.%" SCNx32 ".%" SCNd64 "%n", &tracked->is_damaged,
		&tracked->is_broken, &tracked->reported, &tracked->patience, &used);

	return count == 4 && !text[used];
}

bool border_apply(struct framer *framer, const char *text)
{
	struct xml_framer *xml = &framer->xml;
	struct tracked tracked;
	const char *at = text;
	unsigned flags;
	int used = 0;

	if (sscanf(text, "%x/%zx/%n", &flags, &framer->sexpr.outer, &used) != 2 || !used)
		return false;
	at += used;
	if (!read_hex(&at, xml->encoding) || !read_hex(&at, xml->first_encoding) ||
		!read_levels(framer, &at) || !read_tracked(at, &tracked))
		return false;
	framer->format = flags & FLAG_XML ? DS_FORMAT_XML : DS_FORMAT_SEXPR;
	framer->format_was_recognized = flags & FLAG_RECOGNIZED;
	xml->has_document = flags & FLAG_DOCUMENT;
	xml->has_root = flags & FLAG_ROOT;
	framer->sexpr.has_begun = flags & FLAG_BEGUN;
	framer->wreck_end = flags & FLAG_WRECK ? framer_offset(framer, framer->start) : 0;
	framer->is_damaged = tracked.is_damaged != 0;
	framer->is_broken = tracked.is_broken != 0;
	framer->reported = tracked.reported;
	framer->patience = framer->least_patience = tracked.patience;
	framer->gained = framer_offset(framer, framer->start);
	framer->assumed = BORDER_ALL;
	framer->mattered = 0;
	return true;
}

/** The patience that is assumed at a border: what a stream without damage has gained after 16 MiB.
 * It is limited so that a damaged share is read in linear time. */
#define ASSUMED_PATIENCE (PATIENCE_GAIN * ((int64_t)16 << 20))

void border_assume(struct framer *framer, const struct framer *head, bool is_document)
{
	framer->format = head->format;
	framer->format_was_recognized = head->format_was_recognized;
	framer->sexpr.outer = head->sexpr.outer;
	framer->sexpr.has_begun = head->sexpr.has_begun;
	memcpy(framer->xml.encoding, head->xml.encoding, sizeof framer->xml.encoding);
	memcpy(framer->xml.first_encoding, head->xml.first_encoding,
		sizeof framer->xml.first_encoding);
	framer->xml.has_document = head->xml.has_document;
	framer->xml.has_root = true;
	/* Documents follow each other only after they were closed. */
	framer->xml.depth = is_document ? 0 : head->xml.depth;
	memcpy(framer->xml.levels, head->xml.levels,
		framer->xml.depth * sizeof *framer->xml.levels);
	framer->patience = framer->least_patience = ASSUMED_PATIENCE;
	framer->gained = framer_offset(framer, framer->start);
	framer->assumed = BORDER_ALL;
}

void border_account(const struct framer *framer, struct buffer *out)
{
	char text[80];

	snprintf(text, sizeof text, "%u.%u.%" PRId64, framer->assumed, framer->mattered,
		framer->least_patience);
	buffer_string(out, text);
}

/** Returns the members after the last slash, or NULL if the text is not a description. */
static const char *tracked_of(const char *text)
{
	const char *slash = strrchr(text, '/');

	return slash ? slash + 1 : NULL;
}

static bool have_same_surroundings(const char *one, const char *other)
{
	size_t size = (size_t)(tracked_of(one) - one);

	return size == (size_t)(tracked_of(other) - other) && memcmp(one, other, size) == 0;
}

/** Computes the true description of the end of a run from the description that it wrote: members
 * that still have the assumed value get the true one. */
static void resolve(const struct tracked *truth, const struct tracked *begin, unsigned assumed,
	const char *end, const struct tracked *written, char *next)
{
	size_t size = (size_t)(tracked_of(end) - end);
	struct tracked out = *written;

	if (assumed & BORDER_DAMAGED)
		out.is_damaged = truth->is_damaged;
	if (assumed & BORDER_BROKEN)
		out.is_broken = truth->is_broken;
	if (assumed & BORDER_REPORTED)
		out.reported = truth->reported;
	if (assumed & BORDER_PATIENCE)
		out.patience -= begin->patience - truth->patience;
	snprintf(next, BORDER_TEXT_SIZE, "%.*s%d.%d.%" PRIx32 ".%" PRId64, (int)size, end,
		out.is_damaged, out.is_broken, out.reported, out.patience);
}

bool border_join(const char *truth, const char *begin, const char *account, const char *end,
	char *next)
{
	struct tracked is, was_assumed, written;
	unsigned assumed, mattered;
	int64_t least;

	if (!tracked_of(truth) || !tracked_of(begin) || !tracked_of(end) ||
		!read_tracked(tracked_of(truth), &is) ||
		!read_tracked(tracked_of(begin), &was_assumed) ||
		!read_tracked(tracked_of(end), &written) ||
		sscanf(account, "%u.%u.%" SCNd64, &assumed, &mattered, &least) != 3)
		return false;
	if (!have_same_surroundings(truth, begin))
		return false;
	if ((mattered & BORDER_DAMAGED && is.is_damaged != was_assumed.is_damaged) ||
		(mattered & BORDER_BROKEN && is.is_broken != was_assumed.is_broken) ||
		(mattered & BORDER_REPORTED && is.reported != was_assumed.reported))
		return false;
	/* Another patience makes no difference if it was never used up, neither the assumed nor the
	 * true one. */
	if (is.patience != was_assumed.patience &&
		(least < 0 || least < was_assumed.patience - is.patience))
		return false;
	resolve(&is, &was_assumed, assumed, end, &written, next);
	return strlen(next) + 1 < BORDER_TEXT_SIZE;
}

/** Notes that the innermost element of `next` has a domain, if that of `end` has one, which was
 * read after the border. The flags of an element are the digit before the last slash. */
static void add_domain(const char *end, char *next)
{
	const char *flags = tracked_of(end) - 2;
	char *next_flags = next + (tracked_of(next) - next) - 2;

	if (hex_digit(*flags) >= 0 && hex_digit(*flags) & LEVEL_DOMAIN &&
		hex_digit(*next_flags) >= 0)
		*next_flags = (char)('0' + (hex_digit(*next_flags) | LEVEL_DOMAIN));
}

void border_predict(const char *truth, const char *begin, const char *account, const char *end,
	char *next)
{
	struct tracked is, was_assumed, written;
	unsigned assumed;

	snprintf(next, BORDER_TEXT_SIZE, "%s", end);
	if (!tracked_of(truth) || !tracked_of(begin) || !tracked_of(end) ||
		!read_tracked(tracked_of(truth), &is) ||
		!read_tracked(tracked_of(begin), &was_assumed) ||
		!read_tracked(tracked_of(end), &written) || sscanf(account, "%u.", &assumed) != 1)
		return;
	if (have_same_surroundings(begin, end)) {
		resolve(&is, &was_assumed, assumed, truth, &written, next);
		add_domain(end, next);
	}
}
