/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_SECRET_SEARCH_H
#define RECORD_SECRET_SEARCH_H

#include "domstream/domstream.h"

/**
 * Finds secrets in a text that is neither XML nor encoded: record/secret.h lists how they are
 * spelled. secret_is_name() is defined in the same file.
 */

/** A search begins with `{text, 0, 0}`. */
struct secret_search {
	struct ds_text text;
	/** The position at which the search continues. */
	size_t at;
	/** The position of an @ at or after `at` that was found before, or the text's size if no @
	 * follows. */
	size_t next_at;
};

/** Finds the next secret. Returns false after the last one. The caller sets `at` to the position
 * after the secret before the next call. */
bool secret_search_next(struct secret_search *search, struct ds_text *secret);

/** Returns whether a byte can be part of a name: a letter, a digit or one of _ - . */
bool secret_is_name_byte(char byte);

/** Returns the name that ends before `end`; empty when no name ends there. */
struct ds_text secret_name_before(struct ds_text text, size_t end);

#endif
