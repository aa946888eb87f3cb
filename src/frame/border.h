/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FRAME_BORDER_H
#define FRAME_BORDER_H

#include "frame/framer.h"
#include "record/buffer.h"

/**
 * Borders, at which a stream is cut so that several runs share it.
 *
 * A border is before a line that begins a domain or a document of XML. Two runs find it
 * independently. The run that ends there has framed all that is before it, so it knows that nothing
 * is open but the wrapper. The run that begins there has seen nothing but the first domains of the
 * file, so it assumes what the framer would know at the border. Both describe the border, and when
 * the descriptions agree, the two runs give what one run would have given: what a framer does
 * depends on its members and on the bytes alone.
 *
 * Some members of the framer depend on everything before the border, such as whether anything was
 * damaged. If the two runs had to agree on them, a single broken domain would spoil all borders
 * behind it. So the framer keeps account of whether their assumed values have mattered
 * (`struct framer`), and border_join() lets them differ when they have not.
 */

/** A description of a border fits into so many bytes. */
#define BORDER_TEXT_SIZE ((size_t)768)
/** More open elements than this are not described, so the stream is not cut there. */
#define BORDER_DEPTH_MAX ((size_t)12)

/* ---- where a border may be ---- */

/** So many bytes decide whether a domain or document begins. */
#define BORDER_SCAN_MAX ((size_t)64)

/** Looks for lines that begin a domain or document. Begin with all members zero but `format`. */
struct border_scan {
	enum ds_format format;
	/** There were nothing but blanks since the last line feed, and so many of them. */
	bool is_line_start;
	uint64_t blanks;
	/** Line feeds so far. */
	uint64_t lines;
	/** What was found is the start of a document. */
	bool is_document;
};

/**
 * Looks through the next bytes. Returns how many of them are before the first line that begins a
 * domain or document, and sets `*is_found`; when none was found, the bytes from there on are needed
 * again together with those that follow. `is_all`: no more bytes follow. A caller that goes on
 * behind what was found calls border_scan_skip() first.
 */
size_t border_scan(struct border_scan *scan, const char *data, size_t size, bool is_all,
	bool *is_found);
void border_scan_skip(struct border_scan *scan);

/* ---- what is known there ---- */

/** The stream goes on with what border_scan() has found at the block's end. Deals with everything
 * before it, as far as it does not depend on what follows. Sets `*is_border` when nothing is
 * unfinished there. Returns DS_OK or DS_NO_MEMORY. */
enum ds_status border_settle(struct framer *framer, struct block *block, bool *is_border);

/** Writes what the framer knows between domains. `is_document`: a document begins here. */
void border_describe(const struct framer *framer, bool is_document, struct buffer *out);

/** Makes a framer, behind framer_begin(), know what a description says, and nothing else. False: it
 * is malformed. */
bool border_apply(struct framer *framer, const char *text);

/** Makes a framer assume at a border what a framer that is behind the first domains of the stream
 * knows: the same wrapper, format and encoding, and no damage. */
void border_assume(struct framer *framer, const struct framer *head, bool is_document);

/** Writes what border_join() has to know of a framer that has begun at a border. */
void border_account(const struct framer *framer, struct buffer *out);

/**
 * Is a run that assumed `begin` right, if `truth` is known there? `account` and `end` are what it
 * has written at its own end. Returns false when it is not. Then `next`, of BORDER_TEXT_SIZE bytes,
 * gets what is true at its end.
 */
bool border_join(const char *truth, const char *begin, const char *account, const char *end,
	char *next);

/** What a run that was wrong will most likely write at its end when it is repeated: when it has
 * opened and closed no element around the domains, those that are open are the true ones. `next` as
 * for border_join(). */
void border_predict(const char *truth, const char *begin, const char *account, const char *end,
	char *next);

#endif
