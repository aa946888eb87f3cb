/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <stdbool.h>

/**
 * Signals: SIGINT, SIGTERM and SIGHUP ask the run to stop; a second one, or five seconds without
 * effect, ends the process at once. SIGUSR1 asks how far it is. SIGPIPE and SIGXFSZ are ignored, so
 * that writing fails instead.
 */

/** Non-zero once a signal asked to stop. Written by signal handlers. */
extern volatile int signals_stop;

/** Installs the handlers. What was ignored when the program started (nohup) stays ignored. */
void signals_install(void);

/** Files that may be guarded at a time. */
#define SIGNAL_SLOTS 16

/** Has a file unlinked when the process is ended at once. `slot` is below SIGNAL_SLOTS; the path is
 * copied; NULL: forget it. */
void signals_guard(int slot, const char *path);

/** Returns whether SIGUSR1 has arrived since the last call. */
bool signals_take_question(void);

/** Ends the process by this signal, so that the one who started it sees why. */
_Noreturn void signals_die(int number);

#endif
