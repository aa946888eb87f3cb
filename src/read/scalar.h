/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_SCALAR_H
#define READ_SCALAR_H

#include "read/keymap.h"
#include "read/reader_private.h"

#include <stdbool.h>

/** The result of setting a member. */
enum scalar_result {
	SCALAR_SET = 0,
	/** It was already set to the same value. */
	SCALAR_REPEATED,
	/** It was already set to another value; the first one counts. */
	SCALAR_CONTRADICTS,
	/** The value has the wrong form. */
	SCALAR_INVALID,
	/** The value is an amount of memory of 8 EiB or more. */
	SCALAR_TOO_LARGE,
};

/**
 * Sets a scalar member. `value` must live as long as the record. `unit` is the unit for KEY_MEMORY,
 * in bytes (1024 for KiB, 1048576 for MiB).
 */
enum scalar_result scalar_set(struct builder *builder, void *item, const struct key *key,
	struct ds_text value, uint64_t unit);

/**
 * Reads a scalar of the domain: sets its member and its position `at`. What must be a number and is
 * none fails the domain at `error_at`. Returns false if the value, or another one than was set
 * before, has no place in the record.
 */
bool scalar_read(struct read_state *state, struct ds_domain *domain, const struct key *key,
	struct ds_text value, uint64_t unit, size_t at, size_t error_at);

/**
 * Sets `*bytes` to the size of a memory unit in bytes. The units are those of libvirt's
 * virScaleInteger(), in upper or lower case: b, byte and bytes; K, M, G, T, P and E, followed by
 * nothing or iB for powers of 1024, or by B for powers of 1000. An empty unit is KiB. Returns false
 * for any other unit.
 */
bool scalar_unit(struct ds_text unit, uint64_t *bytes);

/** Sets a text member if it is unset. */
enum scalar_result scalar_text(struct ds_text *member, struct ds_text value);

/** Sets a device's boot order, from 1, when it is not set yet. Returns false when it is no such
 * number, or another one is set. */
bool scalar_order(uint32_t *member, struct ds_text value);

/** Sets the part of a PCI address that is at the offset `member`, in decimal or with 0x. Returns
 * false, and sets it to UINT32_MAX, for any other value and one beyond the limit of the part. */
bool scalar_pci(struct ds_pci *item, size_t member, struct ds_text value);

#endif
