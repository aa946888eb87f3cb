/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DIFF_INTERN_H
#define DIFF_INTERN_H

#include "diff/store.h"
#include "diff/table.h"
#include "record/sip.h"

/** Texts, each stored once, identified by their numbers from 0 in the order of insertion. */
struct intern {
	struct texts *texts;
	/** Where in them each is. */
	struct store words;
	struct table table;
	/** Names are chosen by whoever writes a dump. */
	struct sip_key key;
};

#define INTERN_NONE UINT32_MAX

void intern_init(struct intern *intern, struct texts *texts, struct sip_key key);
void intern_fini(struct intern *intern);

/** The number of a text, which is added when it is new; NULL is the empty text. INTERN_NONE when
 * there is no memory. */
uint32_t intern_add(struct intern *intern, struct ds_text text);

/** The number of a text; INTERN_NONE: it was never added. */
uint32_t intern_find(const struct intern *intern, struct ds_text text);

/** A text that is always there, until the end. */
struct ds_text intern_text(const struct intern *intern, uint32_t number);

static inline uint32_t intern_count(const struct intern *intern)
{
	return intern->words.count;
}

#endif
