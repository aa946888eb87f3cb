/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef AUDIT_TABLE_H
#define AUDIT_TABLE_H

#include "audit/store.h"

/**
 * A hash table whose items are kept by others, told by numbers from 1, each with the number of the next one of its chain. It
 * grows by one chain at a time (Litwin's linear hashing): a table that doubles holds its old and its new half as large
 * again for a moment, and that moment would decide what an audit takes.
 */
struct table {
	/** Where each chain begins; 0: it is empty. */
	struct store heads;
};

/** What the table asks of an item's keeper. */
struct table_items {
	/** Whether this bit of its hash is set. */
	int (*has_bit)(const void *keeper, uint32_t item, unsigned bit);
	uint32_t (*next)(const void *keeper, uint32_t item);
	void (*set_next)(void *keeper, uint32_t item, uint32_t next);
};

void table_init(struct table *table);
void table_fini(struct table *table);

/** Adds a chain and moves items into it from the one that it halves. Returns 0 when there is no memory. */
int table_grow(struct table *table, const struct table_items *items, void *keeper);

/** The same without items: so many chains. */
int table_reserve(struct table *table, uint32_t chains);

/** The first item of the chain that is halved when so many more were added; 0: there is none. */
uint32_t table_halved_soon(const struct table *table, uint32_t more);

/** Where the chain of a hash begins. There is a chain. */
uint32_t *table_head(const struct table *table, uint64_t hash);

#endif
