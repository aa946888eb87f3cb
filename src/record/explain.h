/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_EXPLAIN_H
#define RECORD_EXPLAIN_H

#include "record/compare.h"

/**
 * Whether a loss of a conversion is the reason for a difference between a domain and what it was
 * converted to. `convert --verify` and `diff --losses` ask this.
 *
 * A loss explains a difference when it is of the same value, or of the whole device. `device` is
 * what differs of the domain that was converted, NULL for a field of the domain; the position of
 * the loss must be in it. What the loss's own domain is does not matter.
 */
bool explain_difference(const struct ds_loss *loss, const void *device,
	const struct compare_difference *difference);

/** Whether a path is that of a member of a device, or leads to a part of it or to what it is part
 * of. */
bool explain_names_member(struct ds_text path, enum devices kind, const struct member *member);

/** Whether a loss is that of a whole device: its value is what the input has of the device. */
bool explain_is_whole(const struct ds_loss *loss, const void *device);

#endif
