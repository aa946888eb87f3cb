/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_INTERN_H
#define DIFF_INTERN_H

#include "diff/store.h"
#include "record/siphash.h"
#include "record/slots.h"

/** Texts, each stored once, identified by their numbers from 0 in the order of insertion. */
struct intern {
	struct texts *texts;
	/** The location of each text. */
	struct store words;
	/** The hash table; a slot contains the number of a text plus 1. */
	struct slots slots;
	/** The key of the hash, because the texts come from untrusted dumps. */
	struct siphash_key key;
};

#define INTERN_NONE UINT32_MAX

void intern_init(struct intern *intern, struct texts *texts, struct siphash_key key);
void intern_fini(struct intern *intern);

/** Returns the number of a text, which is added when it is new; NULL is the empty text. Returns
 * INTERN_NONE when there is no memory. */
uint32_t intern_add(struct intern *intern, struct ds_text text);

/** Returns the number of a text; INTERN_NONE if it was never added. */
uint32_t intern_find(const struct intern *intern, struct ds_text text);

/** Returns a text, which stays where it is until intern_fini(). */
struct ds_text intern_text(const struct intern *intern, uint32_t number);

static inline uint32_t intern_count(const struct intern *intern)
{
	return intern->words.count;
}

#endif
