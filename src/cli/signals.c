/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/signals.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLOTS SIGNAL_SLOTS
/** The number of seconds that a run may take to stop. It may block in a write to a pipe that nobody
 * reads. */
#define PATIENCE 5

volatile int signals_stop;

static volatile sig_atomic_t is_asked;
static char *volatile guarded[SLOTS];

/* From here on, there are only functions that are safe in a signal handler. */

_Noreturn void signals_die(int number)
{
	struct sigaction action;
	sigset_t set;

	memset(&action, 0, sizeof action);
	action.sa_handler = SIG_DFL;
	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, number);
	/* The signal is sent to the process: even in another thread's handler, it is delivered as
	 * soon as any thread accepts it. */
	kill(getpid(), number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(128 + number);
}

static void end_at_once(int number)
{
	int i;

	for (i = 0; i < SLOTS; i++) {
		char *path = guarded[i];

		if (path)
			unlink(path);
	}
	signals_die(number);
}

static void on_stop(int number)
{
	if (signals_stop)
		end_at_once(number);
	signals_stop = number;
	alarm(PATIENCE);
}

static void on_alarm(int number)
{
	end_at_once(signals_stop ? signals_stop : number);
}

static void on_question(int number)
{
	(void)number;
	is_asked = 1;
}

/* The functions for signal handlers end here. */

static void install(int number, void (*handler)(int), int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = handler;
	action.sa_flags = flags;
	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

void signals_install(void)
{
	static const int stops[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction old;
	size_t i;

	for (i = 0; i < sizeof stops / sizeof stops[0]; i++) {
		if (sigaction(stops[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			install(stops[i], on_stop, 0);
	}
	install(SIGALRM, on_alarm, 0);
	install(SIGUSR1, on_question, SA_RESTART);
	install(SIGPIPE, SIG_IGN, 0);
	install(SIGXFSZ, SIG_IGN, 0);
}

void signals_guard(int slot, const char *path)
{
	char *old = guarded[slot];

	/* Without memory for the copy, only the clean-up after a second signal is missing. */
	guarded[slot] = path ? strdup(path) : NULL;
	free(old);
}

bool signals_was_asked(void)
{
	bool result = is_asked != 0;

	if (result)
		is_asked = 0;
	return result;
}
