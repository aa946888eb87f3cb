/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef READ_SCALAR_H
#define READ_SCALAR_H

#include "read/keymap.h"
#include "read/reader_private.h"

#include <stdbool.h>

/**
 * Reads a scalar of the domain: sets its member and its position `at`. `value` must live as long as
 * the record. `unit` is the unit of a KEY_MEMORY in bytes: 1024 for KiB, 1048576 for MiB. An
 * invalid amount of memory or number of vcpus fails the domain at `error_at`. Returns false if the
 * record cannot store the value, or has another value already.
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

/** Sets a text member if it is unset. Returns false if it has another value. */
bool scalar_text(struct ds_text *member, struct ds_text value);

/** Sets the component of a PCI address that is at the offset `member`, in decimal or with 0x.
 * Returns false, and sets it to UINT32_MAX, for an invalid value. */
bool scalar_pci(struct ds_pci *item, size_t member, struct ds_text value);

#endif
