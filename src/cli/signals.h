/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <stdbool.h>

/**
 * Signals: SIGINT, SIGTERM and SIGHUP ask the run to stop; a second one, or five seconds without
 * effect, ends the process at once. SIGUSR1 asks for the progress. SIGPIPE and SIGXFSZ are ignored,
 * so that writing fails instead.
 */

/** The number of the signal that has asked the run to stop; 0 if there was none. */
extern volatile int signals_stop;

/** Installs the handlers. A signal that was ignored when the program started (nohup) stays
 * ignored. */
void signals_install(void);

/** The maximum number of files that are guarded at a time. */
#define SIGNAL_SLOTS 16

/** Sets a file that is unlinked when the process is ended at once. `slot` is below SIGNAL_SLOTS;
 * the path is copied; NULL clears the slot. */
void signals_guard(int slot, const char *path);

/** Returns whether SIGUSR1 has arrived since the last call. */
bool signals_was_asked(void);

/** Ends the process by this signal, so that its parent can see the reason. */
_Noreturn void signals_die(int number);

#endif
