/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_GUEST_H
#define FLOW_GUEST_H

#include "frame/block.h"

enum guest {
	GUEST_NO,
	GUEST_YES,
	/** More bytes are needed. */
	GUEST_UNKNOWN,
};

/** Returns whether the `<domain>` that begins at `at` is a virtual machine or contains one. Other
 * programs have elements of this name, too. Only looks at tags, up to `end`. */
enum guest guest_find(const struct block *block, size_t at, size_t end);

#endif
