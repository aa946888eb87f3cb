/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_CPUSET_H
#define RECORD_CPUSET_H

#include "record/arena.h"

/** Returns a set of processors such as "3,0-2,^1" as sorted ranges, "0,2-3": itself when it is in
 * that form already, else a text in the arena. What is no such set, or names a processor above
 * 4095, is returned as it is. */
struct ds_text cpuset_canonical(struct arena *arena, struct ds_text set);

#endif
