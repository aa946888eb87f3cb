/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/framer_private.h"
#include "record/scan.h"

#include <string.h>

/*
 * The SEXPR framer (grammar: xend's sxp.py, see read/sexpr_lexer.h).
 *
 * Inside a domain four things matter: parentheses, strings, comments, and where a token begins,
 * because a quote opens a string only there. A dump that was truncated inside a domain has the next
 * one nested in it. Among the lists of a domain, `(domain (…` or `(vm (…` is the next domain: no
 * producer writes it there (pci devices hold `(domain 0x0000)`, which is not followed by a list).
 * If the present domain is closed nevertheless, a later one has a parenthesis too many.
 *
 * Strings are trusted. But a lost quote exchanges the inside and the outside of strings up to the
 * next quote. If a string contains text that looks like a domain, the rest of the frame must
 * therefore be quoted strictly: each closing quote is followed by a blank, parenthesis or comment,
 * and there are no other quotes. If it is not, or if the string does not end, a quote was lost, and
 * the frame ends where the other domain begins. It also ends there if the next domain directly
 * follows such a string, because then two domains were truncated after a quote.
 *
 * A domain that begins a line can be framed without scanning its lists: it ends before the next
 * line that begins a domain, unless it is broken, which its reader detects (guess_end()). That line
 * must not be in a string, so all strings before it have to be quoted strictly. An outer list must
 * begin a line too, or be at the beginning of the stream. In an outer list, domains need no lines
 * of their own, and the end of the list may close a broken domain.
 */

/** Returns whether the byte is white space for the lexer, as for sxp.py, or NUL, which also ends an
 * atom. */
static bool is_space(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r') || byte == '\0';
}

/** Returns whether `string` begins at `at`, or -1 when there are too few bytes. The second byte is
 * compared first, because it nearly always decides. */
static inline int matches_at(const struct block *block, size_t at, const char *string)
{
	size_t size = strlen(string);
	size_t there = block->size - at;

	if (there > 1 && block->data[at + 1] != string[1])
		return 0;
	if (there >= size)
		return memcmp(block->data + at, string, size) == 0;
	return memcmp(block->data + at, string, there) == 0 ? -1 : 0;
}

/** Returns whether a list with this head, followed by blanks, begins at `at`, or -1 when more bytes
 * are needed. Sets `*after` to the position after the blanks. */
static inline int list_at(const struct block *block, size_t at, const char *head, size_t *after)
{
	int match = matches_at(block, at, head);
	size_t i = at + strlen(head);

	if (match <= 0)
		return match;
	while (i < block->size && is_space(block->data[i]))
		i++;
	*after = i;
	if (i == block->size)
		return -1;
	return i > at + strlen(head) || block->data[i] == '(' || block->data[i] == ')' ||
		block->data[i] == '#';
}

/** Like list_at(), for a list that may be a domain. */
static int domain_at(const struct block *block, size_t at, size_t *after)
{
	if (block->size - at > 1 && block->data[at + 1] == 'v')
		return list_at(block, at, "(vm", after);
	return list_at(block, at, "(domain", after);
}

int sexpr_framer_domain_begins(const struct block *block, size_t at)
{
	size_t after = 0;
	int match = domain_at(block, at, &after);

	if (match <= 0)
		return match;
	return block->data[after] == '(' || block->data[after] == '#';
}

/* ---- inside a domain ---- */

/** Records that the frame may end before the text at this stream offset, which looks like a
 * domain. */
static void blame(struct framer *framer, uint64_t offset)
{
	if (offset && (!framer->suspect || offset < framer->suspect))
		framer->suspect = offset;
}

/** Returns whether only white space is between the last string and `end`. */
static bool follows_string(const struct framer *framer, const struct block *block, size_t end)
{
	size_t at = framer_at(framer, framer->sexpr.quote_end);

	while (at < end && is_space(block->data[at]))
		at++;
	return at == end;
}

void sexpr_framer_blame(struct framer *framer, const struct block *block, size_t end)
{
	if (framer->sexpr.string_is_suspect &&
		(framer->sexpr.quote || follows_string(framer, block, end)))
		blame(framer, framer->sexpr.in_string);
}

/** Ends the frame, because the next domain begins at `next`, among the lists of this one. */
static enum framer_step broken_by(struct framer *framer, struct block *block, size_t next)
{
	if (framer->sexpr.closes_early)
		return sexpr_framer_closed(framer, block);
	/* A domain that began on the line of the broken one comes first. */
	framer_suspects(framer, next);
	sexpr_framer_blame(framer, block, next);
	return framer_broken(framer, block, DAMAGE_NOT_CLOSED, next, next);
}

/** Ends the frame, because a quote was lost: the text in a string that looks like a domain is
 * one. */
static enum framer_step broken_string(struct framer *framer, struct block *block)
{
	if (framer->sexpr.closes_early)
		return sexpr_framer_closed(framer, block);
	blame(framer, framer->sexpr.in_string);
	return framer_broken(framer, block, DAMAGE_STRING, framer->pos, framer->pos);
}

/** Searches from `at` to `end` for text that looks like a domain. Returns `end` if none is found.
 * Sets `*is_short` when more bytes are needed to decide at the returned position. */
static size_t find_domain(const struct block *block, size_t at, size_t end, bool *is_short)
{
	*is_short = false;
	for (; at < end; at++) {
		const char *found = memchr(block->data + at, '(', end - at);
		int begins;

		if (!found)
			return end;
		at = (size_t)(found - block->data);
		begins = sexpr_framer_domain_begins(block, at);
		*is_short = begins < 0;
		if (begins)
			return at;
	}
	return end;
}

/** Returns whether the byte may delimit a strictly quoted token. */
static bool is_delimiter(char byte)
{
	return is_space(byte) || byte == '(' || byte == ')' || byte == '#';
}

/** Skips bytes of a string up to `end`. Returns false when more bytes are needed. */
static bool pass_content(struct framer *framer, const struct block *block, size_t end)
{
	struct sexpr_framer *sexpr = &framer->sexpr;
	bool is_short = false;
	size_t at =
		sexpr->string_is_suspect ? end : find_domain(block, framer->pos, end, &is_short);

	framer->pos = at;
	if (is_short)
		return false;
	/* If there are several strings, the last one counts. */
	if (at < end) {
		sexpr->in_string = framer_offset(framer, at);
		sexpr->string_is_suspect = true;
	}
	framer->pos = end;
	return true;
}

/** Skips a string up to its end, or an escape in it. */
static enum framer_step pass_string(struct framer *framer, struct block *block)
{
	size_t size = block->size;
	size_t at = scan_string((const unsigned char *)block->data, framer->pos, size,
		framer->sexpr.quote);

	if (!pass_content(framer, block, at))
		return STEP_MORE;
	if (framer->sexpr.in_string && framer->patience < 0)
		return broken_string(framer, block);
	/* The byte after the quote or backslash must be known. */
	if (at == size || (size - at == 1 && (framer->sexpr.in_string || block->data[at] == '\\')))
		return STEP_MORE;
	if (block->data[at] == '\\') {
		/* The present domain may have been truncated after a backslash, so that a domain
		 * begins here. */
		framer->pos = at + 1 + (block->data[at + 1] != '(');
		return STEP_ON;
	}
	if (framer->sexpr.in_string && !is_delimiter(block->data[at + 1]))
		return broken_string(framer, block);
	framer->sexpr.quote = 0;
	framer->pos = at + 1;
	framer->sexpr.quote_end = framer_offset(framer, framer->pos);
	return STEP_ON;
}

/** Returns whether only blanks and `#` precede `at` in its line. */
static bool begins_line(const struct framer *framer, const struct block *block, size_t at)
{
	while (at > framer->start &&
		(block->data[at - 1] == ' ' || block->data[at - 1] == '\t' ||
			block->data[at - 1] == '#'))
		at--;
	return at == framer->start || block->data[at - 1] == '\n';
}

/** The number of bytes of a comment that are scanned in one step. */
#define COMMENT_STEP ((size_t)4 << 10)

/** Skips a comment. A corrupt byte may begin one, which hides the rest of the line; only a domain
 * in a comment on a line of its own was hidden on purpose. Outside of domains, that is assumed only
 * if the line is damaged; then the comment ends where a domain begins. It also ends at a run of NUL
 * bytes, which may have replaced domains. */
static enum framer_step pass_comment(struct framer *framer, struct block *block)
{
	size_t pos = framer->pos;
	size_t size = block->size - pos > COMMENT_STEP ? pos + COMMENT_STEP : block->size;
	const char *end = memchr(block->data + pos, '\n', size - pos);
	size_t at = end ? (size_t)(end - block->data) : size;
	bool is_inside = framer->state == FRAMER_INSIDE;
	const char *hole = is_inside ? NULL : memchr(block->data + pos, 0, at - pos);

	if (hole) {
		end = hole;
		at = (size_t)(hole - block->data);
	}
	while ((is_inside ? !framer->suspect : framer->sexpr.comment_is_suspect) &&
		framer->pos < at) {
		bool is_short;
		size_t domain = find_domain(block, framer->pos, at, &is_short);

		framer->pos = domain;
		if (is_short)
			return STEP_MORE;
		if (domain == at)
			break;
		if (!is_inside) {
			framer->sexpr.in_comment = false;
			return STEP_ON;
		}
		if (!begins_line(framer, block, domain) && framer_suspects(framer, domain))
			return broken_by(framer, block, domain);
		framer->pos = domain + 1;
	}
	framer->pos = at;
	if (!end)
		return size < block->size ? STEP_ON : STEP_MORE;
	framer->sexpr.in_comment = false;
	return STEP_ON;
}

/** Returns whether a string may begin at `at`, which is not the case inside an atom. */
static bool begins_token(const struct framer *framer, const struct block *block, size_t at)
{
	char before = block->data[at - 1];

	return is_space(before) || before == '(' || before == ')' ||
		framer->base + at == framer->sexpr.quote_end;
}

static enum framer_step open_list(struct framer *framer, struct block *block, size_t at)
{
	int begins;

	framer->pos = at;
	if (framer->sexpr.lists && block->size - at < 3)
		return STEP_MORE;
	if (framer->sexpr.lists && (block->data[at + 1] == 'd' || block->data[at + 1] == 'v') &&
		block->data[at + 2] != 'e') {
		begins = sexpr_framer_domain_begins(block, at);
		if (begins < 0)
			return STEP_MORE;
		if (begins)
			return broken_by(framer, block, at);
	}
	framer->sexpr.lists++;
	framer->pos = at + 1;
	return STEP_ON;
}

static enum framer_step close_list(struct framer *framer, struct block *block, size_t at)
{
	framer->pos = at + 1;
	if (--framer->sexpr.lists)
		return STEP_ON;
	if (framer->sexpr.closes_early)
		return framer_domain(framer, block, framer->pos);
	framer->sexpr.closed_at = framer_offset(framer, framer->pos);
	framer->state = FRAMER_CLOSED;
	return STEP_ON;
}

/** Skips the parentheses that have no special meaning, which are nearly all. Returns the position
 * of the first byte that may have one: `(do…`, `(vm…`, the domain's last parenthesis, a quote or
 * comment, or a byte that is too near to the end. */
static size_t pass_lists(struct framer *framer, const unsigned char *data, size_t at, size_t size)
{
	unsigned lists = framer->sexpr.lists;

	for (;;) {
		at = scan_find(data, at, size, scan_structure);
		if (at + 3 > size)
			break;
		if (data[at] == '(' && lists &&
			((data[at + 1] != 'd' && data[at + 1] != 'v') ||
				(data[at + 2] != 'o' && data[at + 2] != 'm')))
			lists++;
		else if (data[at] == ')' && lists > 1)
			lists--;
		else
			break;
		at++;
	}
	framer->sexpr.lists = lists;
	return at;
}

static enum framer_step step_inside(struct framer *framer, struct block *block)
{
	const unsigned char *data = (const unsigned char *)block->data;
	enum framer_step step = STEP_ON;

	if (framer->sexpr.quote)
		return pass_string(framer, block);
	if (framer->sexpr.in_comment)
		return pass_comment(framer, block);
	while (step == STEP_ON && framer->state == FRAMER_INSIDE) {
		size_t at = pass_lists(framer, data, framer->pos, block->size);

		framer->pos = at;
		if (at == block->size)
			return STEP_MORE;
		switch (data[at]) {
		case '(':
			step = open_list(framer, block, at);
			break;
		case ')':
			step = close_list(framer, block, at);
			break;
		case '#':
			framer->sexpr.in_comment = true;
			return STEP_ON;
		default:
			if (!begins_token(framer, block, at)) {
				if (framer->sexpr.in_string)
					return broken_string(framer, block);
				framer->pos = at + 1;
				break;
			}
			framer->pos = at + 1;
			framer->sexpr.quote = (char)data[at];
			framer->sexpr.string_is_suspect = false;
			return STEP_ON;
		}
	}
	return step;
}

enum framer_step sexpr_framer_closed(struct framer *framer, struct block *block)
{
	size_t end = framer_at(framer, framer->sexpr.closed_at);

	if (framer->pos > end)
		framer_spend(framer, framer->pos, framer->pos - end);
	framer->sexpr.closes_early = false;
	return framer_domain(framer, block, end);
}

/** Returns whether the domain that has closed contains devices. */
static bool has_devices(const struct framer *framer, const struct block *block, size_t end)
{
	for (size_t at = framer->start; at < end; at++) {
		const char *found = memchr(block->data + at, '(', end - at);

		if (!found)
			return false;
		at = (size_t)(found - block->data);
		if (matches_at(block, at, "(device") == 1 && is_delimiter(block->data[at + 7]))
			return true;
	}
	return false;
}

/** Returns whether an outer list begins at `at`, or -1 when more bytes are needed. */
static int outer_begins(const struct block *block, size_t at)
{
	if (block->data[at] != '(')
		return 0;
	for (at++; at < block->size; at++)
		if (!is_space(block->data[at]))
			return block->data[at] == '(';
	return -1;
}

/** Handles what follows a domain that has closed in an outer list, if a comment in the domain hides
 * text that looks like another one. If the input ends or another outer list begins there, the
 * domain's last parenthesis was that of the outer list, so the comment hides its true end. */
static enum framer_step step_closed_in_list(struct framer *framer, struct block *block, size_t end)
{
	size_t at = end;
	int match;

	while (at < block->size && is_space(block->data[at]))
		at++;
	match = at == block->size ? -1 : outer_begins(block, at);
	if (match < 0)
		return STEP_MORE;
	if (match)
		return framer_broken(framer, block, DAMAGE_NOT_CLOSED, end, end);
	return framer_domain(framer, block, end);
}

/** Handles what follows a domain that has closed. If it contains no devices, devices directly after
 * it belong to it, and another parenthesis will close it. Every release of xl prints PV guests in
 * this way (xl_sxp.c closes `(linux 0)` at once). */
static enum framer_step step_closed(struct framer *framer, struct block *block)
{
	size_t end = framer_at(framer, framer->sexpr.closed_at);
	size_t at = end, after;
	int match;

	if (framer->sexpr.is_save_file) {
		framer->sexpr.is_save_file = false;
		framer_domain(framer, block, end);
		framer->state = FRAMER_DONE;
		return STEP_ON;
	}
	if (framer->sexpr.outer && framer->suspect)
		return step_closed_in_list(framer, block, end);
	if (framer->sexpr.outer)
		return framer_domain(framer, block, end);
	while (at < block->size && frame_is_blank(block->data[at]))
		at++;
	match = at == block->size ? -1 : list_at(block, at, "(device", &after);
	if (match < 0)
		return STEP_MORE;
	if (!match || framer->patience < 0 || has_devices(framer, block, end))
		return framer_domain(framer, block, end);
	framer->state = FRAMER_INSIDE;
	framer->sexpr.closes_early = true;
	framer->sexpr.lists = 1;
	framer->pos = at;
	return STEP_ON;
}

/* ---- outside a domain ---- */

static enum framer_step refuse_stray(struct framer *framer, enum framer_damage damage)
{
	return framer_refuse(framer, FRAME_STRAY, damage, framer->pos, framer->pos + 1);
}

/** Returns whether all strings between two positions are quoted strictly, and there are no
 * comments. The last byte is a parenthesis. A quote outside of any list opens no string, so what
 * looks like a string may be the bytes between two strings; what looks like a domain in it may then
 * be one, so this counts as not strict. */
static bool is_quoted_strictly(const struct block *block, size_t at, size_t end)
{
	const unsigned char *data = (const unsigned char *)block->data;
	bool is_short;

	for (;;) {
		size_t open = at = scan_find(data, at, end, scan_quote);
		char quote = block->data[at];

		if (at == end)
			return true;
		if (quote == '#' || !is_delimiter(block->data[at - 1]))
			return false;
		for (at = scan_string(data, at + 1, end, quote); at < end && data[at] == '\\';)
			at = scan_string(data, at + 2, end, quote);
		if (at >= end || !is_delimiter(block->data[at + 1]) ||
			find_domain(block, open, at, &is_short) < at)
			return false;
		at++;
	}
}

/**
 * Predicts where a domain that begins a line ends: before the next line that begins a domain,
 * whatever is between them, unless the domain is broken. Its lists are not scanned here, because a
 * single thread does this for all; the reader finds out whether it is exactly one domain, and if
 * not, framer_reframe() reframes it. Returns the end, or 0 if it cannot be predicted. Sets `*next`
 * to the beginning of the next domain, `*lines` lines later.
 */
static size_t guess_end(const struct framer *framer, const struct block *block, size_t *next,
	size_t *lines)
{
	const unsigned char *data = (const unsigned char *)block->data;
	size_t size = block->size, end;

	*next = end = scan_line_list(data, framer->pos + 1, size);
	if (end == size || end - framer->pos > framer->limits.domain_size ||
		sexpr_framer_domain_begins(block, end) != 1)
		return 0;
	*lines = scan_lines(data + framer->pos, end - framer->pos);
	while (frame_is_blank(block->data[end - 1]))
		end--;
	return block->data[end - 1] == ')' && is_quoted_strictly(block, framer->pos, end) ? end : 0;
}

static enum framer_step open_domain(struct framer *framer, struct block *block)
{
	size_t end = 0, next, lines;

	framer_gain(framer, framer->pos);
	if (!framer->sexpr.outer && framer_place(framer, block, framer->pos).column == 1) {
		framer->patience = LINE_PATIENCE;
		framer->assumed &= ~(unsigned)BORDER_PATIENCE;
		framer->wreck_end = 0;
		if (framer->may_guess && !framer->sexpr.is_save_file)
			end = guess_end(framer, block, &next, &lines);
	}
	if (end)
		return framer_guess(framer, block, end, next, lines);
	framer->state = FRAMER_INSIDE;
	framer->sexpr.lists = 0;
	return STEP_ON;
}

static enum framer_step open_outside(struct framer *framer, struct block *block)
{
	size_t at = framer->pos + 1;
	size_t after;
	int match;

	while (at < block->size && block->data[at] && is_space(block->data[at]))
		at++;
	if (at == block->size)
		return STEP_MORE;
	if (block->data[at] == '(' || !block->data[at]) {
		if (!framer->sexpr.outer && framer->sexpr.has_begun &&
			framer_place(framer, block, framer->pos).column != 1)
			return refuse_stray(framer, DAMAGE_LIST);
		/* Damage before the outer list does not affect whether it is closed. */
		if (!framer->sexpr.outer++)
			framer_set_damaged(framer, false);
		framer->pos = framer->start = at;
		return STEP_ON;
	}
	if (block->data[at] == ')') {
		framer->pos = framer->start = at + 1;
		return STEP_ON;
	}
	match = domain_at(block, framer->pos, &after);
	if (match)
		return match < 0 ? STEP_MORE : open_domain(framer, block);
	match = matches_at(block, framer->pos, "(xend.err");
	if (match < 0)
		return STEP_MORE;
	return refuse_stray(framer, match ? DAMAGE_XEND_ERROR : DAMAGE_LIST);
}

static enum framer_step close_outside(struct framer *framer)
{
	if (!framer->sexpr.outer)
		return framer_refuse(framer, FRAME_STRAY, DAMAGE_PARENTHESIS, framer->pos,
			framer->pos);
	framer->sexpr.outer--;
	framer->pos = framer->start = framer->pos + 1;
	return STEP_ON;
}

/** Recognizes `Using config file "PATH".`, which xm prints before its output. Returns 1 and sets
 * `*after` on success, 0 for anything else, and -1 when more bytes are needed. */
static int banner(const struct block *block, size_t at, size_t *after)
{
	static const char words[] = "Using config file \"";
	int match = matches_at(block, at, words);
	const char *end;

	if (match <= 0)
		return match;
	end = memchr(block->data + at, '\n', block->size - at);
	if (!end)
		return -1;
	*after = (size_t)(end - block->data);
	return end[-1] == '.' || (end[-1] == '\r' && end[-2] == '.');
}

/** Recognizes a save file of xend: a magic number of 16 bytes and the length of the SEXPR in 4
 * bytes (XendCheckpoint.py). Returns -1 when more bytes are needed. */
static int save_header(const struct framer *framer, const struct block *block)
{
	int match = framer->base + framer->pos == 0
		? matches_at(block, framer->pos, "LinuxGuestRecord")
		: 0;

	return match == 1 && block->size - framer->pos < 20 ? -1 : match;
}

static enum framer_step text_outside(struct framer *framer, struct block *block)
{
	size_t after = 0;
	int banner_match = banner(block, framer->pos, &after);
	int save_match = save_header(framer, block);

	if (banner_match < 0 || save_match < 0)
		return STEP_MORE;
	if (save_match)
		framer->sexpr.is_save_file = true;
	if (!banner_match && !save_match)
		return framer_refuse(framer, FRAME_STRAY, DAMAGE_TEXT, framer->pos, framer->pos);
	framer->pos = framer->start = save_match ? framer->pos + 20 : after;
	return STEP_ON;
}

/** Returns the stream offset of the line of `at`. */
static uint64_t begin_of_line(struct framer *framer, const struct block *block, size_t at)
{
	struct ds_place place = framer_place(framer, block, at);

	return place.offset - (place.column - 1);
}

static enum framer_step step_outside(struct framer *framer, struct block *block)
{
	size_t at = framer->pos;

	if (framer->sexpr.in_comment) {
		enum framer_step step = pass_comment(framer, block);

		framer->start = framer->pos;
		return step;
	}
	/* When files were concatenated, each of them may begin with a byte order mark. */
	while (at < block->size &&
		(frame_is_blank(block->data[at]) || frame_is_bom(block->data[at])))
		at++;
	framer->pos = framer->start = at;
	if (at == block->size)
		return STEP_MORE;
	switch (block->data[at]) {
	case '\0':
		return framer_hole(framer, block);
	case '#':
		framer->sexpr.in_comment = true;
		framer->sexpr.comment_is_suspect = framer->refused_end &&
			framer->refused_end > begin_of_line(framer, block, at);
		return STEP_ON;
	case '(':
		return open_outside(framer, block);
	case ')':
		return close_outside(framer);
	default:
		return text_outside(framer, block);
	}
}

/* ---- refused ranges ---- */

/** Returns the position after the string that begins at `at` if it is quoted strictly and no line
 * in it begins a domain; the position after its first quote if it is not like that; or 0 when more
 * bytes are needed. A quote at the beginning of the range is in no list, unlike any string, so it
 * may close a string of a broken domain; then text after it that looks like a domain is one. */
static size_t strict_string_end(const struct framer *framer, const struct block *block, size_t at)
{
	const char *data = block->data;
	size_t size = block->size, end;
	bool is_first = at == framer->start && !framer->refusal.given;

	if (at > framer->start && !is_delimiter(data[at - 1]))
		return at + 1;
	for (end = at + 1; end < size && data[end] != data[at]; end++) {
		if (data[end] == '\\') {
			end++;
		} else if (data[end] == '(' && (is_first || data[end - 1] == '\n')) {
			int begins = sexpr_framer_domain_begins(block, end);

			if (begins)
				return begins < 0 ? 0 : at + 1;
		}
	}
	if (size < 2 || end > size - 2)
		return 0;
	return is_delimiter(data[end + 1]) ? end + 1 : at + 1;
}

/** Skips closing parentheses and the blanks between them. */
static enum framer_step refuse_parentheses(struct framer *framer, struct block *block)
{
	size_t at = framer->pos;

	for (; at < block->size && (block->data[at] == ')' || frame_is_blank(block->data[at]));
		at++)
		if (block->data[at] == ')')
			framer->refusal.end = framer_offset(framer, at + 1);
	framer->pos = at;
	if (at < block->size)
		return framer_refused(framer, block, framer_at(framer, framer->refusal.end));
	return framer_pass_refused(framer, block, framer_at(framer, framer->refusal.end));
}

/** Searches for the end of a refused range: the beginning of a domain outside of strings. */
static enum framer_step step_refusing(struct framer *framer, struct block *block)
{
	size_t at, end;
	int begins;

	if (framer->refusal.damage == DAMAGE_PARENTHESIS)
		return refuse_parentheses(framer, block);
	at = scan_find((const unsigned char *)block->data, framer->pos, block->size,
		scan_structure);
	framer->pos = at;
	if (at == block->size)
		return framer_pass_refused(framer, block, at);
	if (block->data[at] == '(') {
		begins = sexpr_framer_domain_begins(block, at);
		if (begins > 0)
			return framer_refused(framer, block, at);
		if (begins < 0)
			return framer_pass_refused(framer, block, at);
	} else if (block->data[at] == '#' && begins_line(framer, block, at)) {
		const char *line = memchr(block->data + at, '\n', block->size - at);

		if (!line)
			return framer_pass_refused(framer, block, at);
		framer->pos = (size_t)(line - block->data);
		return STEP_ON;
	} else if (block->data[at] == '\'' || block->data[at] == '"') {
		end = strict_string_end(framer, block, at);
		if (!end)
			return framer_pass_refused(framer, block, at);
		framer->pos = end;
		return STEP_ON;
	}
	framer->pos = at + 1;
	return STEP_ON;
}

enum framer_step sexpr_framer_step(struct framer *framer, struct block *block)
{
	switch (framer->state) {
	case FRAMER_INSIDE:
		return step_inside(framer, block);
	case FRAMER_CLOSED:
		return step_closed(framer, block);
	case FRAMER_REFUSING:
		return step_refusing(framer, block);
	case FRAMER_DONE:
		framer->pos = framer->start = block->size;
		return STEP_MORE;
	default:
		return step_outside(framer, block);
	}
}

/** Handles the end of the input in a refused range. A string that is not closed hides nothing. */
static enum framer_step end_refusing(struct framer *framer, struct block *block)
{
	char byte = framer->pos < block->size ? block->data[framer->pos] : 0;

	if (framer->refusal.end)
		return framer_refused(framer, block, framer_at(framer, framer->refusal.end));
	if (byte != '\'' && byte != '"')
		return framer_refused(framer, block, block->size);
	framer->pos++;
	return STEP_ON;
}

/** Handles the end of the input after a domain. */
static enum framer_step end_closed(struct framer *framer, struct block *block)
{
	size_t end = framer_at(framer, framer->sexpr.closed_at);

	if (framer->sexpr.is_save_file)
		return step_closed(framer, block);
	if (framer->sexpr.outer && framer->suspect)
		return framer_broken(framer, block, DAMAGE_NOT_CLOSED, end, end);
	return sexpr_framer_closed(framer, block);
}

enum framer_step sexpr_framer_end(struct framer *framer, struct block *block)
{
	size_t end = block->size;

	switch (framer->state) {
	case FRAMER_DONE:
		return STEP_MORE;
	case FRAMER_REFUSING:
		return end_refusing(framer, block);
	case FRAMER_CLOSED:
		return end_closed(framer, block);
	case FRAMER_INSIDE:
		if (framer->sexpr.closes_early)
			return sexpr_framer_closed(framer, block);
		sexpr_framer_blame(framer, block, end);
		return framer_broken(framer, block, DAMAGE_ENDS_IN_DOMAIN, framer->start, end);
	default:
		break;
	}
	if (framer->pos < end && !framer->sexpr.in_comment)
		return framer_refuse(framer, FRAME_STRAY, DAMAGE_ENDS_IN_STRAY, framer->pos, end);
	if (!framer->sexpr.outer || framer_is_damaged(framer))
		return STEP_MORE;
	framer->sexpr.outer = 0;
	framer->start = end;
	framer_refuse(framer, FRAME_STRAY, DAMAGE_ENDS_IN_LIST, end, end);
	return framer_refused(framer, block, end);
}
