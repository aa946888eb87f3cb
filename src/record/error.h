/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_ERROR_H
#define RECORD_ERROR_H

#include "domstream/domstream.h"

#include <stdbool.h>
#include <string.h>

/**
 * Fills in and compares `struct ds_error`.
 */

/** Sets id, position and text, with length 0 and no domain. */
void error_set(struct ds_error *error, const char *id, struct ds_place place, const char *text);

/** Like error_set(), for a text that contains no value of the input, or only masked ones. A damaged
 * input can cause a million errors, and looking for secrets is most of the cost of each. */
void error_set_safe(struct ds_error *error, const char *id, struct ds_place place,
	const char *text);

/** Appends " (line L, column C)" when the line or column differs from the error's own. */
void error_at(struct ds_error *error, const struct ds_place *cause);

/** Sets the domain's name, masked and truncated to what fits. A NULL text clears it. */
void error_domain(struct ds_error *error, struct ds_text name);

/** Returns whether the error has this id, which is a literal of five characters. The compiler makes
 * one comparison of it, which a call of strcmp() would not be. */
static inline bool error_is(const struct ds_error *error, const char *id)
{
	return memcmp(error->id, id, sizeof "DA900") == 0;
}

#endif
