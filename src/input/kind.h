/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_KIND_H
#define INPUT_KIND_H

#include "input/magic.h"

#include <stdbool.h>

/**
 * What an input is by its first bytes and by its name. Nothing here keeps state.
 */

enum kind_begin {
	/** It may hold domains and is read as a dump. */
	KIND_DUMP = 0,
	/** There was nothing but blanks and NUL bytes, as far as was looked. It is read, too. */
	KIND_BLANK,
	/** It does not begin like a dump, and no domain begins in its first bytes. */
	KIND_OTHER,
	/** It is what this program writes beside a dump: rejected domains. Read only when the user
	 * names it. */
	KIND_REJECTS,
};

struct kind {
	enum kind_begin begin;
	/** What else it is, and what to do with it; NULL: not known. Static. */
	const char *recognized;
	const char *advice;
	/** It is surely that, and holds no domain, so there is no use in reading it as a dump. */
	bool is_certain;
	/** It is an HTML page, which a web server may send instead of a dump. */
	bool is_page;
};

/** Whether more bytes than these are needed for kind_recognize(). INPUT_HEAD_SIZE always
 * suffice. */
bool kind_needs_more(const unsigned char *bytes, size_t size);

/** Recognizes an input by its first bytes. */
struct kind kind_recognize(const unsigned char *bytes, size_t size);

/** Whether a file of this name should be a dump: *.xml, *.sxp, *.sexpr, also with the suffix of a
 * compression. */
bool kind_name_is_dump(const char *name);

#endif
