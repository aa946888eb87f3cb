/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "domstream/domstream.h"

#include <stdbool.h>

/**
 * The progress line on standard error. There is one for each process, because there is one standard
 * error. Only one thread at a time may call these functions.
 */

enum progress_mode { PROGRESS_AUTO = 0, PROGRESS_ALWAYS, PROGRESS_NEVER };

/** Starts the clock. `shares_terminal` is set if the output is written to a terminal too, where the
 * line would be in its way. */
void progress_start(enum progress_mode mode, bool shares_terminal);

/** Updates the line, but at most four times a second. When SIGUSR1 was received, prints a line that
 * stays. */
void progress_update(const struct ds_counts *counts);

/** Removes the line until the next update, so that something else can be printed. */
void progress_clear(void);

/** Returns the seconds since progress_start(). */
double progress_seconds(void);

#endif
