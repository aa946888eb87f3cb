/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "frame/framer_private.h"

#include "record/scan.h"

#include <string.h>

/*
 * The framer of SEXPR (grammar: xend's sxp.py, see read/sexpr_lexer.h).
 *
 * Inside a domain four things matter: parentheses, strings, comments, and where a token begins, for a quote is one only
 * there. A dump that was cut off inside a domain has the next one nested in it. `(domain (…` or `(vm (…` at the beginning
 * of a line is taken for that, even inside a string: no producer writes it anywhere else (xend's
 * own writer has no line feed in a string, and its inner lists are indented; pci devices hold `(domain 0x0000)`, which is
 * not followed by a list). Elsewhere it is a candidate, used when the domain turns out not to end.
 * What stands between two domains that begin lines decides nothing behind them, whatever it is: it is a range that can be cut by itself,
 * and need not be looked at before it is read (guess_end()). So an outer list must begin a line too, or stand before anything else.
 * In an outer list domains need no lines of their own, and its end may close a broken one: there it is taken for the next
 * domain anywhere but in a string, and a domain with such a string is refused, for a lost quote makes one domain of two.
 */

static const char not_closed[] = "the domain is not closed: another one begins inside it";
static const char in_string[] = "what looks like the next domain stands in a string of this one";

/** White space of the lexer: that of sxp.py, and NUL. It ends an atom. */
static int is_space(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r') || byte == '\0';
}

/** How many bytes from `at` on are there, up to `most`, that are `string`'s? -1: too few to tell. */
static int stands(const struct block *block, size_t at, const char *string)
{
	size_t size = strlen(string);
	size_t there = block->size - at;

	if (there >= size)
		return memcmp(block->data + at, string, size) == 0;
	return memcmp(block->data + at, string, there) == 0 ? -1 : 0;
}

/** Does a list with this head, then blanks, begin at `at`? `*behind` gets the position behind the blanks. -1: more bytes
 * are needed. */
static int list_at(const struct block *block, size_t at, const char *head, size_t *behind)
{
	int is = stands(block, at, head);
	size_t i = at + strlen(head);

	if (is <= 0)
		return is;
	while (i < block->size && is_space(block->data[i]))
		i++;
	*behind = i;
	if (i == block->size)
		return -1;
	return i > at + strlen(head) || block->data[i] == '(' || block->data[i] == ')' || block->data[i] == '#';
}

/** Does a domain begin here: its head, then a list (or a comment)? -1: more bytes are needed. */
static int domain_begins(const struct block *block, size_t at)
{
	static const char *const heads[] = {"(domain", "(vm"};
	int result = 0;

	for (size_t k = 0; k < 2; k++) {
		size_t behind = 0;
		int is = list_at(block, at, heads[k], &behind);

		if (is == 1 && (block->data[behind] == '(' || block->data[behind] == '#'))
			return 1;
		if (is < 0)
			result = -1;
	}
	return result;
}

/* ---- inside a domain ----------------------------------------------------------------------------------- */

static enum framer_step broken_by(struct framer *framer, struct block *block, size_t next)
{
	if (framer->closes_early)
		return framer_closed(framer, block);
	/* One that began on the line of the broken one comes first. */
	if (!framer->candidate)
		framer->candidate = next;
	return framer_broken(framer, block, "DA903", not_closed, next, next);
}

/** Passes a string up to its end. */
static enum framer_step pass_string(struct framer *framer, struct block *block)
{
	const char *data = block->data;
	size_t at = framer->pos;

	for (; at < block->size; at++) {
		if (data[at] == framer->quote) {
			framer->quote = 0;
			framer->pos = at + 1;
			framer->quote_end = framer->base + framer->pos;
			return STEP_ON;
		}
		if (data[at] == '\\') {
			if (at + 1 == block->size)
				break;
			/* A domain may begin behind a line feed, whatever stands before it. */
			at += data[at + 1] != '\n';
		} else if (data[at] == '\n') {
			int begins = domain_begins(block, at + 1);

			if (begins < 0)
				break;
			if (begins)
				return broken_by(framer, block, at + 1);
		} else if (data[at] == '(' && framer->outer && !framer->suspect) {
			int begins = domain_begins(block, at);

			if (begins < 0)
				break;
			framer->suspect = begins ? at : 0;
		}
	}
	framer->pos = at;
	return STEP_MORE;
}

static enum framer_step pass_comment(struct framer *framer, struct block *block)
{
	const char *end = memchr(block->data + framer->pos, '\n', block->size - framer->pos);

	if (!end) {
		framer->pos = block->size;
		return STEP_MORE;
	}
	framer->pos = (size_t)(end - block->data);
	framer->in_comment = 0;
	return STEP_ON;
}

/** May a string begin at `at`? Not inside an atom. */
static int begins_token(const struct framer *framer, const struct block *block, size_t at)
{
	char before = block->data[at - 1];

	return is_space(before) || before == '(' || before == ')' || framer->base + at == framer->quote_end;
}

static enum framer_step open_list(struct framer *framer, struct block *block, size_t at)
{
	int begins;

	framer->pos = at;
	if (framer->lists && block->size - at < 3)
		return STEP_MORE;
	if (framer->lists && (block->data[at + 1] == 'd' || block->data[at + 1] == 'v') && block->data[at + 2] != 'e') {
		begins = domain_begins(block, at);
		if (begins < 0)
			return STEP_MORE;
		if (begins && (block->data[at - 1] == '\n' || framer->outer || !framer->patience))
			return broken_by(framer, block, at);
		if (begins && !framer->candidate)
			framer->candidate = at;
	}
	framer->lists++;
	framer->pos = at + 1;
	return STEP_ON;
}

static enum framer_step close_list(struct framer *framer, struct block *block, size_t at)
{
	framer->pos = at + 1;
	if (--framer->lists)
		return STEP_ON;
	if (framer->suspect) {
		framer_refuse(framer, FRAME_REJECTED, "DA903", in_string, framer->suspect, framer->pos);
		return framer_refused(framer, block, framer->pos);
	}
	if (framer->closes_early)
		return framer_domain(framer, block, framer->pos);
	framer->closed_at = framer->pos;
	framer->state = FRAMER_CLOSED;
	return STEP_ON;
}

/** Passes the parentheses that can mean nothing special, which are nearly all. Returns the position of the first byte
 * that may: `(do…`, `(vm…`, the domain's last parenthesis, a quote or comment, or one that is too near to the end. */
static size_t pass_lists(struct framer *framer, const unsigned char *data, size_t at, size_t size)
{
	unsigned lists = framer->lists;

	for (;;) {
		at = scan_lists(data, at, size, &lists);
		at = scan_structure(data, at, size);
		if (at + 3 > size)
			break;
		if (data[at] == '(' && lists &&
		    ((data[at + 1] != 'd' && data[at + 1] != 'v') || (data[at + 2] != 'o' && data[at + 2] != 'm')))
			lists++;
		else if (data[at] == ')' && lists > 1)
			lists--;
		else
			break;
		at++;
	}
	framer->lists = lists;
	return at;
}

static enum framer_step step_inside(struct framer *framer, struct block *block)
{
	const unsigned char *data = (const unsigned char *)block->data;
	enum framer_step step = STEP_ON;

	if (framer->quote)
		return pass_string(framer, block);
	if (framer->in_comment)
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
			framer->in_comment = 1;
			return STEP_ON;
		default:
			framer->pos = at + 1;
			if (!begins_token(framer, block, at))
				break;
			framer->quote = (char)data[at];
			return STEP_ON;
		}
	}
	return step;
}

/** Does the domain that has closed hold devices? */
static int has_devices(const struct framer *framer, const struct block *block)
{
	for (size_t at = framer->start; at < framer->closed_at; at++) {
		const char *found = memchr(block->data + at, '(', framer->closed_at - at);

		if (!found)
			return 0;
		at = (size_t)(found - block->data);
		if (stands(block, at, "(device ") == 1)
			return 1;
	}
	return 0;
}

/** A domain has closed. When it holds none, devices right behind it are its own, and another parenthesis will close it: xl
 * prints paravirtual guests that way, in every release (xl_sxp.c closes `(linux 0)` at once). */
static enum framer_step step_closed(struct framer *framer, struct block *block)
{
	size_t at = framer->closed_at;
	size_t behind;
	int is;

	if (framer->is_save_file) {
		framer->is_save_file = 0;
		framer_domain(framer, block, at);
		framer->state = FRAMER_DONE;
		return STEP_ON;
	}
	if (framer->outer)
		return framer_domain(framer, block, at);
	while (at < block->size && framer_blank(block->data[at]))
		at++;
	is = at == block->size ? -1 : list_at(block, at, "(device", &behind);
	if (is < 0)
		return STEP_MORE;
	if (!is || !framer->patience || has_devices(framer, block))
		return framer_domain(framer, block, framer->closed_at);
	framer->state = FRAMER_INSIDE;
	framer->closes_early = 1;
	framer->lists = 1;
	framer->pos = at;
	return STEP_ON;
}

/* ---- outside a domain ---------------------------------------------------------------------------------- */

static enum framer_step refuse_stray(struct framer *framer, const char *why)
{
	return framer_refuse(framer, FRAME_STRAY, "DA904", why, framer->pos, framer->pos + 1);
}

/**
 * A domain that begins a line ends before the next one that does, or it is broken, whatever stands between them. So nothing of that
 * need be looked at here, where one thread does it for all: who reads it finds out whether it is one domain and no more, and if not,
 * framer_again() cuts it. Returns the end; 0: it cannot be guessed. `*next`: where the next one begins, `*lines` further on.
 */
static size_t guess_end(const struct framer *framer, const struct block *block, size_t *next, size_t *lines)
{
	size_t size = block->size, end;

	*next = end = scan_line_list((const unsigned char *)block->data, framer->pos + 1, size, lines);
	if (end == size || end - framer->pos > framer->limits.domain_size || domain_begins(block, end) != 1)
		return 0;
	while (framer_blank(block->data[end - 1]))
		end--;
	return block->data[end - 1] == ')' ? end : 0;
}

static enum framer_step open_domain(struct framer *framer, struct block *block)
{
	size_t end = 0, next, lines;

	if (!framer->outer && framer_place(framer, block, framer->pos).column == 1) {
		framer->patience = LINE_PATIENCE;
		if (framer->may_guess && !framer->is_save_file)
			end = guess_end(framer, block, &next, &lines);
	}
	if (end)
		return framer_guess(framer, block, end, next, lines);
	framer->state = FRAMER_INSIDE;
	framer->lists = 0;
	return STEP_ON;
}

static enum framer_step open_outside(struct framer *framer, struct block *block)
{
	static const char *const heads[] = {"(domain", "(vm"};
	size_t at = framer->pos + 1;
	size_t behind;
	int is_error;

	while (at < block->size && is_space(block->data[at]))
		at++;
	if (at == block->size)
		return STEP_MORE;
	if (block->data[at] == '(') {
		if (!framer->outer && framer->has_begun && framer_place(framer, block, framer->pos).column != 1)
			return refuse_stray(framer, "a list that is no domain");
		/* What was damaged before it begins says nothing of whether it ends. */
		if (!framer->outer++)
			framer->damaged = 0;
		framer->pos = framer->start = at;
		return STEP_ON;
	}
	if (block->data[at] == ')') {
		framer->pos = framer->start = at + 1;
		return STEP_ON;
	}
	for (size_t k = 0; k < 2; k++) {
		int is = list_at(block, framer->pos, heads[k], &behind);

		if (is < 0)
			return STEP_MORE;
		if (is)
			return open_domain(framer, block);
	}
	is_error = stands(block, framer->pos, "(xend.err");
	if (is_error < 0)
		return STEP_MORE;
	return refuse_stray(framer, is_error ? "an error message of xend" : "a list that is no domain");
}

static enum framer_step close_outside(struct framer *framer, struct block *block)
{
	if (!framer->outer) {
		framer_refuse(framer, FRAME_STRAY, "DA903", "a closing parenthesis too many", framer->pos, framer->pos);
		return framer_refused(framer, block, framer->pos + 1);
	}
	framer->outer--;
	framer->pos = framer->start = framer->pos + 1;
	return STEP_ON;
}

/** `Using config file "PATH".`, which xm prints before what it was asked for. Behind it on success, 0 when this is
 * something else, -1 when more bytes are needed. */
static int banner(const struct block *block, size_t at, size_t *behind)
{
	static const char words[] = "Using config file \"";
	int is = stands(block, at, words);
	const char *end;

	if (is <= 0)
		return is;
	end = memchr(block->data + at, '\n', block->size - at);
	if (!end)
		return -1;
	*behind = (size_t)(end - block->data);
	return end[-1] == '.' || (end[-1] == '\r' && end[-2] == '.');
}

/** A save file of xend: a magic of 16 bytes and the length of the SEXPR in 4 (XendCheckpoint.py). */
static int save_header(const struct framer *framer, const struct block *block)
{
	int is = framer->base + framer->pos == 0 ? stands(block, framer->pos, "LinuxGuestRecord") : 0;

	return is == 1 && block->size - framer->pos < 20 ? -1 : is;
}

static enum framer_step text_outside(struct framer *framer, struct block *block)
{
	size_t behind = 0;
	int is_banner = banner(block, framer->pos, &behind);
	int is_save = save_header(framer, block);

	if (is_banner < 0 || is_save < 0)
		return STEP_MORE;
	if (is_save)
		framer->is_save_file = 1;
	if (!is_banner && !is_save)
		return refuse_stray(framer, "text outside of any domain");
	framer->pos = framer->start = is_save ? framer->pos + 20 : behind;
	return STEP_ON;
}

static enum framer_step step_outside(struct framer *framer, struct block *block)
{
	size_t at = framer->pos;

	if (framer->in_comment) {
		enum framer_step step = pass_comment(framer, block);

		framer->start = framer->pos;
		return step;
	}
	/* A byte order mark may begin each file that was put into one. */
	while (at < block->size && (framer_blank(block->data[at]) || (unsigned char)block->data[at] == 0xef ||
				    (unsigned char)block->data[at] == 0xbb || (unsigned char)block->data[at] == 0xbf))
		at++;
	framer->pos = framer->start = at;
	if (at == block->size)
		return STEP_MORE;
	switch (block->data[at]) {
	case '#':
		framer->in_comment = 1;
		return STEP_ON;
	case '(':
		return open_outside(framer, block);
	case ')':
		return close_outside(framer, block);
	default:
		return text_outside(framer, block);
	}
}

/** A refused range ends where a domain begins; text that belongs nowhere, at a closing parenthesis or comment too. */
static enum framer_step step_refusing(struct framer *framer, struct block *block)
{
	while (framer->pos < block->size) {
		const char *found = memchr(block->data + framer->pos, '(', block->size - framer->pos);
		size_t at = found ? (size_t)(found - block->data) : block->size;
		int begins;

		framer->pos = at;
		if (!found)
			break;
		begins = domain_begins(block, at);
		if (begins < 0)
			return framer_refused_part(framer, block, at) == STEP_NO_MEMORY ? STEP_NO_MEMORY : STEP_MORE;
		if (begins)
			return framer_refused(framer, block, at);
		framer->pos = at + 1;
	}
	return framer_refused_part(framer, block, framer->pos) == STEP_NO_MEMORY ? STEP_NO_MEMORY : STEP_MORE;
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

/** The stream ends here. STEP_ON: the rest is to be looked at again; STEP_MORE: that was all. */
enum framer_step sexpr_framer_end(struct framer *framer, struct block *block)
{
	size_t end = block->size;

	switch (framer->state) {
	case FRAMER_DONE:
		return STEP_MORE;
	case FRAMER_REFUSING:
		return framer_refused(framer, block, end) == STEP_NO_MEMORY ? STEP_NO_MEMORY : STEP_MORE;
	case FRAMER_CLOSED:
		return framer->is_save_file ? step_closed(framer, block) : framer_domain(framer, block, framer->closed_at);
	case FRAMER_INSIDE:
		if (framer->closes_early)
			return framer_closed(framer, block);
		return framer_broken(framer, block, "DA901", "the input ends inside this domain", framer->start, end);
	default:
		break;
	}
	if (framer->pos < end && !framer->in_comment) {
		framer_refuse(framer, FRAME_STRAY, "DA901", "the input ends inside what stands here", framer->pos, end);
		return STEP_ON;
	}
	if (framer->outer && !framer->damaged) {
		framer->outer = 0;
		framer->start = end;
		framer_refuse(framer, FRAME_STRAY, "DA901", "the input ends before the outer list is closed", end, end);
		return framer_refused(framer, block, end) == STEP_NO_MEMORY ? STEP_NO_MEMORY : STEP_MORE;
	}
	return STEP_MORE;
}
