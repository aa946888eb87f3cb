/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * The line on standard error that says how far a run is. One a process, because there is one
 * standard error. To be used by one thread at a time.
 */

enum progress_mode { PROGRESS_AUTO = 0, PROGRESS_ALWAYS, PROGRESS_NEVER };

/** Starts the clock. `shares_terminal`: the output goes to a terminal too, where the line would be
 * in its way. */
void progress_start(enum progress_mode mode, bool shares_terminal);

/** Rewrites the line, but not more than four times a second. When SIGUSR1 asked for it, writes a
 * line that stays. */
void progress_update(const struct ds_counts *counts);

/** Removes the line until the next update, so that something else can be printed. */
void progress_clear(void);

/** Seconds since progress_start(). */
double progress_seconds(void);

#endif
