/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_SCALAR_H
#define READ_SCALAR_H

#include "read/keymap.h"
#include "record/builder.h"

#include <stdbool.h>

/** What setting a member did. */
enum scalar_result {
	SCALAR_SET = 0,
	/** It was set before, to the same. */
	SCALAR_AGAIN,
	/** It was set before, to something else: the first one counts. */
	SCALAR_CONTRADICTS,
	/** The value is not of this kind. */
	SCALAR_INVALID,
	/** It is an amount of memory of 8 EiB or more. */
	SCALAR_TOO_LARGE,
};

/** What a domain with SCALAR_TOO_LARGE is rejected for. */
#define SCALAR_TOO_LARGE_TEXT "an amount of memory is larger than 8 EiB"

/**
 * Sets a scalar member. `value` must live as long as the record. `unit`: a factor to KiB for
 * KEY_MEMORY, in bytes (1024: KiB; 1048576: MiB).
 */
enum scalar_result scalar_set(struct builder *builder, void *item, const struct key *key,
	struct ds_text value, uint64_t unit);

/**
 * Sets `*bytes` to the size of a memory unit in bytes. The units are those of libvirt's
 * virScaleInteger(), in upper or lower case: b, byte and bytes; K, M, G, T, P and E, followed by
 * nothing or iB for powers of 1024, or by B for powers of 1000. An empty unit is KiB. Returns false
 * for any other unit.
 */
bool scalar_unit(struct ds_text unit, uint64_t *bytes);

/** Whether a number that was set is 0, which is the same as no number: no domain has that much of
 * anything. */
bool scalar_is_zero(const void *item, const struct key *key);

/** Sets a text member when it is not set yet. */
enum scalar_result scalar_text(struct ds_text *member, struct ds_text value);

/** Sets a device's boot order, from 1, when it is not set yet. Returns false when it is no such
 * number, or another one is set. */
bool scalar_order(uint32_t *member, struct ds_text value);

/** Limits of a PCI address. What is no such number becomes UINT32_MAX. */
#define PCI_DOMAIN_MAX (UINT32_MAX - 1)
#define PCI_BUS_MAX 0xff
#define PCI_SLOT_MAX 0x1f
#define PCI_FUNCTION_MAX 7

/** Sets a part of a PCI address, said in decimal or with 0x. Returns false when it is no number, or
 * above `max`. */
bool scalar_pci(uint32_t *member, struct ds_text value, uint32_t max);

#endif
