/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_KIND_H
#define INPUT_KIND_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Recognizes an input by its first bytes and by its name. Nothing here has a state.
 */

enum kind_begin {
	/** The input may contain domains and is read as a dump. */
	KIND_DUMP = 0,
	/** The inspected bytes are only blanks and NUL bytes. The input is read, too. */
	KIND_BLANK,
	/** The input does not begin like a dump, and no domain begins in its first bytes. */
	KIND_OTHER,
	/** The input is a file that this program writes: rejected domains. It is only read when the
	 * user names it. */
	KIND_REJECTS,
};

struct kind {
	enum kind_begin begin;
	/** What else the input is, and what to do with it; NULL if unknown. Static. */
	const char *recognized;
	const char *advice;
	/** The type is certain and has no domains, so there is no use in reading the input as a
	 * dump. */
	bool is_certain;
	/** The input is an HTML page, which a web server may send instead of a dump. */
	bool is_page;
};

/** Returns whether kind_recognize() needs more than these bytes. INPUT_HEAD_SIZE bytes are always
 * sufficient. */
bool kind_needs_more(const unsigned char *bytes, size_t size);

/** Recognizes an input by its first bytes. */
struct kind kind_recognize(const unsigned char *bytes, size_t size);

/** The suffixes of compressed files, without the dot and in lower case; NULL ends the list. */
extern const char *const kind_compressions[];

/** Returns whether a file of this name should be a dump: *.xml, *.sxp, *.sexpr, also with the
 * suffix of a compression. The configuration of xend itself, such as xend-config.sxp, should
 * not. */
bool kind_name_is_dump(const char *name);

#endif
