/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_VALUE_SET_H
#define RECORD_VALUE_SET_H

#include "domstream/domstream.h"

/** A set of texts, each with a number. NULL is an empty set. The texts may come from untrusted
 * input. */
struct value_set;

/** Returns a pointer to the number of a text, or NULL if the set does not contain it. */
size_t *value_set_find(const struct value_set *set, struct ds_text value);

/** Returns a pointer to the number of a text, which is added with the number 0 if the set does not
 * contain it. Returns NULL when there is no memory. */
size_t *value_set_add(struct value_set **set, struct ds_text value);

/** Frees a set, which may be NULL. */
void value_set_free(struct value_set *set);

#endif
