/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_GUEST_H
#define FLOW_GUEST_H

#include "frame/block.h"

/**
 * Finds the virtual machines in the `<domain>` that begins at `at`, up to `end` or to its end tag:
 * the element itself, or the outermost ones inside it. A virtual machine is a `<domain>` that has a
 * child that libvirt defines; other programs have elements of this name, too. Only tags are parsed,
 * and none that is nested deeper than `depth`.
 *
 * `guests` gets their offsets from `at`; the caller frees `starts`. For an incomplete element, it
 * gets those that were found so far. Returns false when there is no memory.
 */
bool guest_find(const struct block *block, size_t at, size_t end, unsigned depth,
	struct guest_list *guests);

#endif
