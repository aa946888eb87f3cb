/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FRAME_BORDER_H
#define FRAME_BORDER_H

#include "frame/framer.h"
#include "record/buffer.h"

/**
 * Borders at which a stream is divided so that several runs can share it.
 *
 * A border is before a line that begins a domain or an XML document. Two runs find it
 * independently. The run that ends there has framed everything before it, so it knows that only the
 * wrapper is open. The run that begins there has seen only the first domains of the file, so it
 * assumes what a framer would know at the border. Both runs describe the border. If the
 * descriptions agree, the two runs have the result of a single run, because the framer's actions
 * depend only on its members and on the bytes.
 *
 * Some members of the framer depend on everything before the border, such as whether anything was
 * damaged. If the two runs had to agree on them, a single broken domain would invalidate all later
 * borders. The framer therefore records whether their assumed values have mattered (`struct
 * framer`), and border_join() lets them differ when they have not.
 */

/** The maximum size of the description of a border. */
#define BORDER_TEXT_SIZE ((size_t)768)
/** With more open elements than this, a stream is not divided. */
#define BORDER_DEPTH_MAX ((size_t)12)

/* ---- where a border may be ---- */

/** The number of bytes that decide whether a domain or document begins. */
#define BORDER_SCAN_MAX ((size_t)64)

/** Searches for lines that begin a domain or document. At the beginning, all members except
 * `format` must be zero. */
struct border_scan {
	enum ds_format format;
	/** Whether there were only blanks since the last line feed, and their number. */
	bool is_line_start;
	uint64_t blanks;
	/** The number of line feeds so far. */
	uint64_t lines;
	/** The line that was found is the start of a document. */
	bool is_document;
};

/**
 * Searches the next bytes. Returns how many of them are before the first line that begins a domain
 * or document, and sets `*is_found`. If none was found, the remaining bytes must be passed once
 * more together with those that follow. `is_all` is set if no more bytes follow. A caller that
 * continues after such a line calls border_scan_skip() first.
 */
size_t border_scan(struct border_scan *scan, const char *data, size_t size, bool is_all,
	bool *is_found);
void border_scan_skip(struct border_scan *scan);

/* ---- the state at a border ---- */

/** Called when the stream continues, at the block's end, with the line that border_scan() found.
 * Finishes everything before that line that does not depend on what follows. Sets `*is_border` when
 * nothing is unfinished there. Returns DS_OK or DS_NO_MEMORY. */
enum ds_status border_settle(struct framer *framer, struct block *block, bool *is_border);

/** Writes the state of the framer between domains. `is_document` is set if a document begins
 * here. */
void border_describe(const struct framer *framer, bool is_document, struct buffer *out);

/** Sets the state of a framer, for which framer_begin() was called, to that of a description.
 * Returns false when the description is malformed. */
bool border_apply(struct framer *framer, const char *text);

/** Makes a framer assume at a border the state of a framer that has read the first domains of the
 * stream: the same wrapper, format and encoding, and no damage. */
void border_assume(struct framer *framer, const struct framer *head, bool is_document);

/** Writes what border_join() needs to know about a framer that began at a border. */
void border_account(const struct framer *framer, struct buffer *out);

/**
 * Returns whether the result of a run that assumed the state `begin` is right although the true
 * state there is `truth`. The run wrote `account` and `end` at its end. If it is right, `next`,
 * which has BORDER_TEXT_SIZE bytes, gets the true state at that end.
 */
bool border_join(const char *truth, const char *begin, const char *account, const char *end,
	char *next);

/** Predicts the state at the end of a run that was wrong and will be repeated. If it opened and
 * closed no element around the domains, the elements that are truly open stay the same. `next` is
 * as for border_join(). */
void border_predict(const char *truth, const char *begin, const char *account, const char *end,
	char *next);

#endif
