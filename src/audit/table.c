/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/table.h"

void table_init(struct table *table)
{
	store_init(&table->heads, sizeof(uint32_t));
}

void table_fini(struct table *table)
{
	store_fini(&table->heads);
}

/** The highest bit of the new chain's number, which is not 0, is what parts it from the one that it halves. */
static unsigned parting_bit(uint32_t number)
{
#if defined(__GNUC__)
	return 31u - (unsigned)__builtin_clz(number);
#else
	unsigned bit = 0;

	while (number >> bit > 1)
		bit++;
	return bit;
#endif
}

/** The least power of two that is not below the number of chains, less one. */
static uint32_t mask_of(uint32_t chains)
{
	return chains > 1 ? UINT32_MAX >> (31 - parting_bit(chains - 1)) : 0;
}

/** Chains beyond the last one are not halved off yet from those below. */
static uint32_t chain_of(uint32_t chains, uint64_t hash)
{
	uint32_t mask = mask_of(chains);
	uint32_t chain = (uint32_t)hash & mask;

	return chain < chains ? chain : chain & mask >> 1;
}

uint32_t *table_head(const struct table *table, uint64_t hash)
{
	return store_at(&table->heads, chain_of(table->heads.count, hash));
}

uint32_t table_halved_soon(const struct table *table, uint32_t more)
{
	uint32_t number = table->heads.count + more;
	uint32_t halved = number - ((uint32_t)1 << parting_bit(number));

	return halved < table->heads.count ? *(const uint32_t *)store_at(&table->heads, halved) : 0;
}

int table_grow(struct table *table, const struct table_items *items, void *keeper)
{
	uint32_t number = table->heads.count;
	uint32_t *added = store_add(&table->heads);
	uint32_t *halved, item, next;
	unsigned bit;

	if (!added)
		return 0;
	*added = 0;
	if (!number)
		return 1;
	bit = parting_bit(number);
	halved = store_at(&table->heads, number - ((uint32_t)1 << bit));
	item = *halved;
	*halved = 0;
	for (; item; item = next) {
		uint32_t *head = items->has_bit(keeper, item, bit) ? added : halved;

		next = items->next(keeper, item);
		items->set_next(keeper, item, *head);
		*head = item;
	}
	return 1;
}

int table_reserve(struct table *table, uint32_t chains)
{
	while (table->heads.count < chains) {
		uint32_t *added = store_add(&table->heads);

		if (!added)
			return 0;
		*added = 0;
	}
	return 1;
}
