/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef AUDIT_INTERN_H
#define AUDIT_INTERN_H

#include "audit/store.h"
#include "record/sip.h"

/** Texts, each kept once, told by their numbers from 0 in the order in which they came. */
struct intern {
	struct texts *texts;
	/** Where each is. */
	struct store places;
	/** A number plus one, 0: free; a power of two of them. */
	uint32_t *slots;
	size_t slot_count;
	/** Names are chosen by whoever writes a dump. */
	struct sip_key key;
};

#define INTERN_NONE UINT32_MAX

void intern_init(struct intern *intern, struct texts *texts, struct sip_key key);
void intern_fini(struct intern *intern);

/** The number of a text, which is added when it is new. INTERN_NONE when there is no memory. */
uint32_t intern_add(struct intern *intern, struct ds_text text);

/** The same, without adding: INTERN_NONE when it is not there. */
uint32_t intern_find(const struct intern *intern, struct ds_text text);

struct ds_text intern_text(const struct intern *intern, uint32_t number);

size_t intern_size(const struct intern *intern);

#endif
