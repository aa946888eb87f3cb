/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_CPUSET_H
#define RECORD_CPUSET_H

#include "record/arena.h"

/** Returns a set of processors such as "3,0-2,^1" as sorted ranges, "0,2-3": the text itself when
 * it has that form, or else a text in the arena. A text that is not such a set, or that names a
 * processor above 4095, is returned unchanged. */
struct ds_text cpuset_canonical(struct arena *arena, struct ds_text set);

#endif
