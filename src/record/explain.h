/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_EXPLAIN_H
#define RECORD_EXPLAIN_H

#include "record/compare.h"

/**
 * Returns whether a loss of a conversion is the reason for a difference between a domain and the
 * converted domain, in a member or a whole device. `convert --verify` and `diff --losses` use it.
 *
 * A loss explains a difference if the same value, or the whole device, was lost. `device` is the
 * device of the original domain that differs, or NULL for a field of the domain; the position of
 * the loss must be inside the device. The domain that the loss itself belongs to is not checked.
 */
bool explain_difference(const struct ds_loss *loss, const void *device,
	const struct compare_difference *difference);

/** Returns whether a path is the path of a member of a device, of an element inside it, or of an
 * element that contains it. */
bool explain_names_member(struct ds_text path, enum devices kind, const struct member *member);

/** Returns whether the value of a loss may be the bytes of a whole device of a kind. */
bool explain_has_device(const struct ds_loss *loss, enum devices kind);

/** Returns whether a whole device was lost: the value of the loss is then the device's own bytes in
 * the input. */
bool explain_is_whole(const struct ds_loss *loss, enum devices kind, const void *device);

#endif
